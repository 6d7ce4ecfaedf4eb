"""Narrowing: the rows that may be among the first of an order, told by one sort key after another.

No key of a whole order is made here, so that few are made at all. Rows of a segment are in order of
their ids, which is what decides last.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from heapq import nlargest, nsmallest
from itertools import compress
from typing import Any

from taskdock.domain.columns.asking import addresses_of_field
from taskdock.domain.columns.column import ABSENT, Address, Column
from taskdock.domain.columns.masks import (
    NOTHING,
    Mask,
    among,
    count,
    from_row,
    of_rows,
    rows_of,
)
from taskdock.domain.columns.segment import ID, SCOPES, Segment
from taskdock.domain.query.sorting import Key, Order, SortKey

type _Meant = Sequence[tuple[Segment, Mask]]


def narrowed(meant: _Meant, sorting: Sequence[SortKey], needed: int) -> list[Mask]:
    """Of each segment rows among which are the first of the order, `needed` of them in all."""
    if needed <= 0:
        return [NOTHING for _ in meant]
    if not sorting:
        return [_first(mask, segment.rows, needed) for segment, mask in meant]
    columns = _columns(meant, sorting[0])
    if columns is None:
        return [mask for _, mask in meant]
    before, tied = _split(meant, columns, sorting[0], needed)
    left = needed - sum(map(count, before))
    rest = [(segment, mask) for (segment, _), mask in zip(meant, tied, strict=True)]
    behind = narrowed(rest, sorting[1:], left)
    return [mask | more for mask, more in zip(before, behind, strict=True)]


def not_before(meant: _Meant, sorting: Sequence[SortKey], after: Key) -> tuple[_Meant, int]:
    """The rows that are not before a place, nor at it, and how many of them are in doubt: only
    values that one column has are compared here."""
    if not sorting:
        return [(segment, _behind(segment, mask, after[0])) for segment, mask in meant], 0
    columns = _columns(meant, sorting[0])
    if columns is None:
        return meant, sum(count(mask) for _, mask in meant)
    key, start = sorting[0], after[0]
    later, tied = list[Mask](), list[tuple[Segment, Mask]]()
    for (segment, mask), column in zip(meant, columns, strict=True):
        places = _places(column, key)
        later.append(among(column.codes, bytes(start < each for each in places), mask))
        same = among(column.codes, bytes(each == start for each in places), mask)
        tied.append((segment, same))
    rest, doubtful = not_before(tied, sorting[1:], after[1:])
    kept = [(segment, mask | more) for (segment, more), mask in zip(rest, later, strict=True)]
    return kept, doubtful


def _behind(segment: Segment, mask: Mask, task_id: str) -> Mask:
    """The rows whose ids come later; a row is where its id is among all."""
    return from_row(mask, bisect_right(segment.column(ID).values, task_id)) if mask else NOTHING


def _first(mask: Mask, rows: int, needed: int) -> Mask:
    if count(mask) <= needed:
        return mask
    return of_rows((row for _, row in zip(range(needed), rows_of(mask, rows), strict=False)), rows)


def _columns(meant: _Meant, key: SortKey) -> list[Column] | None:
    """The column of the key's values in each segment; None where its values are made of several."""
    addresses = list(addresses_of_key(key))
    if len(addresses) != 1 or len(addresses[0]) > 2:
        return None
    return [segment.column(addresses[0]) for segment, _ in meant]


def _split(
    meant: _Meant, columns: Sequence[Column], key: SortKey, needed: int
) -> tuple[list[Mask], list[Mask]]:
    """The rows before the value of the last row that is needed, and those that have it."""
    if key.field() is not None and all(column.ascending for column in columns):
        return _split_by_codes(meant, columns, key, needed)
    places = [_places(column, key) for column in columns]
    found = [
        of_column[code]
        for (segment, mask), column, of_column in zip(meant, columns, places, strict=True)
        for code in compress(column.codes, mask.to_bytes(segment.rows, "little"))
    ]
    if len(found) <= needed:
        return [mask for _, mask in meant], [NOTHING for _ in meant]
    last = nsmallest(needed, found)[-1]
    before, tied = list[Mask](), list[Mask]()
    for (_, mask), column, of_column in zip(meant, columns, places, strict=True):
        before.append(among(column.codes, bytes(each < last for each in of_column), mask))
        tied.append(among(column.codes, bytes(each == last for each in of_column), mask))
    return before, tied


