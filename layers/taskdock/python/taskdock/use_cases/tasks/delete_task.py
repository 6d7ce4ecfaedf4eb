"""Delete a task and its sub tasks."""

from functools import partial

from taskdock.domain.access import Access
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.changes import delete, must_be_deletable
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.tasks.change_task import must_have_version, visible_task
from taskdock.use_cases.tasks.conflicts import retry_on_conflict
from taskdock.use_cases.tasks.task_family import descendants
from taskdock.use_cases.tasks.unit_of_work import UnitOfWork


def delete_task(
    store: TaskStore,
    task_id: TaskId,
    access: Access,
    *,
    now: Instant,
    expected_version: int | None = None,
) -> None:
    """Delete the open task with its sub tasks: history alone shows them then
    (docs/camunda-behaviour.md, Creating and replacing).

    Raises `TaskNotFound`; `BadUserRequest` for a task of a process or a case;
    `PreconditionFailed`; `ConcurrentChange`; `ChangeTooLarge` for more sub tasks than fit.
    """

    def attempt() -> None:
        stored = visible_task(store, task_id, access)
        must_have_version(stored, expected_version)
        must_be_deletable(stored.task)
        unit = UnitOfWork(store, stored)
        for each in (task_id, *descendants(unit, task_id, access.of_tenants)):
            unit.change(each, partial(delete, now=now))
        unit.commit()

    retry_on_conflict(task_id, attempt)
