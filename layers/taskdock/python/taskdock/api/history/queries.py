"""Reads queries for historic tasks, from a body and from a query string."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from taskdock.api.queries.values import (
    FROM_JSON,
    FROM_TEXT,
    LIST_LIMIT,
    Reader,
    json_variables,
    text_variables,
)
from taskdock.api.requests.property_values import json_flag, refuse, text_flag
from taskdock.api.requests.unknown_properties import refuse_unknown
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.history.historic_tasks import COMPARISONS, SORTS, HistoryQuery, Level
from taskdock.domain.query.criteria import Kind
from taskdock.domain.query.operands import Switches

_SWITCHES: Final = {
    "variableNamesIgnoreCase": "names_ignore_case",
    "variableValuesIgnoreCase": "values_ignore_case",
}
_SORTING: Final = ("sorting", "sortBy", "sortOrder")
_NOT_INSIDE: Final = ("orQueries", *_SORTING)

PROPERTY_NAMES: Final = frozenset((*COMPARISONS, *_SWITCHES, *_NOT_INSIDE))
"""Every name that a query for historic tasks may use."""

_VARIABLES: Final = frozenset({Kind.TASK_VARIABLES, Kind.PROCESS_VARIABLES})

type _Form = tuple[Mapping[Kind, Reader], Callable[[Any, str], bool | None]]

_JSON: Final[_Form] = {**FROM_JSON, Kind.TASK_VARIABLES: json_variables(("eq",), "task")}, json_flag
_TEXT: Final[_Form] = {**FROM_TEXT, Kind.TASK_VARIABLES: text_variables(("eq",), "task")}, text_flag


def read_history_body(body: object, *, strict: bool = False) -> HistoryQuery:
    """The query of a JSON body, already parsed; raises `InvalidRequest`."""
    if not isinstance(body, dict):
        raise refuse("the body", "an object", body)
    return _query(body, _JSON, strict)


def read_history_parameters(
    parameters: Mapping[str, str], parse_json: Callable[[str], object], *, strict: bool = False
) -> HistoryQuery:
    """The query of a query string; `orQueries` and `sorting` are JSON in it (docs/api.md, D21).

    Raises `InvalidRequest`.
    """
    properties: dict[str, object] = dict(parameters)
    for name in ("orQueries", "sorting"):
        if parameters.get(name) == "":
            del properties[name]
        elif name in parameters:
            properties[name] = parse_json(parameters[name])
    return _query(properties, _TEXT, strict)


def _query(properties: Mapping[str, Any], form: _Form, strict: bool) -> HistoryQuery:
    if strict:
        refuse_unknown(properties, PROPERTY_NAMES, "")
    top = _level(properties, form, "")
    given = {name for name, _ in top.filters}
    for name in given:
        for other in COMPARISONS[name].conflicts:
            if other in given:
                raise InvalidRequest(f"Invalid query usage: cannot set both {name} and {other}")
    return HistoryQuery(top, _or_queries(properties.get("orQueries")), _sorting(properties))


def _level(properties: Mapping[str, Any], form: _Form, inside: str) -> Level:
    readers, flag = form
    filters: list[tuple[str, Any]] = []
    for name, comparison in COMPARISONS.items():
        value = properties.get(name)
        operand = None if value is None else readers[comparison.kind](value, inside + name)
        if comparison.given_is_true and value is not None:
            operand = True
        if operand is None:
            continue
        if inside and comparison.top_only:
            raise InvalidRequest(f"Invalid query usage: cannot set {name} within 'or' query")
        several = isinstance(operand, tuple) and comparison.kind in _VARIABLES
        filters += [(name, each) for each in (operand if several else (operand,))]  # type: ignore[union-attr]
    names = {name for name, _ in filters}
    if {"withoutTenantId", "tenantIdIn"} <= names and not inside:
        filters = [each for each in filters if each[0] != "tenantIdIn"]
    switches = {
        switch: True
        for name, switch in _SWITCHES.items()
        if properties.get(name) is not None and flag(properties[name], inside + name)
    }
    return Level(tuple(filters), Switches(**switches))


def _or_queries(value: object) -> tuple[Level, ...]:
    if value is None:
        return ()
    if not isinstance(value, list):
        raise refuse("orQueries", "a list of queries", value)
    if len(value) > LIST_LIMIT:
        raise InvalidRequest(f"orQueries: at most {LIST_LIMIT} elements, got {len(value)}")
    levels = []
    for place, each in enumerate(value):
        if not isinstance(each, dict):
            raise refuse(f"orQueries[{place}]", "an object", each)
        for name in _NOT_INSIDE:
            if each.get(name) not in (None, []):
                raise InvalidRequest(f"orQueries[{place}].{name}: not allowed inside an orQuery")
        levels.append(_level(each, _JSON, f"orQueries[{place}]."))
    return tuple(levels)


def _sorting(properties: Mapping[str, Any]) -> tuple[tuple[str, bool], ...]:
    orders: list[tuple[str, bool]] = []
    if "sortBy" in properties or "sortOrder" in properties:
        if "sortBy" not in properties or "sortOrder" not in properties:
            raise InvalidRequest(
                "Only a single sorting parameter specified. sortBy and sortOrder required"
            )
        orders.append(_order(properties, ""))
    entries = properties.get("sorting")
    if entries is None:
        return tuple(orders)
    if not isinstance(entries, list) or len(entries) > LIST_LIMIT:
        raise refuse("sorting", "a list of sort orders", entries)
    for place, entry in enumerate(entries):
        if not isinstance(entry, dict):
            raise refuse(f"sorting[{place}]", "an object with sortBy and sortOrder", entry)
        orders.append(_order(entry, f"sorting[{place}]."))
    return tuple(orders)


def _order(entry: Mapping[str, Any], where: str) -> tuple[str, bool]:
    by, order = entry.get("sortBy"), entry.get("sortOrder")
    if not isinstance(by, str) or by not in SORTS:
        raise InvalidRequest(
            f"Cannot set query parameter '{where}sortBy' to value '{by}': "
            f"expected one of {', '.join(SORTS)}"
        )
    if order not in ("asc", "desc"):
        raise InvalidRequest(f"{where}sortOrder was {order}: expected one of asc, desc")
    return SORTS[by], order == "desc"
