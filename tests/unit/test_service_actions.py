"""The life of a service's task, as a table: every action in every state."""

import pytest
from taskdock.domain.errors import InvalidRequest, StateConflict, TaskSuspended
from taskdock.domain.services.actions import (
    TRANSITIONS,
    Action,
    act,
    action_named,
    complete,
    end_along,
    state_of,
)
from taskdock.domain.tasks.task import State, Task, is_open

from tests.support.builders import CREATED
from tests.support.service_tasks import LATER, a_service_task

REFUSED = None

LIFE: dict[State, dict[Action, State | None]] = {
    State.CREATED: {
        Action.START: State.STARTED,
        Action.COMPLETE: REFUSED,
        Action.FAIL: REFUSED,
        Action.CANCEL: State.CANCELED,
    },
    State.STARTED: {
        Action.START: REFUSED,
        Action.COMPLETE: State.COMPLETED,
        Action.FAIL: State.FAILED,
        Action.CANCEL: State.CANCELED,
    },
    State.COMPLETED: dict.fromkeys(Action, REFUSED),
    State.FAILED: dict.fromkeys(Action, REFUSED),
    State.CANCELED: dict.fromkeys(Action, REFUSED),
}

CELLS = [
    pytest.param(state, action, following, id=f"{action}-in-{state}")
    for state, row in LIFE.items()
    for action, following in row.items()
]


def a_task_in(state: State) -> Task:
    if state in (State.CREATED, State.STARTED):
        return a_service_task(state=state.value)
    return a_service_task(state=state.value, ended=CREATED, endReason=state.value)


def test_the_table_has_every_action_in_every_state() -> None:
    assert {(state, action) for state in State for action in Action} == {
        (state, action) for state, row in LIFE.items() for action in row
    }


@pytest.mark.parametrize(("state", "action", "following"), CELLS)
def test_an_action_leads_on_or_is_refused(
    state: State, action: Action, following: State | None
) -> None:
    task = a_task_in(state)
    if following is None:
        with pytest.raises(StateConflict, match=f"it is {state}"):
            act(task, action, LATER)
    else:
        assert act(task, action, LATER)["state"] == following


@pytest.mark.parametrize(("state", "action"), TRANSITIONS)
def test_only_a_start_leaves_the_task_open(state: State, action: Action) -> None:
    assert is_open(act(a_task_in(state), action, LATER)) == (action is Action.START)


def test_a_start_is_an_update_of_the_task() -> None:
    assert act(a_service_task(), Action.START, LATER) == a_service_task(
        state="started", taskState="Updated", lastUpdated=LATER
    )


def test_an_end_is_an_update_that_says_when_and_why() -> None:
    assert act(a_task_in(State.STARTED), Action.COMPLETE, LATER) == a_service_task(
        state="completed",
        ended=LATER,
        endReason="completed",
        taskState="Updated",
        lastUpdated=LATER,
    )


@pytest.mark.parametrize(
    ("reason", "end_reason"),
    [("the printer is on fire", "the printer is on fire"), ("", "failed"), (None, "failed")],
)
def test_a_failure_keeps_its_reason(reason: str | None, end_reason: str) -> None:
    failed = act(a_task_in(State.STARTED), Action.FAIL, LATER, reason)
    assert failed["endReason"] == end_reason


@pytest.mark.parametrize("action", [Action.START, Action.COMPLETE, Action.CANCEL])
def test_only_a_failure_has_a_reason(action: Action) -> None:
    with pytest.raises(InvalidRequest, match="reason: only goes with the action fail"):
        act(a_task_in(State.STARTED), action, LATER, "because")


@pytest.mark.parametrize(("state", "action"), TRANSITIONS)
def test_a_suspended_task_accepts_no_action(state: State, action: Action) -> None:
    task = a_service_task(state=state.value, suspended=True)
    with pytest.raises(TaskSuspended):
        act(task, action, LATER)


def test_a_refusal_names_what_can_be_done_instead() -> None:
    with pytest.raises(StateConflict) as refusal:
        act(a_task_in(State.STARTED), Action.START, LATER)
    assert refusal.value.message == (
        "Cannot start task 't1': it is started. Possible actions: complete, fail, cancel."
    )


def test_the_refusal_for_an_ended_task_lists_no_actions() -> None:
    with pytest.raises(StateConflict) as refusal:
        act(a_task_in(State.FAILED), Action.CANCEL, LATER)
    assert refusal.value.message == "Cannot cancel task 't1': it is failed."


def test_a_state_from_a_newer_version_is_refused_and_not_guessed_at() -> None:
    with pytest.raises(StateConflict, match="it is paused"):
        act(a_service_task(state="paused"), Action.COMPLETE, LATER)


@pytest.mark.parametrize(
    ("ended", "state"), [(None, State.CREATED), (CREATED, State.COMPLETED)], ids=["open", "ended"]
)
def test_a_document_without_a_state_has_one_all_the_same(ended: int | None, state: State) -> None:
    assert state_of(a_service_task(state=None, ended=ended)) == state


def test_an_action_leaves_its_task_alone() -> None:
    task = a_service_task()
    act(task, Action.START, LATER)
    assert task == a_service_task()


@pytest.mark.parametrize("state", [State.CREATED, State.STARTED])
def test_a_person_completes_any_open_task(state: State) -> None:
    assert complete(a_task_in(state), LATER) == a_service_task(
        state="completed",
        ended=LATER,
        endReason="completed",
        taskState="Updated",
        lastUpdated=LATER,
    )


@pytest.mark.parametrize("state", [State.COMPLETED, State.FAILED, State.CANCELED])
def test_a_person_cannot_complete_what_has_ended(state: State) -> None:
    with pytest.raises(StateConflict, match=f"Cannot complete task 't1': it is {state}."):
        complete(a_task_in(state), LATER)


def test_a_person_cannot_complete_a_suspended_task() -> None:
    with pytest.raises(TaskSuspended):
        complete(a_service_task(suspended=True), LATER)


@pytest.mark.parametrize("action", Action)
def test_an_action_is_known_by_its_name(action: Action) -> None:
    assert action_named(action.value) is action


@pytest.mark.parametrize("name", ["Start", "restart", "", None, 7, ["start"]])
def test_the_error_for_an_unknown_action_lists_the_actions(name: object) -> None:
    with pytest.raises(InvalidRequest, match="expected one of start, complete, fail, cancel"):
        action_named(name)


@pytest.mark.parametrize(
    ("parents_end", "state", "reason"),
    [
        (State.COMPLETED, "completed", "completed with its parent task"),
        (State.FAILED, "canceled", "canceled with its parent task"),
        (State.CANCELED, "canceled", "canceled with its parent task"),
    ],
)
def test_a_sub_task_ends_with_its_parent_suspended_or_not(
    parents_end: State, state: str, reason: str
) -> None:
    task = end_along(a_service_task(suspended=True), a_task_in(parents_end), LATER)

    assert (task["state"], task["ended"], task["endReason"]) == (state, LATER, reason)
