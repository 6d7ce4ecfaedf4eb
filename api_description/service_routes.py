"""The service API described: services, their tasks, and the tasks' lists."""

from collections.abc import Iterator
from typing import Final

from taskdock.domain import errors
from taskdock.domain.services.lists import ListName
from taskdock.domain.tasks.task import State
from taskdock.routes.service_task_lists import DEFAULT_LIMIT, LARGEST_LIMIT
from taskdock.runtime.requests import MERGE_PATCH
from taskdock.use_cases.tasks.import_tasks import OnExisting

from api_description.json_shapes import (
    ANY_OBJECT,
    COUNT,
    FILLED,
    IDENTIFIER,
    MAYBE_FLAG,
    MAYBE_OBJECT,
    TEXT,
    answered,
    given,
    list_of,
    ref,
)
from api_description.operations import (
    JSON,
    Body,
    Operation,
    answers_json,
    answers_nothing,
    in_header,
    in_query,
    takes_json,
)
from api_description.task_query import BUDGET

IF_MATCH: Final = in_header(
    "If-Match",
    {"type": "string", "pattern": r'^(\*|"[1-9][0-9]{0,17}")$'},
    "The task's `ETag`; the request is refused when the task has another by now.",
)
ONCE: Final = in_header(
    "Idempotency-Key",
    {"type": "string", "pattern": "^[!-~]{1,255}$"},
    "Whatever comes again with this key within a day gets the first answer again.",
)

_SERVICES: Final = "/v1/services"
_SERVICE: Final = f"{_SERVICES}/{{sid}}"
_TASKS: Final = f"{_SERVICE}/tasks"
_TASK: Final = f"{_TASKS}/{{tid}}"

_UNKNOWN: Final = (errors.NotFound,)
_CHANGE: Final = (
    errors.InvalidRequest,
    errors.TaskNotFound,
    errors.TaskSuspended,
    errors.StateConflict,
    errors.ConcurrentChange,
    errors.PreconditionFailed,
)

