"""A task's life through the local gateway: the real template's routes, functions, table and bus."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.service import LocalService
from local.settings import Store
from tests.support.http import Answered, bearer, call
from tests.support.local_service import in_memory
from tests.support.multipart import FORM_TYPE, form, part

CONTENT = bytes(range(256)) * 8


@pytest.fixture(scope="module", params=[Store.MOTO, Store.DYNOXIDE])
def service(request: pytest.FixtureRequest) -> Iterator[LocalService]:
    """The service on either emulator."""
    if request.param is Store.DYNOXIDE:
        request.getfixturevalue("dynoxide_endpoint")  # skips where it cannot be had
    with in_memory(store=request.param) as service:
        yield service


def ask(
    service: LocalService, method: str, path: str, body: Any = None, *, user: str = "demo"
) -> Answered:
    headers = bearer(service.token(user))
    if isinstance(body, bytes):
        headers["Content-Type"] = FORM_TYPE
    elif body is not None:
        headers["Content-Type"] = "application/json"
        body = json.dumps(body).encode()
    return call(method, service.url + path, body, headers)


def create(service: LocalService, instance: str, **more: Any) -> str:
    """The id of a new task of a process instance."""
    body = {"name": "Check", "processInstance": {"id": instance}, **more}
    answer = ask(service, "POST", "/v1/services/operator-p4/tasks", body)
    assert answer.status == 201, answer.body
    tid: str = answer.json()["tid"]
    return tid


def test_the_changes_of_a_task_are_published_in_order(service: LocalService) -> None:
    tid = create(service, "p1")
    service.events()

    for path, body in (
        ("claim", {"userId": "demo"}),
        ("delegate", {"userId": "mary"}),
        ("resolve", {}),
        ("identity-links", {"groupId": "sales", "type": "candidate"}),
        ("unclaim", None),
        ("complete", {}),
    ):
        answer = ask(service, "POST", f"/task/{tid}/{path}", body)
        assert answer.status == 204, (path, answer.body)

    told = [event["detail-type"] for event in service.events() if event["detail"]["tid"] == tid]
    assert told == [
        "TaskAssigned",
        "TaskDelegated",
        "TaskAssigned",
        "TaskResolved",
        "TaskAssigned",
        "TaskUpdated",
        "TaskUnassigned",
        "TaskCompleted",
    ]


def test_a_process_variable_reaches_the_other_task_until_its_end(service: LocalService) -> None:
    first, second = create(service, "p2"), create(service, "p2")

    put = ask(service, "PUT", f"/task/{first}/variables/amount", {"value": 5})
    assert put.status == 204
    done = ask(
        service,
        "POST",
        f"/task/{first}/complete",
        {"variables": {"approved": {"value": True}}, "withVariablesInReturn": True},
    )

    left = ask(service, "GET", f"/task/{second}/variables").json()
    assert {name: variable["value"] for name, variable in left.items()} == {
        "amount": 5,
        "approved": True,
    }
    assert (done.status, done.json()) == (200, left)


def test_a_file_comes_back_byte_by_byte(service: LocalService) -> None:
    tid = create(service, "p3")
    name = "Überweisung.bin"
    parts = (
        part("data", CONTENT, file_name=name, content_type="application/x-transfer"),
        part("valueType", b"File"),
    )

    sent = ask(service, "POST", f"/task/{tid}/localVariables/file/data", form(*parts))
    back = ask(service, "GET", f"/task/{tid}/localVariables/file/data")

    assert sent.status == 204, sent.body
    assert (back.status, back.body) == (200, CONTENT)
    assert back.headers["content-type"] == "application/x-transfer"
    assert "filename*=UTF-8''%C3%9Cberweisung.bin" in back.headers["content-disposition"]


def test_sub_tasks_go_with_their_task(service: LocalService) -> None:
    for method, path in (("POST", "/complete"), ("DELETE", "")):
        parent = ask(service, "POST", "/v1/services/operator-p4/tasks", {"name": "p"}).json()["tid"]
        child = create(service, "p4", parentTaskId=parent)

        assert ask(service, method, f"/task/{parent}{path}").status == 204
        assert ask(service, "GET", f"/task/{child}").status == 404


def test_another_tenants_task_is_out_of_reach(service: LocalService) -> None:
    tid = create(service, "p5", tenantId="t2")

    for method, path, body in (
        ("GET", "/variables", None),
        ("PUT", "/variables/x", {"value": 1}),
        ("POST", "/claim", {"userId": "mary"}),
        ("POST", "/complete", {}),
        ("DELETE", "", None),
    ):
        answer = ask(service, method, f"/task/{tid}{path}", body, user="mary")
        assert (answer.status, answer.json()["message"]) == (404, f"No matching task with id {tid}")


def test_the_engine_may_be_named(service: LocalService) -> None:
    tid = create(service, "p6")
    engine = f"/engine/default/task/{tid}"

    assert ask(service, "POST", f"{engine}/claim", {"userId": "demo"}).status == 204
    assert ask(service, "PUT", f"{engine}/localVariables/x", {"value": 1}).status == 204
    assert ask(service, "GET", f"{engine}/variables/x").json()["value"] == 1
    assert ask(service, "GET", f"{engine}/form").json()["key"] is None
    assert ask(service, "GET", engine).json()["assignee"] == "demo"
