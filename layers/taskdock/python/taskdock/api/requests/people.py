"""Queries for users and groups, read from a query string or, for groups, from a body
(Camunda 7's user and group API)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from operator import eq
from typing import Final

from taskdock.api.queries.values import json_texts
from taskdock.api.requests.fields import Fields
from taskdock.api.requests.list_order import ListOrder, read_order
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
    sorted_by={"id": "id", "name": "name", "type": "type"},
)

_GROUP_TEXTS: Final = ("name", "nameLike", "type", "member", "memberOfTenant")


def search_for_people(parameters: Mapping[str, str]) -> Search:
    """The users that a query string asks for; raises `InvalidRequest`."""
    group, tenant = parameters.get("memberOfGroup"), parameters.get("memberOfTenant")
    member_of = [group] if group is not None else []
    if tenant is not None:
        member_of.append(TENANT_PREFIX + tenant)
    ids = _ids(parameters.get("id"), _names(parameters.get("idIn")))
    orders = [read_order(parameters, _PEOPLE.sorted_by)]
    search = _search(parameters, _PEOPLE, ids, tuple(member_of), orders)
    return search if group is None or is_group(group) else search.finding_nothing()


def search_for_groups(parameters: Mapping[str, str]) -> Search:
    """The groups that a query string asks for; raises `InvalidRequest`."""
    ids = _ids(parameters.get("id"), _names(parameters.get("idIn")))
    return _groups(parameters, ids, [read_order(parameters, _GROUPS.sorted_by)])


def search_for_groups_of(body: object) -> Search:
    """The groups that a body asks for; raises `InvalidRequest`."""
    fields = Fields({} if body is None else body, "")
    parameters = {name: fields.text(name) for name in (*_GROUP_TEXTS, "id")}
    given = {name: value for name, value in parameters.items() if value is not None}
    orders = [
        read_order({name: each.text(name) for name in ("sortBy", "sortOrder")}, _GROUPS.sorted_by)
        for each in fields.listed("sorting")
    ]
    return _groups(given, _ids(given.get("id"), json_texts(fields.value("idIn"), "idIn")), orders)


def _groups(
    parameters: Mapping[str, str], ids: tuple[str, ...] | None, orders: Iterable[ListOrder]
) -> Search:
    """Our groups have no type and belong to no tenant, so a query for one of these finds none."""
    member = (parameters["member"],) if "member" in parameters else ()
    search = _search(parameters, _GROUPS, ids, member, orders)
    return search.finding_nothing() if {"type", "memberOfTenant"} & set(parameters) else search


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


def _search(
    parameters: Mapping[str, str],
    kind: _Kind,
    ids: tuple[str, ...] | None,
    member_of: tuple[str, ...],
    orders: Iterable[ListOrder],
) -> Search:
    tests: list[tuple[str, Callable[[str], bool]]] = [
        (kind.equal[name], partial(eq, value))
        for name, value in parameters.items()
        if name in kind.equal
    ]
    tests += [
        (kind.alike[name], like(value)) for name, value in parameters.items() if name in kind.alike
    ]
    sorting = ((kind.sorted_by[each.by], each.descending) for each in orders if each.by is not None)
    return Search(ids, member_of, tuple(tests), tuple(sorting))


def _names(listed: str | None) -> tuple[str, ...] | None:
    return None if listed is None else tuple(listed.split(","))


def _ids(single: str | None, several: tuple[str, ...] | None) -> tuple[str, ...] | None:
    listed = None if several is None else tuple(dict.fromkeys(several))
    if single is None:
        return listed
    return (single,) if listed is None or single in listed else ()
