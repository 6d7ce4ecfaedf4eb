"""The caller, as named by the verified token."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final, Self

from taskdock.domain.access import Access, Participant

TENANT_PREFIX: Final = "tenant:"
"""Prefix of a directory group that stands for a tenant."""


READ: Final = "tasks.read"
WRITE: Final = "tasks.write"
ADMIN: Final = "admin"
"""The scope of administrators, without what a deployment's scopes start with."""


@dataclass(frozen=True, slots=True)
class Caller:
    """A person or a machine with a verified token."""

    user: str
    groups: tuple[str, ...]
    """Candidate groups, in ascending code point order."""
    tenants: frozenset[str]
    scopes: frozenset[str] = frozenset()
    """Scopes of this deployment, without the identifier that they start with."""
    services: frozenset[str] | None = None
    """The services that a registered program works for; None for everybody else."""
    supervises: bool = False
    """Whether the caller is in a group of supervisors, or a program with the admin scope."""
    participates: bool = False
    """Whether the caller sees no other tasks than those that they take part in."""
    tenant_required: bool = False
    """Whether the deployment has no tasks without a tenant."""

    @property
    def access(self) -> Access:
        """What the caller may see and change."""
        participant = Participant(self.user, frozenset(self.groups)) if self.participates else None
        return Access(self.tenants, participant, self.tenant_required)

    @classmethod
    def of_groups(
        cls, user: str, memberships: Iterable[str], scopes: frozenset[str] = frozenset()
    ) -> Self:
        """The caller whose directory groups are `memberships`.

        A group named `tenant:<id>` is membership of that tenant and no candidate group.
        """
        groups, tenants = split_memberships(memberships)
        return cls(user, groups, tenants, scopes)


def split_memberships(memberships: Iterable[str]) -> tuple[tuple[str, ...], frozenset[str]]:
    """Candidate groups (ascending by code point) and tenants among a user's directory groups."""
    names = set(memberships)
    tenants = {name for name in names if name.startswith(TENANT_PREFIX)}
    return (
        tuple(sorted(names - tenants)),
        frozenset(name.removeprefix(TENANT_PREFIX) for name in tenants),
    )
