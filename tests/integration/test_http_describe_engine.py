"""The engine, its users and its groups over HTTP."""

from typing import Any

import pytest
from taskdock.domain.people import Person

from functions.directory.handler import create_app
from tests.support.http_events import Context, Reply, http_event, reply, sample
from tests.support.in_memory_people import InMemoryPeople
from tests.support.in_memory_wiring import InMemoryWiring

ANN = Person("ann", "Ann", "Smith", "ann@example.org")
SHOWN_ANN = {
    "id": "ann",
    "firstName": "Ann",
    "lastName": "Smith",
    "email": "ann@example.org",
}
SHOWN_DEMO = {"id": "demo", "firstName": None, "lastName": None, "email": None}


@pytest.fixture
def wiring() -> InMemoryWiring:
    wiring = InMemoryWiring()
    demo = {Person("demo"): ["sales", "accounting", "tenant:t1"]}
    wiring.people = InMemoryPeople({ANN: ["accounting", "tenant:t1"], **demo})
    return wiring


def send(wiring: InMemoryWiring, event: dict[str, Any]) -> Reply:
    return reply(create_app(lambda: wiring)(event, Context()))


def ask(wiring: InMemoryWiring, route: str, query: str = "", **path: str) -> Reply:
    return send(wiring, http_event(f"GET {route}", path, query=query))


def test_there_is_one_engine(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("directory", "engines"))

    assert (answer.status, answer.json) == (200, [{"name": "default"}])


def test_the_version_is_that_of_the_references_api(wiring: InMemoryWiring) -> None:
    assert ask(wiring, "/version").json == {"version": "7.24.0"}


def test_the_users_of_a_group_are_listed(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("directory", "users_of_a_group"))

    assert (answer.status, answer.json) == (200, [SHOWN_ANN, SHOWN_DEMO])


def test_users_come_in_pages(wiring: InMemoryWiring) -> None:
    query = "sortBy=userId&sortOrder=asc&firstResult=1&maxResults=1"

    assert ask(wiring, "/user", query).json == [SHOWN_DEMO]
    assert ask(wiring, "/user", "firstResult=2").json == []
    assert ask(wiring, "/user", "maxResults=0").json == []
    assert ask(wiring, "/user", "maxResults=2147483647").json == [SHOWN_ANN, SHOWN_DEMO]


@pytest.mark.parametrize("route", ["/user", "/group"])
@pytest.mark.parametrize("query", ["firstResult=-1", "maxResults=x", "maxResults=1.5"])
def test_a_page_that_is_none_is_refused(wiring: InMemoryWiring, route: str, query: str) -> None:
    answer = ask(wiring, route, query)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")


def test_users_and_groups_are_counted(wiring: InMemoryWiring) -> None:
    assert ask(wiring, "/user/count").json == {"count": 2}
    assert ask(wiring, "/user/count", "firstNameLike=A%25&maxResults=0").json == {"count": 1}
    assert ask(wiring, "/group/count").json == {"count": 2}
    assert ask(wiring, "/group/count", "member=ann").json == {"count": 1}


def test_one_user_is_shown(wiring: InMemoryWiring) -> None:
    assert ask(wiring, "/user/{id}/profile", id="ann").json == SHOWN_ANN


def test_an_unknown_user_is_a_404(wiring: InMemoryWiring) -> None:
    answer = ask(wiring, "/user/{id}/profile", id="nobody")

    assert (answer.status, answer.json) == (
        404,
        {
            "type": "InvalidRequestException",
            "message": "User with id nobody does not exist",
            "code": None,
        },
    )


def test_groups_are_listed_without_those_of_tenants(wiring: InMemoryWiring) -> None:
    assert ask(wiring, "/group").json == [
        {"id": "accounting", "name": "ACCOUNTING", "type": None},
        {"id": "sales", "name": "SALES", "type": None},
    ]
    assert [each["id"] for each in ask(wiring, "/group", "member=ann").json] == ["accounting"]


def test_a_users_groups_are_listed_with_who_else_is_in_them(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("directory", "groups_of_a_user"))

    assert (answer.status, answer.json) == (
        200,
        {
            "groups": [
                {"id": "accounting", "name": "ACCOUNTING"},
                {"id": "sales", "name": "SALES"},
            ],
            "groupUsers": [
                {
                    "id": "ann",
                    "firstName": "Ann",
                    "lastName": "Smith",
                    "displayName": "Ann Smith",
                }
            ],
        },
    )


def test_a_circle_without_a_user_is_refused(wiring: InMemoryWiring) -> None:
    answer = ask(wiring, "/identity/groups")

    assert (answer.status, answer.json["message"]) == (400, "No user id was supplied")


def test_the_engines_own_path_leads_to_the_same(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("directory", "groups_under_engine_path"))

    assert answer.json == ask(wiring, "/group").json


def test_what_is_not_there_under_the_engines_path_is_a_404(wiring: InMemoryWiring) -> None:
    event = http_event("GET /engine/default/{proxy}", {"proxy": "external-task"})

    assert send(wiring, event).status == 404
