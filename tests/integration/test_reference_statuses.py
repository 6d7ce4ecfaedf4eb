"""Unknown tasks and conflicts as Camunda 7 answers them, for deployments that want that."""

from typing import Any

import pytest
from taskdock.domain.errors import ConcurrentChange
from taskdock.runtime.settings import Settings

from tests.support.builders import a_task
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import InMemoryWiring


def apps(*, reference: bool = True) -> InMemoryApps:
    wiring = InMemoryWiring(settings=Settings(reference_statuses=reference))
    return InMemoryApps(a_task("t1", assignee="mary"), wiring=wiring)


USER = {"userId": "demo"}
LINK = {"userId": "demo", "type": "candidate"}


@pytest.mark.parametrize(
    ("route", "body", "status", "kind", "code"),
    [
        ("GET /task/{id}", None, 404, "InvalidRequestException", None),
        ("PUT /task/{id}", {}, 404, "InvalidRequestException", None),
        ("POST /task/{id}/claim", USER, 500, "NullValueException", 0),
        ("POST /task/{id}/delegate", USER, 500, "NullValueException", 0),
        ("POST /task/{id}/unclaim", None, 400, "NotFoundException", 0),
        ("POST /task/{id}/assignee", USER, 400, "NotFoundException", 0),
        ("POST /task/{id}/identity-links", LINK, 400, "NotFoundException", 0),
        ("POST /task/{id}/complete", {}, 500, "RestException", 0),
        ("GET /task/{id}/variables", None, 500, "NullValueException", 0),
        ("GET /task/{id}/form", None, 400, "RestException", None),
        ("GET /task/{id}/comment", None, 404, "InvalidRequestException", None),
        ("POST /task/{id}/comment/create", {"message": "m"}, 400, "InvalidRequestException", None),
    ],
)
def test_an_unknown_task_has_the_status_of_its_route(
    route: str, body: Any, status: int, kind: str, code: int | None
) -> None:
    answer = apps().ask(route, "nope", body)

    assert (answer.status, answer.json["type"], answer.json["code"]) == (status, kind, code)
    assert apps(reference=False).ask(route, "nope", body).status == 404


def test_deleting_an_unknown_task_is_no_error() -> None:
    answer = apps().ask("DELETE /task/{id}", "nope")

    assert (answer.status, answer.text) == (204, "")
    assert apps(reference=False).ask("DELETE /task/{id}", "nope").status == 404


@pytest.mark.parametrize(("reference", "status"), [(True, 500), (False, 409)])
def test_a_task_that_somebody_else_has_claimed(reference: bool, status: int) -> None:
    answer = apps(reference=reference).ask("POST /task/{id}/claim", body=USER)

    assert (answer.status, answer.json["type"]) == (status, "TaskAlreadyClaimedException")


def test_other_errors_are_as_ever() -> None:
    answer = apps().ask("POST /task/{id}/complete", body={"variables": 1})

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")


@pytest.mark.parametrize(("reference", "status"), [(True, 500), (False, 409)])
def test_a_concurrent_change(reference: bool, status: int, monkeypatch: pytest.MonkeyPatch) -> None:
    served = apps(reference=reference)

    def lose(*_: object) -> None:
        raise ConcurrentChange("changed")

    monkeypatch.setattr(served.wiring.memory, "commit", lose)
    answer = served.ask("POST /task/{id}/unclaim")

    assert (answer.status, answer.json["code"]) == (status, 1)
