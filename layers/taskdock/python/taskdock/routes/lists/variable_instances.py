"""Variables as things of their own: in tasks, and in the instances around them."""

from collections.abc import Mapping
from typing import Any, Final

from taskdock.api.surroundings.requests import body_of_search
from taskdock.api.surroundings.variable_instances import (
    ORDERS,
    VariableSearch,
    read_search,
    variable_instance_json,
)
from taskdock.domain.errors import NotFound
from taskdock.domain.variables.instances import VariableInstance, place_of
from taskdock.runtime.answers import Answer
from taskdock.runtime.lists.asking import asker
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.surroundings.find_variables import find_variable, find_variables

ROUTES: Final = Routes()

_PATH: Final = "/variable-instance"


@ROUTES.get(_PATH)
def list_for_parameters(request: Request, wiring: Wiring) -> Answer:
    """The variables that match the query string."""
    return _list(_search(request, request.parameters), request, wiring)


@ROUTES.post(_PATH)
def list_for_body(request: Request, wiring: Wiring) -> Answer:
    """The variables that match the body."""
    return _list(_search_of_body(request), request, wiring)


@ROUTES.get(f"{_PATH}/count")
def count_for_parameters(request: Request, wiring: Wiring) -> Answer:
    """How many variables match the query string."""
    found = _found(_search(request, request.parameters), request, wiring)
    return Answer(200, {"count": len(found)})


@ROUTES.post(f"{_PATH}/count")
def count_for_body(request: Request, wiring: Wiring) -> Answer:
    """How many variables match the body."""
    return Answer(200, {"count": len(_found(_search_of_body(request), request, wiring))})


@ROUTES.get(f"{_PATH}/{{id}}")
def show(request: Request, wiring: Wiring) -> Answer:
    """One variable."""
    place = place_of(request.path["id"])
    found = None if place is None else find_variable(asker(request, wiring), place)
    if found is None:
        raise NotFound(f"Variable instance with Id '{request.path['id']}' does not exist.")
    return Answer(200, variable_instance_json(found, deserialized=request.deserialized))


def _list(search: VariableSearch, request: Request, wiring: Wiring) -> Answer:
    deserialized = request.deserialized
    found = _found(search, request, wiring)[search.page.part]
    return Answer(200, [variable_instance_json(each, deserialized=deserialized) for each in found])


def _found(search: VariableSearch, request: Request, wiring: Wiring) -> list[VariableInstance]:
    return search.found(find_variables(asker(request, wiring), search.lists))


def _search_of_body(request: Request) -> VariableSearch:
    body = body_of_search(request.json(trailing_junk_allowed=True))
    return _search(request, body, of_body=True)


def _search(request: Request, given: Mapping[str, Any], *, of_body: bool = False) -> VariableSearch:
    return read_search(given, request.parameters, ORDERS, of_body=of_body)