_LISTING: Final = (
    in_query(
        "limit",
        {"type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT},
        "How many tasks a page has at most.",
    ),
    in_query("pageToken", TEXT, "As `links.next` of the page before has it."),
    in_query(
        "state",
        {"type": "string", "enum": [*State, "created,started"]},
        "Only tasks in this state; several with commas between.",
    ),
    in_query("type", TEXT, "Only tasks of this type."),
    in_query("owner", TEXT, "Only tasks of this owner."),
    in_query(
        "embed",
        {"type": "string", "enum": [*ListName, ",".join(ListName)]},
        "Show the items of these lists.",
    ),
    BUDGET,
)
_LISTING_REFUSALS: Final = (
    errors.QueryTooExpensive,
    errors.OutOfTime,
    errors.ResponseTooLarge,
)


def _list_operations(name: ListName) -> Iterator[Operation]:
    path = f"{_TASK}/{name}"
    item = f"{path}/{{index}}"
    yield Operation(
        route=f"GET {path}",
        title=f"the task's {name}",
        answers=answers_json(200, "the list", ref("TaskList"), "ETag"),
        refusals=(errors.TaskNotFound,),
    )
    yield Operation(
        route=f"POST {path}",
        title=f"add an item to the {name}",
        answers=answers_json(201, "the item", ref("ListItem"), "ETag", "Location"),
        parameters=(
            in_query("href", FILLED, "The document's address, where the body does not say it."),
            in_query("index", {**COUNT, "maximum": 999_999_999}, "Where to insert."),
            IF_MATCH,
            ONCE,
        ),
        body=takes_json(
            "the item, unless `href` is in the query string", ref("AddedListItem"), required=False
        ),
        refusals=(*_CHANGE, errors.IdempotencyMismatch),
    )
    yield Operation(
        route=f"GET {item}",
        title=f"one item of the {name}",
        answers=answers_json(200, "the item", ref("ListItem"), "ETag"),
        refusals=(errors.TaskNotFound, errors.NotFound),
    )
    yield Operation(
        route=f"PATCH {item}",
        title=f"merge metadata into an item of the {name}",
        answers=answers_json(200, "the item", ref("ListItem"), "ETag"),
        parameters=(IF_MATCH,),
        body=_patch("ListItemPatch"),
        refusals=(*_CHANGE, errors.NotFound),
    )
    yield Operation(
        route=f"DELETE {item}",
        title=f"remove an item of the {name}; later items move up",
        answers=answers_nothing("it is gone", "ETag"),
        parameters=(IF_MATCH,),
        refusals=(*_CHANGE, errors.NotFound),
    )


def _patch(schema: str) -> Body:
    return Body("a JSON merge patch", {MERGE_PATCH: ref(schema), JSON: ref(schema)}, required=False)


OPERATIONS: Final = (
    Operation(
        route="GET /v1/auth",
        title="where tokens come from, and where people sign in",
        answers=answers_json(
            200, "the identity provider's address, and what a page needs", ref("SignIn")
        ),
        public=True,
    ),
    Operation(
        route=f"GET {_SERVICES}",
        title="all services",
        answers=answers_json(
            200,
            "the services, by `sid`",
            answered(
                {
                    "embedded": answered({"services": list_of(ref("Service"))}),
                    "links": answered({"self": answered({"href": TEXT})}),
                }
            ),
        ),
    ),
    Operation(
        route=f"GET {_SERVICE}",
        title="one service",
        answers=answers_json(200, "the service", ref("Service")),
        refusals=_UNKNOWN,
    ),
    Operation(
        route=f"PUT {_SERVICE}",
        title="register a service, or replace its registration",
        answers=(
            *answers_json(200, "replaced", ref("Service")),
            *answers_json(201, "registered", ref("Service"), "Location"),
        ),
        body=takes_json("the service", ref("ServiceContent"), required=False),
    ),
    Operation(
        route=f"DELETE {_SERVICE}",
        title="remove a service that has no open tasks",
        answers=answers_nothing("it is gone"),
        refusals=(errors.NotFound, errors.StateConflict),
    ),
    Operation(
        route="GET /v1/tasks",
        title="a page of the tasks of all services, open and ended",
        answers=answers_json(200, "the page", ref("ServiceTaskPage"), "X-Read-Units"),
        parameters=_LISTING,
        refusals=_LISTING_REFUSALS,
    ),
    Operation(
        route=f"GET {_TASKS}",
        title="a page of a service's tasks, open and ended",
        answers=answers_json(200, "the page", ref("ServiceTaskPage"), "X-Read-Units"),
        parameters=_LISTING,
        refusals=(*_LISTING_REFUSALS, errors.NotFound),
    ),
    Operation(
        route=f"POST {_TASKS}",
        title="create a task of a service",
        answers=answers_json(201, "the task", ref("ServiceTask"), "Location"),
        parameters=(ONCE,),
        body=takes_json("the task; only `name` is needed", ref("NewServiceTask")),
        refusals=(
            errors.NotFound,
            errors.NotAuthorized,
            errors.TaskSuspended,
            errors.ConcurrentChange,
            errors.IdempotencyMismatch,
        ),
    ),
    Operation(
        route=f"GET {_TASK}",
        title="one task of a service, open or ended",
        answers=answers_json(200, "the task", ref("ServiceTask"), "ETag"),
        refusals=(errors.TaskNotFound,),
    ),
    Operation(
        route=f"GET {_TASK}/history",
        title="what was done to a task, open, ended or deleted, and by whom",
        answers=answers_json(200, "its life", ref("TaskHistory")),
        refusals=_UNKNOWN,
    ),
    Operation(
        route=f"PUT {_TASK}",
        title="replace what can be changed of a task",
        answers=answers_json(200, "the task", ref("ServiceTask"), "ETag"),
        parameters=(IF_MATCH,),
        body=takes_json("the task; what is left out is gone", ref("ServiceTaskContent")),
        refusals=_CHANGE,
    ),
    Operation(
        route=f"PATCH {_TASK}",
        title="change some of a task",
        answers=answers_json(200, "the task", ref("ServiceTask"), "ETag"),
        parameters=(IF_MATCH,),
        body=_patch("ServiceTaskPatch"),
        refusals=_CHANGE,
    ),
    Operation(
        route=f"DELETE {_TASK}",
        title="delete a task",
        answers=answers_nothing("it is gone"),
        parameters=(IF_MATCH,),
        refusals=(*_CHANGE, errors.BadUserRequest, errors.ChangeTooLarge),
    ),
    Operation(
        route=f"POST {_TASK}/action",
        title="start a task, or end it",
        answers=answers_nothing("done; a start has only begun", "ETag"),
        parameters=(IF_MATCH,),
        body=takes_json("the action; `reason` goes with `fail`", ref("TaskAction")),
        refusals=(*_CHANGE, errors.ChangeTooLarge),
    ),
    *(operation for name in ListName for operation in _list_operations(name)),
    Operation(
        route="POST /v1/import",
        title="bring tasks in from elsewhere, as they are",
        answers=answers_json(200, "how many", answered({"imported": COUNT, "skipped": COUNT})),
        parameters=(
            in_query("onExisting", {"enum": list(OnExisting)}, "What to do about ids that exist."),
        ),
        body=takes_json(
            "the tasks",
            given(
                {
                    "tasks": list_of(
                        given(
                            {
                                "task": given(
                                    {"id": IDENTIFIER, "created": {"type": ["string", "integer"]}},
                                    "id",
                                    "created",
                                ),
                                "processInstance": MAYBE_OBJECT,
                                "caseInstance": MAYBE_OBJECT,
                                "identityLinks": {"type": ["array", "null"], "items": ANY_OBJECT},
                                "variables": MAYBE_OBJECT,
                                "comments": {"type": ["array", "null"], "items": ANY_OBJECT},
                                "attachments": {"type": ["array", "null"], "items": ANY_OBJECT},
                                "hasComment": MAYBE_FLAG,
                                "hasAttachment": MAYBE_FLAG,
                            },
                            "task",
                        )
                    )
                },
                "tasks",
            ),
        ),
        refusals=(errors.AlreadyExists, errors.ConcurrentChange, errors.OutOfTime),
    ),
)
