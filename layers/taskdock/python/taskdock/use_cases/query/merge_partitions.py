"""Merges partitions of an index into one ordered list, as far as the page needs it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from heapq import merge
from itertools import chain, groupby
from operator import itemgetter
from typing import Any, Final

from taskdock.domain.query.read_specs import ByIndex
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.query.page_reading import side_by_side

_SMALL_PAGE: Final = 1000
"""Up to this many tasks, a store is asked for no more than the page; it reads by bytes else."""


def first_in_order(
    pages: Callable[[ByIndex], Iterator[Sequence[Task]]],
    accesses: Sequence[ByIndex],
    key: Callable[[Task], Any],
    needed: int,
) -> tuple[list[Task], bool]:
    """The first tasks of what `pages` gives of each access, and whether reading ended before all
    was read.

    The accesses are single partitions of one index in one direction, and `key` sorts by what
    that index is in order of, then by whatever else. Partitions are merged by the index's value,
    so reading stops with the page. Among equal values an index has no order: such a run of tasks
    is read to its end and sorted by the whole key.
    """
    if not accesses:
        return [], False
    page_size = _first_page(needed, len(accesses))

    def opened(access: ByIndex) -> Iterator[Task]:
        """The partition's tasks, its first page read already."""
        parts = pages(replace(access, page_size=page_size))
        head = next(parts, ())
        return chain(head, chain.from_iterable(parts))

    value = _index_value(accesses)
    descending = accesses[0].descending
    merged = merge(*side_by_side(opened, accesses), key=value, reverse=descending)
    # By id: a task comes again when it is in several partitions, or moved while they are read.
    first: dict[TaskId, Task] = {}
    for _, run in groupby(merged, key=value):
        for task in sorted(run, key=key):
            first.setdefault(task["id"], task)
        if len(first) >= needed:
            return list(first.values())[:needed], True
    return list(first.values()), False


def _first_page(needed: int, partitions: int) -> int | None:
    """How many tasks to read of each partition at first. One more than needed shows where the last
    run of equal values ends. Each partition is expected to have its share; one that has more is
    read again.
    """
    if needed > _SMALL_PAGE:
        return None
    return needed + 1 if partitions == 1 else 2 * needed // partitions + 2


def _index_value(accesses: Sequence[ByIndex]) -> Callable[[Task], Any]:
    """What the accesses' index is in order of."""
    [field] = {access.index.sort_key for access in accesses}
    return itemgetter(field)
