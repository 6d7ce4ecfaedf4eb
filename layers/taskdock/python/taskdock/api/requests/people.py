"""Queries for users and groups, read from a query string (Camunda 7's user and group API)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from operator import eq
from typing import Final

from taskdock.api.requests.list_order import read_order
from taskdock.domain.caller import TENANT_PREFIX
from taskdock.domain.people import Search, TenantSearch, is_group
from taskdock.domain.query.like import like


@dataclass(frozen=True, slots=True)
class _Kind:
    """The parameters for users or for groups, and the fields they compare or sort by."""

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


def search_for_people(parameters: Mapping[str, str]) -> Search:
    """The users that a query string asks for; raises `InvalidRequest`."""
    group, tenant = parameters.get("memberOfGroup"), parameters.get("memberOfTenant")
    member_of = [group] if group is not None else []
    if tenant is not None:
        member_of.append(TENANT_PREFIX + tenant)
    search = _search(parameters, _PEOPLE, tuple(member_of))
    return search if group is None or is_group(group) else search.finding_nothing()


def search_for_groups(parameters: Mapping[str, str]) -> Search:
    """The groups that a query string asks for; raises `InvalidRequest`.

    Our groups have no `type`, so a query for one finds none.
    """
    member = (parameters["member"],) if "member" in parameters else ()
    search = _search(parameters, _GROUPS, member)
    return search.finding_nothing() if "type" in parameters else search


def search_for_tenants(parameters: Mapping[str, str]) -> TenantSearch:
    """The tenants that a query string asks for; raises `InvalidRequest`."""
    tests: list[Callable[[str], bool]] = [
        partial(eq, parameters[name]) for name in ("id", "name") if name in parameters
    ]
    tests += [like(parameters["nameLike"])] if "nameLike" in parameters else []
    order = read_order(parameters, ("id", "name"))
    members = [parameters[name] for name in ("userMember",) if name in parameters]
    of_groups = "groupMember" in parameters  # groups are no members of tenants here
    return TenantSearch(tuple(tests), tuple(members), of_groups, order.descending)


def _search(parameters: Mapping[str, str], kind: _Kind, member_of: tuple[str, ...]) -> Search:
    tests: list[tuple[str, Callable[[str], bool]]] = [
        (kind.equal[name], partial(eq, value))
        for name, value in parameters.items()
        if name in kind.equal
    ]
    tests += [
        (kind.alike[name], like(value)) for name, value in parameters.items() if name in kind.alike
    ]
    order = read_order(parameters, kind.sorted_by)
    field = kind.sorted_by[order.by] if order.by is not None else "id"
    return Search(_ids(parameters), member_of, tuple(tests), field, order.descending)


def _ids(parameters: Mapping[str, str]) -> tuple[str, ...] | None:
    single, several = parameters.get("id"), parameters.get("idIn")
    listed = None if several is None else tuple(dict.fromkeys(several.split(",")))
    if single is None:
        return listed
    return (single,) if listed is None or single in listed else ()
