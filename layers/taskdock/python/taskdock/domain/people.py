"""Users and groups for task lists, read-only (Camunda 7's user and group API)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

from taskdock.domain.caller import TENANT_PREFIX


@dataclass(frozen=True, slots=True)
class Person:
    """A user of the directory; names and address are None where it has none."""

    id: str
    first_name: str | None = None
    last_name: str | None = None
    email: str | None = None

    @property
    def display_name(self) -> str:
        """What a task list shows: the names that are known, else the id."""
        names = [name for name in (self.first_name, self.last_name) if name]
        return " ".join(names) or self.id


@dataclass(frozen=True, slots=True)
class Group:
    """A group of users to whom tasks are offered."""

    id: str
    name: str
    type: str | None = None
    """No group has one; lists may be sorted by it."""


def is_group(name: str) -> bool:
    """Whether the directory's group is a group of users; one that stands for a tenant is not."""
    return not name.startswith(TENANT_PREFIX)


@dataclass(frozen=True, slots=True)
class Search:
    """A search for users or groups: ids, other values, and the order."""

    ids: tuple[str, ...] | None
    """The only ids wanted; None for any."""
    member_of: tuple[str, ...]
    """Memberships: groups and tenants of a wanted user, or a user of a wanted group."""
    tests: tuple[tuple[str, Callable[[str], bool]], ...]
    """Fields, each with the test that its value has to pass."""
    orders: tuple[tuple[str, bool], ...] = ()
    """Fields that sort, the first one first; each with whether it descends."""

    def finding_nothing(self) -> Self:
        """The same search, which finds nothing."""
        return replace(self, ids=())

    def matches(self, member: Person | Group) -> bool:
        """Whether the member has all the wanted values; an absent value never matches."""
        if self.ids is not None and member.id not in self.ids:
            return False
        values = ((getattr(member, field), test) for field, test in self.tests)
        return all(value is not None and test(value) for value, test in values)

    def ordered[Member: Person | Group](self, members: Iterable[Member]) -> list[Member]:
        """The members in the wanted order; without one by id, which also settles ties.

        Absent values come last, in descending order first (docs/api.md, D15, D16).
        """
        listed = sorted(members, key=lambda member: member.id)
        for field, descending in reversed(self.orders):
            listed.sort(key=partial(_place, field), reverse=descending)
        return listed


def _place(field: str, member: Person | Group) -> Any:
    value: str | None = getattr(member, field)
    return value is None, value or ""


@dataclass(frozen=True, slots=True)
class TenantSearch:
    """A search for tenants."""

    tests: tuple[Callable[[str], bool], ...]
    """Tests of the id, which is also the name."""
    members: tuple[str, ...]
    """Users who have to be members."""
    finds_nothing: bool
    descending: bool

    def ordered(self, tenants: Iterable[str]) -> list[str]:
        """Those of the tenants that pass all tests, in the wanted order."""
        left = [each for each in tenants if all(test(each) for test in self.tests)]
        return [] if self.finds_nothing else sorted(left, reverse=self.descending)
