"""Reads a request into a `TaskQuery`, from a JSON body or a query string. All mistakes of a caller
are found here, before any task is read (docs/api.md, D1).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from taskdock.api.queries.sorting import SORT_PROPERTIES, read_sorting, read_top_sort
from taskdock.api.queries.values import CONDITION_KEYS, FROM_JSON, FROM_TEXT, LIST_LIMIT, Reader
from taskdock.api.requests.property_values import json_flag, json_text, refuse, text_flag
from taskdock.api.requests.unknown_properties import refuse_unknown
from taskdock.domain.errors import BadUserRequest, InvalidRequest
from taskdock.domain.expressions.expression import Expression
from taskdock.domain.query.criteria import BY_NAME, CRITERIA, PROPERTIES, SUPERSEDED, Kind
from taskdock.domain.query.model import Extras, Level, TaskQuery, filters_of
from taskdock.domain.query.operands import Switches

_SWITCHES: Final[Mapping[str, str]] = {
    "includeAssignedTasks": "include_assigned",
    "variableNamesIgnoreCase": "names_ignore_case",
    "variableValuesIgnoreCase": "values_ignore_case",
    "likePatternIgnoreCase": "like_ignores_case",
}
_EXTRAS: Final[Mapping[str, str]] = {
    "withCommentAttachmentInfo": "comment_and_attachment",
    "withTaskVariablesInReturn": "variables",
    "withTaskLocalVariablesInReturn": "local_variables",
}
_NOT_INSIDE: Final = ("orQueries", *SORT_PROPERTIES)
"""Properties that an orQuery may not have (docs/api.md, D19)."""

PROPERTY_NAMES: Final = frozenset((*PROPERTIES, *_SWITCHES, *_EXTRAS, *_NOT_INSIDE))
"""Every name a query may use at its top level."""

_FORBIDDEN: Final = (
    "Expressions are forbidden in adhoc queries. "
    "This behavior can be toggled in the process engine configuration"
)


@dataclass(frozen=True, slots=True)
class Strictness:
    """Options for reading a request."""

    expressions_enabled: bool = True
    refuse_unknown: bool = False
    """Refuse unknown properties instead of ignoring them (docs/api.md, D20)."""
    expressions_unread: bool = False
    """Take expressions as they are: a stored query's are read when it runs."""


@dataclass(frozen=True, slots=True)
class _Form:
    """How values are written: as JSON, or as texts in a query string."""

    readers: Mapping[Kind, Reader]
    flag: Callable[[Any, str], bool | None]


_JSON: Final = _Form(FROM_JSON, json_flag)
_TEXT: Final = _Form(FROM_TEXT, text_flag)


def read_body(body: object, strictness: Strictness = Strictness()) -> TaskQuery:
    """The query of a JSON body, already parsed."""
    if not isinstance(body, dict):
        raise refuse("the body", "an object", body)
    return _read_query(body, _JSON, strictness)


def read_parameters(
    parameters: Mapping[str, str],
    parse_json: Callable[[str], object],
    strictness: Strictness = Strictness(),
) -> TaskQuery:
    """The query of a query string, decoded; `orQueries` and `sorting` are JSON in it (D21)."""
    properties: dict[str, object] = dict(parameters)
    for name in ("orQueries", "sorting"):
        if parameters.get(name) == "":
            del properties[name]
        elif name in parameters:
            properties[name] = _embedded(name, parameters[name], parse_json)
    return _read_query(properties, _TEXT, strictness)


def _embedded(name: str, text: str, parse_json: Callable[[str], object]) -> object:
    try:
        return parse_json(text)
    except InvalidRequest as error:
        raise InvalidRequest(f"{name}: {error.message}") from error


def _read_query(properties: Mapping[str, object], form: _Form, strictness: Strictness) -> TaskQuery:
    or_queries = tuple(_or_queries(properties.get("orQueries"), strictness))
    if strictness.refuse_unknown:
        _refuse_unknown(properties, inside="")
    return TaskQuery(
        top=_LevelReader(form, strictness).read(properties),
        or_queries=or_queries,
        sorting=(*read_top_sort(properties), *read_sorting(properties, strictness.refuse_unknown)),
        extras=_extras(properties, form),
    )


def _extras(properties: Mapping[str, object], form: _Form, inside: str = "") -> Extras:
    return Extras(
        **{
            each: form.flag(properties[name], inside + name) or False
            for name, each in _EXTRAS.items()
            if properties.get(name) is not None
        }
    )


