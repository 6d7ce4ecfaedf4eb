"""What is kept of tasks: open and ended ones, the operation log, variables."""

from collections.abc import Mapping
from typing import Any, Final

from taskdock.api.history.answers import (
    historic_task_json,
    historic_variable_json,
    log_entry_json,
)
from taskdock.api.history.log_requests import LogSearch, read_log_search
from taskdock.api.history.queries import (
    PROPERTY_NAMES,
    read_history_body,
    read_history_parameters,
)
from taskdock.api.requests.offset_pages import read_offset_page
from taskdock.api.requests.unknown_properties import refuse_unknown
from taskdock.api.surroundings.requests import body_of_search
from taskdock.api.surroundings.variable_instances import (
    HISTORIC_ORDERS,
    VariableSearch,
    read_search,
)
from taskdock.domain.errors import NotFound
from taskdock.domain.history.historic_tasks import HistoryQuery, Level
from taskdock.domain.json_text import read_json
from taskdock.domain.variables.instances import place_of
from taskdock.runtime.answers import Answer, cost
from taskdock.runtime.read_limits import read_limits
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.history.find_historic_tasks import Found, find_historic_tasks
from taskdock.use_cases.history.find_historic_variables import HistoryAsker, KeptVariable
from taskdock.use_cases.history.read_log import LogEntry, historic_task, read_log

ROUTES: Final = Routes()

_ADVICE: Final = (
    "Add taskId, taskAssignee, processInstanceId, or with finished a range of finishedAfter and "
    "finishedBefore."
)
_OF_THE_REQUEST: Final = frozenset({"firstResult", "maxResults", "strict"})


@ROUTES.post("/history/task")
def list_for_body(request: Request, wiring: Wiring) -> Answer:
    """The tasks, open and ended, that match the body."""
    return _list(_query_of_body(request), request, wiring)


@ROUTES.get("/history/task")
def list_for_parameters(request: Request, wiring: Wiring) -> Answer:
    """The tasks, open and ended, that match the query string."""
    return _list(_query_of_parameters(request), request, wiring)


@ROUTES.post("/history/task/count")
def count_for_body(request: Request, wiring: Wiring) -> Answer:
    """How many tasks, open and ended, match the body."""
    return _count(_query_of_body(request), request, wiring)


@ROUTES.get("/history/task/count")
def count_for_parameters(request: Request, wiring: Wiring) -> Answer:
    """How many tasks, open and ended, match the query string."""
    return _count(_query_of_parameters(request), request, wiring)


@ROUTES.get("/history/user-operation")
def list_log(request: Request, wiring: Wiring) -> Answer:
    """The lines of a task's operation log that match the query string."""
    search = read_log_search(request.parameters)
    found = _logged(search, request, wiring)
    return Answer(200, [log_entry_json(entry) for entry in found[search.page.part]])


@ROUTES.get("/history/user-operation/count")
def count_log(request: Request, wiring: Wiring) -> Answer:
    """How many lines of a task's operation log match the query string."""
    found = _logged(read_log_search(request.parameters), request, wiring)
    return Answer(200, {"count": len(found)})


@ROUTES.get("/history/variable-instance")
def list_variables(request: Request, wiring: Wiring) -> Answer:
    """The variables that are kept and match the query string."""
    return _listed_variables(_variable_search(request, request.parameters), request, wiring)


@ROUTES.post("/history/variable-instance")
def list_variables_for_body(request: Request, wiring: Wiring) -> Answer:
    """The variables that are kept and match the body."""
    return _listed_variables(_variable_search_of_body(request), request, wiring)


@ROUTES.get("/history/variable-instance/count")
def count_variables(request: Request, wiring: Wiring) -> Answer:
    """How many variables are kept and match the query string."""
    found = _variables(_variable_search(request, request.parameters), request, wiring)
    return Answer(200, {"count": len(found)})


@ROUTES.post("/history/variable-instance/count")
def count_variables_for_body(request: Request, wiring: Wiring) -> Answer:
    """How many variables are kept and match the body."""
    found = _variables(_variable_search_of_body(request), request, wiring)
    return Answer(200, {"count": len(found)})


