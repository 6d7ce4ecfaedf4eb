"""What a page of tasks asks beside Camunda 7's API, described."""

from collections.abc import Mapping
from typing import Final

from taskdock.api.queries.look import MOST_QUERIES
from taskdock.api.queries.look import MOST_TASKS as MOST_TASKS_LOOKED_AT
from taskdock.api.requests.bulk import Action
from taskdock.domain import errors
from taskdock.domain.access import Authorization
from taskdock.use_cases.tasks.change_each import MOST_TASKS

from api_description.json_shapes import (
    DATE,
    FLAG,
    GIVEN_DATE,
    INT32,
    MAYBE_INT32,
    MAYBE_NAME,
    MAYBE_TEXT,
    TEXT,
    answered,
    given,
    list_of,
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
from api_description.task_query import BUDGET

_CHANGE: Final = given(
    {
        "action": {"enum": list(Action)},
        "userId": {**MAYBE_NAME, "description": "Of `assign`, `delegate` and `claim`."},
        "priority": {**MAYBE_INT32, "description": "Of `priority`."},
        "due": {**GIVEN_DATE, "description": "Of `due`; null removes it."},
        "followUp": {**GIVEN_DATE, "description": "Of `followUp`; null removes it."},
        "variables": {
            "type": ["object", "null"],
            "additionalProperties": ref("GivenVariable"),
            "description": "Of `complete` and `resolve`.",
        },
    },
    "action",
    strict=True,
)

_ERROR: Final = answered({"type": TEXT, "message": TEXT, "code": {"type": ["integer", "null"]}})
_LOOKED: Final[Mapping[str, Schema]] = {
    "status": {**INT32, "description": "304 stands for the content that has the tag."},
    "readUnits": {"type": "number", "minimum": 0},
    "tag": TEXT,
}

_SELF: Final = answered({"self": answered({"href": TEXT})})
_FORM_VERSION: Final[Mapping[str, Schema]] = {
    "key": TEXT,
    "version": {"type": "integer", "minimum": 1},
    "registered": DATE,
    "href": TEXT,
    "links": _SELF,
}

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Caller": answered(
        {
            "id": TEXT,
            "firstName": MAYBE_TEXT,
            "lastName": MAYBE_TEXT,
            "email": MAYBE_TEXT,
            "program": FLAG,
            "groups": list_of(TEXT),
            "tenants": list_of(TEXT),
            "services": {"type": ["array", "null"], "items": TEXT},
            "authorization": {"enum": list(Authorization)},
            "rights": answered({"read": FLAG, "write": FLAG, "admin": FLAG, "supervisor": FLAG}),
        }
    ),
    "FormVersion": answered(_FORM_VERSION),
    "RegisteredForm": answered({**_FORM_VERSION, "schema": ref("CamundaForm")}),
    "CamundaForm": {
        "description": "A Camunda Form: the JSON that form-js shows.",
        "type": "object",
        "properties": {
            "type": {"const": "default"},
            "id": TEXT,
            "components": list_of(
                {
                    "type": "object",
                    "properties": {"type": TEXT},
                    "required": ["type"],
                    "additionalProperties": True,
                }
            ),
        },
        "required": ["type"],
        "additionalProperties": True,
    },
    "BulkChange": given(
        {
            "change": _CHANGE,
            "tasks": {
                "type": "array",
                "items": given({"id": TEXT, "version": MAYBE_INT32}, "id", strict=True),
                "minItems": 1,
                "maxItems": MOST_TASKS,
            },
        },
        "change",
        "tasks",
        strict=True,
    ),
    "BulkResults": answered(
        {
            "results": list_of(
                answered(
                    {
                        "id": TEXT,
                        "status": INT32,
                        "version": {"type": "integer", "minimum": 1},
                        "error": _ERROR,
                    },
                    "version",
                    "error",
                )
            ),
            "notReached": list_of(TEXT),
        }
    ),
    "Look": given(
        {
            "queries": {
                "type": ["array", "null"],
                "items": given(
                    {
                        "query": ref("TaskQuery"),
                        "maxResults": {
                            "type": ["integer", "null"],
                            "minimum": 1,
                            "maximum": MOST_TASKS_LOOKED_AT,
                        },
                        "pageToken": MAYBE_TEXT,
                        "tag": MAYBE_TEXT,
                        "count": {
                            "type": ["boolean", "null"],
                            "description": "Answer how many tasks there are, not the tasks.",
                        },
                    },
                    "query",
                    strict=True,
                ),
                "maxItems": MOST_QUERIES,
            },
            "filters": {
                "oneOf": [given({"tag": MAYBE_TEXT}, strict=True), {"type": "null"}],
                "description": "Whether the stored filters are wanted, with their numbers.",
            },
        },
        strict=True,
    ),
    "LookedAt": answered(
        {
            "queries": list_of(
                answered(
                    {
                        **_LOOKED,
                        "tasks": list_of(ref("Task")),
                        "nextPageToken": MAYBE_TEXT,
                        "count": {"type": "integer", "minimum": 0},
                        "error": _ERROR,
                    },
                    *("readUnits", "tag", "tasks", "nextPageToken", "count", "error"),
                )
            ),
            "filters": {
                "oneOf": [
                    answered(
                        {**_LOOKED, "filters": list_of(ref("Filter")), "error": _ERROR},
                        *("readUnits", "tag", "filters", "error"),
                    ),
                    {"type": "null"},
                ]
            },
        }
    ),
}

OPERATIONS: Final = (
    Operation(
        route="GET /v1/me",
        title="who the caller is, and what the caller may do",
        answers=answers_json(200, "the caller", ref("Caller")),
    ),
    Operation(
        route="POST /v1/look",
        title="what a page shows, as far as it has changed",
        answers=answers_json(
            200,
            "for each query, and for the filters, a status and the content unless it has the tag",
            ref("LookedAt"),
            "X-Read-Units",
        ),
        body=takes_json("queries with the tags of earlier answers", ref("Look")),
        parameters=(BUDGET,),
        refusals=(errors.InvalidRequest, errors.ResponseTooLarge),
    ),
    Operation(
        route="GET /v1/forms",
        title="all registered forms",
        answers=answers_json(
            200,
            "the newest version of each, by key, without its schema",
            answered(
                {"embedded": answered({"forms": list_of(ref("FormVersion"))}), "links": _SELF}
            ),
        ),
    ),
    Operation(
        route="GET /v1/forms/{key}",
        title="one registered form with its schema",
        answers=answers_json(200, "the form", ref("RegisteredForm")),
        parameters=(
            in_query(
                "version",
                {"type": "integer", "minimum": 1, "maximum": 999_999_999},
                "Another version than the newest.",
            ),
        ),
        refusals=(errors.NotFound,),
    ),
    Operation(
        route="PUT /v1/forms/{key}",
        title="register a form, or its next version",
        answers=(
            *answers_json(200, "its newest version", ref("FormVersion")),
            *answers_json(201, "registered", ref("FormVersion"), "Location"),
        ),
        body=takes_json("a Camunda Form", ref("CamundaForm")),
        refusals=(errors.ConcurrentChange,),
    ),
    Operation(
        route="DELETE /v1/forms/{key}",
        title="remove a form with all of its versions",
        answers=answers_nothing("it is gone"),
        refusals=(errors.NotFound,),
    ),
    Operation(
        route="POST /v1/tasks/bulk",
        title="change many tasks, each by a write of its own",
        answers=answers_json(200, "what became of each, in order", ref("BulkResults")),
        body=takes_json("the change, and the tasks with their versions", ref("BulkChange")),
        refusals=(errors.InvalidRequest,),
    ),
)
