"""What every registry of services promises."""

import pytest
from taskdock.use_cases.ports import Service, ServiceRegistry

PRINTER = Service("printer", "The printer", "Prints \u00e4nything", ("print", "scan"))


def test_an_unknown_service_is_none(services: ServiceRegistry) -> None:
    assert services.get("printer") is None
    assert list(services.list()) == []


def test_a_registered_service_is_new_once_and_comes_back(services: ServiceRegistry) -> None:
    assert services.put(PRINTER) is True
    assert services.put(PRINTER) is False

    assert services.get("printer") == PRINTER


def test_registering_again_replaces_all_of_it(services: ServiceRegistry) -> None:
    services.put(PRINTER)
    services.put(Service("printer", "Another"))

    assert services.get("printer") == Service("printer", "Another", None, ())


def test_services_are_listed_by_sid(services: ServiceRegistry) -> None:
    sids = ["b", "a.2", "B", "a-1", "\u00e4", "z" * 1000]
    for sid in sids:
        services.put(Service(sid, f"Service {sid[:3]}"))

    assert [service.sid for service in services.list()] == sorted(sids)


def test_a_service_is_removed_once(services: ServiceRegistry) -> None:
    services.put(PRINTER)
    services.put(Service("other", "Other"))

    assert services.remove("printer") is True
    assert services.remove("printer") is False

    assert services.get("printer") is None
    assert [service.sid for service in services.list()] == ["other"]


@pytest.mark.parametrize("sid", ["", "x" * 5000, "\ud800", "SID#", "~"], ids=ascii)
def test_no_sid_is_too_odd_to_be_asked_for(services: ServiceRegistry, sid: str) -> None:
    assert services.get(sid) is None
    assert services.remove(sid) is False
