"""The ports of columns: where they are kept, and who is asked to bring them up to date."""

from collections.abc import Iterable, Mapping, Sequence
from typing import NamedTuple, Protocol

from taskdock.domain.columns.manifest import Head
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import Tenant


class Kept(NamedTuple):
    """An object of a tenant."""

    name: str
    made: Instant


class Work(NamedTuple):
    """How far a compaction has come that has not ended."""

    owner: str
    until: Instant
    """When another may take it over."""
    progress: str = ""
    """What the owner wrote down, to go on from there."""


class ColumnStore(Protocol):
    """Objects that are written once, and a head for each tenant. Threads may share one.

    Every method raises `TemporarilyUnavailable` when the store is out of reach.
    """

    def heads(self, tenants: Sequence[Tenant]) -> Mapping[Tenant, Head]:
        """The heads of those of the tenants that have one."""
        ...

    def swap(self, tenant: Tenant, head: Head, owner: str) -> bool:
        """Have the tenant's head be this one, if it is the next of the one that there is, or the
        first where there is none, and the owner's work is noted; whether it is."""
        ...

    def drop(self, tenant: Tenant) -> None:
        """Have the tenant no head any more, and no work be noted: it cannot become a head."""
        ...

    def begin(self, tenant: Tenant, work: Work, now: Instant) -> Work | None:
        """Have the work be noted, unless somebody else's is and its time is not over; then None.
        Returns the work that was noted before, or this one."""
        ...

    def go_on(self, tenant: Tenant, work: Work) -> bool:
        """Have the work be noted in place of what its owner had noted; False where that is noted no
        more."""
        ...

    def end(self, tenant: Tenant, owner: str) -> None:
        """Have the owner's work be noted no more."""
        ...

    def put(self, tenant: Tenant, content: bytes) -> str:
        """Keep an object of the tenant; the name it has."""
        ...

    def read(self, name: str, offset: int = 0, length: int | None = None) -> bytes | None:
        """So many bytes of an object, or all; None where there is none of that name. There may be
        fewer than asked for."""
        ...

    def objects(self, tenant: Tenant) -> Iterable[Kept]:
        """All objects of the tenant."""
        ...

    def remove(self, names: Sequence[str]) -> None:
        """Remove objects; a missing one is no error."""
        ...


class Compactions(Protocol):
    """Who brings the columns of a tenant up to date, in a while."""

    def ask(self, tenant: Tenant, *, anew: bool = False) -> None:
        """Ask for it; `anew` where the columns there are turned out to be broken. Raises
        `TemporarilyUnavailable`."""
        ...
