"""Remembers which services exist, so that creating a task reads nothing."""

from typing import Final

from taskdock.domain.errors import NotFound
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.instants import Instant
from taskdock.use_cases.ports import Service, ServiceRegistry

REMEMBERED: Final = 60_000
"""Milliseconds for which a service that was found counts as existing."""


class KnownServices:
    """The registry with a cache of the services it found. A removed service may be found for
    another minute; a new one is found at once. Threads may share one.
    """

    def __init__(self, registry: ServiceRegistry) -> None:
        self._registry = registry
        self._found: dict[str, tuple[Service, Instant]] = {}

    def service(self, sid: str, now: Instant) -> Service:
        """The service of that name; raises `NotFound`."""
        found = self._found.get(sid)
        if found is not None and now < found[1] + REMEMBERED:
            return found[0]
        service = self._registry.get(sid) if is_identifier(sid) else None
        if service is None:
            raise NotFound(f"No service with sid {sid}")
        self._found[sid] = (service, now)
        return service
