"""Users and groups as task lists ask for them, read-only (the reference's user and group API)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from operator import eq
from typing import Any, Final, Self

from taskdock.api.requests.property_values import shown
from taskdock.domain.caller import TENANT_PREFIX
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.like import like


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
class _Kind:
    """What can be asked about one kind of member, by name of the parameter: equality, likeness,
    and what it can be sorted by."""

    equal: Mapping[str, str]
    alike: Mapping[str, str]
    sorted_by: Mapping[str, str]


_PEOPLE: Final = _Kind(
    equal={"firstName": "first_name", "lastName": "last_name", "email": "email"},
    alike={"firstNameLike": "first_name", "lastNameLike": "last_name", "emailLike": "email"},
    sorted_by={
        "userId": "id",
        "firstName": "first_name",
        "lastName": "last_name",
        "email": "email",
    },
)
_GROUPS: Final = _Kind(
    equal={"name": "name"},
    alike={"nameLike": "name"},
    sorted_by={"id": "id", "name": "name"},
)


@dataclass(frozen=True, slots=True)
class Search:
    """A question for users or groups: which ids, which other values, in which order."""

    ids: tuple[str, ...] | None
    """The only ids wanted; None for any."""
    member_of: tuple[str, ...]
    """What the wanted belong to: groups and tenants of a user, a user of a group."""
    _tests: tuple[tuple[str, Callable[[str], bool]], ...]
    _sort_field: str
    _descending: bool

    @classmethod
    def for_people(cls, parameters: Mapping[str, str]) -> Self:
        """The question for users that a query string asks; raises `InvalidRequest`."""
        group, tenant = parameters.get("memberOfGroup"), parameters.get("memberOfTenant")
        member_of = [group] if group is not None else []
        if tenant is not None:
            member_of.append(TENANT_PREFIX + tenant)
        search = cls._read(parameters, _PEOPLE, tuple(member_of))
        return search if group is None or is_group(group) else search.for_nobody()

    @classmethod
    def for_groups(cls, parameters: Mapping[str, str]) -> Self:
        """The question for groups that a query string asks; raises `InvalidRequest`.

        Our groups have no `type`, so whoever asks for one finds none.
        """
        member = (parameters["member"],) if "member" in parameters else ()
        search = cls._read(parameters, _GROUPS, member)
        return search.for_nobody() if "type" in parameters else search

    def for_nobody(self) -> Self:
        """The same question with no answer."""
        return replace(self, ids=())

    @classmethod
    def _read(cls, parameters: Mapping[str, str], kind: _Kind, member_of: tuple[str, ...]) -> Self:
        tests: list[tuple[str, Callable[[str], bool]]] = [
            (kind.equal[name], partial(eq, value))
            for name, value in parameters.items()
            if name in kind.equal
        ]
        tests += [
            (kind.alike[name], like(value))
            for name, value in parameters.items()
            if name in kind.alike
        ]
        field, descending = _order(parameters, kind.sorted_by)
        return cls(_ids(parameters), member_of, tuple(tests), field, descending)

    def matches(self, member: Person | Group) -> bool:
        """Whether the member has all the wanted values; what it has not never matches."""
        if self.ids is not None and member.id not in self.ids:
            return False
        values = ((getattr(member, field), test) for field, test in self._tests)
        return all(value is not None and test(value) for value, test in values)

    def ordered[Member: Person | Group](self, members: Iterable[Member]) -> list[Member]:
        """The members in the wanted order; without one by id, which also settles ties.

        What a member has not comes last, in descending order first (contract D15, D16).
        """
        by_id = sorted(members, key=lambda member: member.id)
        return sorted(by_id, key=self._sort_key, reverse=self._descending)

    def _sort_key(self, member: Person | Group) -> Any:
        value: str | None = getattr(member, self._sort_field)
        return value is None, value or ""


def _ids(parameters: Mapping[str, str]) -> tuple[str, ...] | None:
    single, several = parameters.get("id"), parameters.get("idIn")
    listed = None if several is None else tuple(dict.fromkeys(several.split(",")))
    if single is None:
        return listed
    return (single,) if listed is None or single in listed else ()


def _order(parameters: Mapping[str, str], fields: Mapping[str, str]) -> tuple[str, bool]:
    by, order = parameters.get("sortBy"), parameters.get("sortOrder")
    if by is None and order is None:
        return "id", False
    if by is None or order is None:
        raise InvalidRequest(
            "Only a single sorting parameter specified. sortBy and sortOrder required"
        )
    for name, value, allowed in (("sortBy", by, fields), ("sortOrder", order, ("asc", "desc"))):
        if value not in allowed:
            raise InvalidRequest(
                f"{name}: expected one of {', '.join(allowed)}, got {shown(value)}"
            )
    return fields[by], order == "desc"
