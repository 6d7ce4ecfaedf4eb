"""What is kept beside a task, changed together with it: its comments and its attachments.

Every change of a record is a change of its task, over exactly the version that was read. So what
is read of a task's records in between is still true when they are written.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from taskdock.domain.caller import Caller
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put, Receipt, Record, StoredTask, TaskStore
from taskdock.use_cases.tasks.change_task import must_have_version, visible_task
from taskdock.use_cases.tasks.conflicts import retry_on_conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContext:
    """Somebody comes to a task."""

    task_id: TaskId
    caller: Caller
    now: Instant
    expected_version: int | None = None
    """The version the task must have for anything to be changed; None, and any will do."""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """The task and those of its records that are to be written."""

    task: Task
    records: Sequence[Record]


def read_records(store: TaskStore, record_context: RecordContext, kind: str) -> Sequence[Record]:
    """The records of a kind beside the task, open or ended, in ascending order of their ids.

    Raises `TaskNotFound`.
    """
    visible_task(store, record_context.task_id, record_context.caller.tenants, ended_too=True)
    return store.records(record_context.task_id, kind)


def change_records(
    store: TaskStore,
    record_context: RecordContext,
    change: Callable[[StoredTask], Edit | None],
    *,
    ended_too: bool = False,
    receipt: Receipt | None = None,
) -> None:
    """Write what `change` makes of the task as it is; nothing where that is None.

    `change` may be called up to three times and has to read anew whatever it depends on. Raises
    `TaskNotFound`, for an ended task too unless `ended_too`; `PreconditionFailed`;
    `ConcurrentChange`; `InvalidRequest` for more than the store takes; and what `change` raises.
    """

    def attempt() -> None:
        stored = visible_task(
            store, record_context.task_id, record_context.caller.tenants, ended_too=ended_too
        )
        must_have_version(stored, record_context.expected_version)
        edit = change(stored)
        if edit is not None:
            store.commit(Changes([Put(edit.task, stored)], receipt, edit.records))

    retry_on_conflict(record_context.task_id, attempt)
