"""A registry of services and a directory of users in memory."""

from collections.abc import Mapping, Sequence

from taskdock.use_cases.ports import Service


class InMemoryServiceRegistry:
    """`ServiceRegistry`."""

    def __init__(self, *services: Service) -> None:
        self._services = {service.sid: service for service in services}

    def get(self, sid: str) -> Service | None:
        """See `ServiceRegistry.get`."""
        return self._services.get(sid)

    def list(self) -> Sequence[Service]:
        """See `ServiceRegistry.list`."""
        return [self._services[sid] for sid in sorted(self._services)]

    def put(self, service: Service) -> bool:
        """See `ServiceRegistry.put`."""
        is_new = service.sid not in self._services
        self._services[service.sid] = service
        return is_new

    def remove(self, sid: str) -> bool:
        """See `ServiceRegistry.remove`."""
        return self._services.pop(sid, None) is not None


class InMemoryDirectory:
    """`Directory` of these users and their groups."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self._groups = groups

    def memberships(self, user: str) -> Sequence[str]:
        """See `Directory.memberships`."""
        return tuple(self._groups.get(user, ()))
