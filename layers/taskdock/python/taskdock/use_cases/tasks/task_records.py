"""Comments and attachments of a task, changed together with the task.

Every change of a record is a change of its task, over exactly the version that was read. So records
that were read in between are unchanged when they are written.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from taskdock.domain.caller import Caller
from taskdock.domain.history.operation import Detail
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put, Receipt, Record, StoredTask, TaskStore
from taskdock.use_cases.tasks.change_task import must_have_version, visible_task
from taskdock.use_cases.tasks.conflicts import retry_on_conflict


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordContext:
    """A caller's request about the records of a task."""

    task_id: TaskId
    caller: Caller
    now: Instant
    expected_version: int | None = None
    """The version that the task must have to be changed; None accepts every version."""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class Edit:
    """The task and its records to write."""

    task: Task
    records: Sequence[Record]
    detail: Detail | None = None
    """What the operation log is to say of it."""


def read_records(store: TaskStore, record_context: RecordContext, kind: str) -> Sequence[Record]:
    """The task's records of a kind, in ascending order of their ids; the task may have ended.

    Raises `TaskNotFound`.
    """
    visible_task(store, record_context.task_id, record_context.caller.access, ended_too=True)
    return store.records(record_context.task_id, kind)


def root_of(task: Task) -> Mapping[str, str]:
    """What a new record of the task says of its process: the instance as the outermost one."""
    instance = task.get("processInstanceId")
    return {} if instance is None else {"rootProcessInstanceId": instance}


def change_records(
    store: TaskStore,
    record_context: RecordContext,
    change: Callable[[StoredTask], Edit | None],
    *,
    ended_too: bool = False,
    receipt: Receipt | None = None,
) -> None:
    """Write the result of `change`; nothing when it is None. `change` is called up to `TRIES` times
    and has to read everything it depends on each time.

    Raises `TaskNotFound`, for an ended task too unless `ended_too`; `PreconditionFailed`;
    `ConcurrentChange`; `InvalidRequest` for more than the store takes; and what `change` raises.
    """

    def attempt() -> None:
        stored = visible_task(
            store, record_context.task_id, record_context.caller.access, ended_too=ended_too
        )
        must_have_version(stored, record_context.expected_version)
        edit = change(stored)
        if edit is not None:
            known = None if edit.detail is None else {"detail": edit.detail.as_json()}
            store.commit(Changes([Put(edit.task, stored, known)], receipt, edit.records))

    retry_on_conflict(record_context.task_id, attempt)
