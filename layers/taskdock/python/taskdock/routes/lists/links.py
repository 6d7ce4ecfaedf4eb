"""What may be done with a resource: links, which programs show their buttons by."""

from collections.abc import Iterable
from functools import partial
from typing import Final
from urllib.parse import quote

from taskdock.runtime.answers import Answer
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring

ROUTES: Final = Routes()

type _Link = tuple[str, str, str]
"""A method, what follows the resource's own path, and what the link is for."""

_LISTED: Final[tuple[_Link, ...]] = (("GET", "", "list"), ("GET", "/count", "count"))
_SHOWN: Final[tuple[_Link, ...]] = (("GET", "", "self"),)
_RUN: Final[tuple[_Link, ...]] = tuple(
    (method, f"/{verb}", verb)
    for verb in ("singleResult", "list", "count")
    for method in ("GET", "POST")
)


@ROUTES.options("/filter")
def of_filters(request: Request, _: Wiring) -> Answer:
    """Filters are listed, counted and created."""
    return _links(request, "/filter", (*_LISTED, ("POST", "/create", "create")))


@ROUTES.options("/filter/{id}")
def of_filter(request: Request, _: Wiring) -> Answer:
    """A filter is shown, run, removed and replaced; whether there is one is not looked at."""
    path = f"/filter/{quote(request.path['id'], safe='')}"
    changed = (("DELETE", "", "delete"), ("PUT", "", "update"))
    return _links(request, path, (*_SHOWN, *_RUN, *changed))


def of_listed(kind: str, request: Request, _: Wiring) -> Answer:
    """They are listed and counted, and changed elsewhere."""
    return _links(request, f"/{kind}", _LISTED)


def of_shown(kind: str, request: Request, _: Wiring) -> Answer:
    """One of them is shown; of a user, the profile."""
    path = f"/{kind}/{quote(request.path['id'], safe='')}"
    return _links(request, path, (("GET", "/profile" if kind == "user" else "", "self"),))


for _kind in ("user", "group", "tenant", "authorization"):
    ROUTES.options(f"/{_kind}")(partial(of_listed, _kind))
    ROUTES.options(f"/{_kind}/{{id}}")(partial(of_shown, _kind))


def _links(request: Request, path: str, links: Iterable[_Link]) -> Answer:
    shown = [
        {"method": method, "href": f"{request.base_url}{path}{below}", "rel": rel}
        for method, below, rel in links
    ]
    return Answer(200, {"links": shown})
