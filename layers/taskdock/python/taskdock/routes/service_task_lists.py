"""Lists the tasks of a service, or of all services, page by page."""

import re
from collections.abc import Iterable
from enum import StrEnum
from typing import Final
from urllib.parse import urlencode

from taskdock.api.answers.service_tasks import service_task_json
from taskdock.api.requests.property_values import shown
from taskdock.api.requests.unknown_properties import refuse_unknown
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.services.lists import ListName
from taskdock.domain.tasks.task import State
from taskdock.runtime.answers import Answer, cost
from taskdock.runtime.read_limits import read_limits
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.query.list_service_tasks import (
    ALL_STATES,
    SORTING,
    Listing,
    Selection,
    list_service_tasks,
)
from taskdock.use_cases.query.paging import Cursor

ROUTES: Final = Routes()

DEFAULT_LIMIT: Final = 50
LARGEST_LIMIT: Final = 1000

_ADVICE: Final = "Ask for a smaller limit, for one service, or for open or ended tasks alone."
_PARAMETERS: Final = frozenset({"limit", "pageToken", "state", "type", "owner", "embed"})
_WHOLE: Final = re.compile("[0-9]{1,9}")


@ROUTES.get("/v1/tasks")
def list_all_tasks(request: Request, wiring: Wiring) -> Answer:
    """A page of the tasks of all services."""
    services = [service.sid for service in wiring.services.list()]
    return _listing_answer(request, wiring, services)


@ROUTES.get("/v1/services/{sid}/tasks")
def list_tasks_of_service(request: Request, wiring: Wiring) -> Answer:
    """A page of one service's tasks."""
    service = wiring.known_services.service(request.path["sid"], wiring.now())
    return _listing_answer(request, wiring, [service.sid])


def _listing_answer(request: Request, wiring: Wiring, services: Iterable[str]) -> Answer:
    """A page of these services' tasks, with links to itself and to the next one.

    Raises `InvalidRequest` for an unknown parameter or value, and what `list_service_tasks` raises.
    """
    parameters = request.parameters
    refuse_unknown(parameters, _PARAMETERS, "the query string")
    selection = Selection(
        services=tuple(services),
        access=request.caller.access,
        states=frozenset(_choice(request, "state", State)) or ALL_STATES,
        type=parameters.get("type"),
        owner=parameters.get("owner"),
    )
    embedded = _choice(request, "embed", ListName)
    token = parameters.get("pageToken")
    listing = list_service_tasks(
        wiring.store,
        selection,
        read_limits(request, wiring, _ADVICE),
        limit=_limit(request),
        after=Cursor.of_token(token, SORTING) if token else None,
    )
    base_path = wiring.settings.base_path
    tasks = [service_task_json(task, base_path, embedded) for task in listing.tasks]
    return Answer(
        200,
        {"embedded": {"tasks": tasks}, "links": _links(request, wiring, listing)},
        headers=cost(listing.read_units),
        facts={"returned": len(tasks), "readUnits": listing.read_units},
        too_large="The page is more than one answer holds: ask for it with a smaller limit.",
    )


def _limit(request: Request) -> int:
    text = request.parameters.get("limit", str(DEFAULT_LIMIT))
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= LARGEST_LIMIT:
        raise InvalidRequest(
            f"limit: expected an integer from 1 to {LARGEST_LIMIT}, got {shown(text)}"
        )
    return int(text)


def _choice[Choice: StrEnum](
    request: Request, name: str, choices: type[Choice]
) -> tuple[Choice, ...]:
    """The values of a parameter that may name several, separated by commas."""
    text = request.parameters.get(name)
    if text is None:
        return ()
    chosen = text.split(",")
    if not set(chosen) <= set(choices):
        raise InvalidRequest(
            f"{name}: expected one or several of {', '.join(choices)}, got {shown(text)}"
        )
    return tuple(choices(each) for each in chosen)


def _links(request: Request, wiring: Wiring, listing: Listing) -> dict[str, dict[str, str]]:
    asked = dict(sorted(request.parameters.items()))
    links = {"self": {"href": _href(request, wiring, asked)}}
    token = listing.next.token(SORTING) if listing.next is not None else None
    if token is not None:
        links["next"] = {"href": _href(request, wiring, asked | {"pageToken": token})}
    return links


def _href(request: Request, wiring: Wiring, parameters: dict[str, str]) -> str:
    sid = request.path.get("sid")
    path = "/v1/tasks" if sid is None else f"/v1/services/{sid}/tasks"
    query = f"?{urlencode(parameters)}" if parameters else ""
    return f"{wiring.settings.base_path}{path}{query}"
