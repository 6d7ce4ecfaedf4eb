"""Hand in a task: leave variables to what surrounds it, and complete, resolve or fail it.

Sub tasks end with their task (`reference-behaviour.md` §9.2); all is written together where the
store takes it at once (see `Bundle`).
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from taskdock.domain.bpmn_signals import throw_error, throw_escalation
from taskdock.domain.instants import Instant
from taskdock.domain.service_actions import complete
from taskdock.domain.task import Task, TaskId, Variables, is_open
from taskdock.domain.task_changes import end_with_parent, resolve, submit
from taskdock.domain.variable_scopes import Holder, Modification, Scope, visible
from taskdock.use_cases.bundle import Bundle
from taskdock.use_cases.change_task import must_have_version, visible_task
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.races import within_tries
from taskdock.use_cases.task_family import descendants
from taskdock.use_cases.task_variables import scopes_around, set_variables


@dataclass(frozen=True, slots=True, kw_only=True)
class HandIn:
    """A task, who hands it in and what comes with it."""

    task_id: TaskId
    tenants: frozenset[str]
    variables: Variables
    now: Instant
    expected_version: int | None = None


def complete_task(store: TaskStore, hand_in: HandIn) -> Variables:
    """The variables as they were at the end of the task, which is done now, delegated or not.

    What is handed in goes to the process, the case or the parent task around it; it is dropped
    when there is none. The answer is what the process or the case around the task then holds;
    of a task of its own, what it sees. Raises `TaskNotFound`, for an ended task too;
    `TaskSuspended`; `PreconditionFailed`; `ConcurrentChange`.
    """
    return _handed_in(store, hand_in, partial(complete, now=hand_in.now))


def submit_form(store: TaskStore, hand_in: HandIn) -> Variables:
    """The variables as they are after the form is submitted: a pending task is resolved by it,
    any other is done.

    What is handed in is set where it is found first, from the task outward. Answers and raises
    as `complete_task` does.
    """
    return _handed_in(store, hand_in, partial(submit, now=hand_in.now), from_task_on=True)


def resolve_task(store: TaskStore, hand_in: HandIn) -> None:
    """Give the task back to its owner; variables and errors as with `complete_task`."""
    _handed_in(store, hand_in, partial(resolve, now=hand_in.now))


def report_error(store: TaskStore, hand_in: HandIn, code: str, message: str | None) -> None:
    """End the task by a BPMN error; variables and errors as with `complete_task`.

    Raises `BadUserRequest` for a task of no process.
    """

    def fail(task: Task) -> Task:
        return throw_error(task, code, message, hand_in.now)

    _handed_in(store, hand_in, fail)


def report_escalation(store: TaskStore, hand_in: HandIn, code: str) -> None:
    """Raises `BadUserRequest`, as nothing handles escalations; `TaskNotFound`, `TaskSuspended`."""
    _handed_in(store, hand_in, lambda task: throw_escalation(task, code))


def _handed_in(
    store: TaskStore,
    hand_in: HandIn,
    change: Callable[[Task], Task],
    *,
    from_task_on: bool = False,
) -> Variables:
    task_id, tenants, now = hand_in.task_id, hand_in.tenants, hand_in.now

    def attempt() -> Variables:
        stored = visible_task(store, task_id, tenants)
        must_have_version(stored, hand_in.expected_version)
        bundle = Bundle(store, stored)
        around = scopes_around(bundle, task_id, tenants)
        outward = around if from_task_on else around[1:]
        set_variables(bundle, outward, Modification(hand_in.variables), now=now)
        bundle.change(task_id, change)
        if not is_open(bundle[task_id]):
            for sub_task in descendants(bundle, task_id, tenants):
                bundle.change(sub_task, partial(end_with_parent, now=now))
        bundle.commit()
        return _held(scopes_around(bundle, task_id, tenants))

    return within_tries(task_id, attempt)


def _held(around: Sequence[Scope]) -> Variables:
    """The variables of the instance around the task; without one, all that the task sees."""
    for surrounding in around[1:2]:
        if surrounding.holder is not Holder.TASK:
            return surrounding.variables
    return visible(around)
