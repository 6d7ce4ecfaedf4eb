"""Registering, finding and removing services."""

from typing import Any

import pytest
from taskdock.api.requests.services import service_in
from taskdock.domain.errors import InvalidRequest, NotFound, StateConflict
from taskdock.use_cases.ports import Changes, Put, Service
from taskdock.use_cases.services.manage_services import (
    find_service,
    register_service,
    remove_service,
)

from tests.support.builders import CREATED, a_task
from tests.support.in_memory_services import InMemoryServiceRegistry
from tests.support.in_memory_store import InMemoryTaskStore

PRINTER = Service("printer", "Print connector", "Prints", ("print", "scan"))


def test_a_service_is_registered_with_what_is_said_about_it() -> None:
    services = InMemoryServiceRegistry()
    body = {"name": "Print connector", "description": "Prints", "types": ["print", "scan"]}

    assert register_service(services, service_in(body, "printer")) == (PRINTER, True)
    assert find_service(services, "printer") == PRINTER


def test_a_service_that_says_nothing_is_called_by_its_sid() -> None:
    service, _ = register_service(InMemoryServiceRegistry(), service_in({}, "printer"))

    assert service == Service("printer", "printer")


def test_a_registration_replaces_the_earlier_one() -> None:
    services = InMemoryServiceRegistry(PRINTER)

    service, is_new = register_service(services, service_in({"name": "Other"}, "printer"))

    assert (service, is_new) == (Service("printer", "Other"), False)
    assert services.list() == [service]


@pytest.mark.parametrize(
    ("sid", "body", "message"),
    [
        ("a b", {}, "sid: expected 1 to 64 letters"),
        ("x" * 65, {}, "sid: expected 1 to 64 letters"),
        ("printer", [], "the body: expected an object"),
        ("printer", {"name": " "}, "name: must not be blank"),
        ("printer", {"description": 5}, "description: expected a string, got 5"),
        ("printer", {"types": "print"}, "types: expected a list of strings"),
        ("printer", {"name": "a\0"}, "name: text must not contain the NUL"),
        ("printer", {"links": {}}, "unknown properties: links"),
    ],
)
def test_anything_else_is_refused(sid: str, body: Any, message: str) -> None:
    services = InMemoryServiceRegistry()

    with pytest.raises(InvalidRequest, match=f"^{message}"):
        register_service(services, service_in(body, sid))

    assert services.list() == []


@pytest.mark.parametrize("sid", ["printer", "a b"])
def test_an_unknown_service_is_named(sid: str) -> None:
    services = InMemoryServiceRegistry()

    with pytest.raises(NotFound, match=f"No service with sid {sid}"):
        find_service(services, sid)
    with pytest.raises(NotFound, match=f"No service with sid {sid}"):
        remove_service(services, InMemoryTaskStore(), sid)


def test_a_service_without_open_tasks_is_removed() -> None:
    services, store = InMemoryServiceRegistry(PRINTER), InMemoryTaskStore()
    others = a_task("open", service="scanner")
    store.commit(Changes([Put(a_task("ended", service="printer", ended=CREATED)), Put(others)]))

    remove_service(services, store, "printer")

    assert services.list() == []


def test_a_service_with_open_tasks_stays() -> None:
    services, store = InMemoryServiceRegistry(PRINTER), InMemoryTaskStore()
    store.commit(Changes([Put(a_task("open", service="printer"))]))

    with pytest.raises(StateConflict, match="printer has open tasks"):
        remove_service(services, store, "printer")

    assert services.list() == [PRINTER]
