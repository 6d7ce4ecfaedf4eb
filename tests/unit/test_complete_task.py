"""Handing in a task: completing, submitting, resolving, and errors of a process."""

from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import nullcontext
from typing import Any

import pytest
from taskdock.domain.access import Access
from taskdock.domain.errors import (
    BadUserRequest,
    ChangeTooLarge,
    ConcurrentChange,
    PreconditionFailed,
    TaskNotFound,
    TaskSuspended,
    TemporarilyUnavailable,
)
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId, Variable, changed, is_open
from taskdock.domain.variables.values import from_json
from taskdock.use_cases.ports import Put, StoredTask, TaskStore
from taskdock.use_cases.tasks.complete_task import (
    Completion,
    complete_task,
    report_error,
    report_escalation,
    resolve_task,
    submit_form,
)
from taskdock.use_cases.tasks.conflicts import TRIES

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.busy_store import BusyStore, changing
from tests.support.service_tasks import a_service_task

"""Written out, so that a change of the number is noticed."""

NOW = Instant(CREATED + MINUTE)
NOBODY = Access(frozenset())


def holding(**values: Any) -> dict[str, Variable]:
    return {name: from_json(value) for name, value in values.items()}


def completion_of(
    task_id: str = "t1",
    *,
    tenants: Access = NOBODY,
    expected_version: int | None = None,
    **variables: Any,
) -> Completion:
    return Completion(
        task_id=TaskId(task_id),
        access=tenants,
        variables=holding(**variables),
        now=NOW,
        expected_version=expected_version,
    )


def fail(store: TaskStore, completion: Completion) -> None:
    report_error(store, completion, "no-stock", "none left")


WAYS: Mapping[str, Callable[[TaskStore, Completion], object]] = {
    "complete": complete_task,
    "submit": submit_form,
    "resolve": resolve_task,
    "error": fail,
    "escalation": lambda store, completion: report_escalation(store, completion, "late"),
}
OF_PROCESS = {"processInstanceId": "p1", "processVariables": holding(x=1)}
ENDING = ("complete", "submit", "error")


def of_process(store: BusyStore, task_id: str) -> dict[str, Any]:
    variables = store.task(task_id).get("processVariables", {})
    return {name: variable["value"] for name, variable in variables.items()}


# What becomes of the task


@pytest.mark.parametrize("way", ["complete", "submit"])
def test_a_completed_task_has_ended(way: str) -> None:
    store = BusyStore([a_task("t1")])
    WAYS[way](store, completion_of())

    task = store.task("t1")
    assert (task["state"], task["ended"], task["endReason"]) == ("completed", NOW, "completed")


def test_a_pending_task_is_resolved_by_its_form_and_completed_regardless() -> None:
    pending = a_task("t1", assignee="b", owner="a", delegationState="PENDING")
    submitted, completed = BusyStore([pending]), BusyStore([pending])
    submit_form(submitted, completion_of())
    complete_task(completed, completion_of())

    task = submitted.task("t1")
    assert (task["assignee"], task["delegationState"], is_open(task)) == ("a", "RESOLVED", True)
    assert not is_open(completed.task("t1"))


def test_resolving_returns_the_task_to_its_owner() -> None:
    store = BusyStore([a_task("t1", assignee="b", owner="a", delegationState="PENDING")])
    resolve_task(store, completion_of())

    task = store.task("t1")
    assert (task["assignee"], task["delegationState"]) == ("a", "RESOLVED")


def test_an_error_ends_the_task_and_is_the_reason() -> None:
    store = BusyStore([a_task("t1", **OF_PROCESS), a_task("t2", **OF_PROCESS)])
    fail(store, completion_of(x=2))

    task = store.task("t1")
    assert (task["state"], task["ended"]) == ("failed", NOW)
    assert task["endReason"] == "BPMN error no-stock: none left"
    assert is_open(store.task("t2"))
    assert of_process(store, "t2") == {"x": 2}


def test_a_service_task_can_be_completed_by_a_person_before_it_was_started() -> None:
    store = BusyStore([a_service_task("t1")])
    complete_task(store, completion_of())

    assert store.task("t1")["state"] == "completed"


# Sub tasks


