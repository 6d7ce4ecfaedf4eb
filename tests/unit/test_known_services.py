"""Services that were found are remembered for a minute; what was not found is asked for again."""

import pytest
from taskdock.domain.errors import NotFound
from taskdock.domain.instants import Instant
from taskdock.use_cases.ports import Service
from taskdock.use_cases.services.known_services import REMEMBERED, KnownServices

from tests.support.builders import CREATED
from tests.support.in_memory_services import InMemoryServiceRegistry

PRINTER = Service("printer", "Printer")


class CountingRegistry(InMemoryServiceRegistry):
    """A registry that counts how often it is asked."""

    asked = 0

    def get(self, sid: str) -> Service | None:
        self.asked += 1
        return super().get(sid)


def test_a_service_is_asked_for_once_a_minute() -> None:
    registry = CountingRegistry(PRINTER)
    known = KnownServices(registry)

    assert known.service("printer", CREATED) == PRINTER
    assert known.service("printer", Instant(CREATED + REMEMBERED - 1)) == PRINTER
    assert registry.asked == 1

    assert known.service("printer", Instant(CREATED + REMEMBERED)) == PRINTER
    assert registry.asked == 2


def test_a_service_that_is_gone_is_forgotten_after_a_minute() -> None:
    registry = InMemoryServiceRegistry(PRINTER)
    known = KnownServices(registry)
    known.service("printer", CREATED)

    registry.remove("printer")

    with pytest.raises(NotFound, match="printer"):
        known.service("printer", Instant(CREATED + REMEMBERED))


def test_a_service_is_seen_as_soon_as_it_is_registered() -> None:
    registry = InMemoryServiceRegistry()
    known = KnownServices(registry)
    with pytest.raises(NotFound, match="printer"):
        known.service("printer", CREATED)

    registry.put(PRINTER)

    assert known.service("printer", CREATED) == PRINTER


@pytest.mark.parametrize("sid", ["a b", "", "x" * 65, "ä"])
def test_nothing_is_asked_about_a_name_that_no_service_can_have(sid: str) -> None:
    registry = CountingRegistry()

    with pytest.raises(NotFound):
        KnownServices(registry).service(sid, CREATED)

    assert registry.asked == 0
