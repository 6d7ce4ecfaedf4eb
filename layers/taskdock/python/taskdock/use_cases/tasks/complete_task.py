"""Complete, resolve or fail a task, and set variables of its surroundings.

Sub tasks end with their task (docs/camunda-behaviour.md, Assignment); all is written in one
transaction, or nothing (see `UnitOfWork`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from taskdock.domain.access import Access
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.forms.rules import Rule, violations
from taskdock.domain.instants import Instant
from taskdock.domain.services.actions import complete, end_along
from taskdock.domain.tasks.bpmn_signals import throw_error, throw_escalation
from taskdock.domain.tasks.changes import resolve, submit
from taskdock.domain.tasks.task import Task, TaskId, Variables, is_open
from taskdock.domain.variables.scopes import Holder, Modification, Scope, visible
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.tasks.change_task import must_have_version, visible_task
from taskdock.use_cases.tasks.conflicts import retry_on_conflict
from taskdock.use_cases.tasks.task_family import descendants
from taskdock.use_cases.tasks.task_variables import scopes_around, set_variables
from taskdock.use_cases.tasks.unit_of_work import UnitOfWork


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """A request to complete a task: the caller's access, variables, time and expected version."""

    task_id: TaskId
    access: Access
    variables: Variables
    now: Instant
    expected_version: int | None = None
    rules_for: Callable[[Task], Sequence[Rule]] = lambda _: ()
    """What the task's form asks of the variables."""


@dataclass(frozen=True, slots=True)
class Completed:
    """The result of a completion."""

    version: int
    """The task's."""
    variables: Variables
    """The variables of the process or the case after the completion; without one, all that the task
    saw."""


def complete_task(store: TaskStore, completion: Completion) -> Completed:
    """Complete the task, delegated or not.

    Variables go to the process, the case or the parent task around it; they are dropped when
    there is none. Raises `TaskNotFound`, for an ended task too; `TaskSuspended`;
    `PreconditionFailed`; `ConcurrentChange`; `ChangeTooLarge` for more tasks than fit;
    `InvalidRequest` for what the task's form does not take.
    """
    return _completed(store, completion, partial(complete, now=completion.now), heeds_form=True)


def submit_form(store: TaskStore, completion: Completion) -> Completed:
    """Resolve a task whose delegation is pending; complete any other.

    Variables are set where they are found first, from the task outward. Raises as
    `complete_task` does.
    """
    change = partial(submit, now=completion.now)
    return _completed(store, completion, change, from_task_on=True, heeds_form=True)


def resolve_task(store: TaskStore, completion: Completion) -> Completed:
    """Resolve the task: its owner becomes its assignee. Variables and errors as with
    `complete_task`."""
    return _completed(store, completion, partial(resolve, now=completion.now))


def report_error(store: TaskStore, completion: Completion, code: str, message: str | None) -> None:
    """End the task by a BPMN error; variables and errors as with `complete_task`.

    Raises `BadUserRequest` for a task of no process.
    """

    def fail(task: Task) -> Task:
        return throw_error(task, code, message, completion.now)

    _completed(store, completion, fail)


def report_escalation(store: TaskStore, completion: Completion, code: str) -> None:
    """Raises `BadUserRequest`, as nothing handles escalations; `TaskNotFound`, `TaskSuspended`."""
    _completed(store, completion, lambda task: throw_escalation(task, code))


def _completed(
    store: TaskStore,
    completion: Completion,
    change: Callable[[Task], Task],
    *,
    from_task_on: bool = False,
    heeds_form: bool = False,
) -> Completed:
    task_id, access, now = completion.task_id, completion.access, completion.now

    def attempt() -> Completed:
        stored = visible_task(store, task_id, access)
        must_have_version(stored, completion.expected_version)
        unit = UnitOfWork(store, stored)
        around = scopes_around(unit, task_id, access)
        if heeds_form:
            _check_form(completion, stored.task, around)
        outward = around if from_task_on else around[1:]
        set_variables(unit, outward, Modification(completion.variables), now=now)
        unit.change(task_id, change)
        if not is_open(unit[task_id]):
            for sub_task in descendants(unit, task_id, access.of_tenants):
                unit.change(sub_task, partial(end_along, parent=unit[task_id], now=now))
        # Read before the commit: if a later read failed, the answer would deny a change that was
        # made.
        held = _held(scopes_around(unit, task_id, access))
        unit.commit()
        return Completed(unit.version(task_id), held)

    return retry_on_conflict(task_id, attempt)


def _check_form(completion: Completion, task: Task, around: Sequence[Scope]) -> None:
    rules = completion.rules_for(task)
    wrong = violations(rules, completion.variables, visible(around)) if rules else []
    if wrong:
        raise InvalidRequest(f"The form of task '{task['id']}': {'; '.join(wrong)}")


def _held(around: Sequence[Scope]) -> Variables:
    """The variables of the instance around the task; without one, all that the task sees."""
    _, *outer = around
    if outer and outer[0].holder is not Holder.TASK:
        return outer[0].variables
    return visible(around)
