"""The OpenAPI document: every route with its scope, what it takes, what it answers and refuses."""

import inspect
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from taskdock import __doc__ as about_taskdock
from taskdock.api.answers.errors import TABLE
from taskdock.domain.errors import TaskdockError

from api_description.change_routes import SCHEMAS as CHANGE_SCHEMAS
from api_description.filter_routes import SCHEMAS as FILTER_SCHEMAS
from api_description.history_routes import SCHEMAS as HISTORY_SCHEMAS
from api_description.inbox_routes import SCHEMAS as INBOX_SCHEMAS
from api_description.json_shapes import TEXT, answered, ref
from api_description.operations import JSON, Body, Operation, Parameter, Success
from api_description.program_routes import SCHEMAS as PROGRAM_SCHEMAS
from api_description.routes import DescribedRoute
from api_description.schemas import SCHEMAS
from api_description.surrounding_routes import SCHEMAS as SURROUNDING_SCHEMAS
from api_description.task_query import QUERY_SCHEMAS
from api_description.variable_routes import SCHEMAS as VARIABLE_SCHEMAS

type Json = dict[str, Any]

_PATH_PARAMETERS: Final[Mapping[str, str]] = {
    "clientId": "Id of an app client of the user pool.",
    "sid": "Name of a service.",
    "tid": "Id of a task.",
    "index": "Place in the list, from 0.",
    "name": "Name of a variable.",
    "key": "Key of a definition.",
    "tenant": "Id of a tenant.",
    "cid": "Id of a comment.",
    "aid": "Id of an attachment.",
}
_IDS: Final[Mapping[str, str]] = {
    "task": "Id of a task.",
    "user": "Id of a user.",
    "filter": "Id of a filter.",
    "group": "Id of a group.",
    "tenant": "Id of a tenant.",
    "authorization": "Id of an authorization.",
    "process-instance": "Id of a process instance.",
    "case-instance": "Id of a case instance.",
    "execution": "Id of an execution.",
    "case-execution": "Id of an execution of a case.",
    "process-definition": "Id of a process definition.",
    "case-definition": "Id of a case definition.",
    "variable-instance": "Id of a variable.",
    "history": "Id of a variable.",
}
# `{id}` is of whatever the path starts with.

_GATEWAY: Final[Mapping[int, str]] = {
    401: "No token, or one that is not valid.",
    403: "The token lacks the route's scope.",
    404: "No such route.",
    413: "The body is over 10 MB.",
    429: "Too many requests.",
    503: "The function could not be reached in time.",
}
"""What API Gateway answers by itself, before or instead of a function."""

_HEADERS: Final[Mapping[str, str]] = {
    "ETag": "The version of the task, for `If-Match`.",
    "Location": "Where the created is.",
    "X-Read-Units": "The read units that were spent.",
    "X-Next-Page-Token": "For `pageToken`; absent when nothing follows.",
}

_INTRODUCTION: Final = (
    "Task routes and people routes also answer below /engine/default. The whole is explained in "
    "docs/api.md. A token is a bearer JWT of the deployment's user pool; GET /v1/auth says where "
    "tokens come from."
)


def openapi(routes: Iterable[DescribedRoute], version: str) -> Json:
    """The document as JSON; `version` is the product's."""
    paths: dict[str, Json] = {}
    shared = _Shared()
    for each in routes:
        operation = each.operation
        paths.setdefault(operation.path, {})[operation.method.lower()] = _operation(each, shared)
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "taskdock",
            "version": version,
            "summary": " ".join(str(about_taskdock).split()),
            "description": _INTRODUCTION,
            "license": {"name": "Apache 2.0", "identifier": "Apache-2.0"},
        },
        "servers": [{"url": "http://127.0.0.1:3008", "description": "The local service."}],
        "paths": paths,
        "components": {
            "schemas": {
                **QUERY_SCHEMAS,
                **SCHEMAS,
                **FILTER_SCHEMAS,
                **HISTORY_SCHEMAS,
                **INBOX_SCHEMAS,
                **CHANGE_SCHEMAS,
                **PROGRAM_SCHEMAS,
                **SURROUNDING_SCHEMAS,
                **VARIABLE_SCHEMAS,
                **_error_schemas(),
            },
            "parameters": shared.parameters,
            "responses": shared.responses,
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
        },
    }


