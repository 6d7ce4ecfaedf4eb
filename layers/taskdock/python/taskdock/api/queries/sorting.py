"""Reading sort orders (docs/camunda-behaviour.md, Sorting; docs/api.md, D16, D18)."""

from collections.abc import Iterator, Mapping
from typing import Final

from taskdock.api.queries.values import LIST_LIMIT
from taskdock.api.requests.property_values import refuse, shown
from taskdock.api.requests.unknown_properties import refuse_unknown
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.sorting import (
    PLAIN_SORTS,
    VARIABLE_SORTS,
    VARIABLE_TYPES,
    SortedVariable,
    SortKey,
)

SORT_PROPERTIES: Final = ("sorting", "sortBy", "sortOrder")
"""The properties of a query that order its answer."""

_ORDERS: Final = ("asc", "desc")
_NULLS: Final = ("first", "last")
_ENTRY: Final = ("sortBy", "sortOrder", "parameters", "nulls")
_PARAMETERS: Final = ("variable", "type")


def read_top_sort(properties: Mapping[str, object]) -> tuple[SortKey, ...]:
    """The order of `sortBy` and `sortOrder` beside the filters; one without the other is an
    error."""
    if "sortBy" not in properties and "sortOrder" not in properties:
        return ()
    if "sortBy" not in properties or "sortOrder" not in properties:
        raise InvalidRequest(
            "Only a single sorting parameter specified. sortBy and sortOrder required"
        )
    by, order = properties["sortBy"], properties["sortOrder"]
    if by in VARIABLE_SORTS:
        raise InvalidRequest(
            f"sortBy: {by} needs a variable's name and type: send it as an entry of sorting, "
            'such as [{"sortBy": "…", "sortOrder": "asc", "parameters": '
            '{"variable": "…", "type": "String"}}] (URL-encoded in a query string)'
        )
    _one_of(by, PLAIN_SORTS, "sortBy")
    return (_key(str(by), order, None, "sortOrder"),)


def read_sorting(properties: Mapping[str, object], strict: bool) -> Iterator[SortKey]:
    """The orders of the entries of `sorting`, in their order."""
    entries = properties.get("sorting")
    if entries is None:
        return
    if not isinstance(entries, list):
        raise refuse("sorting", "a list of sort orders", entries)
    if len(entries) > LIST_LIMIT:
        raise InvalidRequest(f"sorting: at most {LIST_LIMIT} elements, got {len(entries)}")
    for place, entry in enumerate(entries):
        where = f"sorting[{place}]"
        if not isinstance(entry, dict):
            raise refuse(where, "an object with sortBy and sortOrder", entry)
        if strict:
            refuse_unknown(entry, _ENTRY, where)
        yield _entry(entry, where, strict)


def _entry(entry: Mapping[str, object], where: str, strict: bool) -> SortKey:
    by = entry.get("sortBy")
    _one_of(by, (*PLAIN_SORTS, *VARIABLE_SORTS), f"{where}.sortBy")
    key = _key(str(by), entry.get("sortOrder"), entry.get("nulls"), f"{where}.sortOrder")
    if by not in VARIABLE_SORTS:
        return key
    variable = _variable(entry.get("parameters"), f"{where}.parameters", strict)
    return SortKey(key.by, key.descending, key.nulls_first, variable)


def _key(by: str, order: object, nulls: object, where: str) -> SortKey:
    """An order with its nulls where PostgreSQL puts them, unless `nulls` is given
    (docs/api.md, D16)."""
    _one_of(order, _ORDERS, where)
    descending = order == "desc"
    if nulls is None:
        return SortKey(by, descending, nulls_first=descending)
    _one_of(nulls, _NULLS, where.replace("sortOrder", "nulls"))
    return SortKey(by, descending, nulls_first=nulls == "first")


def _variable(parameters: object, where: str, strict: bool) -> SortedVariable:
    if parameters is None:
        raise InvalidRequest(f"{where} is missing: a variable sort needs variable and type")
    if not isinstance(parameters, dict):
        raise refuse(where, "an object with variable and type", parameters)
    if strict:
        refuse_unknown(parameters, _PARAMETERS, where)
    name, kind = parameters.get("variable"), parameters.get("type")
    if not isinstance(name, str):
        raise refuse(f"{where}.variable", "the name of a variable", name)
    # Camunda 7 takes the type's first letter in either case.
    named = kind[:1].upper() + kind[1:] if isinstance(kind, str) else kind
    if named not in VARIABLE_TYPES:
        raise InvalidRequest(
            f"{where}.type: cannot order by variables of type {shown(kind)}: "
            f"expected one of {', '.join(VARIABLE_TYPES)}"
        )
    return SortedVariable(name, str(named))


def _one_of(value: object, allowed: tuple[str, ...], where: str) -> None:
    if not isinstance(value, str) or value not in allowed:
        said = "is missing" if value is None else f"was {shown(value)}"
        raise InvalidRequest(f"{where} {said}: expected one of {', '.join(allowed)}")
