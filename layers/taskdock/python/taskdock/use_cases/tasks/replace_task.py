"""Replace a task's properties."""

from collections.abc import Callable

from taskdock.domain.access import Access
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.changes import Replacement, replace
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.tasks.task_family import must_fit_below


def replacing(
    store: TaskStore, access: Access, replacement: Replacement, now: Instant
) -> Callable[[Task], Task]:
    """The change of a task for `change_task`, which raises as `replace` and `must_fit_below`.

    A new parent's ancestors are read each time the change is called; nothing is written.
    """

    def replaced(task: Task) -> Task:
        after = replace(task, replacement, now)
        if after.get("parentTaskId") != task.get("parentTaskId"):
            must_fit_below(store, task["id"], after.get("parentTaskId"), access.of_tenants)
        return after

    return replaced
