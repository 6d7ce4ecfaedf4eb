"""What surrounds tasks described: instances, definitions, rights."""

from collections.abc import Iterator, Mapping
from typing import Final

from taskdock.domain import errors

from api_description.json_shapes import (
    FLAG,
    MAYBE_TEXT,
    TEXT,
    answered,
    given,
    list_of,
    map_of,
    ref,
)
from api_description.operations import (
    Operation,
    Schema,
    answers_json,
    answers_nothing,
    in_query,
    takes_json,
)
from api_description.task_query import BUDGET, FIRST, MAXIMUM, REFUSALS
from api_description.variable_routes import DESERIALIZED, SORT_BY, SORT_ORDER

_MAYBE_COUNT: Final[Schema] = {"type": ["integer", "null"]}
_NOTHING: Final[Schema] = {"type": "null"}
_TEXTS: Final[Schema] = {"type": ["array", "null"], "items": TEXT}

_INSTANCE: Final[Mapping[str, Schema]] = {
    "links": {"type": "array", "maxItems": 0},
    "id": TEXT,
    "definitionId": MAYBE_TEXT,
    "businessKey": MAYBE_TEXT,
    "caseInstanceId": MAYBE_TEXT,
    "ended": FLAG,
    "suspended": FLAG,
    "tenantId": MAYBE_TEXT,
    "definitionKey": MAYBE_TEXT,
}
_DEFINITION: Final[Mapping[str, Schema]] = {
    "id": TEXT,
    "key": MAYBE_TEXT,
    "category": _NOTHING,
    "name": MAYBE_TEXT,
    "version": _MAYBE_COUNT,
    "resource": _NOTHING,
    "deploymentId": _NOTHING,
    "tenantId": MAYBE_TEXT,
    "historyTimeToLive": _NOTHING,
}
SCHEMAS: Final[Mapping[str, Schema]] = {
    "ProcessInstance": answered(_INSTANCE),
    "CaseInstance": answered(
        {
            "links": {"type": "array", "maxItems": 0},
            "id": TEXT,
            "caseDefinitionId": MAYBE_TEXT,
            "businessKey": MAYBE_TEXT,
            "tenantId": MAYBE_TEXT,
            "active": FLAG,
            "completed": FLAG,
            "terminated": FLAG,
        }
    ),
    "Execution": {"type": "object", "properties": {"id": TEXT, "tenantId": MAYBE_TEXT}},
    "ProcessDefinition": answered(
        {
            **_DEFINITION,
            "description": _NOTHING,
            "diagram": _NOTHING,
            "suspended": FLAG,
            "versionTag": _NOTHING,
            "startableInTasklist": FLAG,
        }
    ),
    "CaseDefinition": answered(_DEFINITION),
}


def _instance_operations(kind: str, schema: str, names: tuple[str, ...]) -> Iterator[Operation]:
    searched = tuple(in_query(name, TEXT, f"The instance's `{name}`.") for name in names)
    path = f"/{kind}-instance"
    yield Operation(
        route=f"GET {path}",
        title=f"the {kind} instances of open tasks that match",
        answers=answers_json(200, "the instances", list_of(ref(schema))),
        parameters=(FIRST, MAXIMUM, BUDGET, *searched, SORT_BY, SORT_ORDER),
        refusals=(*REFUSALS, errors.ResponseTooLarge),
    )
    yield Operation(
        route=f"GET {path}/count",
        title=f"how many {kind} instances of open tasks match",
        answers=answers_json(200, "the number", ref("Count")),
        parameters=(BUDGET, *searched),
        refusals=REFUSALS,
    )
    yield Operation(
        route=f"GET {path}/{{id}}",
        title=f"one {kind} instance of open tasks",
        answers=answers_json(200, "the instance", ref(schema)),
        refusals=(errors.NotFound, *REFUSALS),
    )
    yield Operation(
        route=f"GET {path}/{{id}}/variables",
        title=f"the variables of a {kind} instance",
        answers=answers_json(200, "the variables by name", map_of(ref("Variable"))),
        parameters=(DESERIALIZED,),
        refusals=(errors.NotFound, *REFUSALS),
    )
    yield Operation(
        route=f"GET {path}/{{id}}/variables/{{name}}",
        title=f"one variable of a {kind} instance",
        answers=answers_json(200, "the variable", ref("Variable")),
        parameters=(in_query("deserializeValue", FLAG, "False: show an object by its text."),),
        refusals=(errors.NotFound, *REFUSALS),
    )
    executions = "execution" if kind == "process" else "case-execution"
    yield Operation(
        route=f"GET /{executions}/{{id}}",
        title=f"one execution of a {kind}",
        answers=answers_json(200, "the execution", ref("Execution")),
        refusals=(errors.NotFound, *REFUSALS),
    )


