"""One task over HTTP: shown, replaced, deleted."""

import json
from typing import Any

import pytest
from taskdock.api.answers.hal import hal_task
from taskdock.api.answers.tasks import task_json
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put

from functions.manage_task.handler import create_app
from tests.support.builders import CREATED, a_task
from tests.support.http_events import Context, Reply, http_event, reply, sample
from tests.support.in_memory_apps import InMemoryApps
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


def test_a_sub_task_shows_what_its_parent_holds() -> None:
    wiring = a_wiring(
        a_task("parent", variables={"above": {"type": "Integer", "value": 1}}),
        a_task("t1", parentTaskId="parent"),
    )

    shown = show(wiring, "t1", withTaskVariablesInReturn="true").json

    assert shown["variables"] == {"above": {"type": "Integer", "value": 1, "valueInfo": {}}}
    assert "variables" not in show(wiring, "t1", withTaskLocalVariablesInReturn="true").json


def test_naming_another_tenants_task_as_parent_shows_nothing_of_it() -> None:
    apps = InMemoryApps(
        a_task("theirs", tenantId="t9", variables={"x": {"type": "Integer", "value": 1}}),
        a_task("t1"),
    )
    assert apps.ask("PUT /task/{id}", body={"parentTaskId": "theirs"}).status == 204

    shown = apps.ask("GET /task/{id}", query="withTaskVariablesInReturn=true").json

    assert "variables" not in shown
    assert apps.ask("GET /task/{id}/variables").json == {}


def test_the_sample_in_hal_is_the_task_with_its_links() -> None:
    answer = send(a_wiring(INVOICE), sample("manage_task", "show_in_hal"))

    assert answer.headers["content-type"] == "application/hal+json"
    assert (answer.status, answer.headers["etag"]) == (200, '"1"')
    assert answer.json == hal_task(INVOICE, {}, {})


@pytest.mark.parametrize("accept", ["*/*", "", "application/json", "application/hal+json;q=0, */*"])
def test_hal_is_for_those_who_like_it_best(accept: str) -> None:
    event = http_event(SHOW, {"id": "invoice-4711"}, headers={"accept": accept})
    answer = send(a_wiring(INVOICE), event)

    assert (answer.status, answer.headers["content-type"]) == (200, "application/json")
    assert answer.json == task_json(INVOICE)


# Replacing


def test_the_sample_replaces_the_task() -> None:
    apps = InMemoryApps(a_task("invoice-4711", tenantId="t1", assignee="peter", followUp=CREATED))

    answer = apps.send(sample("manage_task", "replace"))

    assert (answer.status, answer.text, answer.headers["etag"]) == (204, "", '"2"')
    shown = apps.ask("GET /task/{id}", "invoice-4711").json
    assert {name: value for name, value in shown.items() if value is not None} == {
        "id": "invoice-4711",
        "name": "Approve invoice",
        "description": "Within the limit",
        "priority": 40,
        "assignee": "mary",
        "owner": "john",
        "created": "2026-01-23T12:42:42.000+0000",
        "due": "2026-04-02T08:00:00.000+0000",
        "lastUpdated": "2026-01-23T12:42:42.000+0000",
        "suspended": False,
        "tenantId": "t1",
        "taskState": "Updated",
    }


@pytest.mark.parametrize("body", [{}, None])
def test_what_a_replacement_leaves_out_is_null_and_the_priority_zero(
    body: dict[str, Any] | None,
) -> None:
    apps = InMemoryApps(a_task("t1", assignee="mary", due=CREATED, groups=["sales"]))

    assert apps.ask("PUT /task/{id}", body=body).status == 204
    task = apps.task()
    assert (task.get("name"), task.get("assignee"), task["priority"]) == (None, None, 0)
    assert len(task["links"]) == 1


@pytest.mark.parametrize("tenant", [None, "t2", "t9"])
def test_a_task_stays_in_its_tenant(tenant: str | None) -> None:
    apps = InMemoryApps(a_task("t1", tenantId="t1"))

    answer = apps.ask("PUT /task/{id}", body={"tenantId": tenant})

    assert (answer.status, answer.json["type"]) == (400, "BadUserRequestException")
    assert answer.json["message"].startswith("ENGINE-03072 Cannot change tenantId of Task 't1'.")
    assert apps.task() == a_task("t1", tenantId="t1")


