"""Showing one task through the door."""

import json
from typing import Any

import pytest
from taskdock.domain.task import Task, TaskId
from taskdock.runtime.representations import task_json
from taskdock.use_cases.ports import Changes, Put

from functions.manage_task.handler import create_app
from tests.support.builders import CREATED, a_task
from tests.support.http_events import Context, Reply, http_event, reply, sample
from tests.support.in_memory_wiring import InMemoryWiring

SHOW = "GET /task/{id}"
INVOICE = a_task(
    "invoice-4711",
    comments=1,
    tenantId="t1",
    variables={"amount": {"type": "Double", "value": 99.5}},
    processInstanceId="p1",
    processVariables={"order": {"type": "String", "value": "o1"}},
)


def a_wiring(*tasks: Task) -> InMemoryWiring:
    wiring = InMemoryWiring()
    wiring.memory.commit(Changes([Put(task) for task in tasks]))
    return wiring


def send(wiring: InMemoryWiring, event: dict[str, Any]) -> Reply:
    return reply(create_app(lambda: wiring)(event, Context()))


def show(wiring: InMemoryWiring, task_id: str, **query: str) -> Reply:
    return send(wiring, http_event(SHOW, {"id": task_id}, query=query))


def test_a_task_is_shown_with_what_its_sample_asks_for() -> None:
    answer = send(a_wiring(INVOICE), sample("manage_task", "show_task"))

    assert (answer.status, answer.headers["etag"]) == (200, '"1"')
    assert list(answer.json.items()) == [
        *task_json(INVOICE).items(),
        ("attachment", False),
        ("comment", True),
    ]


def test_a_task_is_shown_plainly_unless_more_is_asked_for() -> None:
    flags = ("withCommentAttachmentInfo", "withTaskVariablesInReturn")

    assert show(a_wiring(INVOICE), "invoice-4711").json == task_json(INVOICE)
    assert show(a_wiring(INVOICE), "invoice-4711", **dict.fromkeys(flags, "false")).json == (
        task_json(INVOICE)
    )


def test_variables_are_shown_on_request() -> None:
    wiring = a_wiring(INVOICE)
    amount = {"amount": {"type": "Double", "value": 99.5, "valueInfo": {}}}
    order = {"order": {"type": "String", "value": "o1", "valueInfo": {}}}

    local = show(wiring, "invoice-4711", withTaskLocalVariablesInReturn="true")
    visible = show(wiring, "invoice-4711", withTaskVariablesInReturn="true")

    assert local.json["variables"] == amount
    assert visible.json["variables"] == {**order, **amount}


def test_a_flag_that_is_no_truth_value_is_named() -> None:
    answer = show(a_wiring(INVOICE), "invoice-4711", withTaskVariablesInReturn="maybe")

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert "withTaskVariablesInReturn" in answer.json["message"]


@pytest.mark.parametrize("task_id", ["nope", "theirs", "ended", "a b", "50%", "ä", 'a"b', "a#b"])
def test_what_the_caller_cannot_see_is_the_same_404(task_id: str) -> None:
    wiring = a_wiring(a_task("theirs", tenantId="t9"), a_task("ended", ended=CREATED))

    answer = show(wiring, task_id)

    assert (answer.status, answer.json) == (
        404,
        {
            "type": "InvalidRequestException",
            "message": f"No matching task with id {task_id}",
            "code": None,
        },
    )


def test_the_etag_counts_the_tasks_versions() -> None:
    wiring = a_wiring(INVOICE)
    before = wiring.memory.get(TaskId("invoice-4711"))
    wiring.memory.commit(Changes([Put(INVOICE, before)]))

    assert show(wiring, "invoice-4711").headers["etag"] == '"2"'


def test_strangers_and_those_who_read_no_json_see_nothing() -> None:
    stranger, reader = (sample("manage_task", "show_task") for _ in range(2))
    del stranger["requestContext"]["authorizer"]
    reader["headers"]["accept"] = "text/html"
    wiring = a_wiring(INVOICE)

    assert send(wiring, stranger).status == 401
    assert send(wiring, reader).status == 406


def test_json_is_compact() -> None:
    text = show(a_wiring(INVOICE), "invoice-4711").text

    assert text == json.dumps(json.loads(text), ensure_ascii=False, separators=(",", ":"))