def _definition_operations(kind: str, schema: str) -> Iterator[Operation]:
    path = f"/{kind}-definition"
    names = (f"{kind}DefinitionId", f"{kind}DefinitionIdIn", "key", "keysIn", "name", "nameLike")
    flags = ("latestVersion", "active", "startableInTasklist", "withoutTenantId")
    searched = (
        *(in_query(name, TEXT, f"The definition's `{name}`.") for name in names),
        *(in_query(name, FLAG, "Narrows as in Camunda 7.") for name in flags),
        SORT_BY,
        SORT_ORDER,
    )
    yield Operation(
        route=f"GET {path}",
        title=f"the {kind} definitions of these ids or keys, as open tasks name them",
        answers=answers_json(200, "the definitions", list_of(ref(schema))),
        parameters=(FIRST, MAXIMUM, BUDGET, *searched),
        refusals=REFUSALS,
    )
    yield Operation(
        route=f"GET {path}/count",
        title=f"how many {kind} definitions of these ids or keys open tasks name",
        answers=answers_json(200, "the number", ref("Count")),
        parameters=(BUDGET, *searched),
        refusals=REFUSALS,
    )
    one = answers_json(200, "the definition", ref(schema))
    unknown = (errors.NotFound, *REFUSALS)
    by_key = (errors.NoSuchDefinition, *REFUSALS)
    yield Operation(
        route=f"GET {path}/{{id}}", title=f"one {kind} definition", answers=one, refusals=unknown
    )
    for below in ("", "/tenant-id/{tenant}"):
        whose = " of a tenant" if below else ""
        yield Operation(
            route=f"GET {path}/key/{{key}}{below}",
            title=f"the latest {kind} definition of a key{whose}",
            answers=one,
            refusals=by_key,
        )
    yield Operation(
        route=f"GET {path}/{{id}}/xml",
        title="always refused: nothing is deployed here",
        answers=(),
        refusals=(errors.NotFound,),
    )
    if kind == "process":
        yield from _start_operations(path)


def _start_operations(path: str) -> Iterator[Operation]:
    """What a program asks before it starts a process."""
    form = answers_json(200, "no form", ref("Form"))
    yield Operation(
        route=f"GET {path}/key/{{key}}/xml",
        title="always refused: nothing is deployed here",
        answers=(),
        refusals=(errors.NoSuchDefinition,),
    )
    yield Operation(
        route=f"GET {path}/{{id}}/diagram",
        title="the diagram of a process: there is none",
        answers=answers_nothing("there is none"),
        refusals=(errors.NotFound, *REFUSALS),
    )
    yield Operation(
        route=f"GET {path}/{{id}}/startForm",
        title="the form that a process is started with: there is none",
        answers=form,
        refusals=REFUSALS,
    )
    yield Operation(
        route=f"GET {path}/key/{{key}}/startForm",
        title="the form that a process of a key is started with: there is none",
        answers=form,
        refusals=(errors.NoSuchDefinition, *REFUSALS),
    )


_CHECK: Final = answered(
    {"permissionName": TEXT, "resourceName": TEXT, "resourceId": MAYBE_TEXT, "authorized": FLAG}
)

OPERATIONS: Final = (
    *_instance_operations(
        "process",
        "ProcessInstance",
        ("processInstanceIds", "businessKey", "businessKeyLike", "processDefinitionId",
         "processDefinitionKey", "caseInstanceId", "tenantIdIn"),
    ),
    *_instance_operations(
        "case",
        "CaseInstance",
        ("caseInstanceId", "businessKey", "caseDefinitionId", "caseDefinitionKey", "tenantIdIn"),
    ),
    *_definition_operations("process", "ProcessDefinition"),
    *_definition_operations("case", "CaseDefinition"),
    Operation(
        route="GET /authorization",
        title="the authorizations: there are none",
        answers=answers_json(200, "an empty list", {"type": "array", "maxItems": 0}),
        parameters=(FIRST, MAXIMUM),
    ),
    Operation(
        route="GET /authorization/count",
        title="how many authorizations there are: none",
        answers=answers_json(200, "the number", ref("Count")),
    ),
    Operation(
        route="GET /authorization/check",
        title="whether the caller has a permission: every one that there is",
        answers=answers_json(200, "the answer", _CHECK),
        parameters=(
            in_query("permissionName", TEXT, "Such as `UPDATE`; needed."),
            in_query("resourceName", TEXT, "Any name; needed."),
            in_query("resourceType", TEXT, "The number of the resource's type; needed."),
            in_query("resourceId", TEXT, "The resource's id."),
        ),
        refusals=(errors.BadUserRequest,),
    ),
    Operation(
        route="GET /authorization/{id}",
        title="always refused: there are no authorizations",
        answers=(),
        refusals=(errors.NotFound,),
    ),
    Operation(
        route="POST /identity/verify",
        title="whether a password is right: never, the identity provider alone takes passwords",
        answers=answers_json(
            200,
            "not authenticated",
            answered(
                {
                    "authenticatedUser": TEXT,
                    "groups": _NOTHING,
                    "tenants": _NOTHING,
                    "authenticated": FLAG,
                }
            ),
        ),
        body=takes_json("user and password", given({"username": TEXT, "password": TEXT})),
    ),
    Operation(
        route="GET /identity/password-policy",
        title="always refused: the identity provider has the policy",
        answers=(),
        refusals=(errors.NotFound,),
    ),
)  # fmt: skip
