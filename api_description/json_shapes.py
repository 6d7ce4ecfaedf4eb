"""What schemas are made of: values, dates, names, objects that come and objects that go."""

from collections.abc import Mapping
from typing import Any, Final

from api_description.operations import Schema

TEXT: Final[Schema] = {"type": "string"}
MAYBE_TEXT: Final[Schema] = {"type": ["string", "null"]}
FLAG: Final[Schema] = {"type": "boolean"}
MAYBE_FLAG: Final[Schema] = {"type": ["boolean", "null"]}
ANYTHING: Final[Schema] = {}
ANY_OBJECT: Final[Schema] = {"type": "object", "additionalProperties": True}
MAYBE_OBJECT: Final[Schema] = {"type": ["object", "null"], "additionalProperties": True}
INT32: Final[Schema] = {"type": "integer", "format": "int32"}
MAYBE_INT32: Final[Schema] = {
    "type": ["integer", "null"],
    "minimum": -(2**31),
    "maximum": 2**31 - 1,
}
COUNT: Final[Schema] = {"type": "integer", "minimum": 0}
NAME: Final[Schema] = {"type": "string", "pattern": r"\S", "maxLength": 255}
MAYBE_NAME: Final[Schema] = {"type": ["string", "null"], "pattern": r"\S", "maxLength": 255}
FILLED: Final[Schema] = {"type": "string", "pattern": r"\S"}
MAYBE_FILLED: Final[Schema] = {"type": ["string", "null"], "pattern": r"\S"}
NAMES: Final[Schema] = {"type": ["array", "null"], "items": NAME}
IDENTIFIER: Final[Schema] = {"type": "string", "pattern": "^[A-Za-z0-9_.:-]{1,64}$"}
MAYBE_IDENTIFIER: Final[Schema] = {**IDENTIFIER, "type": ["string", "null"]}
DATE: Final[Schema] = {
    "type": "string",
    "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$",
    "examples": ["2013-01-23T12:42:42.000+0000"],
}
MAYBE_DATE: Final[Schema] = {**DATE, "type": ["string", "null"]}
GIVEN_DATE: Final[Schema] = {
    "type": ["string", "integer", "null"],
    "description": "A date with an offset, or epoch milliseconds.",
    "examples": ["2013-01-23T14:42:45.546+0200", 1358944965546],
}


def ref(name: str) -> Schema:
    """The schema of that name."""
    return {"$ref": f"#/components/schemas/{name}"}


def list_of(items: Schema) -> Schema:
    """A list of these."""
    return {"type": "array", "items": items}


def map_of(values: Schema) -> Schema:
    """An object of any names with these values."""
    return {"type": "object", "additionalProperties": values}


def answered(properties: Mapping[str, Schema], *sometimes: str) -> Schema:
    """An object in an answer: all of its properties and no others; `sometimes` may be absent."""
    required = [name for name in properties if name not in sometimes]
    return {
        "type": "object",
        "properties": dict(properties),
        "required": required,
        "additionalProperties": False,
    }


def given(properties: Mapping[str, Schema], *needed: str, strict: bool = False) -> Schema:
    """An object in a request; what it does not know is passed over, unless `strict`."""
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    if needed:
        schema["required"] = list(needed)
    if strict:
        schema["additionalProperties"] = False
    return schema