@ROUTES.get("/history/variable-instance/{id}")
def show_variable(request: Request, wiring: Wiring) -> Answer:
    """One variable that is kept."""
    deserialized, place = request.deserialized, place_of(request.path["id"])
    found = None if place is None else _asker(request, wiring).one(place)
    if found is None:
        raise NotFound(f"Historic variable instance with Id '{request.path['id']}' does not exist.")
    return Answer(200, _shown(found, deserialized=deserialized))


def _query_of_body(request: Request) -> HistoryQuery:
    strict = request.flag("strict")
    if strict:
        refuse_unknown(request.parameters, _OF_THE_REQUEST, "the query string")
    return read_history_body(request.json(trailing_junk_allowed=True), strict=strict)


def _query_of_parameters(request: Request) -> HistoryQuery:
    strict = request.flag("strict")
    if strict:
        refuse_unknown(request.parameters, PROPERTY_NAMES | _OF_THE_REQUEST, "")
    asked = {
        name: value for name, value in request.parameters.items() if name not in _OF_THE_REQUEST
    }
    return read_history_parameters(asked, read_json, strict=strict)


def _list(query: HistoryQuery, request: Request, wiring: Wiring) -> Answer:
    page = read_offset_page(request.parameters)
    found = _found(query, request, wiring)
    shown = [historic_task_json(task) for task in found.tasks[page.part]]
    return Answer(200, shown, cost(found.spent.read_units), _facts(found))


def _count(query: HistoryQuery, request: Request, wiring: Wiring) -> Answer:
    found = _found(query, request, wiring)
    return Answer(200, {"count": len(found.tasks)}, cost(found.spent.read_units), _facts(found))


def _found(query: HistoryQuery, request: Request, wiring: Wiring) -> Found:
    limits = read_limits(request, wiring, _ADVICE)
    return find_historic_tasks(wiring.store, query, request.caller.access, limits)


def _facts(found: Found) -> dict[str, Any]:
    spent = found.spent
    return {"items": spent.items, "readUnits": spent.read_units, "matched": len(found.tasks)}


def _logged(search: LogSearch, request: Request, wiring: Wiring) -> list[LogEntry]:
    access = request.caller.access
    if search.task_id is not None:
        task = historic_task(wiring.store, search.task_id, access)
        return search.found(read_log(wiring.store, task)) if task is not None else []
    query = HistoryQuery(Level((("processInstanceId", search.process_instance_id or ""),)))
    tasks = _found(query, request, wiring).tasks
    whole = [historic_task(wiring.store, each["id"], access) for each in tasks]
    return search.found(
        [entry for task in whole if task is not None for entry in read_log(wiring.store, task)]
    )


def _asker(request: Request, wiring: Wiring) -> HistoryAsker:
    limits = read_limits(request, wiring, _ADVICE)
    return HistoryAsker(wiring.store, request.caller.access, limits)


def _variable_search_of_body(request: Request) -> VariableSearch:
    body = body_of_search(request.json(trailing_junk_allowed=True))
    return _variable_search(request, body, of_body=True)


def _variable_search(
    request: Request, given: Mapping[str, Any], *, of_body: bool = False
) -> VariableSearch:
    return read_search(given, request.parameters, HISTORIC_ORDERS, of_body=of_body)


def _listed_variables(search: VariableSearch, request: Request, wiring: Wiring) -> Answer:
    deserialized = request.deserialized
    found = _variables(search, request, wiring)[search.page.part]
    return Answer(200, [_shown(each, deserialized=deserialized) for each in found])


def _variables(search: VariableSearch, request: Request, wiring: Wiring) -> list[KeptVariable]:
    removed = "includeDeleted" in search.flags
    kept = _asker(request, wiring).kept(search.lists, with_removed=removed)
    by_place = {each.instance.place: each for each in kept}
    return [by_place[each.place] for each in search.found([each.instance for each in kept])]


def _shown(each: KeptVariable, *, deserialized: bool) -> dict[str, Any]:
    return historic_variable_json(
        each.instance, each.created, removed=each.removed, deserialized=deserialized
    )
