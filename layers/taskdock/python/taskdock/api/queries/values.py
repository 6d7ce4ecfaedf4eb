"""Reads the values of a query's properties, from JSON and from a query string. Single values are
read by `property_values.py`; here are lists, variable conditions, and the tables from kinds to
readers (docs/camunda-behaviour.md, JSON bodies, Query strings, Operands).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from taskdock.api.requests.property_values import (
    delegation_state,
    json_flag,
    json_instant,
    json_integer,
    json_text,
    refuse,
    text_flag,
    text_integer,
)
from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.criteria import Kind
from taskdock.domain.query.operands import Operand, VariableCondition
from taskdock.domain.query.variable_conditions import (
    OPERATORS,
    PROCESS_OPERATORS,
    RANGE_WORDS,
)

Reader = Callable[[Any, str], Operand | tuple[VariableCondition, ...] | None]

LIST_LIMIT: Final = 1000
"""How many elements any list in a query may have (docs/api.md, Limits)."""


# From JSON.


def json_texts(value: object, where: str) -> tuple[str, ...] | None:
    """A list of texts, or one text split at commas (docs/api.md, D6); an empty list is absent."""
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
    """A list of groups; an empty one, or an empty text, is an error (docs/api.md, D1, D6)."""
    if value is None:
        return None
    groups = json_texts(value, where)
    if groups is None or value == "":
        raise InvalidRequest(f"{where}: the list of candidate groups is empty")
    return groups


CONDITION_KEYS: Final = ("name", "operator", "value")
"""The properties of a variable condition in JSON."""


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
    """A checked condition; `context` is its place, its name and its operators."""
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
    """The text as it is; an empty one is a value."""
    return value


def text_instant(value: str, where: str) -> int | None:
    """A date text (docs/api.md, D7); epoch milliseconds are for JSON only."""
    if " " in value and instants.parse(value.replace(" ", "+")) is not None:
        expected = "a date such as 2013-01-23T14:42:45.546%2B0200 (a raw + means a blank)"
        raise refuse(where, expected, value)
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
    """A reader for `name_operator_value,…`; values are always texts
    (docs/camunda-behaviour.md, Query strings)."""

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
    """Split as Java's `String.split` does: empty parts at the end are dropped."""
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
