"""Tell what changed since a moment, each task with its last state, in order of time."""

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from heapq import nsmallest
from typing import Final

from taskdock.domain.changes.cursor import Cursor
from taskdock.domain.changes.keeping import MOST_DELAY, MOST_SKEW
from taskdock.domain.errors import CursorExpired, TemporarilyUnavailable
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ALL_SHARDS, ByIndex, Index, Tenant
from taskdock.domain.tasks.task import Task, TaskId, is_open
from taskdock.use_cases.changes.change_log import ChangeLog, Entry
from taskdock.use_cases.documents import decoded, whole_task
from taskdock.use_cases.query.page_reading import side_by_side
from taskdock.use_cases.query.read_budget import Limits, ReadBudget, ReadCost

_A_DAY: Final = 24 * 60 * 60 * 1000

_FIELDS: Final = frozenset(("id", "tenantId", "state", "ended", "deleted", "erased"))

_LEAST_ENTRIES: Final = 11
"""How many usual tasks the least read unit buys: fewer cost the same."""

_LAYOUT_UNITS: Final = 1.0
"""What a look at since when changes are kept costs: a consistent read of a small item."""


@dataclass(frozen=True, slots=True)
class TaskChange:
    """The last state of a task that was written."""

    at: Instant
    """The writer's stamp; of a task that was only created, its `created`."""
    version: int
    task: Task
    """At least its id, its tenant, and whether and how it has ended; all of it where that was asked
    for and the task is open."""


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """The changes of one answer, by time; of each task the versions ascend."""

    changes: Sequence[TaskChange]
    next: Cursor
    more: bool
    """Whether there are further ones now."""
    read_units: float


@dataclass(frozen=True, slots=True)
class ReadChanges:
    """Reads the changes of some tenants' tasks."""

    log: ChangeLog
    tenants: tuple[Tenant, ...]
    limits: Limits
    clock: Callable[[], Instant]
    """The real time; it raises `TemporarilyUnavailable` while it is wrong."""
    ended_task_days: int
    with_tasks: bool = False

    def __call__(self, since: Cursor | None, limit: int) -> ChangesPage:
        """The first changes at the cursor, about `limit` of them: all of one millisecond come
        together, and entries that another one replaces are left out. Without a cursor, none, and
        the cursor of a reader who begins now.

        Raises `CursorExpired` where changes since then may be missing by now,
        `TemporarilyUnavailable` while changes have not been kept long enough, and
        `QueryTooExpensive` and `OutOfTime` at the limits.
        """
        kept_from = self.log.kept_from()
        now = self.clock()  # before anything is read: what becomes visible later is read again
        self._must_be_kept(kept_from, since, now)
        if since is None:
            return ChangesPage((), Cursor.at_the_end(now), more=False, read_units=_LAYOUT_UNITS)
        merge = _Merge(self.log, self._parts(since, now), limit, ReadBudget(self.limits))
        entries, last = merge.first()
        after = since.after(last, now) if merge.has_more else since.after_all(now)
        told = _told([*self._changes(entries)])
        return ChangesPage(told, after, merge.has_more, merge.read_units + _LAYOUT_UNITS)

    def _must_be_kept(self, kept_from: Instant | None, since: Cursor | None, now: Instant) -> None:
        if kept_from is None or now - 2 * MOST_DELAY < kept_from:
            raise TemporarilyUnavailable(
                "Changes are kept again since a short time; they can be asked for some minutes "
                "after the first write."
            )
        oldest_record = now - self.ended_task_days * _A_DAY + MOST_DELAY
        if since is not None and since.oldest < max(kept_from, oldest_record):
            raise CursorExpired(
                "since: changes since then are not all kept any more. Begin without it, read the "
                "tasks anew, and go on from there."
            )

    def _parts(self, since: Cursor, now: Instant) -> list["_Part"]:
        # A task that is created later than now is in the index of changes.
        created = ByIndex(
            Index.OPEN, ALL_SHARDS, self.tenants, low=since.place, high=Instant(now + MOST_SKEW)
        )
        changed = ByIndex(Index.CHANGES, ALL_SHARDS, self.tenants, low=since.place)
        return [_Part(each) for spec in (created, changed) for each in spec.singles]

    def _changes(self, entries: Sequence[Entry]) -> Iterator[TaskChange]:
        documents = [entry.document for entry in entries]
        for entry, (document, known) in zip(entries, decoded(documents, _FIELDS), strict=True):
            task = whole_task(document) if self.with_tasks and is_open(known) else known
            yield TaskChange(entry.at, entry.version, task)


