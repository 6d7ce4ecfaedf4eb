"""The life of a service's task: which action leads from which state to which (service-tasks)."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Final

from taskdock.domain.errors import InvalidRequest, StateConflict
from taskdock.domain.instants import Instant
from taskdock.domain.task import State, Task, is_open, updated
from taskdock.domain.task_changes import must_be_active


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
"""The state an action leads to; whatever is not in here is refused."""


def action_named(name: object) -> Action:
    """The action of that name; raises `InvalidRequest` that lists the names there are."""
    try:
        return Action(str(name))
    except ValueError:
        raise InvalidRequest(f"action: expected one of {', '.join(Action)}") from None


def act(task: Task, action: Action, now: Instant, reason: str | None = None) -> Task:
    """The task after a service's client did `action` with it.

    `reason` goes with `fail` alone and becomes the task's `endReason`, which otherwise is the
    name of the end. A person completes a task without a start, by `task_changes.complete`.
    Raises `StateConflict`, naming the state and what can be done in it, where `TRANSITIONS` has
    nothing; `TaskSuspended` for a suspended task; `InvalidRequest` for a reason without failure.
    """
    if reason is not None and action is not Action.FAIL:
        raise InvalidRequest(f"reason: only goes with the action {Action.FAIL}, not with {action}")
    state = state_of(task)
    following = TRANSITIONS.get((state, action))
    if following is None:
        raise StateConflict(f"Cannot {action} task '{task['id']}': it is {state}.{_hint(state)}")
    must_be_active(task)
    if following is State.STARTED:
        return updated(task, now, state=following.value)
    return updated(task, now, state=following.value, ended=now, endReason=reason or following.value)


def state_of(task: Task) -> str:
    """The task's state; a document from before there were states is created or completed."""
    return task.get("state", State.CREATED if is_open(task) else State.COMPLETED)


def _hint(state: str) -> str:
    possible = [action for start, action in TRANSITIONS if start == state]
    return f" Possible actions: {', '.join(possible)}." if possible else ""
