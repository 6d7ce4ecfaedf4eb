"""Bring tasks in from elsewhere, as they are (docs/api.md, Importing)."""

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

from taskdock.domain.errors import AlreadyExists, ConcurrentChange, InvalidRequest, OutOfTime
from taskdock.domain.tasks.comments import Attachment, Comment, comment_key
from taskdock.domain.tasks.task import Task, changed
from taskdock.use_cases.ports import Changes, Put, Record, StoredTask, TaskStore, VersionConflict
from taskdock.use_cases.tasks.conflicts import TRIES, pause_before

WRITERS: Final = 16
"""Entries written concurrently: most of a write's time is waiting."""

ENOUGH_TIME: Final = 2.0
"""Seconds that must be left to begin another write."""


@dataclass(frozen=True, slots=True)
class ImportEntry:
    """One task of an import, with its comments and attachments in their order."""

    task: Task
    comments: tuple[Comment, ...] = ()
    attachments: tuple[Attachment, ...] = ()


class OnExisting(StrEnum):
    """What to do with an entry whose task exists already."""

    FAIL = "fail"
    SKIP = "skip"
    REPLACE = "replace"


@dataclass(frozen=True, slots=True)
class Imported:
    """The result of an import."""

    imported: int
    skipped: int


@dataclass(frozen=True, slots=True)
class ImportTasks:
    """One import. Each entry is written by itself, with its comments and attachments."""

    store: TaskStore
    name: str
    """Written into each document, so that the stream's reader publishes no event for it."""
    on_existing: OnExisting
    seconds_left: Callable[[], float]

    def __call__(self, entries: Sequence[ImportEntry]) -> Imported:
        """Write the entries; no two may be of one task.

        Before anything is written, `AlreadyExists` names the tasks that exist (`fail` only) and
        `InvalidRequest` the first entry that is more than the store takes. With a part written,
        `AlreadyExists` and `ConcurrentChange` come when others write the same tasks meanwhile,
        and `OutOfTime`; the same import can then be repeated with `skip`.
        """
        existing = self.store.get_many([entry.task["id"] for entry in entries])
        if existing and self.on_existing is OnExisting.FAIL:
            raise AlreadyExists(f"These tasks exist already: {', '.join(existing)}")
        wanted: list[tuple[ImportEntry, Changes]] = []
        for index, entry in enumerate(entries):
            before = existing.get(entry.task["id"])
            if before is None or self.on_existing is OnExisting.REPLACE:
                wanted.append((entry, self._checked(index, self._changes(entry, before))))
        imported = self._write_all(wanted)
        return Imported(imported, len(entries) - imported)

    def _checked(self, index: int, changes: Changes) -> Changes:
        try:
            self.store.check(changes)
        except InvalidRequest as refused:
            raise InvalidRequest(f"tasks[{index}]: {refused.message}") from None
        return changes

    def _write_all(self, wanted: Sequence[tuple[ImportEntry, Changes]]) -> int:
        """How many of them were written; after the first failure no other write begins."""
        with ThreadPoolExecutor(WRITERS) as writers:
            written = [writers.submit(self._write, *each) for each in wanted]
            try:
                return sum(each.result() for each in written)
            finally:
                writers.shutdown(cancel_futures=True)

    def _write(self, entry: ImportEntry, changes: Changes) -> bool:
        """Whether the entry was written; False when it exists and is to be skipped."""
        for lost in range(TRIES):
            if lost:
                pause_before(lost)
            if self.seconds_left() < ENOUGH_TIME:
                raise OutOfTime(
                    "There was no time to write all tasks. Those that are written stay;"
                    " repeat the import with onExisting=skip, or in smaller pieces."
                )
            try:
                self.store.commit(changes)
            except (AlreadyExists, VersionConflict):
                if self.on_existing is OnExisting.SKIP:
                    return False
                if self.on_existing is OnExisting.FAIL:
                    raise
                changes = self._changes(entry, self.store.get(entry.task["id"]))
            else:
                return True
        raise ConcurrentChange(
            f"Task '{entry.task['id']}' was changed by others at the same time."
            " Repeat the import with the tasks that are missing."
        )

    def _changes(self, entry: ImportEntry, before: StoredTask | None) -> Changes:
        task = changed(entry.task, importId=self.name)
        records = {(record.kind, record.id): record for record in _records(entry)}
        if before is not None:
            records = {**self._ends_of_records(before.task), **records}
        return Changes([Put(task, before)], extra=tuple(records.values()))

    def _ends_of_records(self, task: Task) -> dict[tuple[str, str], Record]:
        return {
            (kind, record.id): Record(task["id"], kind, record.id, None)
            for kind, count in (("comment", "comments"), ("attachment", "attachments"))
            if count in task
            for record in self.store.records(task["id"], kind)
        }


def _records(entry: ImportEntry) -> Iterator[Record]:
    task_id = entry.task["id"]
    for place, comment in enumerate(entry.comments):
        yield Record(task_id, "comment", comment_key(comment, place), comment)
    for attachment in entry.attachments:
        yield Record(task_id, "attachment", attachment["id"], attachment)
