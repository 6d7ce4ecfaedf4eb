"""Show, set and remove the variables that a task sees.

The variables of a process instance belong to the instance, and each of its tasks keeps a copy, so
that one read is enough for a query. A request that sets a variable of the instance sets it in every
open task of the instance:

- The tasks are found by the index of process instances and then read as they are now. They are
written in one transaction, each over the version that was read. An instance with more tasks than a
transaction holds refuses the change.
- A change is a difference (set these names, remove those), not a new set of variables. Of two
concurrent changes one gets a conflict at the first task that both write, reads everything again and
repeats all of it. So changes of different variables are both kept, and every copy of one variable
ends with the same value.
- A task that is created at the same moment may be missed, as indexes follow the table with a short
delay; its request has set its variables. An ended task keeps the variables of its end.

An instance consists of the tasks that name it and belong to one tenant: the same name in another
tenant is another instance (docs/api.md, D23). The same holds for case instances.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

from taskdock.domain.access import Access
from taskdock.domain.errors import NotFound
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIndex, Index
from taskdock.domain.tasks.task import NO_VARIABLES, Task, TaskId, Variable, Variables, is_open
from taskdock.domain.variables.scopes import (
    Holder,
    Modification,
    Scope,
    modified,
    scopes,
    spread,
    visible,
)
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.tasks.change_task import must_have_version, visible_task
from taskdock.use_cases.tasks.conflicts import retry_on_conflict
from taskdock.use_cases.tasks.task_family import ancestors, read_ancestors
from taskdock.use_cases.tasks.unit_of_work import UnitOfWork

_INSTANCES: Final = {
    Holder.PROCESS_INSTANCE: (Index.PROCESS_INSTANCE, "processInstanceId"),
    Holder.CASE_INSTANCE: (Index.CASE_INSTANCE, "caseInstanceId"),
}


def show_variables(store: TaskStore, task_id: TaskId, access: Access, *, local: bool) -> Variables:
    """The variables that the task sees, or only its own; raises `TaskNotFound`."""
    task = visible_task(store, task_id, access).task
    if local:
        return task.get("variables", NO_VARIABLES)
    return visible(scopes(task, read_ancestors(store, task, access)))


def named(variables: Variables, name: str) -> Variable:
    """The variable of that name; raises `NotFound`."""
    if name not in variables:
        raise NotFound(f"task variable with name {name} does not exist")
    return variables[name]


def modify_variables(
    store: TaskStore,
    task_id: TaskId,
    access: Access,
    *,
    modification: Modification,
    local: bool,
    now: Instant,
    expected_version: int | None = None,
) -> int:
    """The task's version after the modification of the variables that it sees, or of its own only.

    Raises `TaskNotFound`, `PreconditionFailed`, `ConcurrentChange`, and `InvalidRequest` for
    more than a task holds.
    """

    def attempt() -> int:
        stored = visible_task(store, task_id, access)
        must_have_version(stored, expected_version)
        unit = UnitOfWork(store, stored)
        own = scopes(unit[task_id])[:1]
        around = own if local else scopes_around(unit, task_id, access)
        set_variables(unit, around, modification, now=now)
        unit.commit()
        return unit.version(task_id)

    return retry_on_conflict(task_id, attempt)


def scopes_around(unit: UnitOfWork, task_id: TaskId, access: Access) -> tuple[Scope, ...]:
    """The scopes that the task sees; needed ancestors are read into the unit of work."""
    task = unit[task_id]
    return scopes(task, ancestors([task], unit.read, access).above(task))


def set_variables(
    unit: UnitOfWork, around: Sequence[Scope], modification: Modification, *, now: Instant
) -> None:
    """Apply the modifications to the unit's tasks, and to those that share a scope with them."""
    for scope, part in spread(modification, around):
        change = partial(modified, holder=scope.holder, modification=part, now=now)
        for task_id in _holders(unit, scope):
            unit.change(task_id, change)


def _holders(unit: UnitOfWork, scope: Scope) -> list[TaskId]:
    """The tasks that hold the scope or a copy of it, read into the unit of work."""
    if scope.holder is Holder.TASK:
        return [TaskId(scope.id)]
    index, field = _INSTANCES[scope.holder]
    nearest = next(task for task in unit.tasks() if task.get(field) == scope.id)

    def shares(task: Task) -> bool:
        same_instance = task.get(field) == scope.id
        return same_instance and is_open(task) and task.get("tenantId") == nearest.get("tenantId")

    unit.read_index(ByIndex(index, (scope.id,), (nearest.get("tenantId"),)))
    return [task["id"] for task in unit.tasks() if shares(task)]
