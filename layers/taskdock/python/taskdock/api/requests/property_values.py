"""Reads one property's value, from JSON as leniently as Camunda 7, or from a query string.

Each reader returns the typed value, or None for a value that counts as absent
(docs/camunda-behaviour.md, JSON bodies, Query strings). For every other value it raises
`InvalidRequest`, which names the place and what was expected (docs/api.md, D2).
"""

import re
from typing import Final

from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import DelegationState

_INT_RANGE: Final = (-(2**31), 2**31 - 1)
_LONG_RANGE: Final = (-(2**63), 2**63 - 1)
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,40}")
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
_SHOWN: Final = 60


def shown(value: object) -> str:
    """`value` as a message shows it: as JSON, shortened."""
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    if isinstance(value, dict):
        return "an object"
    if isinstance(value, list):
        return "a list"
    if isinstance(value, int) and abs(value) >= 10**_SHOWN:
        return "a number of many digits"
    text = f'"{value}"' if isinstance(value, str) else str(value)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def refuse(where: str, expected: str, value: object) -> InvalidRequest:
    """The error for a value of the wrong type or form (docs/api.md, D2)."""
    return InvalidRequest(f"{where}: expected {expected}, got {shown(value)}")


# From JSON.


def json_text(value: object, where: str) -> str | None:
    """A text; numbers and booleans are taken by their JSON text."""
    if value is None or isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return str(value)
    raise refuse(where, "a string", value)


def json_integer(value: object, where: str) -> int | None:
    """A 32-bit integer; fractions are cut off, a numeric text is read, "" is absent."""
    if isinstance(value, str):
        text = value.strip()
        if not text:
            return None
        if not _WHOLE.fullmatch(text):
            raise refuse(where, "an integer", value)
        value = int(text)
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise refuse(where, "an integer", value)
    return _in_range(value, where)


def _in_range(value: float, where: str) -> int:
    low, high = _INT_RANGE
    if not low <= value <= high:
        raise refuse(where, f"an integer from {low} to {high}", value)
    return int(value)


def json_flag(value: object, where: str) -> bool | None:
    """True, or None for false and absent; "true" in the usual cases and integers count."""
    if isinstance(value, str):
        text = value.strip()
        if text in ("true", "True", "TRUE"):
            return True
        if text in ("", "false", "False", "FALSE"):
            return None
        raise refuse(where, "true or false", value)
    if value is None or isinstance(value, int):
        return True if value else None
    raise refuse(where, "true or false", value)


def json_instant(value: object, where: str) -> int | None:
    """An instant: a date text (docs/api.md, D7) or epoch milliseconds; blank and "null" are
    absent."""
    if isinstance(value, str):
        if not value.strip() or value == "null":
            return None
        instant = instants.parse(value)
        if instant is not None:
            return instant
    elif value is None:
        return None
    elif isinstance(value, int) and not isinstance(value, bool):
        low, high = _LONG_RANGE
        if low <= value <= high:
            return value
    raise refuse(where, "a date such as 2013-01-23T14:42:45.546+0200 or epoch milliseconds", value)


def delegation_state(value: object, where: str) -> str | None:
    """A delegation state in any letter case."""
    text = json_text(value, where)
    if text is None:
        return None
    if text.upper() not in DelegationState:
        raise InvalidRequest(
            f"Valid values for property '{where}' are 'PENDING' or 'RESOLVED', but was '{text}'"
        )
    return text.upper()


# From a query string, where every value is a text.


def _json_scalar(value: str) -> str:
    """The inside of a quoted value: `"5"` may be sent for `5`."""
    return value[1:-1] if len(value) > 1 and value[0] == value[-1] == '"' else value


def text_integer(value: str, where: str) -> int | None:
    """A 32-bit integer written as a JSON number, fractions cut off."""
    text = _json_scalar(value.strip())
    if text == "null":
        return None
    if not _NUMBER.fullmatch(text):
        raise refuse(where, "an integer", value)
    return _in_range(int(text) if _WHOLE.fullmatch(text) else float(text), where)


def text_flag(value: str, where: str) -> bool | None:
    """True for `true` and numbers but 0; None for `false`, `0` and `null`."""
    text = _json_scalar(value.strip())
    if text == "true":
        return True
    if text in ("false", "null"):
        return None
    if _WHOLE.fullmatch(text):
        return True if int(text) else None
    raise refuse(where, "true or false", value)
