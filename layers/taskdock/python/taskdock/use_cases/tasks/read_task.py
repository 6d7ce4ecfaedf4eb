"""Read one task, for either API."""

from taskdock.domain.caller import Caller
from taskdock.domain.errors import TaskNotFound
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import StoredTask, TaskStore
from taskdock.use_cases.tasks.change_task import visible_task


def read_open_task(store: TaskStore, task_id: str, caller: Caller) -> StoredTask:
    """The open task of that id, as `/task` shows it.

    Raises `TaskNotFound` for an unknown one, an ended one and one of another tenant alike, and
    for an id that no task can have (docs/api.md, D3, D23).
    """
    return visible_task(store, TaskId(task_id), caller.access)


def read_service_task(store: TaskStore, task_id: str, caller: Caller, *, sid: str) -> StoredTask:
    """The task of the service `sid`, open or ended.

    Raises `TaskNotFound` also for a task of another service or of none.
    """
    stored = visible_task(store, TaskId(task_id), caller.access, ended_too=True)
    if stored.task.get("service") != sid:
        raise TaskNotFound(task_id)
    return stored
