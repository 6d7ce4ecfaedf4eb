"""Malformed and unauthenticated requests to every route of one task. Each gets a 4xx in the usual
shape, and changes nothing.
"""

import json
from typing import Any

import pytest
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.tasks.conflicts import TRIES

from tests.support.builders import CREATED, a_task
from tests.support.busy_store import BusyStore, changing
from tests.support.http_events import USER_CLAIMS
from tests.support.in_memory_apps import InMemoryApps
from tests.support.multipart import FORM_TYPE, form, part

FORM = form(part("data", b"x"))

READS = (
    "GET /task/{id}",
    "GET /task/{id}/identity-links",
    "GET /task/{id}/variables",
    "GET /task/{id}/localVariables",
    "GET /task/{id}/variables/{name}",
    "GET /task/{id}/localVariables/{name}",
    "GET /task/{id}/variables/{name}/data",
    "GET /task/{id}/localVariables/{name}/data",
    "GET /task/{id}/form",
    "GET /task/{id}/form-variables",
    "GET /task/{id}/rendered-form",
    "GET /task/{id}/deployed-form",
)
CHANGES: dict[str, object] = {
    "PUT /task/{id}": {"name": "x"},
    "DELETE /task/{id}": None,
    "POST /task/{id}/claim": {"userId": "demo"},
    "POST /task/{id}/unclaim": None,
    "POST /task/{id}/assignee": {"userId": "demo"},
    "POST /task/{id}/delegate": {"userId": "demo"},
    "POST /task/{id}/resolve": {},
    "POST /task/{id}/identity-links": {"userId": "demo", "type": "candidate"},
    "POST /task/{id}/identity-links/delete": {"userId": "demo", "type": "candidate"},
    "POST /task/{id}/complete": {},
    "POST /task/{id}/submit-form": {},
    "POST /task/{id}/bpmnError": {"errorCode": "x"},
    "POST /task/{id}/bpmnEscalation": {"escalationCode": "x"},
    "POST /task/{id}/variables": {"modifications": {"x": {"value": 1}}},
    "POST /task/{id}/localVariables": {"modifications": {"x": {"value": 1}}},
    "PUT /task/{id}/variables/{name}": {"value": 1},
    "PUT /task/{id}/localVariables/{name}": {"value": 1},
    "DELETE /task/{id}/variables/{name}": None,
    "DELETE /task/{id}/localVariables/{name}": None,
    "POST /task/{id}/variables/{name}/data": FORM,
    "POST /task/{id}/localVariables/{name}/data": FORM,
}
UPLOADS = tuple(route for route in CHANGES if route.endswith("/data"))
READING = tuple(
    route
    for route, body in CHANGES.items()
    if isinstance(body, dict) and route != "POST /task/{id}/unclaim"
)
"""The routes that read a JSON body."""

THEIRS = a_task("t1", tenantId="t9", processInstanceId="p1", variables={})


def ask(apps: InMemoryApps, route: str, task_id: str = "t1", **more: Any) -> Any:
    body = CHANGES.get(route)
    headers = {"content-type": FORM_TYPE} if route in UPLOADS else {}
    given = {"body": body, "name": "x", **more}
    return apps.ask(route, task_id, **(given | {"headers": headers | given.get("headers", {})}))


ABSENT: dict[str, Task] = {
    "unknown": a_task("other"),
    "ended": a_task("t1", ended=CREATED, state="completed"),
    "another tenant's": THEIRS,
}


@pytest.mark.parametrize("route", [*READS, *CHANGES])
@pytest.mark.parametrize("why", ABSENT)
def test_a_task_that_is_not_there_for_the_caller_is_one_and_the_same_404(
    route: str, why: str
) -> None:
    task = ABSENT[why]
    apps = InMemoryApps(task)

    answer = ask(apps, route)

    assert (answer.status, answer.json) == (
        404,
        {
            "type": "InvalidRequestException",
            "message": "No matching task with id t1",
            "code": None,
        },
    )
    assert apps.task(task["id"]) == task


@pytest.mark.parametrize("route", [*READS, *CHANGES])
@pytest.mark.parametrize("task_id", ["a b", "ä", "50%", "x" * 300, "a#b"])
def test_an_id_that_no_task_can_have_is_no_other_answer(route: str, task_id: str) -> None:
    answer = ask(InMemoryApps(), route, task_id)

    assert answer.status == 404
    assert answer.json["message"] == f"No matching task with id {task_id}"


