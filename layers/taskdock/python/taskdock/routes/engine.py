"""The engine's name and version, its users, its groups and its tenants."""

from typing import Final

from taskdock.api.answers.people import group_json, memberships_json, profile_json, tenant_json
from taskdock.api.requests.offset_pages import read_offset_page
from taskdock.api.requests.people import (
    search_for_groups,
    search_for_groups_of,
    search_for_people,
    search_for_tenants,
)
from taskdock.domain.caller import ADMIN
from taskdock.domain.errors import NotFound
from taskdock.domain.people import Search
from taskdock.runtime.answers import Answer
from taskdock.runtime.read_limits import time_left
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.find_people import (
    Reader,
    find_group,
    find_groups,
    find_memberships,
    find_people,
    find_person,
    find_tenants,
)

ENGINE: Final = "default"

VERSION: Final = "7.24.0"
"""The version of Camunda 7 whose task API this is: clients ask what they may use."""

ROUTES: Final = Routes()


@ROUTES.get("/engine")
def list_engines(_: Request, __: Wiring) -> Answer:
    """The one engine there is."""
    return Answer(200, [{"name": ENGINE}])


@ROUTES.get("/version")
def show_version(_: Request, __: Wiring) -> Answer:
    """The version of the API."""
    return Answer(200, {"version": VERSION})


@ROUTES.get("/user")
def list_users(request: Request, wiring: Wiring) -> Answer:
    """The users that match the query string, or a page of them."""
    offsets, search = read_offset_page(request.parameters), search_for_people(request.parameters)
    people = find_people(_reader(request, wiring), search)
    return Answer(200, [profile_json(person) for person in people[offsets.part]])


@ROUTES.get("/user/count")
def count_users(request: Request, wiring: Wiring) -> Answer:
    """How many users match the query string."""
    search = search_for_people(request.parameters)
    return Answer(200, {"count": len(find_people(_reader(request, wiring), search))})


@ROUTES.get("/user/{id}/profile")
def show_profile(request: Request, wiring: Wiring) -> Answer:
    """One user."""
    return Answer(200, profile_json(find_person(_reader(request, wiring), request.path["id"])))


@ROUTES.get("/group")
def list_groups(request: Request, wiring: Wiring) -> Answer:
    """The groups that match the query string, or a page of them."""
    return _list_groups(search_for_groups(request.parameters), request, wiring)


@ROUTES.post("/group")
def list_groups_for_body(request: Request, wiring: Wiring) -> Answer:
    """The groups that match the body, or a page of them."""
    return _list_groups(_groups_of_body(request), request, wiring)


@ROUTES.get("/group/count")
def count_groups(request: Request, wiring: Wiring) -> Answer:
    """How many groups match the query string."""
    return _count_groups(search_for_groups(request.parameters), request, wiring)


@ROUTES.post("/group/count")
def count_groups_for_body(request: Request, wiring: Wiring) -> Answer:
    """How many groups match the body."""
    return _count_groups(_groups_of_body(request), request, wiring)


@ROUTES.get("/group/{id}")
def show_group(request: Request, wiring: Wiring) -> Answer:
    """One group."""
    name = request.path["id"]
    return Answer(200, group_json(find_group(_reader(request, wiring), name)))


@ROUTES.get("/tenant")
def list_tenants(request: Request, wiring: Wiring) -> Answer:
    """The caller's tenants that match the query string, or a page of them."""
    search = search_for_tenants(request.parameters)
    tenants = find_tenants(_reader(request, wiring), search)
    part = read_offset_page(request.parameters).part
    return Answer(200, [tenant_json(tenant) for tenant in tenants[part]])


@ROUTES.get("/tenant/count")
def count_tenants(request: Request, wiring: Wiring) -> Answer:
    """How many tenants of the caller match the query string."""
    search = search_for_tenants(request.parameters)
    return Answer(200, {"count": len(find_tenants(_reader(request, wiring), search))})


@ROUTES.get("/tenant/{id}")
def show_tenant(request: Request, _: Wiring) -> Answer:
    """One tenant of the caller."""
    tenant = request.path["id"]
    if tenant not in request.caller.tenants:
        raise NotFound(f"Tenant with id {tenant} does not exist")
    return Answer(200, tenant_json(tenant))


@ROUTES.get("/identity/groups")
def show_memberships(request: Request, wiring: Wiring) -> Answer:
    """A user's groups, and who else is in them."""
    user = request.parameters.get("userId")
    return Answer(200, memberships_json(find_memberships(_reader(request, wiring), user)))


def _groups_of_body(request: Request) -> Search:
    return search_for_groups_of(request.json(trailing_junk_allowed=True))


def _list_groups(search: Search, request: Request, wiring: Wiring) -> Answer:
    offsets = read_offset_page(request.parameters)
    groups = find_groups(_reader(request, wiring), search)
    return Answer(200, [group_json(group) for group in groups[offsets.part]])


def _count_groups(search: Search, request: Request, wiring: Wiring) -> Answer:
    return Answer(200, {"count": len(find_groups(_reader(request, wiring), search))})


def _reader(request: Request, wiring: Wiring) -> Reader:
    caller = request.caller
    is_administrator = ADMIN in caller.scopes
    return Reader(wiring.people, time_left(request), caller.user, caller.tenants, is_administrator)
