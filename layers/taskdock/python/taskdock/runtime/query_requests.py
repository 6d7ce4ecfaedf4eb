"""Reads a request for tasks: its body, its parameters and its headers."""

from collections.abc import Collection, Mapping
from dataclasses import replace
from typing import Any, Final

from taskdock.api.queries.reading import PROPERTY_NAMES, Strictness, read_body, read_parameters
from taskdock.api.requests.offset_pages import read_offset_page
from taskdock.api.requests.unknown_properties import refuse_unknown
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import read_json
from taskdock.domain.query.model import TaskQuery
from taskdock.runtime.read_limits import read_limits
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.query.paging import Window, place_of_token
from taskdock.use_cases.query.query_tasks import QueryRequest

_OF_THE_REQUEST: Final = frozenset(
    {
        "firstResult",
        "maxResults",
        "pageToken",
        "explain",
        "strict",
        "withVersion",
        "search",
        "searchVariables",
    }
)
"""Parameters that say how to answer, not what to look for."""


def query_of_body(request: Request, wiring: Wiring) -> TaskQuery:
    """The query of a POST; raises `InvalidRequest` and what reading a body raises."""
    strictness = _strictness(request, wiring)
    if strictness.refuse_unknown:
        refuse_unknown(request.parameters, _OF_THE_REQUEST, "the query string")
    return with_search(read_body(request.json(trailing_junk_allowed=True), strictness), request)


def query_of_parameters(request: Request, wiring: Wiring) -> TaskQuery:
    """The query of a GET; raises `InvalidRequest`."""
    strictness = _strictness(request, wiring)
    if strictness.refuse_unknown:
        refuse_unknown(request.parameters, PROPERTY_NAMES | _OF_THE_REQUEST, "")
    asked = _without(request.parameters, _OF_THE_REQUEST)
    return with_search(read_parameters(asked, read_json, strictness), request)


def with_search(query: TaskQuery, request: Request) -> TaskQuery:
    """The query with the words that the query string searches for; raises `InvalidRequest`."""
    added = searched(request)
    if not added:
        return query
    words = read_body({"orQueries": added}).or_queries
    return replace(query, or_queries=(*query.or_queries, *words))


def searched(request: Request) -> list[dict[str, Any]]:
    """The orQueries of the words that the query string searches for; raises `InvalidRequest`."""
    if "search" not in request.parameters:
        return []
    # Imported here: programs do not search in words.
    from taskdock.api.queries.search import or_queries_of

    return or_queries_of(request.parameters)


def query_request(query: TaskQuery, request: Request, wiring: Wiring) -> QueryRequest:
    """The query with the caller, the time, and the limits of this request."""
    limits = read_limits(request, wiring)
    columns = wiring.columns
    return QueryRequest(
        query,
        request.caller,
        wiring.now(),
        wiring.groups_of,
        limits,
        request.with_version,
        None if columns is None else lambda: columns.queries,
    )


def window(request: Request, query: TaskQuery) -> Window:
    """The part of the answer that the request is for; raises `InvalidRequest`
    (docs/api.md, D14)."""
    offsets = read_offset_page(request.parameters)
    token = request.parameters.get("pageToken")
    if not token:
        return Window(offsets.first, offsets.maximum)
    if offsets.first:
        raise InvalidRequest("pageToken and firstResult each say where to start: send one")
    return Window(maximum=offsets.maximum, after=place_of_token(token, query.sorting))


def _strictness(request: Request, wiring: Wiring) -> Strictness:
    return Strictness(
        expressions_enabled=wiring.settings.expressions_enabled,
        refuse_unknown=request.flag("strict"),
    )


def _without(parameters: Mapping[str, str], names: Collection[str]) -> Mapping[str, str]:
    return {name: value for name, value in parameters.items() if name not in names}
