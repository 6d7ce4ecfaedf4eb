"""Requests about stored filters: what one is to be, and which ones are looked for."""

import json
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Final

from taskdock.api.filters.queries import read_stored
from taskdock.api.queries.reading import Strictness
from taskdock.api.requests.fields import Fields
from taskdock.api.requests.list_order import ListOrder, read_order
from taskdock.api.requests.offset_pages import OffsetPage, read_offset_page
from taskdock.api.requests.property_values import refuse
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.filters.stored_filter import TASK, Content, StoredFilter, StoredQuery
from taskdock.domain.json_text import refuse_nul
from taskdock.domain.query.like import like

SIZE_LIMIT: Final = 100 * 1024
"""Bytes of JSON that a filter may be (docs/api.md, Limits)."""

LONGEST_NAME: Final = 255

_VALUES: Final[Mapping[str, Callable[[StoredFilter], str | None]]] = {
    "filterId": lambda each: each.id,
    "name": lambda each: each.content.name,
    "owner": lambda each: each.content.owner,
    "resourceType": lambda _: TASK,
}


def new_content(body: object, strictness: Strictness) -> Content:
    """What the body of a new filter says; raises `InvalidRequest`."""
    fields = Fields(body, "")
    resource = fields.value("resourceType")
    if resource != TASK:
        said = resource if isinstance(resource, str) else json.dumps(resource)
        raise InvalidRequest(f"Unable to create filter with invalid resource type '{said}'")
    return _content(fields, strictness, "create")


def replaced_content(body: object, strictness: Strictness) -> Content:
    """What the body that replaces a filter says; raises `InvalidRequest`."""
    fields = Fields(body, "")
    resource = fields.value("resourceType")
    if resource not in (None, TASK):
        raise InvalidRequest(f"Unable to update filter from resource type '{TASK}' to '{resource}'")
    return _content(fields, strictness, "update")


def extending_query(body: object, strictness: Strictness) -> StoredQuery:
    """The query in the body of a request to run a filter; raises `InvalidRequest`."""
    if not isinstance(body, dict):
        raise InvalidRequest(f"Invalid query for resource type '{TASK}'")
    return read_stored(body, strictness)


def _content(fields: Fields, strictness: Strictness, verb: str) -> Content:
    name = fields.text("name")
    if not name:
        raise InvalidRequest(f"Unable to {verb} filter with invalid content: name is missing")
    if len(name) > LONGEST_NAME:
        raise fields.wrong("name", f"at most {LONGEST_NAME} characters, got {len(name)}")
    query = fields.value("query")
    if query is None:
        raise InvalidRequest(f"Unable to {verb} filter with invalid content: query is missing")
    if not isinstance(query, dict):
        raise refuse("query", "an object", query)
    properties = fields.value("properties")
    if properties is not None and not isinstance(properties, dict):
        raise refuse("properties", "an object", properties)
    content = Content(name, fields.text("owner"), _stored(query, strictness), properties)
    _check(content)
    return content


def _stored(query: object, strictness: Strictness) -> StoredQuery:
    try:
        return read_stored(query, strictness)
    except InvalidRequest as error:
        raise InvalidRequest(f"query: {error.message}") from error


def _check(content: Content) -> None:
    whole = [content.name, content.owner, content.query, content.properties]
    refuse_nul(whole, "the filter")
    size = len(json.dumps(whole, ensure_ascii=False).encode("utf-8", "surrogatepass"))
    if size > SIZE_LIMIT:
        raise InvalidRequest(
            f"A filter may have {SIZE_LIMIT // 1024} KiB; this one has {-(-size // 1024)} KiB."
        )


@dataclass(frozen=True, slots=True)
class FilterSearch:
    """Which filters are looked for, in which order, and which part of them."""

    tests: tuple[Callable[[StoredFilter], bool], ...]
    order: ListOrder
    page: OffsetPage

    def found(self, filters: Iterable[StoredFilter]) -> list[StoredFilter]:
        """The filters that meet all conditions, in order."""
        left = [each for each in filters if all(test(each) for test in self.tests)]
        return self.order.sorted(left, lambda each, by: _VALUES[by](each), lambda each: each.id)


def read_search(parameters: Mapping[str, str]) -> FilterSearch:
    """What the query string asks for; raises `InvalidRequest`."""
    tests = [
        _equal(value, parameters[name]) for name, value in _VALUES.items() if name in parameters
    ]
    if "nameLike" in parameters:
        matches = like(parameters["nameLike"])
        tests.append(lambda each: matches(each.content.name))
    order = read_order(parameters, _VALUES)
    return FilterSearch(tuple(tests), order, read_offset_page(parameters))


def _equal(
    value: Callable[[StoredFilter], str | None], wanted: str
) -> Callable[[StoredFilter], bool]:
    return lambda each: value(each) == wanted
