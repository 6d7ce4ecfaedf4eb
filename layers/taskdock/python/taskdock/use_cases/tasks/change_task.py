"""Change a task: read it, apply a pure function, write it over exactly the version read."""

from collections.abc import Callable

from taskdock.domain.access import Access
from taskdock.domain.errors import PreconditionFailed, TaskNotFound
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.tasks.task import Task, TaskId, is_deleted, is_open
from taskdock.use_cases.ports import Changes, Put, Receipt, StoredTask, TaskStore
from taskdock.use_cases.tasks.conflicts import retry_on_conflict


def change_task(
    store: TaskStore,
    task_id: TaskId,
    access: Access,
    change: Callable[[Task], Task],
    *,
    expected_version: int | None = None,
    ended_too: bool = False,
    receipt: Callable[[StoredTask], Receipt | None] = lambda _: None,
) -> StoredTask:
    """The task after `change`, with its new version.

    `change` is called up to `TRIES` times, each time with the current task, and must write
    nothing; when it raises, nothing is written. An unchanged document is not written; a changed
    one is written together with its `receipt`. Raises `TaskNotFound` for an unknown task, one of
    another tenant, and an ended one unless `ended_too` (docs/api.md, D3, D23); `PreconditionFailed`
    when the task has another version than expected; `ConcurrentChange` when other callers changed
    it during every try.
    """

    def attempt() -> StoredTask:
        stored = visible_task(store, task_id, access, ended_too=ended_too)
        must_have_version(stored, expected_version)
        task = change(stored.task)
        if task == stored.task:
            return stored
        after = StoredTask(task, stored.version + 1)
        store.commit(Changes([Put(task, stored)], receipt(after)))
        return after

    return retry_on_conflict(task_id, attempt)


def visible_task(
    store: TaskStore,
    task_id: TaskId,
    access: Access,
    *,
    ended_too: bool = False,
) -> StoredTask:
    """The task as it is now; raises `TaskNotFound` unless the caller may see it.

    Nothing is read for an id that no task can have.
    """
    stored = store.get(task_id) if is_identifier(task_id) else None
    if stored is None or not access.sees(stored.task):
        raise TaskNotFound(task_id)
    if is_deleted(stored.task) or (not ended_too and not is_open(stored.task)):
        raise TaskNotFound(task_id)
    return stored


def must_have_version(stored: StoredTask, expected: int | None) -> None:
    """Raises `PreconditionFailed` unless the task has that version; None accepts every version."""
    if expected is not None and stored.version != expected:
        raise PreconditionFailed(
            f"Task '{stored.task['id']}' is not as expected: its version is {stored.version}."
        )