def _refuse_unknown(properties: Mapping[str, object], inside: str) -> None:
    """Raise `InvalidRequest` naming what is unknown on a level and in its variable conditions."""
    refuse_unknown(properties, PROPERTY_NAMES, inside.removesuffix("."))
    for name in _VARIABLE_LISTS:
        conditions = properties.get(name)
        for place, each in enumerate(conditions if isinstance(conditions, list) else ()):
            if isinstance(each, dict):
                refuse_unknown(each, CONDITION_KEYS, f"{inside}{name}[{place}]")


def _or_queries(value: object, strictness: Strictness) -> Iterable[Level]:
    if value is None:
        return
    if not isinstance(value, list):
        raise refuse("orQueries", "a list of queries", value)
    if len(value) > LIST_LIMIT:
        raise InvalidRequest(f"orQueries: at most {LIST_LIMIT} elements, got {len(value)}")
    for place, each in enumerate(value):
        if not isinstance(each, dict):
            raise refuse(f"orQueries[{place}]", "an object", each)
        inside = f"orQueries[{place}]."
        for name in _NOT_INSIDE:
            if each.get(name) not in (None, []):
                raise InvalidRequest(f"{inside}{name}: not allowed inside an orQuery")
        if strictness.refuse_unknown:
            _refuse_unknown(each, inside)
        _extras(each, _JSON, inside)  # they have no effect here, but may be wrong
        yield _LevelReader(_JSON, strictness, inside).read(each)


@dataclass(slots=True)
class _LevelReader:
    """Reads one level: its literals, its expressions, its switches; then checks them."""

    form: _Form
    strictness: Strictness
    inside: str = ""
    """The path in front of a property's name; empty at the top level."""
    literals: dict[str, Any] = field(default_factory=dict)
    expressions: dict[str, Expression] = field(default_factory=dict)

    def read(self, properties: Mapping[str, object]) -> Level:
        for name, value in properties.items():
            self._read_property(name, value)
        self._drop_superseded()
        given = self.literals | self.expressions
        switches = self._switches(properties, given)
        if not self.inside:
            _check_conflicts(given)
        return Level(tuple(filters_of(given)), switches)

    def _read_property(self, name: str, value: object) -> None:
        meant = PROPERTIES.get(name)
        if meant is None or value is None:
            return
        criterion, where = meant.criterion, self.inside + name
        if meant.is_expression:
            self.expressions[criterion.name] = self._expression(value, where)
            return
        operand = self.form.readers[criterion.kind](value, where)
        if operand is None:
            return
        if self.inside and criterion.traits.top_only:
            raise InvalidRequest(
                f"Invalid query usage: cannot set {name} within 'or' query ({where})"
            )
        self.literals[criterion.name] = operand

    def _expression(self, value: object, where: str) -> Expression:
        # Imported here: hardly any query has expressions.
        from taskdock.domain.expressions.grammar import parse

        if not self.strictness.expressions_enabled:
            raise BadUserRequest(_FORBIDDEN)
        text = json_text(value, where)
        if self.strictness.expressions_unread:
            return Expression(text or "", ())
        try:
            return parse(text or "")
        except InvalidRequest as error:
            raise InvalidRequest(f"{where}: {error.message}") from error

    def _drop_superseded(self) -> None:
        """Keep one of two criteria that replace each other; an expression wins over a literal
        (docs/camunda-behaviour.md, Results)."""
        for silenced, winner in SUPERSEDED.items():
            if silenced in self.expressions and winner not in self.expressions:
                self.literals.pop(winner, None)
            elif winner in self.literals or winner in self.expressions:
                self.literals.pop(silenced, None)
                self.expressions.pop(silenced, None)

    def _switches(self, properties: Mapping[str, object], given: Mapping[str, object]) -> Switches:
        on = {
            switch: True
            for name, switch in _SWITCHES.items()
            if properties.get(name) is not None
            and self.form.flag(properties[name], self.inside + name)
        }
        if "include_assigned" in on and not any(BY_NAME[n].traits.candidates for n in given):
            candidates = ", ".join(name for name, row in BY_NAME.items() if row.traits.candidates)
            raise InvalidRequest(
                f"Invalid query usage: {self.inside}includeAssignedTasks needs one of "
                f"{candidates} on the same level"
            )
        return Switches(**on)


def _check_conflicts(given: Mapping[str, object]) -> None:
    for name in given:
        for other in BY_NAME[name].traits.conflicts:
            if other in given:
                raise InvalidRequest(f"Invalid query usage: cannot set both {name} and {other}")


_VARIABLE_KINDS: Final = (Kind.TASK_VARIABLES, Kind.PROCESS_VARIABLES, Kind.CASE_VARIABLES)
_VARIABLE_LISTS: Final = tuple(row.name for row in CRITERIA if row.kind in _VARIABLE_KINDS)
