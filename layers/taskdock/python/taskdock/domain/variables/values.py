"""Variables: read from plain JSON or from the API's form, and written back."""

import json
import math
from collections.abc import Mapping
from typing import Any, Final

from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import read_json
from taskdock.domain.tasks.task import Variable
from taskdock.domain.variables.types import Inconvertible, compact, fits, is_type, stored_value

JSON_FORMAT: Final = "application/json"
"""The format of objects that are kept as JSON."""

_FORMAT: Final = "serializationDataFormat"

_INFO_KEYS: Final[Mapping[str, tuple[str, ...]]] = {
    "File": ("filename", "mimeType", "encoding"),
    "Object": ("objectTypeName", _FORMAT),
}
# The entries of a valueInfo that are stored.


def from_json(value: object) -> Variable:
    """A plain JSON value as a variable, its type taken from the value
    (docs/camunda-behaviour.md, Variables).

    Whole numbers are `Integer`, or `Long` when 32 bits are too few; beyond 64 bits they are kept
    exactly, as `Json`, and so are objects and arrays, as compact JSON text. Raises
    `InvalidRequest` for what JSON cannot carry: an infinite number.
    """
    match value:
        case None:
            return {"type": "Null", "value": None}
        case bool():
            return {"type": "Boolean", "value": value}
        case str():
            return {"type": "String", "value": value}
        case int() if fits(value, "Integer"):
            return {"type": "Integer", "value": value}
        case int() if fits(value, "Long"):
            return {"type": "Long", "value": value}
        case float() if math.isfinite(value):
            return {"type": "Double", "value": float(value)}
    try:
        return {"type": "Json", "value": compact(value)}
    except ValueError:
        raise InvalidRequest("a number is too large to be stored") from None


def from_api(entry: object, where: str) -> Variable:
    """An API variable `{"value", "type", "valueInfo"}` as it is stored
    (docs/camunda-behaviour.md, Variables).

    A value may be given as its text (`"5"` as `Integer`), a `Date` in any form of docs/api.md, D7
    or in epoch milliseconds, `Bytes` and the content of a `File` in base64. Without a type the
    value decides. The first letter of a type's name may have either case. Raises `InvalidRequest`,
    its message starting with `where`, for an unknown type and for a value that is none of its type.
    """
    try:
        return _read(entry)
    except InvalidRequest as refused:
        raise InvalidRequest(f"{where}: {refused.message}") from None


def to_api(variable: Variable, *, deserialized: bool = True) -> dict[str, Any]:
    """The variable as the API shows it
    (docs/camunda-behaviour.md, Variables, Variables in answers).

    A `Date` is written in the API's format. The content of a `File` is left out: its value is
    null, and only the route for a variable's data delivers it. An `Object` that is kept as JSON is
    shown as that JSON, or not `deserialized` as its text (docs/api.md, D26).
    """
    value = variable["value"]
    if deserialized and _is_json_object(variable):
        value = _parsed(value)
    if variable["type"] == "File":
        value = None
    elif variable["type"] == "Date" and value is not None:
        value = instants.write(value)
    return {
        "type": variable["type"],
        "value": value,
        "valueInfo": dict(variable.get("valueInfo", {})),
    }


def plain(variable: Variable) -> object:
    """The variable as a plain JSON value, for a service task's `metadata`.

    `Json` and objects are parsed back, a `Date` is its text; a file's content is no metadata and is
    null.
    """
    value = variable["value"]
    if variable["type"] == "Json" and value is not None:
        return json.loads(value)
    return to_api(variable)["value"]


def _is_json_object(variable: Variable) -> bool:
    info = variable.get("valueInfo", {})
    return variable["type"] == "Object" and info.get(_FORMAT) == JSON_FORMAT


def _parsed(text: Any) -> Any:
    """What the text says; one that is no JSON stays what it is: no reader must fail by it."""
    try:
        return text if text is None else read_json(text)
    except InvalidRequest:
        return text


def _object(value: dict[str, Any] | list[Any]) -> Variable:
    """An object or a list without a type (docs/api.md, D27)."""
    java_type = "java.util.LinkedHashMap" if isinstance(value, dict) else "java.util.ArrayList"
    text = from_json(value)["value"]
    info = {"objectTypeName": java_type, _FORMAT: JSON_FORMAT}
    return {"type": "Object", "value": text, "valueInfo": info}


def _read(entry: object) -> Variable:
    if not isinstance(entry, dict):
        raise InvalidRequest("expected an object with value and type")
    value = entry.get("value")
    given = entry.get("type")
    if given is None:
        return _object(value) if isinstance(value, dict | list) else from_json(value)
    if not isinstance(given, str):
        raise InvalidRequest("type: expected a string")
    type_name = given[:1].upper() + given[1:]
    if not is_type(type_name):
        raise InvalidRequest(f"Unsupported value type '{given}'")
    info = _value_info(entry.get("valueInfo"), type_name)
    try:
        value = stored_value(value, type_name)
    except Inconvertible as refused:
        raise InvalidRequest(str(refused)) from None
    if info:
        return {"type": type_name, "value": value, "valueInfo": info}
    return {"type": type_name, "value": value}


def _value_info(given: object, type_name: str) -> dict[str, str]:
    if given is not None and not isinstance(given, dict):
        raise InvalidRequest("valueInfo: expected an object")
    info = {
        key: given[key]
        for key in _INFO_KEYS.get(type_name, ())
        if given is not None and given.get(key) is not None
    }
    if given is not None and type_name == "File" and given.get("mimetype") is not None:
        info.setdefault("mimeType", given["mimetype"])  # the spelling of some documents
    for key, entry in info.items():
        if not isinstance(entry, str):
            raise InvalidRequest(f"valueInfo.{key}: expected a string")
    if type_name == "File" and "filename" not in info:
        raise InvalidRequest("valueInfo.filename: a file needs a name")
    return info
