"""Users and groups as task lists ask for them, read-only (Camunda 7's user and group API)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Any, Self

from taskdock.domain.caller import TENANT_PREFIX


@dataclass(frozen=True, slots=True)
class Person:
    """A user, as far as the directory knows them."""

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


def is_group(name: str) -> bool:
    """Whether a group of the directory is one: those that stand for tenants are not."""
    return not name.startswith(TENANT_PREFIX)


@dataclass(frozen=True, slots=True)
class Search:
    """A question for users or groups: which ids, which other values, in which order."""

    ids: tuple[str, ...] | None
    """The only ids wanted; None for any."""
    member_of: tuple[str, ...]
    """What the wanted belong to: groups and tenants of a user, a user of a group."""
    tests: tuple[tuple[str, Callable[[str], bool]], ...]
    """Fields, each with the test that its value has to pass."""
    sort_field: str
    descending: bool

    def for_nobody(self) -> Self:
        """The same question with no answer."""
        return replace(self, ids=())

    def matches(self, member: Person | Group) -> bool:
        """Whether the member has all the wanted values; what it has not never matches."""
        if self.ids is not None and member.id not in self.ids:
            return False
        values = ((getattr(member, field), test) for field, test in self.tests)
        return all(value is not None and test(value) for value, test in values)

    def ordered[Member: Person | Group](self, members: Iterable[Member]) -> list[Member]:
        """The members in the wanted order; without one by id, which also settles ties.

        What a member has not comes last, in descending order first (docs/api.md, D15, D16).
        """
        by_id = sorted(members, key=lambda member: member.id)
        return sorted(by_id, key=self._sort_key, reverse=self.descending)

    def _sort_key(self, member: Person | Group) -> Any:
        value: str | None = getattr(member, self.sort_field)
        return value is None, value or ""
