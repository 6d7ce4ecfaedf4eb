"""Asking a query of a segment: which of its rows meet it.

The predicates are those that test whole tasks. Each is asked once for every value of the columns
that it reads, or every combination of them, on a task with these fields alone.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import compress
from typing import Any, Final

from taskdock.domain.columns.column import ABSENT, Address
from taskdock.domain.columns.masks import (
    NOTHING,
    Mask,
    chosen,
    count,
    every,
    of_rows,
    rows_of,
    selected,
)
from taskdock.domain.columns.segment import LINKS, Segment, shared
from taskdock.domain.query.comparisons import (
    Decides,
    OfField,
    Predicate,
    ValueTest,
    VariableMatches,
)
from taskdock.domain.query.model import Filter, Level, TaskQuery

_FEW: Final = 8
"""Where less than one row in so many is left, only the values of these rows are asked about."""


def rows_that_meet(segment: Segment, query: TaskQuery) -> Mask:
    """The rows whose tasks meet a bound query."""
    left = every(segment.rows)
    for given in sorted(query.top.filters, key=lambda each: _values(segment, each, query.top)):
        left = _holds(segment, given, query.top, left)
    for level in query.or_queries:
        if level.filters:
            found = NOTHING
            for given in level.filters:
                found |= _holds(segment, given, level, left & ~found)
            left = found
    return left


def addresses_of_query(segment: Segment, query: TaskQuery) -> set[Address]:
    """The columns of the segment that the filters of a query need."""
    return {
        address
        for level in (query.top, *query.or_queries)
        for given in level.filters
        for address in addresses_of(segment, given, level)
    }


def addresses_of(segment: Segment, given: Filter, level: Level) -> set[Address]:
    """The columns of the segment that a filter needs."""
    comparison = given.criterion.comparison
    if isinstance(comparison, VariableMatches):
        scope = comparison.field
        wants = comparison.wants(given.operand, level.switches)  # type: ignore[arg-type]
        own = {each for each in segment.addresses if len(each) == 2 and each[0] == scope}
        rare = {shared(scope)} & segment.addresses
        return {each for each in own if wants(each[1])} | rare
    fields = {address for field in comparison.fields for address in addresses_of_field(field)}
    return fields & segment.addresses


def addresses_of_field(field: str) -> tuple[Address, ...]:
    """Where a field that is no scope of variables can be."""
    return (LINKS, (field,)) if field == "links" else ((field,),)


def _values(segment: Segment, given: Filter, level: Level) -> int:
    """About how many values have to be asked about."""
    found = [
        len(segment.column(each).values)
        for each in addresses_of(segment, given, level)
        if len(each) < 3
    ]
    return max(found, default=0)


def _holds(segment: Segment, given: Filter, level: Level, left: Mask) -> Mask:
    """The rows where the filter holds, of those left."""
    if left == NOTHING:
        return NOTHING
    comparison = given.criterion.comparison
    if isinstance(comparison, VariableMatches | OfField):
        value_test = comparison.value_test(given.operand, level.switches)  # type: ignore[arg-type]
        if isinstance(comparison, OfField):
            address, for_null = (comparison.field,), comparison.holds_for_null
            return _of_values(segment, address, value_test, for_null, left) & left
        wants = comparison.wants(given.operand, level.switches)  # type: ignore[arg-type]
        return _any_variable(segment, comparison.field, wants, value_test, left) & left
    test = comparison.predicate(given.operand, level.switches)
    if comparison.decides is Decides.TOGETHER:
        return _together(segment, sorted(comparison.fields), test, left) & left
    found = NOTHING
    for beside, rows in _by_presence(segment, comparison.presence):
        if comparison.decides is Decides.EACH:
            found |= rows & _each_link(segment, test, beside)
        else:
            alone = comparison.fields - comparison.presence
            found |= rows & _one_alone(segment, alone, test, beside)
    return found & left


def _together(segment: Segment, fields: Sequence[str], test: Predicate, left: Mask) -> Mask:
    columns = [segment.column((field,)) for field in fields]
    known: dict[tuple[int, ...], bool] = {}
    found = []
    rows = list(rows_of(left, segment.rows))
    for row in rows:
        codes = tuple(column.codes[row] for column in columns)
        if codes not in known:
            values = zip(fields, (column.value(row) for column in columns), strict=True)
            known[codes] = test({field: value for field, value in values if value is not None})  # type: ignore[arg-type]
        found.append(known[codes])
    return of_rows(compress(rows, found), segment.rows)


def _with(field: str, value: Any) -> dict[str, Any]:
    return {} if value is None else {field: value}


def _of_values(
    segment: Segment, address: Address, test: ValueTest, for_null: bool, left: Mask
) -> Mask:
    """The rows whose value meets the test, of those left; `for_null` says whether rows without a
    value do."""
    column = segment.column(address)
    values = column.values
    if None in values:
        # A null in a document is no value.
        test = partial(_test_unless_null, test, for_null)
    few = count(left) < segment.rows // _FEW < len(values)
    if not few:
        return chosen(column.codes, bytes((for_null, *map(test, values))))
    wanted = bytearray(len(values) + 1)
    wanted[ABSENT] = for_null
    for code in {column.codes[row] for row in rows_of(left, segment.rows)} - {ABSENT}:
        wanted[code] = test(values[code - 1])
    return chosen(column.codes, wanted)


def _test_unless_null(test: ValueTest, for_null: bool, value: Any) -> bool:
    return for_null if value is None else test(value)


def _any_variable(
    segment: Segment, scope: str, wants: Callable[[str], bool], test: ValueTest, left: Mask
) -> Mask:
    found = NOTHING
    for name in filter(wants, segment.names(scope)):
        found |= _of_values(segment, (scope, name), test, False, left)
    return found


def _by_presence(segment: Segment, fields: Iterable[str]) -> Iterator[tuple[dict[str, Any], Mask]]:
    """Tasks with and without a value in each of the fields, and the rows that are like them."""
    parts: list[tuple[dict[str, Any], Mask]] = [({}, every(segment.rows))]
    for field in fields:
        column = segment.column((field,))
        present = [False, *(value is not None for value in column.values)]
        rows = chosen(column.codes, present)
        some = next((each for each in column.values if each is not None), None)
        parts = [
            part
            for beside, among in parts
            for part in (
                (beside, among & ~rows),
                ({**beside, **_with(field, some)}, among & rows),
            )
        ]
    return (part for part in parts if part[1] != NOTHING)


def _one_alone(
    segment: Segment, fields: Iterable[str], test: Predicate, beside: Mapping[str, Any]
) -> Mask:
    def holds(task: Mapping[str, Any]) -> bool:
        return test({**beside, **task})  # type: ignore[typeddict-item]

    if holds({}):
        return every(segment.rows)
    found = NOTHING
    for field in fields:
        if field == "links":
            found |= _links_that(segment, lambda link: holds({"links": [link]}))
        else:
            found |= _of_values(
                segment,
                (field,),
                lambda value, field=field: holds({field: value}),  # type: ignore[misc]
                False,
                every(segment.rows),
            )
    return found


def _each_link(segment: Segment, test: Predicate, beside: Mapping[str, Any]) -> Mask:
    if not test({**beside}):  # type: ignore[typeddict-item]
        return NOTHING
    fails = _links_that(
        segment,
        lambda link: not test({**beside, "links": [link]}),  # type: ignore[typeddict-item]
    )
    return every(segment.rows) & ~fails


def _links_that(segment: Segment, fits: Callable[[Any], bool]) -> Mask:
    """The rows with a link that fits."""
    lists = segment.lists(LINKS)
    wanted = [False, *map(fits, lists.values)]
    hits = selected(lists.codes, wanted)
    if 1 not in hits:
        return NOTHING
    return of_rows(compress(lists.owners, hits), segment.rows)


def links_of_rows(segment: Segment, meant: Mask) -> Iterator[tuple[Sequence[Any], int]]:
    """The links of the rows that are meant: each link alone, and none, with how often it comes."""
    lists = segment.lists(LINKS)
    bits = meant.to_bytes(segment.rows, "little")
    counted = Counter(compress(lists.codes, map(bits.__getitem__, lists.owners)))
    for code, number in counted.items():
        yield (lists.values[code - 1],), number
    without = count(meant & ~of_rows(lists.owners, segment.rows))
    if without:
        yield (), without