def _told(changes: Sequence[TaskChange]) -> list[TaskChange]:
    """The changes without those that another one replaces: of one task the last version is told."""
    last: dict[TaskId, TaskChange] = {}
    for change in changes:
        known = last.get(change.task["id"])
        if known is None or known.version < change.version:
            last[change.task["id"]] = change
    return [change for change in changes if last[change.task["id"]] is change]


class _Part:
    """One partition, and how far it was read."""

    def __init__(self, spec: ByIndex) -> None:
        self.spec = spec
        self.next: object | None = None
        self.is_done = False
        self.entries = 0
        self.reached = -math.inf
        """Everything further has at least this stamp."""


class _Merge:
    """The first entries of several partitions, in order of their stamps."""

    def __init__(
        self, log: ChangeLog, parts: Sequence[_Part], limit: int, budget: ReadBudget
    ) -> None:
        self._log = log
        self._parts = parts
        self._limit = limit
        self._budget = budget
        self._found: list[tuple[Instant, Entry | None]] = []
        """Stamps with what is told of them. What was changed since it was created is in the index
        of changes too, by now or in a moment: there it is told."""
        self.has_more = False
        """Whether there is anything behind the first ones."""

    @property
    def read_units(self) -> float:
        """What was read."""
        return self._budget.spent.read_units

    def first(self) -> tuple[list[Entry], Instant]:
        """As many as wanted with all that have the last one's stamp, by stamp and version; and that
        stamp."""
        while unread := [each for each in self._parts if self._has_to_read(each)]:
            for part, entries in zip(
                unread, side_by_side(self._read, unread, self._budget), strict=True
            ):
                told_elsewhere = part.spec.index is Index.OPEN
                self._found += (
                    (entry.at, None if told_elsewhere and entry.version > 1 else entry)
                    for entry in entries
                )
        limit = self._last()
        first = [(at, entry) for at, entry in self._found if at <= limit]
        is_read = all(each.is_done for each in self._parts)
        self.has_more = len(first) < len(self._found) or not is_read
        last = max((at for at, _ in first), default=Instant(0))
        return sorted(entry for _, entry in first if entry is not None), last

    def _has_to_read(self, part: _Part) -> bool:
        return not part.is_done and part.reached <= self._last()

    def _last(self) -> float:
        if len(self._found) < self._limit:
            return math.inf
        return nsmallest(self._limit, (at for at, _ in self._found))[-1]

    def _read(self, part: _Part) -> Sequence[Entry]:
        wanted = max(_LEAST_ENTRIES, 2 * self._limit // len(self._parts) + 2, part.entries)
        granted, reserved = self._budget.reserve(wanted, 0.0, after_a_part=False)
        page = self._log.entries(part.spec, part.next, granted)
        self._budget.count(ReadCost(len(page.entries), 1, page.read_units), reserved)
        self._budget.count_unpacked(sum(len(entry.document) for entry in page.entries))
        part.next, part.is_done = page.next, page.next is None
        part.entries += len(page.entries)
        if page.entries:
            part.reached = page.entries[-1].at
        return page.entries


def what_became(change: TaskChange) -> str:
    """`created`, `changed` or `ended`."""
    if not is_open(change.task):
        return "ended"
    return "created" if change.version == 1 else "changed"
