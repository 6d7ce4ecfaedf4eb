"""Reading a property's value, from JSON and from a query string (reference 0.3, 0.4).

Each reader returns the typed value, or None for a value that counts as absent. Everything else
is an `InvalidRequest` that says where and what was expected (contract D2).
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.criteria import Kind
from taskdock.domain.query.model import Operand, VariableCondition
from taskdock.domain.query.variable_conditions import (
    OPERATORS,
    PROCESS_OPERATORS,
    RANGE_WORDS,
)
from taskdock.domain.task import DelegationState

Reader = Callable[[Any, str], Operand | tuple[VariableCondition, ...] | None]

LIST_LIMIT: Final = 1000
"""How many elements any list in a query may have (contract, Limits)."""

_INT_RANGE: Final = (-(2**31), 2**31 - 1)
_LONG_RANGE: Final = (-(2**63), 2**63 - 1)
_WHOLE: Final = re.compile(r"[+-]?[0-9]{1,40}")
_NUMBER: Final = re.compile(r"-?(0|[1-9][0-9]{0,40})(\.[0-9]{1,40})?([eE][+-]?[0-9]{1,3})?")
_SHOWN: Final = 60


def shown(value: object) -> str:
    """`value` as a message shows it: as JSON would write it, and not at length."""
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
    """The error for a value of the wrong type or form (contract D2)."""
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
    """An instant: a date text (contract D7) or epoch milliseconds; blank and "null" are absent."""
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


def json_texts(value: object, where: str) -> tuple[str, ...] | None:
    """A list of texts, or one text split at commas (contract D6); an empty list is absent."""
    if isinstance(value, str):
        return text_texts(value, where)
    if value is None:
        return None
    if not isinstance(value, list):
        raise refuse(where, "a list of strings", value)
    texts = tuple(_element(each, f"{where}[{place}]") for place, each in enumerate(value))
    _bounded(texts, where)
    return texts or None


def _element(value: object, where: str) -> str:
    text = json_text(value, where)
    if text is None:
        raise refuse(where, "a string", value)
    return text


def _bounded(elements: Sequence[object], where: str) -> None:
    if len(elements) > LIST_LIMIT:
        raise InvalidRequest(f"{where}: at most {LIST_LIMIT} elements, got {len(elements)}")


def json_groups(value: object, where: str) -> tuple[str, ...] | None:
    """A list of groups; an empty one, or an empty text, is an error (contract D1, D6)."""
    if value is None:
        return None
    groups = json_texts(value, where)
    if groups is None or value == "":
        raise InvalidRequest(f"{where}: the list of candidate groups is empty")
    return groups


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


def json_variables(
    operators: tuple[str, ...], kind: str
) -> Callable[[Any, str], tuple[VariableCondition, ...] | None]:
    """A reader for a list of `{name, operator, value}` objects; `kind` names it in errors."""

    def read(value: object, where: str) -> tuple[VariableCondition, ...] | None:
        if value is None:
            return None
        if not isinstance(value, list):
            raise refuse(where, "a list of variable conditions", value)
        _bounded(value, where)
        return tuple(condition(each, f"{where}[{place}]") for place, each in enumerate(value))

    def condition(value: object, where: str) -> VariableCondition:
        if not isinstance(value, dict):
            raise refuse(where, "an object with name, operator and value", value)
        name = json_text(value.get("name"), f"{where}.name")
        operator = json_text(value.get("operator"), f"{where}.operator")
        operand = value.get("value")
        if isinstance(operand, dict | list):
            raise refuse(f"{where}.value", "a string, number, boolean or null", operand)
        return variable_condition(name, operator, operand, (where, kind, operators))

    return read


def variable_condition(
    name: str | None,
    operator: str | None,
    operand: str | int | float | bool | None,
    context: tuple[str, str, tuple[str, ...]],
) -> VariableCondition:
    """A checked condition; `context` is where it stands, what it is called, its operators."""
    where, kind, operators = context
    if name is None:
        raise InvalidRequest(f"{where}.name is missing: a variable condition needs a name")
    if operator is None:
        raise InvalidRequest(f"{where}.operator is missing: one of {', '.join(operators)}")
    if operator not in operators:
        raise InvalidRequest(
            f"{where}: Invalid {kind} variable comparator specified: {operator} "
            f"(expected one of {', '.join(operators)})"
        )
    if operator in RANGE_WORDS and (operand is None or isinstance(operand, bool)):
        raise InvalidRequest(
            f"{where}: Booleans and null cannot be used in "
            f"'{RANGE_WORDS[operator]}' condition ({operator})"
        )
    return VariableCondition(name, operator, operand)


# From a query string, where every value is a text.


def text_text(value: str, _where: str) -> str | None:
    """The text as it stands; an empty one is a value."""
    return value


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


def text_instant(value: str, where: str) -> int | None:
    """A date text (contract D7); epoch milliseconds are for JSON only."""
    return json_instant(value, where)


def text_texts(value: str, where: str) -> tuple[str, ...] | None:
    """The text split at commas without trimming; empty parts at the end are dropped."""
    if value == "":
        return ("",)
    parts = value.split(",")
    while parts and parts[-1] == "":
        parts.pop()
    _bounded(parts, where)
    return tuple(parts) or None


def text_variables(
    operators: tuple[str, ...], kind: str
) -> Callable[[Any, str], tuple[VariableCondition, ...] | None]:
    """A reader for `name_operator_value,…`; values are always texts (reference 3.4)."""

    def read(value: str, where: str) -> tuple[VariableCondition, ...] | None:
        parts = _split(value, ",")
        _bounded(parts, where)
        return tuple(condition(part, value, where) for part in parts)

    def condition(part: str, value: str, where: str) -> VariableCondition:
        pieces = _split(part, "_")
        if len(pieces) != 3:
            raise InvalidRequest(
                f"Cannot set query parameter '{where}' to value '{value}': "
                "variable query parameter has to have format KEY_OPERATOR_VALUE."
            )
        name, operator, operand = pieces
        return variable_condition(name, operator, operand, (where, kind, operators))

    return read


def _split(text: str, separator: str) -> list[str]:
    """Split as the reference's platform does: empty pieces at the end are dropped."""
    pieces = text.split(separator)
    while separator in text and pieces and pieces[-1] == "":
        pieces.pop()
    return pieces


FROM_JSON: Final[Mapping[Kind, Reader]] = {
    Kind.TEXT: json_text,
    Kind.TEXTS: json_texts,
    Kind.GROUPS: json_groups,
    Kind.INTEGER: json_integer,
    Kind.INSTANT: json_instant,
    Kind.FLAG: json_flag,
    Kind.DELEGATION_STATE: delegation_state,
    Kind.TASK_VARIABLES: json_variables(OPERATORS, "task"),
    Kind.PROCESS_VARIABLES: json_variables(PROCESS_OPERATORS, "process"),
    Kind.CASE_VARIABLES: json_variables(OPERATORS, "case"),
}

FROM_TEXT: Final[Mapping[Kind, Reader]] = {
    Kind.TEXT: text_text,
    Kind.TEXTS: text_texts,
    Kind.GROUPS: json_groups,
    Kind.INTEGER: text_integer,
    Kind.INSTANT: text_instant,
    Kind.FLAG: text_flag,
    Kind.DELEGATION_STATE: delegation_state,
    Kind.TASK_VARIABLES: text_variables(OPERATORS, "task"),
    Kind.PROCESS_VARIABLES: text_variables(PROCESS_OPERATORS, "process"),
    Kind.CASE_VARIABLES: text_variables(OPERATORS, "case"),
}
