"""Programs: registered for tenants and services, they work there and nowhere else."""

from typing import Any, Final

import pytest
from taskdock.use_cases.ports import Service

from tests.support.builders import CREATED, a_task
from tests.support.http_events import USER_CLAIMS, Reply
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import InMemoryWiring

ADMIN: Final = {**USER_CLAIMS, "scope": "taskdock/admin"}
WORKER: Final = {
    "sub": "worker",
    "token_use": "access",
    "client_id": "worker",
    "scope": "taskdock/tasks.read taskdock/tasks.write",
}
REGISTRATION: Final = {"name": "Print worker", "tenants": ["t1"], "services": ["printer"]}
OUTPUT: Final = {"href": "https://example.org/1"}


@pytest.fixture
def apps() -> InMemoryApps:
    """Two services, a tenant, and a task in it for each service."""
    wiring = InMemoryWiring(
        Service("printer", "Printing"),
        Service("scanner", "Scanning"),
        groups={"mary": ["tenant:t1", "sales"]},
    )
    wiring.people.clients |= {"worker", "other"}  # type: ignore[attr-defined]
    fields: dict[str, Any] = {"tenantId": "t1", "state": "started"}
    return InMemoryApps(
        a_task("print", service="printer", **fields),
        a_task("scan", service="scanner", **fields),
        a_task("foreign", service="printer", tenantId="t2", state="started"),
        wiring=wiring,
    )


def put(apps: InMemoryApps, client_id: str = "worker", **fields: Any) -> Reply:
    body = {**REGISTRATION, **fields}
    return apps.ask(f"PUT /v1/programs/{client_id}", body=body, claims=ADMIN)


def later(apps: InMemoryApps, seconds: int) -> None:
    apps.wiring.moment = type(CREATED)(apps.wiring.moment + 1000 * seconds)


def complete(apps: InMemoryApps, service: str, task_id: str) -> Reply:
    route = f"POST /v1/services/{service}/tasks/{task_id}/action"
    return apps.ask(route, body={"action": "complete"}, claims=WORKER)


def test_a_program_is_registered_shown_replaced_and_removed(apps: InMemoryApps) -> None:
    first, again = put(apps), put(apps, name="Printer 2")

    href = "/v1/programs/worker"
    expected = {
        "clientId": "worker",
        **REGISTRATION,
        "href": href,
        "links": {"self": {"href": href}},
    }
    assert (first.status, first.headers["location"], first.json) == (201, href, expected)
    assert (again.status, again.json) == (200, {**expected, "name": "Printer 2"})
    shown = apps.ask("GET /v1/programs/worker", claims=ADMIN)
    listed = apps.ask("GET /v1/programs", claims=ADMIN)
    assert shown.json == again.json
    assert listed.json["embedded"]["programs"] == [again.json]

    removed = apps.ask("DELETE /v1/programs/worker", claims=ADMIN)

    assert (removed.status, removed.text) == (204, "")
    assert apps.ask("GET /v1/programs/worker", claims=ADMIN).status == 404
    assert apps.ask("DELETE /v1/programs/worker", claims=ADMIN).status == 404
    assert apps.ask("GET /v1/programs", claims=ADMIN).json["embedded"] == {"programs": []}
    assert put(apps).status == 201


@pytest.mark.parametrize(
    ("fields", "named"),
    [
        ({"tenants": ["t1", "t7", "t8"]}, "there is no tenant 't7', 't8'"),
        ({"services": ["fax"]}, "there is no service 'fax'"),
        ({"services": "printer"}, "services"),
        ({"rights": []}, "rights"),
        ({"name": ""}, "name"),
    ],
)
def test_what_there_is_not_is_named(apps: InMemoryApps, fields: Any, named: str) -> None:
    refused = put(apps, **fields)

    assert refused.status == 400
    assert named in refused.json["message"]
    assert apps.ask("GET /v1/programs/worker", claims=ADMIN).status == 404


def test_a_client_that_there_is_not_is_named(apps: InMemoryApps) -> None:
    refused = put(apps, "nobody")

    assert (refused.status, "'nobody'" in refused.json["message"]) == (400, True)


def test_a_registered_program_works_for_its_tenants(apps: InMemoryApps) -> None:
    assert apps.ask("GET /task/{id}", "print", claims=WORKER).status == 404

    put(apps)
    later(apps, 60)

    assert apps.ask("GET /task/{id}", "print", claims=WORKER).status == 200
    assert apps.ask("GET /task/{id}", "foreign", claims=WORKER).status == 404
    assert complete(apps, "printer", "print").status in (200, 204)
    assert complete(apps, "printer", "foreign").status == 404


def test_only_a_services_own_programs_finish_its_tasks(apps: InMemoryApps) -> None:
    put(apps)
    tasks = "/v1/services/scanner/tasks/scan"

    for route, body in (
        (f"POST {tasks}/action", {"action": "complete"}),
        (f"POST {tasks}/action", {"action": "fail", "reason": "jam"}),
        (f"POST {tasks}/output", OUTPUT),
    ):
        refused = apps.ask(route, body=body, claims=WORKER)
        assert (refused.status, "scanner" in refused.json["message"]) == (403, True), route
    # What is no work of a service stays allowed.
    assert apps.ask(f"PATCH {tasks}", body={"name": "x"}, claims=WORKER).status == 200
    assert apps.ask("POST /v1/services/printer/tasks/print/output", body=OUTPUT, claims=WORKER
                    ).status == 201  # fmt: skip


def test_a_removed_program_is_refused_within_a_minute(apps: InMemoryApps) -> None:
    put(apps)
    assert apps.ask("GET /task/{id}", "print", claims=WORKER).status == 200
    apps.ask("DELETE /v1/programs/worker", claims=ADMIN)
    later(apps, 60)

    refused = apps.ask("GET /task/{id}", "print", claims=WORKER)

    assert (refused.status, refused.json["type"]) == (403, "AuthorizationException")
    assert "worker" in refused.json["message"]
    assert apps.ask("POST /task", body={}, claims=WORKER).status == 403


def test_a_program_that_was_never_registered_is_what_it_was(apps: InMemoryApps) -> None:
    stranger = {**WORKER, "client_id": "other"}

    assert apps.ask("POST /task/count", body={}, claims=stranger).json == {"count": 0}


def test_a_person_is_no_program(apps: InMemoryApps) -> None:
    put(apps, "worker")
    person = {**USER_CLAIMS, "username": "worker", "client_id": "worker"}

    assert apps.ask("GET /task/{id}", "scan", claims=person).status == 200