def about_error(error: type[TaskdockError]) -> str:
    """What the error means, in its own words; of the sources of a rule, those in docs/api.md."""
    words = " ".join(inspect.cleandoc(error.__doc__ or "").split())
    return re.sub(r" \(docs/camunda-[^)]*\)", "", words).replace("docs/api.md, ", "")


@dataclass(frozen=True, slots=True)
class _Shared:
    """What several routes have in common, by name."""

    parameters: dict[str, Json] = field(default_factory=dict)
    responses: dict[str, Json] = field(default_factory=dict)


def _operation(each: DescribedRoute, shared: _Shared) -> Json:
    operation = each.operation
    shown: Json = {
        "operationId": _operation_id(operation),
        "summary": operation.title[:1].upper() + operation.title[1:] + ".",
        "tags": [_tag(operation.path)],
        "security": [] if operation.public else [{"token": list(each.route.scopes)}],
    }
    parameters = [
        *_path_parameters(operation),
        *_parameters(operation.parameters, shared.parameters),
    ]
    if parameters:
        shown["parameters"] = parameters
    if operation.body is not None:
        shown["requestBody"] = _body(operation.body)
    shown["responses"] = _responses(operation, shared.responses)
    return shown


def _operation_id(operation: Operation) -> str:
    words = re.findall(r"[A-Za-z0-9]+", operation.path.replace("{", "by_"))
    return "_".join((operation.method.lower(), *words))


def _tag(path: str) -> str:
    return path.removeprefix("/v1").split("/")[1]


def _path_parameters(operation: Operation) -> list[Json]:
    names = re.findall(r"\{(\w+)\}", operation.path)
    return [
        {
            "name": name,
            "in": "path",
            "required": True,
            "description": _PATH_PARAMETERS.get(name) or _IDS[_tag(operation.path)],
            "schema": {"type": "string", "minLength": 1},
        }
        for name in names
    ]


def _parameters(parameters: Iterable[Parameter], shared: dict[str, Json]) -> list[Json]:
    """References to the parameters, each kept once; a name with two meanings gets a number."""
    references = []
    for parameter in parameters:
        entry: Json = {
            "name": parameter.name,
            "in": parameter.where,
            "description": parameter.about,
            "schema": dict(parameter.schema),
        }
        key, number = parameter.name, 1
        while shared.setdefault(key, entry) != entry:
            number += 1
            key = f"{parameter.name}{number}"
        references.append({"$ref": f"#/components/parameters/{key}"})
    return references


def _body(body: Body) -> Json:
    return {
        "description": body.about,
        "required": body.required,
        "content": _content(body.content),
    }


def _content(content: Mapping[str, Any]) -> Json:
    return {media_type: {"schema": schema} for media_type, schema in content.items()}


def _responses(operation: Operation, shared: dict[str, Json]) -> Json:
    responses = {str(answer.status): _success(answer) for answer in operation.answers}
    refused: dict[int, list[type[TaskdockError]]] = {}
    for error in operation.all_refusals:
        refused.setdefault(TABLE[error].status, []).append(error)
    own = {401, 403} if operation.public else set()
    for status in sorted({*refused, *_GATEWAY} - own):
        errors = refused.get(status, [])
        key = ".".join((str(status), *(error.__name__ for error in errors)))
        shared[key] = _refusal(status, errors)
        responses[str(status)] = {"$ref": f"#/components/responses/{key}"}
    return responses


def _success(answer: Success) -> Json:
    shown: Json = {"description": answer.about}
    if answer.headers:
        shown["headers"] = {
            name: {"description": _HEADERS[name], "schema": TEXT} for name in answer.headers
        }
    if answer.content is not None:
        shown["content"] = _content(answer.content)
    return shown


def _refusal(status: int, refused: list[type[TaskdockError]]) -> Json:
    gateway = _GATEWAY.get(status)
    words = [about_error(error) for error in refused] + ([gateway] if gateway else [])
    schemas = [ref(error.__name__) for error in refused]
    if gateway:
        schemas.append(ref("GatewayMessage"))
    schema = schemas[0] if len(schemas) == 1 else {"anyOf": schemas}
    return {"description": " ".join(words), "content": {JSON: {"schema": schema}}}


def _error_schemas() -> dict[str, Any]:
    own = {
        error.__name__: {
            "description": about_error(error),
            **answered(
                {
                    "type": {"const": row.type},
                    "message": TEXT,
                    "code": {"const": row.code},
                }
            ),
        }
        for error, row in TABLE.items()
    }
    return {**own, "GatewayMessage": answered({"message": TEXT})}
