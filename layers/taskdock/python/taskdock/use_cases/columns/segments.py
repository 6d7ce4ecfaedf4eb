"""Writing segments: from entries of indexes, and from other segments."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from typing import Final, NamedTuple

from taskdock.domain.columns.manifest import Part, written_object
from taskdock.domain.columns.masks import rows_of
from taskdock.domain.columns.segment import ID, ROWS, VERSION, columns_of, documents_of
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIndex, Tenant
from taskdock.domain.tasks.task import Task, TaskId, is_open
from taskdock.use_cases.changes.change_log import ChangeLog, EntryPage
from taskdock.use_cases.columns.column_store import ColumnStore
from taskdock.use_cases.columns.opened import ColumnCache, Opener
from taskdock.use_cases.documents import decoded
from taskdock.use_cases.ports import TaskStore

_MOST_WORN: Final = 8
"""So many small segments are left as they are, as long as they are small beside all others."""

_OLD: Final = 30 * 24 * 60 * 60 * 1000
"""Milliseconds after which a segment is written anew: objects expire in the store."""


class Versioned(NamedTuple):
    """A task in a version."""

    version: int
    task: Task


@dataclass(slots=True)
class SegmentWriter:
    """Writes the segments of a tenant."""

    store: ColumnStore
    tenant: Tenant
    now: Instant
    names: list[str] = field(default_factory=list)
    """The objects written so far."""
    _gathered: dict[TaskId, Versioned] = field(default_factory=dict)

    def pages(self, log: ChangeLog, spec: ByIndex) -> Iterator[EntryPage]:
        """All pages of a spec."""
        page = log.entries(spec)
        yield page
        while page.next is not None:
            page = log.entries(spec, page.next)
            yield page

    def newest(self, log: ChangeLog, specs: Iterable[ByIndex]) -> dict[TaskId, Versioned]:
        """Of each task in these specs its newest version."""
        found: dict[TaskId, Versioned] = {}
        for spec in specs:
            for page in self.pages(log, spec):
                _take(found, page)
        return found

    def marked(
        self,
        opener: Opener,
        parts: Sequence[Part],
        newest: dict[TaskId, Versioned],
        tasks: TaskStore,
    ) -> list[Part]:
        """The segments, in which the rows of these tasks are dead. Where a segment has a later
        version than an index said, `newest` gets what the table says."""
        marked, doubtful = [], list[TaskId]()
        for part in parts:
            segment = opener.opened(part).segment
            ids, versions = segment.column(ID), segment.column(VERSION)
            rows = set(segment.find(newest)) - part.dead
            for row in rows:
                task_id = ids.value(row)
                if newest[task_id].version < versions.value(row):
                    doubtful.append(task_id)
            marked.append(replace(part, dead=part.dead | rows))
        stored = tasks.get_many(doubtful) if doubtful else {}
        for task_id in doubtful:
            if task_id in stored:
                newest[task_id] = Versioned(stored[task_id].version, stored[task_id].task)
            else:
                del newest[task_id]
        return [part for part in marked if part.live]

    def gathered(self, page: EntryPage) -> list[Part]:
        """Take the open tasks of a page; the segments that are full by then."""
        _take(self._gathered, page)
        return self.rest() if len(self._gathered) >= ROWS else []

    def rest(self) -> list[Part]:
        """A segment of what was taken and is in none yet, if there is anything."""
        found, self._gathered = self._gathered, {}
        return self.of_open(found.values())

    def of_open(self, entries: Iterable[Versioned]) -> list[Part]:
        """Segments of those of the tasks that are open."""
        rows = sorted(
            (each for each in entries if is_open(each.task)), key=lambda each: each.task["id"]
        )
        return [self._written(rows[start : start + ROWS]) for start in range(0, len(rows), ROWS)]

    def merged(self, parts: Sequence[Part]) -> list[Part]:
        """The segments, the small and the worn ones among them written anew as fewer when there is
        too much of them."""
        worn = sorted(filter(self._is_worn, parts), key=lambda part: part.live)
        rows = sum(part.rows for part in worn[:-1])
        too_much = len(worn) > _MOST_WORN or rows * 10 > sum(part.live for part in parts)
        if not worn or not (too_much or any(map(self._has_to_go, worn))):
            return list(parts)
        kept = [part for part in parts if part not in worn]
        group: list[Part] = []
        for part in worn:
            if group and sum(each.live for each in group) + part.live > ROWS:
                kept += self._joined(group)
                group = []
            group.append(part)
        return [*kept, *self._joined(group)]

    def _is_worn(self, part: Part) -> bool:
        return part.live < ROWS // 2 or self._has_to_go(part)

    def _has_to_go(self, part: Part) -> bool:
        return len(part.dead) * 5 > part.rows or part.made < self.now - _OLD

    def _joined(self, parts: Sequence[Part]) -> list[Part]:
        """Segments of what is alive in these."""
        if len(parts) == 1 and not self._has_to_go(parts[0]):
            return list(parts)
        # An opener for each: it holds all columns that it fetches.
        opener = Opener(self.store, ColumnCache(limit=0))
        opener.fetch((part, part.places) for part in parts)
        entries = []
        for part in parts:
            segment = opener.opened(part).segment
            rows = list(rows_of(part.live_rows, part.rows))
            versions = segment.column(VERSION)
            tasks = zip(rows, documents_of(segment, rows), strict=True)
            entries += [Versioned(versions.value(row), task) for row, task in tasks]
        return self.of_open(entries)

    def _written(self, entries: Sequence[Versioned]) -> Part:
        columns = columns_of([each.task for each in entries], [each.version for each in entries])
        content, places = written_object(columns)
        name = self.store.put(self.tenant, content)
        self.names.append(name)
        return Part(name, len(entries), self.now, places)


def _take(found: dict[TaskId, Versioned], page: EntryPage) -> None:
    """Note the tasks of a page, unless a newer version is known."""
    documents = decoded([entry.document for entry in page.entries], None)
    for (_, task), entry in zip(documents, page.entries, strict=True):
        known = found.get(task["id"])
        if known is None or known.version <= entry.version:
            found[task["id"]] = Versioned(entry.version, task)