@pytest.mark.parametrize("way", ENDING)
def test_sub_tasks_end_with_their_task_suspended_or_not(way: str) -> None:
    store = BusyStore(
        [
            a_task("t1", **OF_PROCESS),
            a_task("child", parentTaskId="t1", suspended=True),
            a_task("grandchild", parentTaskId="child"),
            a_task("theirs", parentTaskId="t1", tenantId="t9"),
        ]
    )
    WAYS[way](store, completion_of())

    state = "canceled" if way == "error" else "completed"
    for task_id in ("child", "grandchild"):
        task = store.task(task_id)
        assert (task["state"], task["ended"]) == (state, NOW)
        assert task["endReason"] == f"{state} with its parent task"
    assert is_open(store.task("theirs"))
    assert len(store.commits) == 1


@pytest.mark.parametrize("way", ["resolve", "submit"])
def test_sub_tasks_go_on_while_their_task_does(way: str) -> None:
    pending = a_task("t1", delegationState="PENDING")
    store = BusyStore([pending, a_task("child", parentTaskId="t1")])
    WAYS[way](store, completion_of())

    assert is_open(store.task("child"))


@pytest.mark.parametrize("surplus", [0, 1])
def test_sub_tasks_end_with_their_task_all_or_none(surplus: int) -> None:
    children = [a_task(f"c{number:03}", parentTaskId="t1") for number in range(99 + surplus)]
    store = BusyStore([a_task("t1"), *children])
    with pytest.raises(ChangeTooLarge) if surplus else nullcontext():
        complete_task(store, completion_of())

    still_open = [child for child in ("t1", "c000", "c098") if is_open(store.task(child))]
    assert still_open == (["t1", "c000", "c098"] if surplus else [])
    assert len(store.commits) == 1 - surplus


# Variables


@pytest.mark.parametrize("way", ["complete", "resolve"])
def test_variables_of_a_standalone_task_are_dropped(way: str) -> None:
    store = BusyStore([a_task("t1", variables=holding(a=1))])
    WAYS[way](store, completion_of(x=5, a=5))

    assert store.task("t1")["variables"] == holding(a=1)


def test_variables_of_a_form_are_set_on_a_standalone_task() -> None:
    store = BusyStore([a_task("t1", variables=holding(a=1))])
    submit_form(store, completion_of(x=5, a=5))

    assert store.task("t1")["variables"] == holding(a=5, x=5)


@pytest.mark.parametrize("way", ["complete", "resolve", "error"])
def test_variables_go_to_the_process_even_when_the_task_has_its_own_of_that_name(
    way: str,
) -> None:
    store = BusyStore([a_task("t1", variables=holding(x=0), **OF_PROCESS)])
    WAYS[way](store, completion_of(x=5))

    assert store.task("t1")["variables"] == holding(x=0)
    assert of_process(store, "t1") == {"x": 5}


def test_variables_of_a_form_are_set_where_they_are_found_first() -> None:
    store = BusyStore([a_task("t1", variables=holding(x=0), **OF_PROCESS)])
    submit_form(store, completion_of(x=5, y=6))

    assert store.task("t1")["variables"] == holding(x=5)
    assert of_process(store, "t1") == {"x": 1, "y": 6}


@pytest.mark.parametrize("way", ["complete", "submit", "resolve", "error"])
def test_variables_reach_the_other_tasks_of_the_process_and_stay_with_the_ended_one(
    way: str,
) -> None:
    store = BusyStore([a_task("t1", **OF_PROCESS), a_task("t2", **OF_PROCESS)])
    WAYS[way](store, completion_of(x=5))

    assert (of_process(store, "t1"), of_process(store, "t2")) == ({"x": 5}, {"x": 5})
    assert "lastUpdated" not in store.task("t2")


def test_variables_of_a_sub_task_go_to_its_parent() -> None:
    store = BusyStore([a_task("parent"), a_task("t1", parentTaskId="parent")])
    complete_task(store, completion_of(x=5))

    assert store.task("parent")["variables"] == holding(x=5)
    assert is_open(store.task("parent"))


def test_nothing_is_set_in_another_tenants_task_that_is_named_as_parent() -> None:
    store = BusyStore([a_task("theirs", tenantId="t9"), a_task("t1", parentTaskId="theirs")])
    complete_task(store, completion_of(x=5))

    assert "variables" not in store.task("theirs")


RETURNED = [
    ({}, {}),
    ({"variables": holding(a=1)}, {"a": 1}),
    ({"variables": holding(a=1), **OF_PROCESS}, {"x": 1, "y": 7}),
    (
        {
            "variables": holding(a=1),
            "caseInstanceId": "c1",
            "caseExecutionId": "e1",
            "caseInstanceVariables": holding(c=3),
        },
        {"c": 3, "y": 7},
    ),
]


