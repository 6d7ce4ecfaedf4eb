"""Registering, showing and removing services over HTTP, and where to sign in."""

import json
from typing import Any

import pytest
from taskdock.routes import services
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.settings import InvalidSetting, Settings
from taskdock.use_cases.ports import Changes, Put, Service

from tests.support.builders import a_task
from tests.support.http_events import Context, Reply, http_event, reply, sample
from tests.support.in_memory_wiring import IDENTITY, InMemoryWiring

PRINTER = Service("operator-p4", "Print connector", "Prints documents", ("print",))
SHOWN = {
    "sid": "operator-p4",
    "name": "Print connector",
    "description": "Prints documents",
    "types": ["print"],
    "href": "/v1/services/operator-p4",
    "links": {"self": {"href": "/v1/services/operator-p4"}},
}


def send(wiring: InMemoryWiring, event: dict[str, Any]) -> Reply:
    return reply(HttpApp(lambda: wiring, services.SHOWN, services.REGISTERED)(event, Context()))


def put(wiring: InMemoryWiring, sid: str, body: object) -> Reply:
    event = http_event("PUT /v1/services/{sid}", {"sid": sid}, body=json.dumps(body))
    return send(wiring, event)


def test_a_new_service_is_a_201_and_the_same_again_a_200() -> None:
    wiring = InMemoryWiring()
    event = sample("administer", "register_service")

    first, again = send(wiring, event), send(wiring, event)

    assert (first.status, first.json) == (201, SHOWN)
    assert first.headers["location"] == "/v1/services/operator-p4"
    assert (again.status, again.json) == (200, SHOWN)
    assert "location" not in again.headers
    assert wiring.services.list() == [PRINTER]


def test_services_are_listed_by_sid() -> None:
    wiring = InMemoryWiring(PRINTER, Service("a", "A"))

    answer = send(wiring, sample("directory", "list_services"))

    assert answer.status == 200
    assert [service["sid"] for service in answer.json["embedded"]["services"]] == [
        "a",
        "operator-p4",
    ]
    assert answer.json["links"] == {"self": {"href": "/v1/services"}}


def test_no_services_are_an_empty_list() -> None:
    answer = send(InMemoryWiring(), sample("directory", "list_services"))

    assert answer.json["embedded"] == {"services": []}


def test_one_service_is_shown() -> None:
    answer = send(InMemoryWiring(PRINTER), sample("directory", "show_service"))

    assert (answer.status, answer.json) == (200, SHOWN)


@pytest.mark.parametrize(
    ("function", "case"), [("directory", "show_service"), ("administer", "remove_service")]
)
def test_an_unknown_service_is_a_404_that_names_it(function: str, case: str) -> None:
    answer = send(InMemoryWiring(), sample(function, case))

    assert (answer.status, answer.json) == (
        404,
        {
            "type": "InvalidRequestException",
            "message": "No service with sid operator-p4",
            "code": None,
        },
    )


def test_a_service_is_removed_without_an_answer() -> None:
    wiring = InMemoryWiring(PRINTER)

    answer = send(wiring, sample("administer", "remove_service"))

    assert (answer.status, answer.text) == (204, "")
    assert wiring.services.list() == []


def test_a_service_with_open_tasks_is_a_409() -> None:
    wiring = InMemoryWiring(PRINTER)
    wiring.memory.commit(Changes([Put(a_task(service="operator-p4"))]))

    answer = send(wiring, sample("administer", "remove_service"))

    assert (answer.status, answer.json["type"]) == (409, "StateConflictException")
    assert wiring.services.list() == [PRINTER]


@pytest.mark.parametrize(
    ("sid", "body", "named"),
    [
        ("a b", {}, "sid"),
        ("x" * 65, {}, "sid"),
        ("p", {"name": ""}, "name"),
        ("p", {"types": [1]}, "types[0]"),
        ("p", {"sid": "q"}, "sid"),
        ("p", [], "the body"),
    ],
)
def test_what_makes_no_service_is_a_400_that_names_it(sid: str, body: object, named: str) -> None:
    wiring = InMemoryWiring()

    answer = put(wiring, sid, body)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert named in answer.json["message"]
    assert wiring.services.list() == []


def test_anyone_may_ask_where_to_sign_in() -> None:
    answer = send(InMemoryWiring(), sample("directory", "show_identity_provider"))

    assert (answer.status, answer.json) == (
        200,
        {
            "url": "https://identity.example",
            "clientId": "people",
            "authorizeUrl": "https://login.example/oauth2/authorize",
            "tokenUrl": "https://login.example/oauth2/token",
            "signOutUrl": "https://login.example/logout",
            "scopes": ["openid", "taskdock/tasks.read", "taskdock/tasks.write"],
        },
    )


def test_nobody_is_sent_to_pages_that_the_deployment_does_not_know() -> None:
    settings = Settings(**{**IDENTITY, "login_url": None, "scope_prefix": "two"})

    answer = send(InMemoryWiring(settings=settings), sample("directory", "show_identity_provider"))

    pages = {answer.json[name] for name in ("authorizeUrl", "tokenUrl", "signOutUrl")}
    assert (answer.status, pages) == (200, {None})
    assert answer.json["scopes"] == ["openid", "two/tasks.read", "two/tasks.write"]


@pytest.mark.parametrize("variable", ["IDENTITY_PROVIDER_URL", "PEOPLE_CLIENT_ID"])
def test_a_deployment_that_does_not_say_where_to_sign_in_is_at_fault(variable: str) -> None:
    wiring = InMemoryWiring(settings=Settings(**{**IDENTITY, variable.lower(): None}))

    with pytest.raises(InvalidSetting, match=variable):
        send(wiring, sample("directory", "show_identity_provider"))


@pytest.mark.parametrize(
    ("function", "case"),
    [
        ("directory", "list_services"),
        ("directory", "show_service"),
        ("administer", "register_service"),
        ("administer", "remove_service"),
    ],
)
def test_strangers_are_told_to_sign_in_for_all_else(function: str, case: str) -> None:
    wiring = InMemoryWiring(PRINTER)
    event = sample(function, case)
    del event["requestContext"]["authorizer"]

    assert send(wiring, event).status == 401
    assert wiring.services.list() == [PRINTER]
