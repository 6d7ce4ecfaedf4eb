"""A store that notes with each task it writes who changed it, and keeps traces of its past."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from taskdock.domain.history.operation import Operation
from taskdock.domain.history.traces import with_traces
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ReadSpec
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import (
    Changes,
    Page,
    Put,
    Receipt,
    Record,
    Remove,
    StoredTask,
    TaskStore,
)


@dataclass(frozen=True, slots=True)
class AuthoredStore:
    """`TaskStore`: another one, by which one operation changes tasks."""

    store: TaskStore
    operation: Operation
    task_id: str | None = None
    """The task that the operation is about; None when it is about each that is written."""

    def get(self, task_id: TaskId) -> StoredTask | None:
        """See `TaskStore.get`."""
        return self.store.get(task_id)

    def get_many(self, task_ids: Sequence[TaskId]) -> Mapping[TaskId, StoredTask]:
        """See `TaskStore.get_many`."""
        return self.store.get_many(task_ids)

    def page(self, spec: ReadSpec, start: object | None = None, limit: int | None = None) -> Page:
        """See `TaskStore.page`."""
        return self.store.page(spec, start, limit)

    def tenants(self) -> Sequence[str]:
        """See `TaskStore.tenants`."""
        return self.store.tenants()

    def check(self, changes: Changes) -> None:
        """See `TaskStore.check`."""
        self.store.check(self._authored(changes))

    def commit(self, changes: Changes) -> None:
        """See `TaskStore.commit`."""
        self.store.commit(self._authored(changes))

    def note(self, record: Record, until: Instant | None) -> None:
        """See `TaskStore.note`."""
        self.store.note(record, until)

    def expire_records(self, task_id: TaskId, until: Instant) -> None:
        """See `TaskStore.expire_records`."""
        self.store.expire_records(task_id, until)

    def forget_records(self, task_id: TaskId) -> int:
        """See `TaskStore.forget_records`."""
        return self.store.forget_records(task_id)

    def receipt(self, owner: str, key: str, now: Instant) -> Receipt | None:
        """See `TaskStore.receipt`."""
        return self.store.receipt(owner, key, now)

    def records(self, task_id: TaskId, kind: str) -> Sequence[Record]:
        """See `TaskStore.records`."""
        return self.store.records(task_id, kind)

    def _authored(self, changes: Changes) -> Changes:
        return replace(changes, writes=[self._put(write) for write in changes.writes])

    def _put(self, write: Put | Remove) -> Put | Remove:
        if isinstance(write, Remove):
            return write
        before = None if write.before is None else write.before.task
        along = self.task_id is not None and write.task["id"] != self.task_id
        operation = replace(self.operation, along=along, detail=None) if along else self.operation
        task = with_traces(before, write.task, self.operation.at)
        known = write.operation or {}  # a use case may know a detail that the request does not
        return Put(task, write.before, {**operation.as_json(), **known})
