"""Registries of services and programs, and a directory of users in memory."""

from collections.abc import Mapping, Sequence

from taskdock.use_cases.ports import Service
from taskdock.use_cases.services.programs import Program


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


class InMemoryProgramRegistry:
    """`ProgramRegistry`."""

    def __init__(self) -> None:
        self._programs: dict[str, Program] = {}

    def get(self, client_id: str) -> Program | None:
        """See `ProgramRegistry.get`."""
        return self._programs.get(client_id)

    def list(self) -> Sequence[Program]:
        """See `ProgramRegistry.list`."""
        return [self._programs[each] for each in sorted(self._programs)]

    def put(self, program: Program) -> None:
        """See `ProgramRegistry.put`."""
        self._programs[program.client_id] = program


class InMemoryDirectory:
    """`Directory` of these users and their groups."""

    def __init__(self, groups: Mapping[str, Sequence[str]]) -> None:
        self._groups = groups

    def memberships(self, user: str) -> Sequence[str]:
        """See `Directory.memberships`."""
        return tuple(self._groups.get(user, ()))
