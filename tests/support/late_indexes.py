"""Indexes that follow a store some time later, each entry by a delay of its own.

An entry whose key moves is removed from its old place and put to its new one by two steps: between
them neither is seen. Answers may be older than those before them, as of a replica that lags.
"""

import heapq
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from random import Random

from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ALL_SHARDS, ByIndex, Index, Tenant
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.changes.change_log import Entry, EntryPage
from taskdock.use_cases.documents import whole_task

from tests.support.in_memory_store import InMemoryTaskStore

type Place = tuple[Index, Tenant, int]
type Found = tuple[Place, Entry] | None

INDEXES = (Index.OPEN, Index.CHANGES)


@dataclass
class LateIndexes:
    """`ChangeLog` of a store in memory: call `follow` after each commit."""

    store: InMemoryTaskStore
    tenants: tuple[Tenant, ...]
    random: Random
    now: Callable[[], int]
    most_delay: int
    """Milliseconds until an entry is seen."""
    _due: list[tuple[int, int, Index, TaskId, Found]] = field(default_factory=list)
    _shown: dict[Index, dict[TaskId, tuple[Place, Entry]]] = field(
        default_factory=lambda: {index: {} for index in INDEXES}
    )
    _told: dict[tuple[Index, TaskId], tuple[int, Found]] = field(default_factory=dict)
    """When the last step of an entry is seen, and what it puts there."""
    _numbers: "count[int]" = field(default_factory=count)

    def follow(self) -> None:
        """Have what changed in the store be seen later."""
        for index in INDEXES:
            found = self._entries(index)
            gone = {each for of, each in self._told if of is index} - found.keys()
            for task_id in (*found, *gone):
                self._follow(index, task_id, found.get(task_id))

    def entries(
        self, spec: ByIndex, start: object | None = None, limit: int | None = None
    ) -> EntryPage:
        """See `ChangeLog.entries`; one partition at a time."""
        self._catch_up()
        [partition], [tenant] = spec.partitions, spec.tenants
        low = spec.low if spec.low is not None else float("-inf")
        high = spec.high if spec.high is not None else float("inf")
        found = sorted(
            entry
            for place, entry in self._shown[spec.index].values()
            if place == (spec.index, tenant, partition) and low <= entry.at <= high
        )
        if isinstance(start, Entry):
            found = [entry for entry in found if entry > start]
        page = found[: limit or 50]
        return EntryPage(page, 0.5, page[-1] if len(page) < len(found) else None)

    def kept_from(self) -> Instant | None:
        """See `ChangeLog.kept_from`."""
        return Instant(0)

    def _entries(self, index: Index) -> dict[TaskId, tuple[Place, Entry]]:
        found = {}
        for single in ByIndex(index, ALL_SHARDS, self.tenants).singles:
            page = self.store.entries(single, limit=10_000)
            [partition], [tenant] = single.partitions, single.tenants
            assert isinstance(partition, int)
            for entry in page.entries:
                task_id = whole_task(entry.document)["id"]
                found[task_id] = ((index, tenant, partition), entry)
        return found

    def _follow(self, index: Index, task_id: TaskId, found: Found) -> None:
        last, before = self._told.get((index, task_id), (0, None))
        if before == found:
            return
        seen = max(last, self.now()) + self.random.randrange(self.most_delay // 2)
        if before is not None and (found is None or found[1].at != before[1].at):
            heapq.heappush(self._due, (seen, next(self._numbers), index, task_id, None))
            seen += self.random.randrange(self.most_delay // 2)
        if found is not None:
            heapq.heappush(self._due, (seen, next(self._numbers), index, task_id, found))
        self._told[index, task_id] = seen, found

    def _catch_up(self) -> None:
        while self._due and self._due[0][0] <= self.now():
            _, _, index, task_id, found = heapq.heappop(self._due)
            if found is None:
                self._shown[index].pop(task_id, None)
            else:
                self._shown[index][task_id] = found
