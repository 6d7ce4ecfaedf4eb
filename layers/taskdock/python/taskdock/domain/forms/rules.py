"""What a field of a form asks of its value: type, presence, range, length, pattern, choice.

The rules are those of form-js, which shows the form (docs/api.md, Forms).
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum, auto
from typing import Any, Final

from taskdock.domain.tasks.task import Variable, Variables

_TEXTS: Final = ("String", "Date", "Null")
_NUMBERS: Final = ("Integer", "Long", "Short", "Double", "Null")
_FLAGS: Final = ("Boolean", "Null")


class Kind(Enum):
    """What a field's value is."""

    TEXT = auto()
    NUMBER = auto()
    NUMBER_AS_TEXT = auto()
    FLAG = auto()
    CHOICE = auto()
    CHOICES = auto()


_TYPES: Final[Mapping[Kind, tuple[tuple[str, ...], str]]] = {
    Kind.TEXT: (_TEXTS, "a text"),
    Kind.NUMBER: (_NUMBERS, "a number"),
    Kind.NUMBER_AS_TEXT: (_TEXTS, "a number in a text"),
    Kind.FLAG: (_FLAGS, "true or false"),
}
"""The types that a variable of a kind may have, and their name; choices may have any."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """The rules of one field; None and False ask for nothing."""

    path: tuple[str, ...]
    """The variable, and the properties within its JSON that lead to the value."""
    kind: Kind
    required: bool = False
    least: float | None = None
    most: float | None = None
    shortest: int | None = None
    longest: int | None = None
    pattern: str | None = None
    options: frozenset[str] | None = None
    """The JSON texts of the values that one may choose; None where they are not in the form."""

    @property
    def name(self) -> str:
        """The field's place, as forms write it."""
        return ".".join(self.path)


def violations(rules: Iterable[Rule], submitted: Variables, seen: Variables) -> list[str]:
    """What is wrong with the values, one sentence for each field at fault.

    Only what is `submitted` is looked at; what is required may also be among the variables that the
    task has `seen` before.
    """
    found = (_violation(rule, submitted, seen) for rule in rules)
    return [sentence for sentence in found if sentence is not None]


def _violation(rule: Rule, submitted: Variables, seen: Variables) -> str | None:
    name = rule.path[0]
    if name not in submitted:
        is_missing = rule.required and _is_empty(rule, _value(rule, seen.get(name)))
        return f"{rule.name} is required" if is_missing else None
    variable = submitted[name]
    types, expected = _TYPES.get(rule.kind, ((), ""))
    if len(rule.path) == 1 and types and variable["type"] not in types:
        return f"{rule.name} must be {expected}"
    value = _value(rule, variable)
    if _is_empty(rule, value):
        return f"{rule.name} is required" if rule.required else None
    problem = _problem(rule, value)
    return None if problem is None else f"{rule.name} {problem}"


def _value(rule: Rule, variable: Variable | None) -> Any:
    """The value that the rule is for, None where there is none."""
    if variable is None:
        return None
    value: Any = variable["value"]
    if variable["type"] in ("Json", "Object") and isinstance(value, str):
        try:
            value = json.loads(value)
        except ValueError:
            return None
    for step in rule.path[1:]:
        value = value.get(step) if isinstance(value, Mapping) else None
    return value


def _is_empty(rule: Rule, value: Any) -> bool:
    unchecked = rule.kind is Kind.FLAG and value is False
    return value is None or value in ("", []) or unchecked


def _problem(rule: Rule, value: Any) -> str | None:
    match rule.kind:
        case Kind.NUMBER | Kind.NUMBER_AS_TEXT:
            return _problem_of_number(rule, value)
        case Kind.TEXT:
            return _problem_of_text(rule, value)
        case Kind.FLAG:
            return None if isinstance(value, bool) else "must be true or false"
        case Kind.CHOICE:
            return _problem_of_choice(rule, [value])
    return _problem_of_choice(rule, value) if isinstance(value, list) else "must be a list"


def _problem_of_number(rule: Rule, value: Any) -> str | None:
    number = _number(value, is_text=rule.kind is Kind.NUMBER_AS_TEXT)
    if number is None:
        return "must be a number"
    if rule.least is not None and number < rule.least:
        return f"must be at least {rule.least:g}"
    if rule.most is not None and number > rule.most:
        return f"must be at most {rule.most:g}"
    return None


def _number(value: Any, *, is_text: bool) -> float | None:
    if is_text and isinstance(value, str):
        try:
            return float(value)
        except ValueError:
            return None
    is_number = isinstance(value, int | float) and not isinstance(value, bool)
    return value if is_number and not is_text else None


def _problem_of_text(rule: Rule, value: Any) -> str | None:
    if not isinstance(value, str):  # a date, which has no length
        return None if isinstance(value, int) and not isinstance(value, bool) else "must be a text"
    if rule.shortest is not None and len(value) < rule.shortest:
        return f"must have at least {rule.shortest} characters"
    if rule.longest is not None and len(value) > rule.longest:
        return f"must have at most {rule.longest} characters"
    if rule.pattern is not None and not re.search(rule.pattern, value, re.ASCII):
        return f"must match {rule.pattern}"
    return None


def _problem_of_choice(rule: Rule, values: Sequence[Any]) -> str | None:
    if rule.options is None:
        return None
    is_offered = all(option_text(value) in rule.options for value in values)
    return None if is_offered else "must be one of the values that the form offers"


def option_text(value: Any) -> str:
    """A value that one may choose as JSON text, by which it is compared."""
    return json.dumps(value, sort_keys=True)
