"""What PUT and PATCH make of a service's task."""

from typing import Any

import pytest
from taskdock.api.requests.service_task_changes import merge, replace
from taskdock.api.requests.service_tasks import Origin, new_service_task
from taskdock.domain.errors import InvalidRequest, StateConflict, TaskSuspended
from taskdock.domain.tasks.task import Task, TaskId

from tests.support.builders import CREATED, to_group, to_user
from tests.support.service_tasks import LATER, a_service_task

CAUSE = {"id": "p1", "variables": {"order": 5}}
GIVEN: dict[str, Any] = {
    "name": "My Task",
    "type": "print",
    "owner": "demo",
    "assignee": "mary",
    "candidateUsers": ["john"],
    "candidateGroups": ["sales"],
    "priority": 70,
    "due": "2026-02-01T12:00:00.000+0000",
    "followUp": "2026-01-30T12:00:00.000+0000",
    "formKey": "form-1",
    "metadata": {"description": "Print task", "copies": 2},
}


def created(**beside: Any) -> Task:
    """A task with all properties that can change, and others."""
    return new_service_task(
        {**GIVEN, **beside},
        "operator-p4",
        Origin(task_id=TaskId("t1"), creator="demo", now=CREATED),
    )


def plain(task: Task) -> dict[str, Any]:
    return dict(task)


def test_a_put_replaces_all_that_can_be_changed() -> None:
    task = replace(created(), {"name": "Other"}, LATER)

    assert plain(task) == {
        "id": "t1",
        "name": "Other",
        "priority": 50,
        "created": CREATED,
        "lastUpdated": LATER,
        "taskState": "Updated",
        "service": "operator-p4",
        "state": "created",
    }


def test_what_places_a_task_in_the_world_survives_a_put() -> None:
    items = {"input": {"embedded": {"listItems": [{"href": "a"}]}}}
    before = created(tenantId="t1", parentTaskId="p", processInstance=CAUSE, lists=items)

    after = replace(before, {"name": "Other"}, LATER)

    for name in ("tenantId", "parentTaskId", "processInstanceId", "processVariables", "input"):
        assert plain(after)[name] == plain(before)[name]


def test_the_same_again_changes_nothing_and_is_no_update() -> None:
    assert replace(created(), GIVEN, LATER) == created()
    assert merge(created(), GIVEN, LATER) == created()
    assert merge(created(), {}, LATER) == created()


@pytest.mark.parametrize(
    ("patch", "changes"),
    [
        ({"name": "Other"}, {"name": "Other"}),
        ({"priority": None}, {"priority": 50}),
        ({"owner": None, "assignee": "john"}, {"owner": None, "assignee": "john"}),
        ({"type": "scan"}, {"taskDefinitionKey": "scan"}),
        ({"due": None, "followUp": 1_000}, {"due": None, "followUp": 1_000}),
        ({"formKey": None}, {"formKey": None}),
    ],
)
def test_a_patch_changes_what_it_names_and_null_takes_away(
    patch: dict[str, Any], changes: dict[str, Any]
) -> None:
    expected = plain(created()) | changes | {"lastUpdated": LATER, "taskState": "Updated"}

    after = merge(created(), patch, LATER)

    assert plain(after) == {name: value for name, value in expected.items() if value is not None}


def test_candidates_of_one_kind_are_replaced_and_who_stays_keeps_the_place() -> None:
    links = [to_group("sales"), to_user("john"), to_group("legal"), to_user("ada", "reviewer")]
    task = a_service_task(links=links)

    groups = merge(task, {"candidateGroups": ["new", "legal"]}, LATER)
    users = merge(task, {"candidateUsers": None}, LATER)
    nobody = replace(task, {"name": "My Task"}, LATER)

    assert groups["links"] == [*links[1:], to_group("new")]
    assert users["links"] == [links[0], *links[2:]]
    assert nobody["links"] == [links[3]]


def test_metadata_are_merged_as_deep_as_they_go() -> None:
    task = merge(
        a_service_task(),
        {"metadata": {"keep": 1, "drop": 1, "deep": {"keep": [1], "drop": 1}}},
        LATER,
    )

    after = merge(
        task, {"metadata": {"drop": None, "deep": {"drop": None, "new": True}, "last": "x"}}, LATER
    )

    assert after["variables"] == {
        "keep": {"type": "Integer", "value": 1},
        "deep": {"type": "Json", "value": '{"keep":[1],"new":true}'},
        "last": {"type": "String", "value": "x"},
    }


def test_the_description_follows_the_metadata() -> None:
    assert "description" not in merge(created(), {"metadata": {"description": None}}, LATER)
    assert "variables" not in merge(created(), {"metadata": None}, LATER)
    described = replace(created(), {"name": "x", "metadata": {"description": "New"}}, LATER)
    assert described["description"] == "New"


def test_a_value_that_comes_back_as_it_was_shown_keeps_its_type() -> None:
    date = {"type": "Date", "value": CREATED}
    one = {"type": "Long", "value": 1}
    task = a_service_task(variables={"at": date, "n": one})
    shown = {"at": "2026-01-23T12:42:42.000+0000", "n": 1}

    same = replace(task, {"name": "My Task", "metadata": shown}, LATER)
    other = merge(task, {"metadata": {"n": True}}, LATER)

    assert plain(same)["variables"] == {"at": date, "n": one}
    assert plain(other)["variables"] == {"at": date, "n": {"type": "Boolean", "value": True}}


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "the body: expected an object"),
        ({"name": None}, "name: is missing"),
        ({"name": " "}, "name: must not be blank"),
        ({"name": "x", "priority": "high"}, "priority: expected an integer"),
        ({"name": "x", "owner": "o" * 256}, "owner: expected at most 255"),
        ({"name": "x", "metadata": []}, "metadata: expected an object, got a list"),
        ({"name": "x", "metadata": {"a": float("inf")}}, r"metadata\.a: a number is too large"),
        ({"name": "x", "state": "completed"}, "state: is administrative"),
        ({"name": "x", "tid": "t1"}, "tid: is administrative"),
        ({"name": "x", "tenantId": "t2"}, "tenantId: is set when the task is created"),
        ({"name": "x", "parentTaskId": None}, "parentTaskId: is set when the task is created"),
        ({"name": "x", "processInstance": {}}, "processInstance: is set when"),
        ({"name": "x", "lists": {}}, "lists: is changed item by item"),
        ({"name": "x", "prioritty": 1}, r"unknown properties: prioritty \(did you mean priority"),
    ],
)
def test_what_cannot_be_is_refused_by_both_in_the_same_words(body: Any, message: str) -> None:
    for change in (replace, merge):
        with pytest.raises(InvalidRequest, match=f"^{message}"):
            change(created(), body, LATER)


@pytest.mark.parametrize("change", [replace, merge])
def test_an_ended_task_stays_as_it_is(change: Any) -> None:
    ended = a_service_task(state="failed", ended=CREATED)
    with pytest.raises(StateConflict, match=r"^Cannot change task 't1': it is failed"):
        change(ended, {"name": "Other"}, LATER)


@pytest.mark.parametrize("change", [replace, merge])
def test_a_suspended_task_waits(change: Any) -> None:
    with pytest.raises(TaskSuspended):
        change(a_service_task(suspended=True), {"name": "Other"}, LATER)


def test_a_started_task_may_still_be_changed() -> None:
    started = a_service_task(state="started")
    assert merge(started, {"priority": 1}, LATER)["priority"] == 1
