"""Merges partitions of an index into one ordered list, as far as the page needs it."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from operator import itemgetter
from typing import Final

from taskdock.domain.query.comparisons import Fields
from taskdock.domain.query.read_specs import ByIndex
from taskdock.domain.query.sorting import Key
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.documents import Document, decoded
from taskdock.use_cases.query.page_reading import PageReader, side_by_side
from taskdock.use_cases.query.read_budget import ReadBudget

_SMALL_PAGE: Final = 1000
"""Up to this many tasks, a store is asked for no more than the page; it reads by bytes else."""

_LEAST_ENTRIES: Final = 11
"""How many usual tasks the least read unit buys (4 KB): fewer cost the same."""

_GROWTH: Final = 4
"""How many times as much as was read of a partition its next page may be: what part of the tasks
passes the filter shows only by and by."""

_MARGIN: Final = 1.2
"""How much more is read than is expected to do: less would often take one more round."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the entries of the partitions are tested and ordered by."""

    fields: Fields
    """What `test`, `key` and the value of the index are made of."""
    test: Callable[[Task], bool]
    key: Callable[[Task], Key]
    """The sort position; its last part is the id, its first the value that the index is in order
    of."""
    lets_all_through: bool = False
    """Whether every task is expected to pass."""


def first_in_order(
    readers: Sequence[PageReader],
    value: Callable[[Task], int],
    wanted: Wanted,
    needed: int,
    budget: ReadBudget,
) -> tuple[list[Document], int, bool]:
    """The first documents of what the readers have, how many passed, and whether reading ended
    before all was read.

    The readers are of single partitions of one index in one direction, and `value` grows in that
    direction; `wanted.key` sorts by it, then by whatever else. Partitions are read in rounds, side
    by side. Once as many tasks are found as needed, a partition that was read beyond the last of
    them has nothing to add. Among equal values an index has no order: such a run of tasks is read
    to its end.
    """
    merge = _Merge(
        [_Partition(reader, value, wanted) for reader in readers], wanted, needed, budget
    )
    return merge.finished()


class _Partition:
    """One partition, and how far it was read."""

    def __init__(self, reader: PageReader, value: Callable[[Task], int], wanted: Wanted) -> None:
        self.reader = reader
        self.reached = -math.inf
        """The value of the last entry read; everything further has at least this one."""
        self._value = value
        self._wanted = wanted

    def read(self, size: int | None) -> list[tuple[int, Key, Document]]:
        """What passes of the next page: value, sort position and document."""
        found, last = [], None
        for document, task in decoded(self.reader.read(size), self._wanted.fields):
            last = task
            if self._wanted.test(task):
                found.append((self._value(task), self._wanted.key(task), document))
        if last is not None:
            self.reached = self._value(last)
        if self.reader.is_done:
            self.reached = math.inf
        return found


def _read(part: tuple[_Partition, int | None]) -> list[tuple[int, Key, Document]]:
    partition, size = part
    return partition.read(size)


class _Merge:
    def __init__(
        self,
        partitions: Sequence[_Partition],
        wanted: Wanted,
        needed: int,
        budget: ReadBudget,
    ) -> None:
        self._partitions = partitions
        self._budget = budget
        self._wanted = wanted
        self._needed = needed
        # By id: a task comes again when it is in several partitions, or moved while they are read.
        self._found: dict[TaskId, tuple[int, Key, Document]] = {}
        self._passed: set[TaskId] = set()

    def finished(self) -> tuple[list[Document], int, bool]:
        """See `first_in_order`."""
        while unread := self._unread():
            sizes = [(each, self._size(each)) for each in unread]
            for found in side_by_side(_read, sizes, self._budget):
                for each in found:
                    task_id = each[1][-1]
                    if task_id not in self._passed:
                        self._passed.add(task_id)
                        self._found[task_id] = each
        in_order = sorted(self._found.values(), key=lambda each: each[1])[: self._needed]
        stopped_early = any(not each.reader.is_done for each in self._partitions)
        return [document for _, _, document in in_order], len(self._passed), stopped_early

    def _unread(self) -> list[_Partition]:
        """The partitions that may have a task yet that belongs among the first."""
        last = self._last()
        return [
            each for each in self._partitions if not each.reader.is_done and each.reached <= last
        ]

    def _last(self) -> float:
        """The greatest value that a task among the first can have; those beyond it are dropped."""
        if len(self._found) < self._needed:
            return math.inf
        last = nsmallest(self._needed, (value for value, _, _ in self._found.values()))[-1]
        self._found = {task_id: each for task_id, each in self._found.items() if each[0] <= last}
        return last

    def _size(self, partition: _Partition) -> int | None:
        """How many entries to read next of a partition, each of which is expected to have its
        share of those that pass."""
        if self._needed > _SMALL_PAGE:
            return None
        parts = len(self._partitions)
        read = partition.reader.entries
        if read > 0:
            entries = sum(each.reader.entries for each in self._partitions)
            share = self._needed * entries / max(len(self._passed), 0.5) / parts
            return max(_LEAST_ENTRIES, min(math.ceil(_MARGIN * share) - read, _GROWTH * read))
        # One more than needed shows where the last run of equal values ends.
        least = self._needed + 1 if parts == 1 else 2 * self._needed // parts + 2
        return least if self._wanted.lets_all_through else max(least, _LEAST_ENTRIES)


def index_value(accesses: Sequence[ByIndex]) -> Callable[[Task], int]:
    """What grows in the direction of the accesses, which are of one index: an instant, or where
    they descend its negative."""
    [(field, descending)] = {(each.index.sort_key, each.descending) for each in accesses}
    of: Callable[[Task], int] = itemgetter(field)
    return (lambda task: -of(task)) if descending else of
