"""A wiring whose table, services and users are in memory, and whose clock is stopped."""

import time
from collections.abc import Mapping, Sequence
from typing import Any, Final

from taskdock.domain.instants import Instant
from taskdock.domain.people import Person
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.forms.registry import KnownForms
from taskdock.use_cases.ports import Service
from taskdock.use_cases.services.known_services import KnownServices
from taskdock.use_cases.services.programs import KnownPrograms

from tests.support.builders import CREATED
from tests.support.in_memory_filters import InMemoryFilterStore
from tests.support.in_memory_forms import InMemoryFormRegistry
from tests.support.in_memory_people import InMemoryContents, InMemoryPeople
from tests.support.in_memory_services import (
    InMemoryDirectory,
    InMemoryProgramRegistry,
    InMemoryServiceRegistry,
)
from tests.support.in_memory_store import InMemoryTaskStore

IDENTITY: Final[Mapping[str, Any]] = {
    "identity_provider_url": "https://identity.example",
    "people_client_id": "people",
    "login_url": "https://login.example",
}
"""What a deployment knows of who signs in where."""


class InMemoryWiring(Wiring):
    """The functions' dependencies in tests."""

    def __init__(
        self,
        *services: Service,
        settings: Settings | None = None,
        groups: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(settings or Settings(**IDENTITY))
        self.moment = CREATED
        self.stamped: Instant | None = None
        """The time by which changes are kept; None for the real one."""
        self.memory = InMemoryTaskStore(clock=self.change_time)
        self.store = self.memory
        self.change_log = self.memory
        self.services = InMemoryServiceRegistry(*services)
        self.programs = InMemoryProgramRegistry()
        self.known_programs = KnownPrograms(self.programs)
        self.filters = InMemoryFilterStore()
        self.forms = InMemoryFormRegistry()
        self.known_forms = KnownForms(self.forms)
        self.known_services = KnownServices(self.services)
        self.directory = InMemoryDirectory(groups or {})
        self.people = InMemoryPeople(
            {Person(user): memberships for user, memberships in (groups or {}).items()}
        )
        self.contents = self.kept = InMemoryContents()

    def now(self) -> Instant:
        return self.moment

    def change_time(self) -> Instant:
        return Instant(time.time_ns() // 1_000_000) if self.stamped is None else self.stamped
