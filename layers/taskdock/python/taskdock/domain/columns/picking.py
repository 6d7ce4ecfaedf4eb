"""Picking the first rows of an order, whose tasks are placed by the same code as everywhere."""

from collections.abc import Sequence
from dataclasses import dataclass

from taskdock.domain.columns.column import Address
from taskdock.domain.columns.masks import Mask, rows_of
from taskdock.domain.columns.narrowing import addresses_of_key, narrowed, not_before
from taskdock.domain.columns.segment import ID, Segment, few_fields, shared
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
    found = set(addresses_of_key(key))
    return found | {shared(each[0]) for each in found if len(each) == 2} & segment.addresses


def first_rows(
    meant: Sequence[tuple[Segment, Mask]], order: Order, needed: int, after: Key | None = None
) -> list[Picked]:
    """The first rows of the order, in it, at most `needed`; `after` is the place behind which they
    begin.

    Keys are made for the rows alone that no key before leaves too far back.
    """
    ids: set[Address] = {ID}
    addresses = sorted(ids.union(*(addresses_of_key(each) for each in order.sorting)))
    doubtful = 0
    if after is not None:
        meant, doubtful = not_before(meant, order.sorting, after)
    picked = []
    for number, mask in enumerate(narrowed(meant, order.sorting, needed + doubtful)):
        segment = meant[number][0]
        for row in rows_of(mask, segment.rows):
            key = order.key(few_fields(segment, row, addresses))  # type: ignore[arg-type]
            if after is None or key > after:
                picked.append(Picked(key, number, row))
    picked.sort(key=lambda each: each.key)
    return picked[:needed]
