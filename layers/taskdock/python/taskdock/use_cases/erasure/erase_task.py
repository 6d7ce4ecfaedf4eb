"""Erase a task: everything that is kept of it."""

from dataclasses import dataclass

from taskdock.domain.errors import TaskNotFound
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import Changes, Remove, TaskStore
from taskdock.use_cases.tasks.conflicts import retry_on_conflict


@dataclass(frozen=True, slots=True)
class Erased:
    """What was erased."""

    tasks: int
    records: int
    """Comments, attachments, entries of the log and removed variables."""


def erase_task(store: TaskStore, task_id: TaskId) -> Erased:
    """Remove the task, open or ended, with all that is kept beside it; the contents of its
    attachments follow. Its sub tasks stay.

    What is beside the task goes first: broken off, the same request removes the rest. It goes once
    more in the end, because the log of a recent change may have been written meanwhile. Raises
    `TaskNotFound` for a task of which nothing is kept, `ConcurrentChange`, and
    `TemporarilyUnavailable`.
    """
    if not is_identifier(task_id):
        raise TaskNotFound(task_id)
    records = store.forget_records(task_id)

    def attempt() -> int:
        stored = store.get(task_id)
        if stored is None:
            return 0
        store.commit(Changes([Remove(stored)]))
        return 1

    tasks = retry_on_conflict(task_id, attempt)
    records += store.forget_records(task_id)
    if not (tasks or records):
        raise TaskNotFound(task_id)
    return Erased(tasks, records)