def _split_by_codes(
    meant: _Meant, columns: Sequence[Column], key: SortKey, needed: int
) -> tuple[list[Mask], list[Mask]]:
    """The same where values are in ascending order in each column, as their numbers then are."""
    codes = [
        list(compress(column.codes, mask.to_bytes(segment.rows, "little")))
        for (segment, mask), column in zip(meant, columns, strict=True)
    ]
    nulls = sum(of_column.count(ABSENT) for of_column in codes)
    valued = sum(map(len, codes)) - nulls
    if key.nulls_first and nulls >= needed:
        return _rows(meant, columns, lambda _: (0, 0)), _rows(meant, columns, lambda _: (0, 1))
    left = needed - nulls if key.nulls_first else needed
    if valued <= left:
        every_value = _rows(meant, columns, lambda column: (1, len(column.values) + 1))
        null_rows = _rows(meant, columns, lambda _: (0, 1))
        if key.nulls_first:
            return [one | two for one, two in zip(every_value, null_rows, strict=True)], [
                NOTHING for _ in meant
            ]
        return every_value, null_rows
    return _cut(meant, columns, key, _last_value(columns, codes, key, left))


def _last_value(
    columns: Sequence[Column], codes: Sequence[list[int]], key: SortKey, needed: int
) -> Any:
    """The value of the last row that is needed, of those with a value."""
    first = nlargest if key.descending else nsmallest
    values = (
        column.values[code - 1]
        for column, of_column in zip(columns, codes, strict=True)
        for code in first(needed, filter(None, of_column))
    )
    return first(needed, values)[-1]


def _cut(
    meant: _Meant, columns: Sequence[Column], key: SortKey, last: Any
) -> tuple[list[Mask], list[Mask]]:
    """The rows before a value, and those that have it."""

    def before(column: Column) -> tuple[int, int]:
        if key.descending:
            return bisect_right(column.values, last) + 1, len(column.values) + 1
        return 1, bisect_left(column.values, last) + 1

    def tied(column: Column) -> tuple[int, int]:
        return bisect_left(column.values, last) + 1, bisect_right(column.values, last) + 1

    first, same = _rows(meant, columns, before), _rows(meant, columns, tied)
    if key.nulls_first:
        nulls = _rows(meant, columns, lambda _: (0, 1))
        first = [one | two for one, two in zip(first, nulls, strict=True)]
    return first, same


def _rows(
    meant: _Meant, columns: Sequence[Column], between: Callable[[Column], tuple[int, int]]
) -> list[Mask]:
    """The rows that are meant whose values have the numbers from the first one to before the
    second."""
    masks = []
    for (_, mask), column in zip(meant, columns, strict=True):
        start, stop = between(column)
        if start >= stop or not mask:
            masks.append(NOTHING)
            continue
        wanted = bytearray(len(column.values) + 1)
        wanted[start:stop] = b"\1" * (stop - start)
        masks.append(among(column.codes, wanted, mask))
    return masks


def _places(column: Column, key: SortKey) -> list[Any]:
    """By its number, where each value comes in the order of the key."""
    value, place = key.value(), Order((key,)).place
    [address] = addresses_of_key(key)
    tasks = (_task(address, each) for each in (None, *column.values))
    return [place((value(task),), "")[0] for task in tasks]


def _task(address: Address, value: Any) -> Any:
    if value is None:
        return {}
    return {address[0]: {address[1]: value}} if len(address) == 2 else {address[0]: value}


def addresses_of_key(key: SortKey) -> Iterable[Address]:
    """The columns that the key's values are made of."""
    for field in key.fields:
        if key.variable is not None and field in SCOPES:
            yield (field, key.variable.name)
        else:
            yield from addresses_of_field(field)
