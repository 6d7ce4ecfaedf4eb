"""Completing a task over HTTP."""

from typing import Any

import pytest
from taskdock.domain.tasks.task import is_open
from taskdock.domain.variables.values import from_json

from tests.support.builders import a_task
from tests.support.http_events import sample
from tests.support.in_memory_apps import InMemoryApps
from tests.support.service_tasks import a_service_task

COMPLETE = "POST /task/{id}/complete"
SUBMIT = "POST /task/{id}/submit-form"
ERROR = "POST /task/{id}/bpmnError"
ESCALATION = "POST /task/{id}/bpmnEscalation"
ORDER: dict[str, Any] = {
    "processInstanceId": "order-17",
    "executionId": "e17",
    "processVariables": {"amount": from_json(99.5)},
}
AMOUNT = {"amount": {"type": "Double", "value": 99.5, "valueInfo": {}}}


def test_the_sample_completes_and_answers_the_variables() -> None:
    apps = InMemoryApps(a_task("approve-order-17", **ORDER), a_task("pack-order-17", **ORDER))

    answer = apps.send(sample("manage_task", "complete"))

    approved = {"approved": {"type": "Boolean", "value": True, "valueInfo": {}}}
    assert (answer.status, answer.json) == (200, AMOUNT | approved)
    assert not is_open(apps.task("approve-order-17"))
    assert apps.task("pack-order-17")["processVariables"]["approved"] == from_json(True)


@pytest.mark.parametrize("route", [COMPLETE, SUBMIT])
@pytest.mark.parametrize("body", [{}, None, {"variables": None, "withVariablesInReturn": False}])
def test_without_a_wish_for_variables_nothing_is_answered(
    route: str, body: dict[str, Any] | None
) -> None:
    apps = InMemoryApps(a_task("t1"))

    answer = apps.ask(route, body=body)

    assert (answer.status, answer.text) == (204, "")
    assert not is_open(apps.task())


def test_a_completed_task_is_gone_and_cannot_be_completed_again() -> None:
    apps = InMemoryApps(a_task("t1"), a_task("child", parentTaskId="t1"))
    assert apps.ask(COMPLETE).status == 204

    for task_id in ("t1", "child"):
        assert apps.ask("GET /task/{id}", task_id).status == 404
        again = apps.ask(COMPLETE, task_id)
        assert (again.status, again.json["message"]) == (404, f"No matching task with id {task_id}")
    assert apps.ask("POST /task", body={}).json == []


def test_a_service_sees_that_a_person_has_completed_its_task() -> None:
    apps = InMemoryApps(a_service_task("t1"))
    apps.ask(COMPLETE)

    shown = apps.wiring.memory.get(apps.task()["id"])
    assert shown is not None
    assert (shown.task["state"], shown.task["endReason"]) == ("completed", "completed")


def test_the_sample_of_a_form_ends_the_task_with_its_values() -> None:
    apps = InMemoryApps(a_task("invoice-4713", tenantId="t1"))

    assert apps.send(sample("manage_task", "submit_form")).status == 204
    assert apps.task("invoice-4713")["variables"] == {"amount": from_json(99.5)}
    assert not is_open(apps.task("invoice-4713"))


def test_the_form_of_a_delegated_task_resolves_it() -> None:
    apps = InMemoryApps(a_task("t1", assignee="b", owner="a", delegationState="PENDING"))
    body = {"variables": {"x": {"value": 1}}, "withVariablesInReturn": True}

    answer = apps.ask(SUBMIT, body=body)

    shown = {"x": {"type": "Integer", "value": 1, "valueInfo": {}}}
    assert (answer.status, answer.json) == (200, shown)
    task = apps.ask("GET /task/{id}").json
    assert (task["assignee"], task["delegationState"]) == ("a", "RESOLVED")


def test_the_sample_of_an_error_ends_the_task() -> None:
    apps = InMemoryApps(a_task("pack-order-17", **ORDER), a_task("approve-order-17", **ORDER))

    assert apps.send(sample("manage_task", "throw_error")).status == 204
    assert apps.task("pack-order-17")["endReason"] == "BPMN error no-stock: Nothing left"
    assert apps.task("approve-order-17")["processVariables"]["missing"] == from_json(3)


def test_the_sample_of_an_escalation_is_refused() -> None:
    apps = InMemoryApps(a_task("pack-order-17", **ORDER))

    answer = apps.send(sample("manage_task", "throw_escalation"))

    assert (answer.status, answer.json["type"]) == (400, "BadUserRequestException")
    assert "no escalation handler was defined" in answer.json["message"]
    assert is_open(apps.task("pack-order-17"))


@pytest.mark.parametrize(
    ("route", "body"), [(ERROR, {"errorCode": "x"}), (ESCALATION, {"escalationCode": "x"})]
)
def test_a_signal_to_a_task_of_no_process_is_refused_with_a_reason(
    route: str, body: dict[str, str]
) -> None:
    answer = InMemoryApps(a_task("t1")).ask(route, body=body)

    assert (answer.status, answer.json["type"]) == (400, "BadUserRequestException")
    assert answer.json["message"].startswith("Task 't1' is not part of a process")


@pytest.mark.parametrize(
    ("route", "body", "message"),
    [
        (ERROR, {}, "errorCode is null"),
        (ERROR, {"errorCode": ""}, "errorCode is empty"),
        (ESCALATION, {"errorCode": "x"}, "escalationCode is null"),
        (ESCALATION, {"escalationCode": " "}, "escalationCode is empty"),
    ],
)
def test_a_signal_without_a_code_is_refused(route: str, body: dict[str, str], message: str) -> None:
    answer = InMemoryApps(a_task("t1", **ORDER)).ask(route, body=body)

    assert (answer.status, answer.json["message"]) == (400, message)


@pytest.mark.parametrize(
    ("route", "prefix"),
    [
        (COMPLETE, "Cannot complete task t1: "),
        (SUBMIT, "Cannot submit task form t1: "),
        ("POST /task/{id}/resolve", "Cannot resolve task t1: "),
    ],
)
def test_a_bad_variable_leaves_the_task_and_says_what_could_not_be_done(
    route: str, prefix: str
) -> None:
    apps = InMemoryApps(a_task("t1"))

    answer = apps.ask(route, body={"variables": {"x": {"value": "abc", "type": "Integer"}}})

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert answer.json["message"].startswith(prefix)
    assert "Cannot convert value 'abc' of type 'Integer'" in answer.json["message"]
    assert apps.task() == a_task("t1")


@pytest.mark.parametrize("route", [COMPLETE, SUBMIT])
def test_a_suspended_task_is_not_completed(route: str) -> None:
    apps = InMemoryApps(a_task("t1", suspended=True))

    answer = apps.ask(route, body={})

    assert (answer.status, answer.json["type"]) == (400, "SuspendedEntityInteractionException")
    assert is_open(apps.task())


@pytest.mark.parametrize("route", [COMPLETE, SUBMIT])
def test_a_completion_may_name_the_version_it_means(route: str) -> None:
    apps = InMemoryApps(a_task("t1"))

    assert apps.ask(route, headers={"if-match": '"2"'}).status == 412
    assert apps.ask(route, headers={"if-match": '"1"'}).status == 204


def test_variables_are_answered_in_json_only() -> None:
    apps = InMemoryApps(a_task("t1"))

    assert apps.ask(COMPLETE, headers={"accept": "text/html"}).status == 406
    assert is_open(apps.task())
