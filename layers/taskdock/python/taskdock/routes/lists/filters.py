"""Stored filters: listed, created, shown, replaced, removed, and run."""

from typing import Final
from uuid import uuid4

from taskdock.api.filters.answers import created_filter_json, filter_json
from taskdock.api.filters.requests import new_content, read_search, replaced_content
from taskdock.domain.filters.stored_filter import StoredFilter
from taskdock.runtime.answers import NO_CONTENT, Answer, cost
from taskdock.runtime.lists.filter_results import (
    TYPES,
    item_count,
    query_of,
    results_answer,
    single_result_answer,
    strictness_of,
)
from taskdock.runtime.query_answers import count_answer
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.filters.manage_filters import Filters
from taskdock.use_cases.query.read_budget import NOTHING

ROUTES: Final = Routes()


@ROUTES.get("/filter")
def list_all(request: Request, wiring: Wiring) -> Answer:
    """The filters that match the query string, each with how many tasks it finds if wanted."""
    search = read_search(request.parameters)
    found = search.found(_filters(request, wiring).list())[search.page.part]
    if not _counts_items(request):
        return Answer(200, [filter_json(each) for each in found])
    spent, shown = NOTHING, []
    for each in found:
        count, spent = item_count(each, request, wiring, spent)
        shown.append(filter_json(each, count))
    return Answer(200, shown, cost(spent.read_units))


@ROUTES.get("/filter/count")
def count_all(request: Request, wiring: Wiring) -> Answer:
    """How many filters match the query string."""
    search = read_search(request.parameters)
    found = search.found(_filters(request, wiring).list())
    return Answer(200, {"count": len(found)})


@ROUTES.post("/filter/create")
def create(request: Request, wiring: Wiring) -> Answer:
    """The new filter."""
    content = new_content(request.json(trailing_junk_allowed=True), strictness_of(wiring))
    created = _filters(request, wiring).create(str(uuid4()), content)
    return Answer(200, created_filter_json(created), facts={"filterId": created.id})


@ROUTES.get("/filter/{id}")
def show(request: Request, wiring: Wiring) -> Answer:
    """One filter, with how many tasks it finds if wanted."""
    found = _found(request, wiring)
    if not _counts_items(request):
        return Answer(200, filter_json(found))
    count, spent = item_count(found, request, wiring)
    return Answer(200, filter_json(found, count), cost(spent.read_units))


@ROUTES.put("/filter/{id}", produces=())
def put(request: Request, wiring: Wiring) -> Answer:
    """Nothing: the filter is as the body says."""
    filters = _filters(request, wiring)
    filters.get(request.path["id"])
    content = replaced_content(request.json(trailing_junk_allowed=True), strictness_of(wiring))
    filters.replace(request.path["id"], content)
    return NO_CONTENT


@ROUTES.delete("/filter/{id}", produces=())
def delete(request: Request, wiring: Wiring) -> Answer:
    """Nothing: the filter is gone."""
    _filters(request, wiring).remove(request.path["id"])
    return NO_CONTENT


@ROUTES.post("/filter/{id}/list", produces=TYPES)
@ROUTES.get("/filter/{id}/list", produces=TYPES)
def list_results(request: Request, wiring: Wiring) -> Answer:
    """The tasks that the filter finds for the caller."""
    return results_answer(_found(request, wiring), request, wiring)


@ROUTES.post("/filter/{id}/count")
@ROUTES.get("/filter/{id}/count")
def count_results(request: Request, wiring: Wiring) -> Answer:
    """How many tasks the filter finds for the caller."""
    found = _found(request, wiring)
    return count_answer(query_of(found, request, wiring), request, wiring)


@ROUTES.post("/filter/{id}/singleResult", produces=TYPES)
@ROUTES.get("/filter/{id}/singleResult", produces=TYPES)
def show_single_result(request: Request, wiring: Wiring) -> Answer:
    """The only task that the filter finds for the caller."""
    return single_result_answer(_found(request, wiring), request, wiring)


def _filters(request: Request, wiring: Wiring) -> Filters:
    return Filters(wiring.filters, request.caller)


def _found(request: Request, wiring: Wiring) -> StoredFilter:
    return _filters(request, wiring).get(request.path["id"])


def _counts_items(request: Request) -> bool:
    return request.parameters.get("itemCount") == "true"
