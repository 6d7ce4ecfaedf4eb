"""Who the caller is, over HTTP."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from taskdock.domain.access import Authorization
from taskdock.domain.people import Person
from taskdock.runtime.settings import Settings
from taskdock.use_cases.services.programs import Program

from tests.support.http_events import USER_CLAIMS, Reply, sample
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_people import InMemoryPeople
from tests.support.in_memory_wiring import IDENTITY, InMemoryWiring

PROGRAM: Final = {"sub": "p", "client_id": "p", "scope": "taskdock/tasks.read taskdock/admin"}


def apps(mode: str = "open") -> InMemoryApps:
    wiring = InMemoryWiring(settings=Settings(authorization=Authorization(mode), **IDENTITY))
    wiring.people = InMemoryPeople({Person("demo", "Demo", "Lee", "demo@example.org"): []})
    return InMemoryApps(wiring=wiring)


def me(claims: Mapping[str, Any] = USER_CLAIMS, mode: str = "open") -> Any:
    return apps(mode).ask("GET /v1/me", claims=claims).json


def test_a_person_is_told_who_they_are() -> None:
    answer: Reply = apps().send(sample("directory", "show_caller"))

    assert answer.status == 200
    assert answer.json["id"] == "demo"
    assert me() == {
        "id": "demo",
        "firstName": "Demo",
        "lastName": "Lee",
        "email": "demo@example.org",
        "program": False,
        "groups": ["accounting", "sales"],
        "tenants": ["t1"],
        "services": None,
        "authorization": "open",
        "rights": {"read": True, "write": True, "admin": False, "supervisor": False},
    }


def test_rights_are_those_of_the_token_and_of_the_groups() -> None:
    reading = {**USER_CLAIMS, "scope": "taskdock/tasks.read other/tasks.write"}
    boss = {**USER_CLAIMS, "cognito:groups": "[camunda-admin]"}

    assert me(reading)["rights"]["write"] is False
    assert me(boss)["rights"]["supervisor"] is True
    assert me(boss, "participants")["authorization"] == "participants"


def test_somebody_whom_the_directory_does_not_know_has_no_names() -> None:
    answer = me({**USER_CLAIMS, "username": "gone"})

    assert (answer["id"], answer["firstName"], answer["email"]) == ("gone", None, None)


@pytest.mark.parametrize("registered", [True, False])
def test_a_program_is_told_what_it_is_registered_for(registered: bool) -> None:
    served = apps()
    if registered:
        served.wiring.programs.put(Program("p", "Printing", ("t2", "t1"), ("printer",)))

    answer = served.ask("GET /v1/me", claims=PROGRAM).json

    assert (answer["id"], answer["program"], answer["firstName"]) == ("p", True, None)
    assert answer["tenants"] == (["t1", "t2"] if registered else [])
    assert answer["services"] == (["printer"] if registered else None)
    assert answer["rights"] == {"read": True, "write": False, "admin": True, "supervisor": True}


def test_a_stranger_is_nobody() -> None:
    assert apps().ask("GET /v1/me", claims=None).status == 401
