"""A Camunda Form as JSON: what is checked when it is registered, and the rules of its fields.

Source: the schema of form-js, whose parts that carry no value are left to it.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.forms.rules import Kind, Rule, option_text

type Schema = Mapping[str, Any]
"""A Camunda Form."""

DEEPEST: Final = 10
"""Groups within groups."""
LONGEST_PATTERN: Final = 500
"""Characters of a pattern."""

_KINDS: Final[Mapping[str, Kind]] = {
    "textfield": Kind.TEXT,
    "textarea": Kind.TEXT,
    "datetime": Kind.TEXT,
    "number": Kind.NUMBER,
    "checkbox": Kind.FLAG,
    "radio": Kind.CHOICE,
    "select": Kind.CHOICE,
    "checklist": Kind.CHOICES,
    "taglist": Kind.CHOICES,
}
"""The fields whose values are checked."""


def checked_schema(body: object) -> Schema:
    """The body, if it is a Camunda Form whose rules can be heeded; raises `InvalidRequest` that
    names the place at fault.
    """
    if not isinstance(body, dict) or body.get("type") != "default":
        raise InvalidRequest('the form: expected an object with "type": "default"')
    for _ in _rules(body, "", (), 0):
        pass
    return body


def rules_in(schema: Schema) -> tuple[Rule, ...]:
    """The rules of the fields of a checked form, in its order."""
    return tuple(_rules(schema, "", (), 0))


def _rules(part: Schema, where: str, path: tuple[str, ...], depth: int) -> Iterator[Rule]:
    components = part.get("components", [])
    if not isinstance(components, list):
        raise InvalidRequest(f"{where}components: expected a list")
    if depth > DEEPEST:
        raise InvalidRequest(f"{where}components: more than {DEEPEST} groups within each other")
    for number, component in enumerate(components):
        place = f"{where}components[{number}]"
        if not isinstance(component, dict) or not isinstance(component.get("type"), str):
            raise InvalidRequest(f"{place}: expected an object with a type")
        # A row of a list has no variable of its own: what is within is left to the page.
        if component["type"] != "dynamiclist" and "components" in component:
            inner = (*path, *_steps(component.get("path"), f"{place}.path"))
            yield from _rules(component, f"{place}.", inner, depth + 1)
        rule = _rule(component, place, path)
        if rule is not None:
            yield rule


def _steps(path: object, place: str) -> Sequence[str]:
    if path is None or path == "":
        return ()
    if not isinstance(path, str) or not all(path.split(".")):
        raise InvalidRequest(f"{place}: expected names with dots between")
    return path.split(".")


def _rule(component: Schema, place: str, path: tuple[str, ...]) -> Rule | None:
    kind, steps = _KINDS.get(component["type"]), _steps(component.get("key"), f"{place}.key")
    if kind is None or not steps:
        return None
    if kind is Kind.NUMBER and component.get("serializeToString") is True:
        kind = Kind.NUMBER_AS_TEXT
    asked = _Asked(component.get("validate"), f"{place}.validate")
    # A field that may be hidden, or cannot be filled in, is not missed: the page knows when it is.
    optional = any(component.get(name) for name in ("conditional", "disabled", "readonly"))
    return Rule(
        path=(*path, *steps),
        kind=kind,
        required=asked.flag("required") and not optional,
        least=asked.number("min"),
        most=asked.number("max"),
        shortest=asked.length("minLength"),
        longest=asked.length("maxLength"),
        pattern=asked.pattern("pattern"),
        options=_options(component),
    )


def _options(component: Schema) -> frozenset[str] | None:
    """What one may choose, where the form says so by itself."""
    values = component.get("values")
    if not isinstance(values, list) or component.get("valuesKey") is not None:
        return None
    return frozenset(option_text(each.get("value")) for each in values if isinstance(each, dict))


class _Asked:
    """A field's `validate`. A rule that is an expression (`=…`) is left to the page."""

    def __init__(self, validate: object, place: str) -> None:
        if not isinstance(validate, dict | None):
            raise InvalidRequest(f"{place}: expected an object")
        self._validate = validate or {}
        self._place = place

    def flag(self, name: str) -> bool:
        value = self._value(name)
        if not isinstance(value, bool | None):
            raise self._wrong(name, "true or false")
        return bool(value)

    def number(self, name: str) -> float | None:
        value = self._value(name)
        if not isinstance(value, int | float | None) or isinstance(value, bool):
            raise self._wrong(name, "a number")
        return value

    def length(self, name: str) -> int | None:
        value = self._value(name)
        if not isinstance(value, int | None) or isinstance(value, bool):
            raise self._wrong(name, "a whole number")
        return value

    def pattern(self, name: str) -> str | None:
        value = self._value(name)
        if value is None:
            return None
        if not isinstance(value, str) or len(value) > LONGEST_PATTERN:
            raise self._wrong(name, f"a pattern of at most {LONGEST_PATTERN} characters")
        try:
            re.compile(value, re.ASCII)
        except re.error as problem:
            raise self._wrong(name, f"a pattern ({problem})") from None
        return value or None

    def _value(self, name: str) -> object:
        value = self._validate.get(name)
        return None if isinstance(value, str) and value.startswith("=") else value

    def _wrong(self, name: str, expected: str) -> InvalidRequest:
        return InvalidRequest(f"{self._place}.{name}: expected {expected}")
