"""Find users and groups in the directory. A directory finds ids and the members of a group; every
other search reads all its entries, up to a limit.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain
from typing import Final

from taskdock.domain.caller import TENANT_PREFIX
from taskdock.domain.errors import InvalidRequest, NotFound, OutOfTime, QueryTooExpensive
from taskdock.domain.people import Group, Person, Search, TenantSearch, is_group
from taskdock.use_cases.ports import People

MOST_PAGES: Final = 100
"""Pages of the directory that one answer may read; Cognito's pages hold 60 entries."""

_MOST_IDS: Final = 20
"""Up to this many ids are looked up one by one."""


@dataclass(frozen=True)
class Reader:
    """The directory as a caller sees it, and the time limit for reading it."""

    people: People
    seconds_left: Callable[[], float]
    user: str = ""
    """The caller."""
    tenants: frozenset[str] = frozenset()
    """The tenants whose members the caller may search: their own."""
    is_administrator: bool = False
    """Whether the caller sees everybody."""

    @cached_property
    def seen(self) -> frozenset[str] | None:
        """The ids of the people who share a tenant with the caller, the caller included; None for
        everybody: for an administrator, and in a directory without tenants.

        Raises as `find_people`.
        """
        if self.is_administrator or not (self.tenants or self._has_tenants()):
            return None
        groups = (f"{TENANT_PREFIX}{tenant}" for tenant in sorted(self.tenants))
        pages = chain.from_iterable(map(self.people.members, groups))
        return frozenset({self.user, *(person.id for person in _read(self, pages))})

    def sees(self, user: str) -> bool:
        """Whether the caller may know of that user; raises as `find_people`."""
        return self.seen is None or user in self.seen

    def sees_group(self, name: str) -> bool:
        """Whether the caller may know of a group: one of the people that they see is in it."""
        if self.seen is None:
            return True
        return any(person.id in self.seen for person in _read(self, self.people.members(name)))

    def _has_tenants(self) -> bool:
        return any(not is_group(group.id) for group in _read(self, self.people.groups()))


@dataclass(frozen=True, slots=True)
class GroupMemberships:
    """The groups of a user, and the other members of these groups."""

    groups: Sequence[Group]
    people: Sequence[Person]


def find_person(reader: Reader, user: str) -> Person:
    """The user of that id; raises `NotFound`, and as `find_people`."""
    person = reader.people.person(user)
    if person is None or not reader.sees(user):
        raise NotFound(f"User with id {user} does not exist")
    return person


def find_people(reader: Reader, search: Search) -> list[Person]:
    """The users that the search finds, in its order.

    Raises `QueryTooExpensive` when too many pages would have to be read, `OutOfTime`.
    """
    first, *others = _sources(reader, search)
    found = {person.id: person for person in first if search.matches(person)}
    for other in others:
        ids = {person.id for person in other}
        found = {user: person for user, person in found.items() if user in ids}
    return search.ordered(person for person in found.values() if reader.sees(person.id))


def find_groups(reader: Reader, search: Search) -> list[Group]:
    """The groups that the search finds, in its order; raises as `find_people`."""
    source = reader.people.groups()
    if search.member_of:
        source = reader.people.groups_of(search.member_of[0])
    groups = _read(reader, source, "id or member")
    found = [each for each in groups if is_group(each.id) and search.matches(each)]
    return search.ordered(each for each in found if reader.sees_group(each.id))


def find_group(reader: Reader, name: str) -> Group:
    """The group of that id; raises `NotFound`, and as `find_people`."""
    found = find_groups(reader, Search((name,), (), ()))
    if not found:
        raise NotFound(f"Group with id {name} does not exist")
    return found[0]


def find_tenants(reader: Reader, search: TenantSearch) -> list[str]:
    """The caller's own tenants that the search finds; raises as `find_people`."""
    tenants = set(reader.tenants)
    for user in search.members:
        groups = _read(reader, reader.people.groups_of(user))
        tenants &= {each.id.removeprefix(TENANT_PREFIX) for each in groups if not is_group(each.id)}
    return search.ordered(tenants)


def find_memberships(reader: Reader, user: str | None) -> GroupMemberships:
    """Groups by name, people by id, the user left out; raises `InvalidRequest` without a user."""
    if user is None:
        raise InvalidRequest("No user id was supplied")
    memberships = reader.people.groups_of(user) if reader.sees(user) else iter(())
    groups = [each for each in _read(reader, memberships) if is_group(each.id)]
    pages = chain.from_iterable(reader.people.members(group.id) for group in groups)
    members = (person for person in _read(reader, pages) if reader.sees(person.id))
    others = {person.id: person for person in members if person.id != user}
    return GroupMemberships(
        sorted(groups, key=lambda group: (group.name, group.id)),
        sorted(others.values(), key=lambda person: person.id),
    )


def _sources(reader: Reader, search: Search) -> Iterator[Iterable[Person]]:
    """Sets of users whose intersection holds every user who is wanted; at least one set."""
    people, ids = reader.people, search.ids
    if ids is not None and len(ids) <= _MOST_IDS:
        yield [person for each in ids if (person := people.person(each)) is not None]
    elif not search.member_of:
        yield _read(reader, people.people(), "id, idIn or memberOfGroup")
    for group in search.member_of:
        yield _read(reader, people.members(group)) if _may_be_asked(reader, group) else ()


def _may_be_asked(reader: Reader, group: str) -> bool:
    return is_group(group) or group.removeprefix(TENANT_PREFIX) in reader.tenants


def _read[Member](
    reader: Reader, pages: Iterator[Sequence[Member]], advice: str = "less"
) -> Iterator[Member]:
    for number, page in enumerate(pages):
        if number >= MOST_PAGES:
            raise QueryTooExpensive(
                f"More than {MOST_PAGES} pages of the directory would have to be read:"
                f" ask for {advice}."
            )
        if reader.seconds_left() <= 0:
            raise OutOfTime("Reading the directory takes longer than the gateway waits.")
        yield from page
