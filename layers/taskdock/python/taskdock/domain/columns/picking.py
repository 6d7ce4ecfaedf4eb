"""Picking the first rows of an order, whose tasks are placed by the same code as everywhere."""

from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any

from taskdock.domain.columns.asking import addresses_of_field
from taskdock.domain.columns.column import ABSENT, Address
from taskdock.domain.columns.masks import Mask, rows_of
from taskdock.domain.columns.segment import ID, SCOPES, Segment, few_fields, shared
from taskdock.domain.query.sorting import Key, Order, SortKey


@dataclass(frozen=True, slots=True)
class Picked:
    """A row, and its task's place in the order."""

    key: Key
    segment: int
    row: int


def addresses_of_order(segment: Segment, sorting: Sequence[SortKey]) -> set[Address]:
    """The columns of the segment that an order needs."""
    return {ID}.union(*(_addresses(segment, each) for each in sorting)) & segment.addresses


def _addresses(segment: Segment, key: SortKey) -> set[Address]:
    found = set(_asked(key))
    return found | {shared(each[0]) for each in found if len(each) == 2} & segment.addresses


def _asked(key: SortKey) -> Iterator[Address]:
    for field in key.fields:
        if key.variable is not None and field in SCOPES:
            yield (field, key.variable.name)
        else:
            yield from addresses_of_field(field)


def first_rows(
    meant: Sequence[tuple[Segment, Mask]], order: Order, needed: int, after: Key | None = None
) -> list[Picked]:
    """The first rows of the order, in it, at most `needed`; `after` is the place behind which they
    begin.

    The first sort key alone tells which rows are too far back; rows with equal values stay in.
    """
    ids: set[Address] = {ID}
    addresses = sorted(ids.union(*(_asked(each) for each in order.sorting)))
    picked = []
    for number, segment, rows in _candidates(meant, order, needed, after):
        for row in rows:
            key = order.key(few_fields(segment, row, addresses))  # type: ignore[arg-type]
            if after is None or key > after:
                picked.append(Picked(key, number, row))
    picked.sort(key=lambda each: each.key)
    return picked[:needed]


type _Candidates = Iterator[tuple[int, Segment, Iterator[int]]]


def _candidates(
    meant: Sequence[tuple[Segment, Mask]], order: Order, needed: int, after: Key | None
) -> _Candidates:
    if not order.sorting:
        return _first_ids(meant, needed, after)
    first = order.sorting[0]
    if len(list(_asked(first))) == 1:
        return _first_values(meant, first, needed, after)
    return (
        (number, segment, rows_of(mask, segment.rows))
        for number, (segment, mask) in enumerate(meant)
    )


def _first_ids(
    meant: Sequence[tuple[Segment, Mask]], needed: int, after: Key | None
) -> _Candidates:
    for number, (segment, mask) in enumerate(meant):
        start = 0 if after is None else bisect_left(segment.column(ID).values, after[-1])
        rows = (row for row in rows_of(mask, segment.rows) if row >= start)
        # The task that the page before ended with can be among them.
        yield number, segment, (row for _, row in zip(range(needed + 1), rows, strict=False))


def _first_values(
    meant: Sequence[tuple[Segment, Mask]], first: SortKey, needed: int, after: Key | None
) -> _Candidates:
    """The rows whose value of the first key comes as early as that of the last row needed."""
    single = Order((first,))
    [address] = _asked(first)
    start = None if after is None else after[0]
    counted: Counter[Any] = Counter()
    placed: list[list[Any]] = []
    for segment, mask in meant:
        column = segment.column(address)
        bits = mask.to_bytes(segment.rows, "little")
        found = Counter(compress(column.codes, bits))
        places: list[Any] = [None] * (len(column.values) + 1)
        for code, number in found.items():
            value = None if code == ABSENT else column.values[code - 1]
            place = single.key(_task(address, value))[0]
            if start is None or not place < start:
                places[code] = place
                # Of those beside the start, nobody knows yet which are behind it.
                counted[place] += number if place != start else 0
        placed.append(places)
    last = _last(counted, needed)
    for at, (segment, mask) in enumerate(meant):
        wanted = bytes(
            place is not None and (last is None or not last < place) for place in placed[at]
        )
        codes = segment.column(address).codes
        rows = rows_of(mask, segment.rows)
        yield at, segment, _with_codes(rows, codes, wanted)


def _with_codes(rows: Iterator[int], codes: Sequence[int], wanted: bytes) -> Iterator[int]:
    return (row for row in rows if wanted[codes[row]])


def _task(address: Address, value: Any) -> Any:
    if value is None:
        return {"id": ""}
    if len(address) == 2:
        return {"id": "", address[0]: {address[1]: value}}
    return {"id": "", address[0]: value}


def _last(counted: Counter[Any], needed: int) -> Any:
    """The place of the last value that is needed; None for all."""
    so_far = 0
    for place in sorted(counted):
        so_far += counted[place]
        if so_far >= needed:
            return place
    return None
