"""Reads a request for what a page shows."""

from dataclasses import dataclass
from typing import Final

from taskdock.api.requests.property_values import refuse
from taskdock.api.requests.strict_fields import StrictFields
from taskdock.domain.errors import InvalidRequest

MOST_QUERIES: Final = 8
MOST_TASKS: Final = 200


@dataclass(frozen=True, slots=True)
class LookedAt:
    """A query whose tasks, or whose number of tasks, a page shows."""

    query: object
    """As it was sent: what is wrong with one query is no matter of the others."""
    maximum: int
    token: str | None
    """The page that is wanted; None for the first."""
    tag: str | None
    """Of the content that the caller has."""
    counts: bool


@dataclass(frozen=True, slots=True)
class LookRequest:
    """What a page shows."""

    queries: tuple[LookedAt, ...]
    filters: bool
    """Whether it shows the stored filters."""
    filters_tag: str | None


def look_request_in(body: object) -> LookRequest:
    """The queries of a body; raises `InvalidRequest` (docs/api.md, What a page shows)."""
    fields = StrictFields(body, "")
    queries = tuple(map(_looked_at, fields.listed("queries")))
    filters = fields.nested("filters")
    tag = None if filters is None else filters.text("tag")
    if filters is not None:
        filters.refuse_others()
    fields.refuse_others()
    if len(queries) > MOST_QUERIES:
        raise InvalidRequest(f"queries: expected at most {MOST_QUERIES}, got {len(queries)}")
    return LookRequest(queries, filters is not None, tag)


def _looked_at(fields: StrictFields) -> LookedAt:
    maximum = fields.integer("maxResults")
    if maximum is None:
        maximum = MOST_TASKS
    if not 0 < maximum <= MOST_TASKS:
        raise refuse(fields.place("maxResults"), f"an integer from 1 to {MOST_TASKS}", maximum)
    found = LookedAt(
        query=fields.value("query"),
        maximum=maximum,
        token=fields.text("pageToken"),
        tag=fields.text("tag"),
        counts=fields.flag("count"),
    )
    fields.refuse_others()
    return found
