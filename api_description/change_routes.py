"""What programs that keep a copy of the tasks ask, described."""

from collections.abc import Mapping
from typing import Final

from taskdock.domain import errors
from taskdock.routes.lists.changes import DEFAULT_LIMIT, LARGEST_LIMIT

from api_description.json_shapes import DATE, FLAG, MAYBE_TEXT, TEXT, answered, list_of, ref
from api_description.operations import Operation, Schema, Success, answers_json, in_header, in_query

_VERSION: Final[Schema] = {"type": "integer", "minimum": 1}
_LIMIT: Final[Schema] = {
    "type": "integer", "minimum": 1, "maximum": LARGEST_LIMIT, "default": DEFAULT_LIMIT
}  # fmt: skip

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Change": answered(
        {
            "id": TEXT,
            "version": _VERSION,
            "at": DATE,
            "change": {"enum": ["created", "changed", "ended"]},
            "end": {"enum": ["completed", "failed", "canceled", "deleted", "erased", None]},
            "tenantId": MAYBE_TEXT,
            "task": {"oneOf": [ref("Task"), {"type": "null"}]},
        },
        "task",
    ),
    "Changes": answered({"changes": list_of(ref("Change")), "next": TEXT, "more": FLAG}),
}

OPERATIONS: Final = (
    Operation(
        route="GET /v1/changes",
        title="what changed since a moment, for programs that keep a copy of the tasks",
        answers=(
            *answers_json(
                200, "the changes by time, and where to go on", ref("Changes"), "X-Read-Units"
            ),
            Success(304, "the answer is the one that If-None-Match names"),
        ),
        parameters=(
            in_query(
                "since", TEXT, "`next` of an earlier answer; without it, who asks begins now."
            ),
            in_query("limit", _LIMIT, "How many changes are looked at."),
            in_query("withTasks", FLAG, "Whether each open task is shown as a whole."),
            in_header("If-None-Match", TEXT, "The `ETag` of an answer to the same request."),
        ),
        refusals=(
            errors.NotAuthorized,
            errors.ChangesNotKept,
            errors.CursorExpired,
            errors.QueryTooExpensive,
            errors.ResponseTooLarge,
        ),
    ),
)
