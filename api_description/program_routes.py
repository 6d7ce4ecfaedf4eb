"""What administrators register and erase, described: programs, tasks and people."""

from collections.abc import Mapping
from typing import Final

from taskdock.domain import errors

from api_description.json_shapes import (
    COUNT,
    FILLED,
    MAYBE_FILLED,
    MAYBE_TEXT,
    TEXT,
    answered,
    given,
    list_of,
    ref,
)
from api_description.operations import Operation, Schema, answers_json, answers_nothing, takes_json

_NAMES: Final[Schema] = {"type": ["array", "null"], "items": FILLED}
_SELF: Final = answered({"self": answered({"href": TEXT})})

SCHEMAS: Final[Mapping[str, Schema]] = {
    "Program": answered(
        {
            "clientId": TEXT,
            "name": TEXT,
            "tenants": list_of(TEXT),
            "services": list_of(TEXT),
            "href": TEXT,
            "links": _SELF,
        }
    ),
    "ProgramContent": given(
        {"name": MAYBE_FILLED, "tenants": _NAMES, "services": _NAMES}, strict=True
    ),
    "Erasure": given(dict.fromkeys(("taskId", "userId", "pageToken"), MAYBE_FILLED), strict=True),
    "Erased": answered(
        {
            "tasks": COUNT,
            "records": COUNT,
            "filters": COUNT,
            "nextPageToken": MAYBE_TEXT,
            "remains": list_of(answered({"place": TEXT, "days": {"type": ["integer", "null"]}})),
        },
        "records",
        "filters",
    ),
}

OPERATIONS: Final = (
    Operation(
        route="GET /v1/programs",
        title="all registered programs",
        answers=answers_json(
            200,
            "the programs, by client id",
            answered({"embedded": answered({"programs": list_of(ref("Program"))}), "links": _SELF}),
        ),
    ),
    Operation(
        route="GET /v1/programs/{clientId}",
        title="one registered program",
        answers=answers_json(200, "the program", ref("Program")),
        refusals=(errors.NotFound,),
    ),
    Operation(
        route="PUT /v1/programs/{clientId}",
        title="register a program, or replace its registration",
        answers=(
            *answers_json(200, "replaced", ref("Program")),
            *answers_json(201, "registered", ref("Program"), "Location"),
        ),
        body=takes_json("the program", ref("ProgramContent"), required=False),
    ),
    Operation(
        route="DELETE /v1/programs/{clientId}",
        title="remove a registration; the program may do nothing from then on",
        answers=answers_nothing("it is gone"),
        refusals=(errors.NotFound,),
    ),
    Operation(
        route="POST /v1/erasures",
        title="erase a task with all that is kept of it, or a person from all tasks",
        answers=answers_json(200, "what was erased, and what remains where", ref("Erased")),
        body=takes_json("a task or a user, and where to go on", ref("Erasure")),
        refusals=(errors.TaskNotFound, errors.ConcurrentChange),
    ),
)
