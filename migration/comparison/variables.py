"""Which tasks of the old server meet a condition on a variable, by its values."""

from collections.abc import Mapping
from fractions import Fraction
from typing import Any, Final

from migration.old_server import OldServer, Shown

_NUMBERS: Final = frozenset({"Integer", "Long", "Short", "Double"})
_SCOPES: Final = {
    "processVariables": ("processInstanceIdIn", "processInstanceId"),
    "caseInstanceVariables": ("caseInstanceIdIn", "caseInstanceId"),
}
_PAGE: Final = 200
_HOLDS: Final = {
    "eq": (0,),
    "neq": (-1, 1),
    "gt": (1,),
    "gteq": (0, 1),
    "lt": (-1,),
    "lteq": (-1, 0),
}
"""By operator how a value may compare with the operand: less (-1), equal (0), greater (1)."""


def row_of(condition: Mapping[str, Any]) -> str:
    """The row whose rule holds for a condition and is worked out here; empty when none does."""
    value, operator = condition.get("value"), condition.get("operator")
    if isinstance(value, int | float) and not isinstance(value, bool):
        return "D9" if operator in _HOLDS else ""
    return "D10" if value in ("", "null") and operator in ("eq", "neq") else ""


def matching(
    server: OldServer, scope: str, condition: Mapping[str, Any], flags: Mapping[str, Any]
) -> set[str]:
    """The ids of the open tasks that have such a variable (docs/api.md, Variables)."""
    named = _variables(server, scope, str(condition["name"]), flags)
    found: set[str] = set()
    for task_id, variables in named.items():
        if any(_holds(condition, each) for each in variables):
            found.add(task_id)
    return found


def _variables(
    server: OldServer, scope: str, name: str, flags: Mapping[str, Any]
) -> dict[str, list[Shown]]:
    """The variables of that name in a scope, by the task that sees them."""
    tasks = server.listed("POST", "/task", body={})
    held: dict[str, list[Shown]] = {}
    if scope == "taskVariables":
        for start in range(0, len(tasks), _PAGE):
            ids = [task["id"] for task in tasks[start : start + _PAGE]]
            for each in _named(server.variables("taskIdIn", ids), name, flags):
                held.setdefault(each["taskId"], []).append(each)
        return held
    many, one = _SCOPES[scope]
    instances = sorted({task[one] for task in tasks if task.get(one)})
    for start in range(0, len(instances), _PAGE):
        some = server.variables(many, instances[start : start + _PAGE])
        for each in _named(some, name, flags):
            if each.get("taskId") is None:
                held.setdefault(each[one], []).append(each)
    return {task["id"]: held[task[one]] for task in tasks if task.get(one) in held}


def _named(variables: list[Shown], name: str, flags: Mapping[str, Any]) -> list[Shown]:
    if flags.get("variableNamesIgnoreCase"):
        return [each for each in variables if str(each["name"]).upper() == name.upper()]
    return [each for each in variables if each["name"] == name]


def _holds(condition: Mapping[str, Any], variable: Shown) -> bool:
    operand, operator = condition.get("value"), str(condition["operator"])
    if isinstance(operand, str):
        is_equal = variable["type"] == "String" and variable.get("value") == operand
        return is_equal if operator == "eq" else not is_equal
    value = variable.get("value")
    if variable["type"] not in _NUMBERS or value is None:
        return operator == "neq"
    return _compare(Fraction(value), Fraction(operand or 0)) in _HOLDS[operator]


def _compare(one: Fraction, two: Fraction) -> int:
    return (one > two) - (one < two)
