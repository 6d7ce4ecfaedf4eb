"""The registered programs, described."""

from collections.abc import Mapping
from typing import Final

from taskdock.domain import errors

from api_description.json_shapes import FILLED, MAYBE_FILLED, TEXT, answered, given, list_of, ref
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
)
