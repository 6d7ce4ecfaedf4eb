"""Programs: what a token without a person may do for which tenants and services."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from taskdock.domain.caller import TENANT_PREFIX, Caller
from taskdock.domain.errors import InvalidRequest, NotAuthorized, NotFound
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.instants import Instant
from taskdock.use_cases.ports import People, ServiceRegistry

REMEMBERED: Final = 60_000
"""Milliseconds for which a program counts as what it was."""


@dataclass(frozen=True, slots=True)
class Program:
    """A registered program: a client of the user pool that works without a person."""

    client_id: str
    name: str
    tenants: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    removed: bool = False
    """Whether the registration was removed: then the program may do nothing."""


class ProgramRegistry(Protocol):
    """The registered programs, removed ones too."""

    def get(self, client_id: str) -> Program | None:
        """The program of that client id."""
        ...

    def list(self) -> Sequence[Program]:
        """All programs, by client id."""
        ...

    def put(self, program: Program) -> None:
        """Register or replace."""
        ...


class KnownPrograms:
    """The registry with a cache of what it said in the last minute. Threads may share one."""

    def __init__(self, registry: ProgramRegistry) -> None:
        self._registry = registry
        self._found: dict[str, tuple[Program | None, Instant]] = {}

    def program(self, client_id: str, now: Instant) -> Program | None:
        """The program of that client id, one that was removed too; None when it was never
        registered."""
        found = self._found.get(client_id)
        if found is None or now >= found[1] + REMEMBERED:
            program = self._registry.get(client_id) if is_identifier(client_id) else None
            found = self._found[client_id] = (program, now)
        return found[0]


def register_program(
    programs: ProgramRegistry, people: People, services: ServiceRegistry, program: Program
) -> bool:
    """Register the program, or replace its registration; whether it is new.

    Raises `InvalidRequest` that names a client, tenants or services that there are not, and
    `TemporarilyUnavailable`.
    """
    if not people.client_exists(program.client_id):
        raise InvalidRequest(f"clientId: the user pool has no client '{program.client_id}'")
    known = {group.id for page in people.groups() for group in page}
    unknown = [each for each in program.tenants if f"{TENANT_PREFIX}{each}" not in known]
    if unknown:
        raise InvalidRequest(f"tenants: there is no tenant {_names(unknown)}")
    unknown = [each for each in program.services if services.get(each) is None]
    if unknown:
        raise InvalidRequest(f"services: there is no service {_names(unknown)}")
    before = programs.get(program.client_id)
    programs.put(program)
    return before is None or before.removed


def find_program(programs: ProgramRegistry, client_id: str) -> Program:
    """The registered program; raises `NotFound`."""
    found = programs.get(client_id) if is_identifier(client_id) else None
    if found is None or found.removed:
        raise NotFound(f"No program with client id {client_id}")
    return found


def remove_program(programs: ProgramRegistry, client_id: str) -> None:
    """Remove the registration; raises `NotFound`. What is left says that it was there: from then on
    the program may do nothing, which is less than if it had never been registered.
    """
    found = find_program(programs, client_id)
    programs.put(Program(found.client_id, found.name, removed=True))


def must_work_for(caller: Caller, service: str) -> None:
    """Raises `NotAuthorized` for a registered program that works for other services only."""
    if caller.services is not None and service not in caller.services:
        raise NotAuthorized(f"This program does not work for service '{service}'")


def _names(names: Sequence[str]) -> str:
    return ", ".join(f"'{name}'" for name in names)
