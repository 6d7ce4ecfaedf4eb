"""The types of variables, and how a value sent for one of them becomes the value that is stored.

Numbers are held as numbers, `Date` in epoch milliseconds, `Bytes` and `File` in base64, `Json`,
`Xml` and `Object` as their text.
"""

import base64
import binascii
import json
import math
import re
from collections.abc import Callable, Mapping
from typing import Final

from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import read_json

NUMBER_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "Short": (-(2**15), 2**15 - 1),
    "Integer": (-(2**31), 2**31 - 1),
    "Long": (-(2**63), 2**63 - 1),
}
"""The smallest and largest value of each type of whole numbers."""

_JAVA_TYPES: Final[Mapping[str, str]] = {
    "String": "java.lang.String",
    "Short": "java.lang.Short",
    "Integer": "java.lang.Integer",
    "Long": "java.lang.Long",
    "Double": "java.lang.Double",
    "Boolean": "java.lang.Boolean",
    "Date": "java.util.Date",
    "Bytes": "[B",
}
# Names in Camunda 7's error messages; the types that it does not name get ours.

_WHOLE: Final = re.compile(r"[+-]?\d{1,25}", re.ASCII)
_DECIMAL: Final = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_TRUTHS: Final[Mapping[str, bool]] = {
    "true": True,
    "True": True,
    "TRUE": True,
    "false": False,
    "False": False,
    "FALSE": False,
}

_SHOWN_AT_MOST: Final = 200


class Inconvertible(Exception):
    """The value is none of the type asked for; the message names both, as Camunda 7 does."""


def is_type(name: str) -> bool:
    """Whether variables of that type can be stored."""
    return name in _READERS


def stored_value(value: object, type_name: str) -> object:
    """`value`, sent as a variable of that type, as it is stored
    (docs/camunda-behaviour.md, Variables).

    Numbers, booleans and dates may be given as their text; blank text is a null of the type.
    Raises `Inconvertible`.
    """
    if value is None:
        return None
    try:
        return _READERS[type_name](value)
    except _NotThatType:
        raise Inconvertible(_refusal(value, type_name)) from None


def fits(number: int, type_name: str) -> bool:
    """Whether the whole number is in the range of `Short`, `Integer` or `Long`."""
    low, high = NUMBER_RANGES[type_name]
    return low <= number <= high


def compact(value: object) -> str:
    """`value` as JSON text without blanks; raises `ValueError` for what JSON cannot express."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


class _NotThatType(Exception):
    pass


def _refusal(value: object, type_name: str) -> str:
    match value:
        case dict():
            shown = "{…}"
        case list():
            shown = "[…]"
        case str():
            shown = value
        case _:
            shown = json.dumps(value)
    if len(shown) > _SHOWN_AT_MOST:
        shown = f"{shown[:_SHOWN_AT_MOST]}…"
    reason = f"Cannot convert value '{shown}' of type '{type_name}'"
    target = _JAVA_TYPES.get(type_name)
    return f"{reason} to java type {target}" if target else reason


def _names_nothing(value: object) -> bool:
    # Camunda 7 reads a blank text, and the word null, as a null of the type asked for.
    return isinstance(value, str) and value.strip() in ("", "null")


def _string(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, int | float):
        return json.dumps(value)
    raise _NotThatType


def _whole_number(type_name: str) -> Callable[[object], int | None]:
    def read(value: object) -> int | None:
        if _names_nothing(value):
            return None
        if isinstance(value, str) and _WHOLE.fullmatch(value.strip()):
            number = int(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            number = value
        else:
            raise _NotThatType
        if not fits(number, type_name):
            raise _NotThatType
        return number

    return read


def _double(value: object) -> float | None:
    if _names_nothing(value):
        return None
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise _NotThatType
    if isinstance(value, str) and not _DECIMAL.fullmatch(value.strip()):
        raise _NotThatType
    try:
        number = float(value)
    except OverflowError:
        raise _NotThatType from None
    if not math.isfinite(number):
        raise _NotThatType
    return number


def _boolean(value: object) -> bool | None:
    if isinstance(value, bool):
        return value
    if _names_nothing(value):
        return None
    if isinstance(value, str) and value.strip() in _TRUTHS:
        return _TRUTHS[value.strip()]
    raise _NotThatType


def _date(value: object) -> int | None:
    if _names_nothing(value):
        return None
    instant: int | None = None
    if isinstance(value, str):
        instant = instants.parse(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        instant = value
    if instant is None or not instants.can_be_written(instant):
        raise _NotThatType
    return instant


def _base64(value: object) -> str:
    if not isinstance(value, str):
        raise _NotThatType
    try:
        base64.b64decode(value, validate=True)
    except (binascii.Error, ValueError):
        raise _NotThatType from None
    return value


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise _NotThatType
    return value


def _json_text(value: object) -> str:
    text = _text(value)
    try:
        read_json(text)
    except InvalidRequest:
        raise _NotThatType from None
    return text


def _nothing(_value: object) -> None:
    raise _NotThatType


_READERS: Final[Mapping[str, Callable[[object], object]]] = {
    "String": _string,
    "Short": _whole_number("Short"),
    "Integer": _whole_number("Integer"),
    "Long": _whole_number("Long"),
    "Double": _double,
    "Boolean": _boolean,
    "Date": _date,
    "Null": _nothing,
    "Bytes": _base64,
    "File": _base64,
    "Json": _json_text,
    "Xml": _text,
    "Object": _text,
}
