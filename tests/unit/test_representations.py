"""How Camunda 7's API shows a task."""

from typing import Any

from taskdock.api.answers.tasks import extended_task_json, task_json
from taskdock.domain.instants import Instant

from tests.support.builders import CREATED, MINUTE, a_task

KEYS = [
    "id",
    "name",
    "assignee",
    "created",
    "due",
    "followUp",
    "lastUpdated",
    "delegationState",
    "description",
    "executionId",
    "owner",
    "parentTaskId",
    "priority",
    "processDefinitionId",
    "processInstanceId",
    "taskDefinitionKey",
    "caseExecutionId",
    "caseInstanceId",
    "caseDefinitionId",
    "suspended",
    "formKey",
    "camundaFormRef",
    "tenantId",
    "taskState",
]

FORM = {"key": "form", "binding": "latest", "version": None}


def test_every_key_is_there_in_the_references_order() -> None:
    assert list(task_json(a_task())) == KEYS


def test_what_a_task_lacks_is_null_and_it_is_not_suspended() -> None:
    shown = task_json(a_task("t1", name=None))

    given = {
        "id": "t1",
        "created": "2026-01-23T12:42:42.000+0000",
        "priority": 50,
        "suspended": False,
        "taskState": "Created",
    }
    assert shown == {**dict.fromkeys(KEYS), **given}


def test_every_field_is_shown_under_its_own_name() -> None:
    texts = {
        key: f"the {key}"
        for key in KEYS
        if key not in ("id", "priority", "suspended", "camundaFormRef", "created")
        and key not in ("due", "followUp", "lastUpdated")
    }
    dates: dict[str, Any] = {
        key: Instant(CREATED + place * MINUTE)
        for place, key in enumerate(("due", "followUp", "lastUpdated"), start=1)
    }

    shown = task_json(a_task("t1", **texts, **dates, suspended=True, priority=7))

    assert shown == {
        "id": "t1",
        **texts,
        "created": "2026-01-23T12:42:42.000+0000",
        "due": "2026-01-23T12:43:42.000+0000",
        "followUp": "2026-01-23T12:44:42.000+0000",
        "lastUpdated": "2026-01-23T12:45:42.000+0000",
        "suspended": True,
        "priority": 7,
        "camundaFormRef": None,
    }


def test_a_form_is_shown_only_to_a_task_without_form_key() -> None:
    assert task_json(a_task(camundaFormRef=FORM))["camundaFormRef"] == FORM
    assert task_json(a_task(camundaFormRef=FORM, formKey="key"))["camundaFormRef"] is None


def test_nothing_of_the_service_api_is_shown() -> None:
    task = a_task(service="printer", input=[{"href": "x"}], endReason="x")

    assert task_json(task) == task_json(a_task())


OWN: dict[str, Any] = {
    "when": {"type": "Date", "value": CREATED},
    "both": {"type": "String", "value": "own"},
}
AROUND: dict[str, Any] = {
    "both": {"type": "String", "value": "around"},
    "amount": {"type": "Long", "value": 5},
}
SHOWN_OWN = {
    "when": {"type": "Date", "value": "2026-01-23T12:42:42.000+0000", "valueInfo": {}},
    "both": {"type": "String", "value": "own", "valueInfo": {}},
}
TASK = a_task(variables=OWN, processInstanceId="p1", processVariables=AROUND)


def test_all_visible_variables_are_shown_on_request_the_nearer_hiding_the_farther() -> None:
    shown = extended_task_json(TASK, with_variables=True)

    amount = {"amount": {"type": "Long", "value": 5, "valueInfo": {}}}
    assert shown["variables"] == {**SHOWN_OWN, **amount}


def test_the_tasks_own_variables_are_shown_on_request() -> None:
    assert extended_task_json(TASK, with_local_variables=True)["variables"] == SHOWN_OWN


def test_asked_for_both_all_variables_are_shown() -> None:
    both = extended_task_json(TASK, with_variables=True, with_local_variables=True)

    assert both == extended_task_json(TASK, with_variables=True)


def test_without_variables_the_key_is_absent() -> None:
    assert extended_task_json(a_task(), with_variables=True) == task_json(a_task())


def test_the_comment_and_attachment_flags_come_after_the_variables() -> None:
    task = a_task(variables=OWN, comments=2)

    shown = extended_task_json(task, with_variables=True, with_comment_attachment_info=True)

    assert list(shown)[-3:] == ["variables", "attachment", "comment"]
    assert (shown["attachment"], shown["comment"]) == (False, True)


def test_without_a_request_nothing_is_added() -> None:
    assert extended_task_json(TASK) == task_json(TASK)
