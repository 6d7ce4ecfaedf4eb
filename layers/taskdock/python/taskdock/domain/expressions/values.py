"""What an expression can yield, and how one kind of value becomes another.

The conversions are those of the Unified Expression Language (docs/camunda-behaviour.md, Grammar),
made strict where it would yield nonsense: integers keep to their width, floats stay finite,
strings stay short.
"""

import math
import re
from typing import Final

from taskdock.domain.expressions.date_time import Date, DateTime, DayField
from taskdock.domain.expressions.refusals import Unsuitable

Value = str | int | float | bool | tuple[str, ...] | Date | DateTime | DayField | None
"""A `bool` is never a number here; a tuple is a list."""

MAX_STRING: Final = 4_000
"""Characters in any string an expression makes: a chain of `replace` cannot grow without end."""

_INTEGER: Final = re.compile(r"[+-]?\d{1,40}", re.ASCII)
"""Longer ones fit into no integer, and Python itself refuses to read very long ones."""
_FLOAT: Final = re.compile(r"[+-]?(?:\d++(?:\.\d*+)?|\.\d++)(?:[eE][+-]?\d++)?", re.ASCII)


def describe(value: Value) -> str:
    """The kind of the value in words, for messages; never the value itself."""
    match value:
        case None:
            return "null"
        case str():
            return "a string"
        case bool():
            return "a boolean"
        case int() | float():
            return "a number"
        case tuple():
            return "a list"
        case DayField():
            return f"a {value.name} property"
        case Date() | DateTime():
            return f"a {type(value).__name__}"


def bounded(text: str) -> str:
    """The text itself; raises `Unsuitable` when it is longer than a string may get."""
    check_length(len(text))
    return text


def check_length(length: int) -> None:
    """Raises `Unsuitable` when a string of that length may not be made."""
    if length > MAX_STRING:
        raise Unsuitable(f"the resulting string is longer than {MAX_STRING} characters")


def as_text(value: Value) -> str:
    """The value as Camunda 7 writes it: null is empty, the rest as Java's `toString`."""
    match value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return "true" if value else "false"
        case float():
            return _float_as_text(value)
        case tuple():
            return f"[{', '.join(value)}]"
        case _:
            return str(value)


def _float_as_text(number: float) -> str:
    if number == 0 or 1e-3 <= abs(number) < 1e7:
        return repr(number)
    digits = repr(number).partition("e")[0].replace(".", "").strip("-0")
    mantissa, exponent = f"{number:.{max(len(digits) - 1, 1)}e}".split("e")
    return f"{mantissa}E{int(exponent)}"


def only_text(value: Value) -> str:
    """The value, which must be a string already."""
    if isinstance(value, str):
        return value
    raise Unsuitable(f"expected a string, got {describe(value)}")


def as_boolean(value: Value) -> bool:
    """Null and the empty string are false, other strings are true when they read `true`."""
    match value:
        case None:
            return False
        case bool():
            return value
        case str():
            return value.lower() == "true"
        case _:
            raise Unsuitable(f"expected a boolean, got {describe(value)}")


def as_long(value: Value) -> int:
    """A 64 bit integer: null and the empty string are 0, floats are cut, strings are read."""
    return _integer(value, bits=64)


def as_int(value: Value) -> int:
    """A 32 bit integer, as method arguments and list indexes are; otherwise like `as_long`."""
    return _integer(value, bits=32)


def _integer(value: Value, bits: int) -> int:
    match value:
        case None | "":
            return 0
        case bool():
            raise Unsuitable("expected an integer, got a boolean")
        case int() | float():
            return fitting(int(value), bits)
        case str() if _INTEGER.fullmatch(value):
            return fitting(int(value), bits)
        case _:
            raise Unsuitable(f"expected an integer, got {_read(value)}")


def fitting(number: int, bits: int = 64) -> int:
    """The number itself; raises `Unsuitable` where Java's would overflow."""
    if not -(1 << (bits - 1)) <= number < 1 << (bits - 1):
        raise Unsuitable(f"the integer does not fit into {bits} bits")
    return number


def as_float(value: Value) -> float:
    """A float: null and the empty string are 0, strings are read."""
    match value:
        case None | "":
            return 0.0
        case bool():
            raise Unsuitable("expected a number, got a boolean")
        case int() | float():
            return float(value)
        case str() if _FLOAT.fullmatch(value):
            return finite(float(value))
        case _:
            raise Unsuitable(f"expected a number, got {_read(value)}")


def finite(number: float) -> float:
    """The number itself; raises `Unsuitable` for what is too large to be one."""
    if not math.isfinite(number):
        raise Unsuitable("the number is too large")
    return number


def _read(value: Value) -> str:
    return "a string that reads as none" if isinstance(value, str) else describe(value)