@pytest.mark.parametrize(("fields", "returned"), RETURNED)
def test_variables_are_returned_as_they_were_at_the_end(
    fields: dict[str, Any], returned: dict[str, Any]
) -> None:
    done = complete_task(BusyStore([a_task("t1", **fields)]), completion_of(y=7))

    assert done.variables == holding(**returned)


def test_a_form_returns_what_it_set() -> None:
    done = submit_form(BusyStore([a_task("t1")]), completion_of(y=7))

    assert done.variables == holding(y=7)


# Refusals and races


@pytest.mark.parametrize("way", WAYS)
def test_completing_a_suspended_task_is_refused(way: str) -> None:
    suspended = a_task("t1", suspended=True, **OF_PROCESS)
    store = BusyStore([suspended, a_task("t2", **OF_PROCESS)])

    with pytest.raises(TaskSuspended):
        WAYS[way](store, completion_of(x=5))

    assert (store.task("t1"), of_process(store, "t2")) == (suspended, {"x": 1})


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize(
    "task",
    [a_task("other"), a_task("t1", ended=CREATED), a_task("t1", tenantId="t9")],
    ids=["unknown", "ended", "another tenant's"],
)
def test_an_unknown_task_is_not_completed(way: str, task: Task) -> None:
    with pytest.raises(TaskNotFound, match="No matching task with id t1"):
        WAYS[way](BusyStore([task]), completion_of(tenants=Access(frozenset({"t1"}))))


@pytest.mark.parametrize("way", ["error", "escalation"])
def test_a_signal_to_a_task_of_no_process_is_refused(way: str) -> None:
    store = BusyStore([a_task("t1")])

    with pytest.raises(BadUserRequest, match="'t1' is not part of a process"):
        WAYS[way](store, completion_of(x=5))

    assert store.commits == []


def test_an_escalation_is_always_refused_and_changes_nothing() -> None:
    store = BusyStore([a_task("t1", executionId="e7", **OF_PROCESS)])

    with pytest.raises(BadUserRequest, match=r"Execution with id 'e7'.*escalationCode 'late'"):
        report_escalation(store, completion_of(x=5), "late")

    assert of_process(store, "t1") == {"x": 1}


def test_the_version_that_is_expected_must_be_the_tasks() -> None:
    store = BusyStore([a_task("t1")])

    with pytest.raises(PreconditionFailed):
        complete_task(store, completion_of(expected_version=2))
    assert complete_task(store, completion_of(expected_version=1)).version == 2


def renamed(task: Task) -> Task:
    return changed(task, name=f"{task.get('name')}!")


def test_a_lost_race_is_run_again() -> None:
    store = BusyStore(
        [a_task("t1"), a_task("child", parentTaskId="t1")], changing("child", renamed)
    )
    complete_task(store, completion_of())

    assert store.task("child")["name"] == "Task child!"
    assert not is_open(store.task("child"))
    assert not is_open(store.task("t1"))


def test_after_a_dozen_lost_races_nothing_is_done() -> None:
    store = BusyStore([a_task("t1")], *[changing("t1", renamed)] * TRIES)

    with pytest.raises(ConcurrentChange):
        complete_task(store, completion_of())

    assert is_open(store.task("t1"))


def test_of_many_who_complete_a_task_one_does() -> None:
    store = BusyStore([a_task("t1")])

    def attempt(_: int) -> bool:
        try:
            complete_task(store, completion_of())
        except TaskNotFound:
            return False
        return True

    with ThreadPoolExecutor(8) as threads:
        assert sorted(threads.map(attempt, range(16)))[-2:] == [False, True]


class UnreadableAfterCommit(BusyStore):
    """A store that answers no read once something was committed."""

    def get_many(self, task_ids: Sequence[TaskId]) -> Mapping[TaskId, StoredTask]:
        if self.commits:
            raise TemporarilyUnavailable("throttled")
        return super().get_many(task_ids)


def test_a_completion_that_was_written_is_answered_whatever_happens_to_reads_afterwards() -> None:
    store = UnreadableAfterCommit([a_task("t1", parentTaskId="gone")])

    done = complete_task(store, completion_of("t1", x=1))

    [written] = store.commits[0].writes
    assert isinstance(written, Put)
    assert not is_open(written.task)
    assert done.version == 2