@pytest.mark.parametrize(
    ("body", "names"),
    [
        ({"priority": "abc"}, "priority"),
        ({"due": "tomorrow"}, "due"),
        ({"delegationState": "foo"}, "'PENDING' or 'RESOLVED'"),
        ({"name": ["x"]}, "name"),
        ({"assignee": "x" * 256}, "assignee"),
        ({"description": "a\0b"}, "NUL"),
        ("{", "line 1, column 2"),
        ("null", "the body"),
    ],
)
def test_a_replacement_that_cannot_be_meant_changes_nothing(body: object, names: str) -> None:
    apps = InMemoryApps(a_task("t1"))

    answer = apps.ask("PUT /task/{id}", body=body)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert names in answer.json["message"]
    assert apps.task() == a_task("t1")


def test_a_suspended_task_is_not_replaced() -> None:
    answer = InMemoryApps(a_task("t1", suspended=True)).ask("PUT /task/{id}", body={"name": "x"})

    assert (answer.status, answer.json["type"]) == (400, "SuspendedEntityInteractionException")


# Deleting


def test_the_sample_deletes_the_task_and_its_sub_tasks() -> None:
    apps = InMemoryApps(
        a_task("invoice-4712", tenantId="t1"), a_task("child", parentTaskId="invoice-4712")
    )

    answer = apps.send(sample("manage_task", "delete"))

    assert (answer.status, answer.text) == (204, "")
    for task_id in ("invoice-4712", "child"):
        assert apps.ask("GET /task/{id}", task_id).status == 404
    assert apps.send(sample("manage_task", "delete")).status == 404


@pytest.mark.parametrize("fields", [{"processInstanceId": "p"}, {"caseExecutionId": "c"}])
def test_a_task_of_a_process_or_a_case_is_not_deleted(fields: dict[str, Any]) -> None:
    apps = InMemoryApps(a_task("t1", **fields))

    answer = apps.ask("DELETE /task/{id}")

    assert (answer.status, answer.json["type"]) == (400, "BadUserRequestException")
    assert "because is part of a running" in answer.json["message"]
    assert apps.task() == a_task("t1", **fields)


@pytest.mark.parametrize("method", ["PUT", "DELETE"])
@pytest.mark.parametrize(
    ("if_match", "status"),
    [
        ('"1"', 204),
        ("*", 204),
        ('"2"', 412),
        ('W/"1"', 412),
        ('"abc"', 412),
        ("1", 400),
    ],
)
def test_a_change_may_name_the_version_it_means(method: str, if_match: str, status: int) -> None:
    apps = InMemoryApps(a_task("t1"))

    answer = apps.ask(f"{method} /task/{{id}}", headers={"if-match": if_match})

    assert answer.status == status
    stored = apps.wiring.memory.get(TaskId("t1"))
    assert (stored is not None and stored.version == 1) == (status != 204)


def test_a_task_does_not_become_its_own_ancestor() -> None:
    apps = InMemoryApps(a_task("t1"), a_task("t2", parentTaskId="t1"))

    for parent in ("t1", "t2"):
        answer = apps.ask("PUT /task/{id}", "t1", {"name": "x", "parentTaskId": parent})
        assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
        assert apps.task("t1") == a_task("t1")
    assert apps.ask("PUT /task/{id}", "t2", {"name": "x", "parentTaskId": "t1"}).status == 204
    assert apps.ask("PUT /task/{id}", "unknown", {"parentTaskId": "unknown"}).status == 404


def test_the_line_of_parents_ends_after_fifty() -> None:
    apps = InMemoryApps()
    statuses = [
        apps.ask(
            "POST /task/create", body={"id": f"n{n}", "parentTaskId": f"n{n - 1}" if n else None}
        )
        for n in range(52)
    ]

    assert [each.status for each in statuses] == [204] * 51 + [400]
    assert apps.ask("PUT /task/{id}", "n0", {"name": "x", "parentTaskId": "n50"}).status == 400


def test_tasks_below_a_thousand_parents_are_listed_and_shown() -> None:
    line = [
        a_task(
            f"t{n:04}",
            parentTaskId=f"t{n + 1:04}",
            variables={"v": {"type": "Null", "value": None}},
        )
        for n in range(1_000)
    ]
    apps = InMemoryApps(*line)
    shown = {"withTaskVariablesInReturn": "true"}

    listed = apps.ask("POST /task", body={"withTaskVariablesInReturn": True})
    assert (listed.status, len(listed.json)) == (200, 1_000)
    assert apps.ask("GET /task/{id}", "t0000", query=shown).status == 200
    assert apps.ask("GET /task/{id}/variables", "t0000").status == 200