@pytest.mark.parametrize("route", [*READS, *CHANGES])
def test_callers_without_a_token_see_no_tasks(route: str) -> None:
    apps = InMemoryApps(a_task("t1"))

    answer = ask(apps, route, claims=None)

    assert (answer.status, answer.json["type"]) == (401, "AuthenticationException")
    assert apps.task() == a_task("t1")


@pytest.mark.parametrize("route", [*READS, *CHANGES])
def test_the_admin_scope_opens_no_other_tenant(route: str) -> None:
    admin = {**USER_CLAIMS, "scope": "taskdock/tasks.read taskdock/tasks.write taskdock/admin"}

    assert ask(InMemoryApps(THEIRS), route, claims=admin).status == 404


BAD_BODIES = {
    "cut off": ("{", {}, 400, "InvalidRequestException"),
    "no object": ("[]", {}, 400, "InvalidRequestException"),
    "null": ("null", {}, 400, "InvalidRequestException"),
    "NaN": ('{"variables": NaN}', {}, 400, "InvalidRequestException"),
    "too deep": ("[" * 1000, {}, 400, "InvalidRequestException"),
    "not UTF-8": (b'{"userId": "\xff"}', {}, 400, "InvalidRequestException"),
    "a form": ("userId=x", {"content-type": "text/plain"}, 415, "NotSupportedException"),
    "too large": (
        json.dumps({"x": "y" * 256 * 1024}),
        {},
        413,
        "RequestTooLargeException",
    ),
}


@pytest.mark.parametrize("route", READING)
@pytest.mark.parametrize("case", BAD_BODIES)
def test_a_body_that_cannot_be_read_changes_nothing(route: str, case: str) -> None:
    body, headers, status, kind = BAD_BODIES[case]
    apps = InMemoryApps(a_task("t1", processInstanceId="p1"))

    answer = ask(apps, route, body=body, headers=headers)

    assert (answer.status, answer.json["type"]) == (status, kind)
    assert answer.headers["content-type"] == "application/json"
    assert answer.json["message"]
    assert apps.task() == a_task("t1", processInstanceId="p1")


@pytest.mark.parametrize("route", UPLOADS)
@pytest.mark.parametrize(
    ("body", "headers", "status"),
    [
        (b"no form", {}, 400),
        (FORM, {"content-type": "multipart/form-data"}, 400),
        (FORM, {"content-type": "application/json"}, 415),
        (form(part("data", b"x" * 256 * 1024)), {}, 413),
        (None, {}, 400),
    ],
)
def test_an_upload_that_is_no_form_changes_nothing(
    route: str, body: bytes | None, headers: dict[str, str], status: int
) -> None:
    apps = InMemoryApps(a_task("t1"))

    answer = ask(apps, route, body=body, headers=headers)

    assert (answer.status, answer.json.keys()) == (status, {"type", "message", "code"})
    assert apps.task() == a_task("t1")


@pytest.mark.parametrize("route", CHANGES)
def test_a_malformed_entity_tag_is_refused_before_anything_is_changed(route: str) -> None:
    apps = InMemoryApps(a_task("t1"))

    answer = ask(apps, route, headers={"if-match": "nonsense"})

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert "If-Match" in answer.json["message"]
    assert apps.task() == a_task("t1")


@pytest.mark.parametrize(
    "route", ["POST /task/{id}/complete", "POST /task/{id}/variables", "PUT /task/{id}"]
)
def test_text_with_a_nul_is_refused(route: str) -> None:
    bodies: dict[str, object] = {
        "POST /task/{id}/complete": {"variables": {"x": {"value": "a\0"}}},
        "POST /task/{id}/variables": {"modifications": {"a\0": {"value": 1}}},
        "PUT /task/{id}": {"name": "a\0"},
    }
    apps = InMemoryApps(a_task("t1"))

    answer = ask(apps, route, body=bodies[route])

    assert answer.status == 400
    assert "NUL" in answer.json["message"]
    assert apps.task() == a_task("t1")


def test_a_caller_with_a_conflict_in_every_try_gets_a_409() -> None:
    apps = InMemoryApps()
    rival = changing("t1", lambda task: {**task, "priority": task["priority"] + 1})
    apps.wiring.store = BusyStore([a_task("t1")], *[rival] * 3 * TRIES)

    for route in ("POST /task/{id}/claim", "POST /task/{id}/complete", "DELETE /task/{id}"):
        answer = ask(apps, route)
        assert (answer.status, answer.json["type"]) == (409, "OptimisticLockingException")
        assert answer.json["code"] == 1
