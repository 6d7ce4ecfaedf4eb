"""The states of a service task and the actions between them
(docs/service-api.md, Actions)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from taskdock.domain.errors import InvalidRequest, StateConflict
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import State, Task, is_open, must_be_active, updated


class Action(StrEnum):
    """What a client of the service API may ask of a task."""

    START = "start"
    COMPLETE = "complete"
    FAIL = "fail"
    CANCEL = "cancel"


TRANSITIONS: Final[Mapping[tuple[str, Action], State]] = {
    (State.CREATED, Action.START): State.STARTED,
    (State.CREATED, Action.CANCEL): State.CANCELED,
    (State.STARTED, Action.COMPLETE): State.COMPLETED,
    (State.STARTED, Action.FAIL): State.FAILED,
    (State.STARTED, Action.CANCEL): State.CANCELED,
}
"""The state that an action leads to; every other action is refused."""


def action_named(name: object) -> Action:
    """The action of that name; raises `InvalidRequest` that lists the names there are."""
    try:
        return Action(str(name))
    except ValueError:
        raise InvalidRequest(f"action: expected one of {', '.join(Action)}") from None


def act(task: Task, action: Action, now: Instant, reason: str | None = None) -> Task:
    """The task after `action`.

    `reason` goes with `fail` alone and becomes the task's `endReason`, which otherwise is the
    name of the end. A person needs no start to complete a task: see `complete`.
    Raises `StateConflict`, naming the state and what can be done in it, where `TRANSITIONS` has
    nothing; `TaskSuspended` for a suspended task; `InvalidRequest` for a reason without failure.
    """
    if reason is not None and action is not Action.FAIL:
        raise InvalidRequest(f"reason: only goes with the action {Action.FAIL}, not with {action}")
    state = state_of(task)
    following = TRANSITIONS.get((state, action))
    if following is None:
        raise StateConflict(f"{_refusal(task, action)}{_hint(state)}")
    must_be_active(task)
    if following is State.STARTED:
        return updated(task, now, state=following.value)
    return _ended(task, following, now, reason)


def complete(task: Task, now: Instant) -> Task:
    """The task completed by a person, from any open state and any delegation state
    (docs/camunda-behaviour.md, Delegation).

    Raises `StateConflict` when it has ended, whichever side ended it; `TaskSuspended` for a
    suspended task.
    """
    if not is_open(task):
        raise StateConflict(_refusal(task, Action.COMPLETE))
    must_be_active(task)
    return _ended(task, State.COMPLETED, now, None)


def end_along(task: Task, parent: Task, now: Instant) -> Task:
    """The sub task as its parent's end leaves it, suspended or not: done where the parent is
    done, canceled where it failed or was canceled
    (docs/camunda-behaviour.md, Assignment)."""
    is_done = state_of(parent) == State.COMPLETED
    state = State.COMPLETED if is_done else State.CANCELED
    return _ended(task, state, now, f"{state} with its parent task")


def state_of(task: Task) -> str:
    """The task's state; a document from before there were states is created or completed."""
    return task.get("state", State.CREATED if is_open(task) else State.COMPLETED)


def as_changed(before: Task, after: Task, now: Instant) -> Task:
    """The task with properties that a caller changed; as it was when they are the same.

    Raises `StateConflict` for an ended task, `TaskSuspended`.
    """
    if not is_open(before):
        raise StateConflict(f"Cannot change task '{before['id']}': it is {state_of(before)}.")
    must_be_active(before)
    return before if after == before else updated(after, now)


def _ended(task: Task, state: State, now: Instant, reason: str | None) -> Task:
    return updated(task, now, state=state.value, ended=now, endReason=reason or state.value)


def _refusal(task: Task, action: Action) -> str:
    return f"Cannot {action} task '{task['id']}': it is {state_of(task)}."


def _hint(state: str) -> str:
    possible = [action for start, action in TRANSITIONS if start == state]
    return f" Possible actions: {', '.join(possible)}." if possible else ""
