"""The scopes of a task's variables, and how a change of a variable changes their documents.

A task sees its own variables and those of its surroundings: of its process instance, or its case
instance, or else its parent task with that task's surroundings. A nearer variable hides a farther
one of the same name. The rules are docs/camunda-behaviour.md, Variables, Updates. Variables of
suspended tasks can change.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from taskdock.domain.instants import Instant
from taskdock.domain.tasks.description import with_own_variables
from taskdock.domain.tasks.task import (
    NO_VARIABLES,
    Task,
    TaskId,
    Variable,
    Variables,
    changed,
    updated,
)


class Holder(StrEnum):
    """A kind of scope."""

    TASK = "task"
    PROCESS_INSTANCE = "process instance"
    CASE_INSTANCE = "case instance"


@dataclass(frozen=True, slots=True)
class Scope:
    """One scope: its kind, its id and its variables."""

    holder: Holder
    id: str
    variables: Variables


@dataclass(frozen=True, slots=True)
class Modification:
    """Variables to be set, then names to be removed: a name in both is removed."""

    settings: Variables
    removals: tuple[str, ...] = ()

    def of(self, variables: Variables) -> dict[str, Variable]:
        """`variables` after the modification, in the same order."""
        result = {**variables, **self.settings}
        for name in self.removals:
            result.pop(name, None)
        return result


def scopes(task: Task, ancestors: Sequence[Task] = ()) -> tuple[Scope, ...]:
    """The scopes seen from the task, nearest first: its own, then what surrounds it.

    `ancestors` are its parent, that one's parent and so on; they matter only to a task that no
    process and no case surrounds.
    """
    found = []
    for each in (task, *ancestors):
        found.append(Scope(Holder.TASK, each["id"], each.get("variables", NO_VARIABLES)))
        instance = _instance(each)
        if instance is not None:
            return *found, instance
    return tuple(found)


def parent_in_sight(task: Task) -> TaskId | None:
    """The id of the parent whose variables the task sees; none for one that has no parent, and
    for one that a process or a case surrounds."""
    parent = task.get("parentTaskId")
    return None if parent is None or _instance(task) is not None else TaskId(parent)


def visible(around: Sequence[Scope]) -> dict[str, Variable]:
    """All variables that these scopes hold, the nearest one of each name."""
    seen: dict[str, Variable] = {}
    for scope in reversed(around):
        seen |= scope.variables
    return seen


def spread(modification: Modification, around: Sequence[Scope]) -> list[tuple[Scope, Modification]]:
    """Which scopes have to be modified, and how.

    A variable is set where its name is found first, going outward, and else in the outermost
    scope; it is removed where it is found first. Without any scope the variables are dropped.
    """
    settings: list[dict[str, Variable]] = [{} for _ in around]
    removals: list[list[str]] = [[] for _ in around]
    if around:
        for name, variable in modification.settings.items():
            settings[_home(name, around)][name] = variable
        for name in modification.removals:
            removals[_home(name, around)].append(name)
    return [
        (scope, Modification(to_set, tuple(to_remove)))
        for scope, to_set, to_remove in zip(around, settings, removals, strict=True)
        if to_set or any(name in scope.variables for name in to_remove)
    ]


def modified(task: Task, holder: Holder, modification: Modification, now: Instant) -> Task:
    """The task with what it holds, or keeps a copy of, modified.

    Setting one of its own variables counts as an update; removing one does not, and neither does a
    change of its surroundings. A service task's description follows its metadata.
    """
    match holder:
        case Holder.TASK:
            variables = modification.of(task.get("variables", NO_VARIABLES))
            task = with_own_variables(task, variables)
            return updated(task, now) if modification.settings else task
        case Holder.PROCESS_INSTANCE:
            variables = modification.of(task.get("processVariables", NO_VARIABLES))
            return changed(task, processVariables=variables or None)
        case Holder.CASE_INSTANCE:
            variables = modification.of(task.get("caseInstanceVariables", NO_VARIABLES))
            return changed(task, caseInstanceVariables=variables or None)


def _instance(task: Task) -> Scope | None:
    """The process instance or the case instance that surrounds the task."""
    if "processInstanceId" in task:
        variables = task.get("processVariables", NO_VARIABLES)
        return Scope(Holder.PROCESS_INSTANCE, task["processInstanceId"], variables)
    if "caseExecutionId" in task and "caseInstanceId" in task:
        variables = task.get("caseInstanceVariables", NO_VARIABLES)
        return Scope(Holder.CASE_INSTANCE, task["caseInstanceId"], variables)
    return None


def _home(name: str, around: Sequence[Scope]) -> int:
    found = (at for at, scope in enumerate(around) if name in scope.variables)
    return next(found, len(around) - 1)
