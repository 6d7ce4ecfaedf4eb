"""Variables as a task sees them: shown, set and removed.

The variables of a process instance belong to the instance, and each of its tasks keeps a copy, so
that one read answers whatever is asked of a task. Who sets one through a task sets it in every
open task of the instance:

- The tasks are found by the index of process instances and then read as they are now. They are
  written together, each over the version that was read, where the store takes them at once;
  otherwise in pieces, the task itself last.
- A change is a difference (set these names, remove those) and no new whole. Of two that race,
  one loses at the first task that both write, reads everything again and goes over all of it. So
  changes of different variables are both kept, and of one variable the same value ends up
  in every copy once the last of them is done.
- Whoever breaks off between two pieces leaves some copies ahead of others. The answer was no
  success then, and the same request, sent again, brings all of them level.
- A task that is created at this very moment may be missed, as indexes follow the table with a
  short delay; it comes with variables of its own. An ended task keeps what it saw at its end.

An instance is the tasks that name it and belong to one tenant: the same name in another tenant is
another instance (docs/api.md, D23). All of this goes for case instances too.
"""

from collections.abc import Sequence
from functools import partial
from typing import Final

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


def show_variables(
    store: TaskStore, task_id: TaskId, tenants: frozenset[str], *, local: bool
) -> Variables:
    """The variables that the task sees, or only its own; raises `TaskNotFound`."""
    task = visible_task(store, task_id, tenants).task
    if local:
        return task.get("variables", NO_VARIABLES)
    return visible(scopes(task, read_ancestors(store, task, tenants)))


def named(variables: Variables, name: str) -> Variable:
    """The variable of that name; raises `NotFound`."""
    if name not in variables:
        raise NotFound(f"task variable with name {name} does not exist")
    return variables[name]


def modify_variables(
    store: TaskStore,
    task_id: TaskId,
    tenants: frozenset[str],
    *,
    modification: Modification,
    local: bool,
    now: Instant,
    expected_version: int | None = None,
) -> int:
    """The task's version after variables were set and removed where it sees them, or its own
    alone (docs/camunda-behaviour.md, Variables).

    Raises `TaskNotFound`, `PreconditionFailed`, `ConcurrentChange`, and `InvalidRequest` for
    more than a task holds.
    """

    def attempt() -> int:
        stored = visible_task(store, task_id, tenants)
        must_have_version(stored, expected_version)
        unit = UnitOfWork(store, stored)
        own = scopes(unit[task_id])[:1]
        around = own if local else scopes_around(unit, task_id, tenants)
        set_variables(unit, around, modification, now=now)
        unit.commit()
        return unit.version(task_id)

    return retry_on_conflict(task_id, attempt)


def scopes_around(unit: UnitOfWork, task_id: TaskId, tenants: frozenset[str]) -> tuple[Scope, ...]:
    """The scopes that the task sees, its ancestors read into the bundle as far as they matter."""
    task = unit[task_id]
    return scopes(task, ancestors([task], unit.read, tenants).above(task))


def set_variables(
    unit: UnitOfWork, around: Sequence[Scope], modification: Modification, *, now: Instant
) -> None:
    """Change the tasks of the bundle, and those that share a scope with them, accordingly."""
    for scope, part in spread(modification, around):
        change = partial(modified, holder=scope.holder, modification=part, now=now)
        for task_id in _holders(unit, scope):
            unit.change(task_id, change)


def _holders(unit: UnitOfWork, scope: Scope) -> list[TaskId]:
    """The tasks that hold the scope or a copy of it, read into the bundle."""
    if scope.holder is Holder.TASK:
        return [TaskId(scope.id)]
    index, field = _INSTANCES[scope.holder]
    nearest = next(task for task in unit.tasks() if task.get(field) == scope.id)

    def shares(task: Task) -> bool:
        same_instance = task.get(field) == scope.id
        return same_instance and is_open(task) and task.get("tenantId") == nearest.get("tenantId")

    unit.read_index(ByIndex(index, (scope.id,)))
    return [task["id"] for task in unit.tasks() if shares(task)]
