"""Erase a person: their id goes from every task, from the comments and from the log.

All tasks are looked at, partition after partition, for as long as there is time; a token says where
the next request goes on. Looking at a task twice changes nothing.
"""

import base64
import binascii
import json
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import batched
from typing import Any, Final
from uuid import uuid4

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.history.erasure import ERASE, record_without_person, without_person
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ALL_SHARDS, ByIndex, Index, everywhere
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.filters.filter_store import FilterStore
from taskdock.use_cases.ports import Changes, Put, Record, TaskStore
from taskdock.use_cases.query.page_reading import every_task, side_by_side
from taskdock.use_cases.tasks.conflicts import retry_on_conflict

_KINDS: Final = ("operation", "comment")
_AT_ONCE: Final = 64
_RECORDS_AT_ONCE: Final = 50
"""Records that are written with their task in one transaction."""


@dataclass(frozen=True, slots=True)
class Place:
    """How far an erasure has come."""

    pseudonym: str
    """What stands for the person in ended tasks and in the log."""
    partition: int = 0
    low: int | None = None
    """The value that the partition is in order of, of the last tasks that were looked at."""

    @property
    def token(self) -> str:
        """The place as text."""
        text = json.dumps([self.pseudonym, self.partition, self.low])
        return base64.urlsafe_b64encode(text.encode()).decode()

    @classmethod
    def of_token(cls, token: str | None) -> "Place":
        """The place that a token represents, the beginning without one; raises `InvalidRequest`."""
        if token is None:
            return cls(f"erased-{uuid4().hex[:12]}")
        try:
            match json.loads(base64.urlsafe_b64decode(token.encode())):
                case [str(pseudonym), int(partition), (int() | None) as low] if partition >= 0:
                    return cls(pseudonym, partition, low)
        except (binascii.Error, ValueError):
            pass
        raise InvalidRequest("pageToken: it is none of this service's")


@dataclass(frozen=True, slots=True)
class ErasedPerson:
    """What an erasure did, and where the next request goes on; None when all is done."""

    tasks: int
    """Tasks that were written because they or what is beside them named the person."""
    filters: int
    next: Place | None


@dataclass(frozen=True, slots=True)
class ErasePerson:
    """Erases one person."""

    store: TaskStore
    filters: FilterStore
    user: str
    seconds_left: Callable[[], float]

    def __call__(self, place: Place) -> ErasedPerson:
        """Erase from `place` on, until all is done or the time is up. Raises `ConcurrentChange` and
        `TemporarilyUnavailable`; the same request goes on then."""
        filters = self._disown_filters() if place.partition == 0 and place.low is None else 0
        tasks, here, partitions = 0, place, self._partitions()
        for number in range(place.partition, len(partitions)):
            here = here if number == place.partition else Place(place.pseudonym, number)
            low = None if here.low is None else Instant(here.low)
            found = every_task(self.store, replace(partitions[number], low=low))
            for batch in batched(found, _AT_ONCE):
                # Never at the place where it began: tasks of one moment are looked at together.
                if here != place and self.seconds_left() <= 0:
                    return ErasedPerson(tasks, filters, here)
                tasks += sum(side_by_side(lambda task: self._erase(task, place.pseudonym), batch))
                here = replace(here, low=_value(partitions[number], batch[-1]))
        return ErasedPerson(tasks, filters, None)

    def _partitions(self) -> Sequence[ByIndex]:
        tenants = everywhere(self.store.tenants())
        specs = (ByIndex(index, ALL_SHARDS, tenants) for index in (Index.OPEN, Index.ENDED))
        return [single for spec in specs for single in spec.singles]

    def _erase(self, found: Task, pseudonym: str) -> bool:
        """Whether the task, or what is beside it, named the person."""
        task_id = found["id"]
        is_named = without_person(found, self.user, pseudonym) != found
        if not is_named and not any(self._renamed_records(task_id, pseudonym)):
            return False
        while retry_on_conflict(task_id, lambda: self._write(task_id, pseudonym)):
            pass  # more records than one transaction takes
        return True

    def _write(self, task_id: TaskId, pseudonym: str) -> bool:
        """Write the task and some of its records without the person; whether there are more.

        The task's version guards the records, so they are read after it.
        """
        stored = self.store.get(task_id)
        if stored is None:
            return False
        records = list(self._renamed_records(task_id, pseudonym))
        after = without_person(stored.task, self.user, pseudonym)
        put = Put(after, stored, {"type": ERASE})
        self.store.commit(Changes([put], extra=records[:_RECORDS_AT_ONCE]))
        return len(records) > _RECORDS_AT_ONCE

    def _renamed_records(self, task_id: TaskId, pseudonym: str) -> Iterator[Record]:
        for kind in _KINDS:
            for record in self.store.records(task_id, kind):
                content = record.content or {}
                renamed = record_without_person(kind, content, self.user, pseudonym)
                if renamed != content:
                    yield replace(record, content=renamed)

    def _disown_filters(self) -> int:
        theirs = [
            each
            for each in self.filters.list(self.store.tenants())
            if each.content.owner == self.user
        ]
        for each in theirs:
            disowned = replace(each, content=replace(each.content, owner=None))
            self.filters.put(disowned, is_new=False)
        return len(theirs)


def _value(spec: ByIndex, task: Task) -> int:
    """The value of the task that the partition is in order of."""
    fields: Any = task
    return int(fields[spec.index.sort_key])
