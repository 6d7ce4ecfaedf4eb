"""Task queries in the one form in which filters keep and show them.

What is null, empty or false is left out; dates are written in UTC, lists as lists; the conditions
on variables and the orQueries are always there (docs/camunda-behaviour.md, Stored filters).
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, Final

from taskdock.api.queries.reading import Strictness, read_body
from taskdock.api.queries.values import FROM_JSON
from taskdock.api.requests.property_values import json_flag, json_text
from taskdock.domain import instants
from taskdock.domain.filters.extending import CASE_FLAGS, VARIABLE_LISTS
from taskdock.domain.filters.stored_filter import StoredQuery
from taskdock.domain.instants import Instant
from taskdock.domain.query.criteria import PROPERTIES, Kind
from taskdock.domain.query.model import TaskQuery

_FLAGS: Final = (
    "includeAssignedTasks",
    *CASE_FLAGS,
    "withCommentAttachmentInfo",
    "withTaskVariablesInReturn",
    "withTaskLocalVariablesInReturn",
)


def read_stored(body: object, strictness: Strictness) -> StoredQuery:
    """The query of a JSON body, checked, in the form to keep; raises `InvalidRequest`.

    Whether its expressions can be read shows when it runs.
    """
    read_body(body, replace(strictness, expressions_unread=True))
    assert isinstance(body, dict)  # whatever else `read_body` refuses
    kept = _level(body)
    kept["orQueries"] = [_level(each) for each in body.get("orQueries") or ()]
    sorting = [*_top_sort(body), *map(_sort_order, body.get("sorting") or ())]
    if sorting:
        kept["sorting"] = sorting
    return kept


def runnable(query: StoredQuery, strictness: Strictness) -> TaskQuery:
    """The query to run; raises `InvalidRequest` naming what no longer fits, or never did."""
    return read_body(dict(query), strictness)


def _level(properties: Mapping[str, Any]) -> dict[str, Any]:
    """The filters and switches of one level."""
    kept: dict[str, Any] = {}
    for name, value in properties.items():
        meant = PROPERTIES.get(name)
        if meant is None:
            continue
        if meant.is_expression:
            written: Any = json_text(value, name)
        else:
            written = _written(meant.criterion.kind, value, name)
        if written is not None and written != []:
            kept[name if meant.is_expression else meant.criterion.name] = written
    kept |= {name: True for name in _FLAGS if json_flag(properties.get(name), name)}
    return {**kept, **{name: kept.get(name, []) for name in VARIABLE_LISTS}}


def _written(kind: Kind, value: object, where: str) -> Any:
    if kind in _CONDITIONS:
        return [_condition(each) for each in value] if isinstance(value, list) else None
    operand = None if value is None else FROM_JSON[kind](value, where)
    return None if operand is None else _WRITTEN.get(kind, lambda given: given)(operand)


def _condition(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "operator": json_text(given.get("operator"), "operator"),
        "value": given.get("value"),
        "name": json_text(given.get("name"), "name"),
    }


def _date(instant: Any) -> str | int:
    """In the API's format, or in milliseconds beyond the years that it can write."""
    return instants.write(Instant(instant)) if instants.can_be_written(instant) else int(instant)


_CONDITIONS: Final = (Kind.TASK_VARIABLES, Kind.PROCESS_VARIABLES, Kind.CASE_VARIABLES)
_WRITTEN: Final[Mapping[Kind, Callable[[Any], Any]]] = {
    Kind.TEXTS: list,
    Kind.GROUPS: list,
    Kind.INSTANT: _date,
}


def _top_sort(properties: Mapping[str, Any]) -> list[dict[str, Any]]:
    if "sortBy" not in properties:
        return []
    return [{"sortBy": properties["sortBy"], "sortOrder": properties["sortOrder"]}]


def _sort_order(given: Mapping[str, Any]) -> dict[str, Any]:
    names = ("sortBy", "sortOrder", "parameters", "nulls")
    return {name: given[name] for name in names if given.get(name) is not None}
