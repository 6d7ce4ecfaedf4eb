"""Conditions on variables: typed values compared as docs/api.md, D9 to D11 say.

Values compare within their class: numbers of every type by exact value, text with text, dates
by instant, booleans. A string that is a date in an accepted form also compares with dates. A
value of any other type (bytes, files, JSON) equals nothing a query can carry.
"""

from collections.abc import Callable, Mapping
from operator import ge, gt, le, lt
from typing import Any, Final

from taskdock.domain import instants
from taskdock.domain.query.like import like
from taskdock.domain.query.operands import Switches, VariableCondition
from taskdock.domain.tasks.task import Variable

VariableTest = Callable[[Variable], bool]

_NUMBERS: Final = frozenset({"Integer", "Long", "Short", "Double"})

_ORDERS: Final[Mapping[str, Callable[[Any, Any], bool]]] = {
    "gt": gt,
    "gteq": ge,
    "lt": lt,
    "lteq": le,
}

OPERATORS: Final = ("eq", "neq", *_ORDERS, "like")
"""What task, process and case variables can be asked for; process variables also `notLike`."""
PROCESS_OPERATORS: Final = (*OPERATORS, "notLike")

RANGE_WORDS: Final[Mapping[str, str]] = {
    "gt": "greater than",
    "gteq": "greater than or equal",
    "lt": "less than",
    "lteq": "less than or equal",
}


def variable_test(condition: VariableCondition, switches: Switches) -> VariableTest:
    """A test of one variable of the condition's name."""
    operator, operand = condition.operator, condition.value
    if operator == "eq":
        return _equal(operand, switches)
    if operator == "neq":
        equal = _equal(operand, switches)
        return lambda variable: not equal(variable)
    if operator == "like":
        return _like(operand, switches)
    if operator == "notLike":
        matches = _like(operand, switches)
        return lambda variable: not matches(variable)
    return _in_order(_ORDERS[operator], operand, switches)


def _equal(operand: object, switches: Switches) -> VariableTest:
    if operand is None:
        return lambda variable: variable["value"] is None
    if isinstance(operand, bool):
        return lambda variable: variable["type"] == "Boolean" and variable["value"] is operand
    if isinstance(operand, int | float):
        return lambda variable: variable["type"] in _NUMBERS and variable["value"] == operand
    text = _cased(str(operand), switches)
    instant = instants.parse(str(operand))

    def test(variable: Variable) -> bool:
        kind, value = variable["type"], variable["value"]
        if value is None:
            return False
        if kind == "String":
            return _cased(value, switches) == text
        return instant is not None and kind == "Date" and bool(value == instant)

    return test


def _in_order(
    holds: Callable[[Any, Any], bool], operand: object, switches: Switches
) -> VariableTest:
    if isinstance(operand, int | float):
        return lambda variable: (
            variable["type"] in _NUMBERS
            and variable["value"] is not None
            and holds(variable["value"], operand)
        )
    text = _cased(str(operand), switches)
    instant = instants.parse(str(operand))

    def test(variable: Variable) -> bool:
        kind, value = variable["type"], variable["value"]
        if value is None:
            return False
        if kind == "String":
            return holds(_cased(value, switches), text)
        return instant is not None and kind == "Date" and holds(value, instant)

    return test


def _like(operand: object, switches: Switches) -> VariableTest:
    """Strings that are LIKE the operand's text; with a number as operand, none (D9)."""
    pattern = _pattern(operand)
    if pattern is None:
        return lambda _variable: False
    matches = like(pattern, ignoring_case=switches.values_ignore_case or switches.like_ignores_case)
    return lambda variable: (
        variable["type"] == "String"
        and variable["value"] is not None
        and matches(variable["value"])
    )


def _pattern(operand: object) -> str | None:
    """The text Camunda 7 makes of an operand of `like` (docs/camunda-behaviour.md, Operands)."""
    if operand is None:
        return "null"
    if isinstance(operand, bool):
        return "true" if operand else "false"
    return operand if isinstance(operand, str) else None


def _cased(text: str, switches: Switches) -> str:
    return text.upper() if switches.values_ignore_case else text
