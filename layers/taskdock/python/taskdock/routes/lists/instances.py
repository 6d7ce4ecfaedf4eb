"""Instances and executions of processes and cases, as the tasks in them tell."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from taskdock.api.answers.tasks import variables_json
from taskdock.api.surroundings.answers import (
    case_instance_json,
    execution_json,
    process_instance_json,
)
from taskdock.api.surroundings.requests import (
    InstanceSearch,
    case_instance_search,
    case_instance_search_of,
    process_instance_search,
    process_instance_search_of,
)
from taskdock.domain.errors import NotFound
from taskdock.domain.tasks.task import NO_VARIABLES, Task, Variables
from taskdock.domain.variables.values import to_api
from taskdock.runtime.answers import Answer
from taskdock.runtime.lists.asking import asker
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.surroundings.find_surroundings import (
    Kind,
    execution,
    instance,
    instances,
    unknown_instance,
)

ROUTES: Final = Routes()

_SHOWN: Final[Mapping[Kind, Callable[[Task], dict[str, Any]]]] = {
    Kind.PROCESS: process_instance_json,
    Kind.CASE: case_instance_json,
}
_ORDERED_BY: Final = {
    "instanceId": "id",
    "definitionId": "definitionId",
    "definitionKey": "definitionKey",
    "businessKey": "businessKey",
    "tenantId": "tenantId",
    "caseInstanceId": "id",
    "caseDefinitionId": "caseDefinitionId",
    "caseDefinitionKey": "caseDefinitionKey",
}


@ROUTES.get("/process-instance")
def list_process_instances(request: Request, wiring: Wiring) -> Answer:
    """The process instances that match the query string."""
    return _list(Kind.PROCESS, process_instance_search(request.parameters), request, wiring)


@ROUTES.post("/process-instance")
def list_process_instances_for_body(request: Request, wiring: Wiring) -> Answer:
    """The process instances that match the body."""
    search = process_instance_search_of(_body(request), request.parameters)
    return _list(Kind.PROCESS, search, request, wiring)


@ROUTES.get("/process-instance/count")
def count_process_instances(request: Request, wiring: Wiring) -> Answer:
    """How many process instances match the query string."""
    return _count(Kind.PROCESS, process_instance_search(request.parameters), request, wiring)


@ROUTES.post("/process-instance/count")
def count_process_instances_for_body(request: Request, wiring: Wiring) -> Answer:
    """How many process instances match the body."""
    search = process_instance_search_of(_body(request), request.parameters)
    return _count(Kind.PROCESS, search, request, wiring)


@ROUTES.get("/process-instance/{id}")
def show_process_instance(request: Request, wiring: Wiring) -> Answer:
    """One process instance."""
    task = _task(Kind.PROCESS, request, wiring)
    return Answer(200, {"links": [], **process_instance_json(task)})


@ROUTES.get("/process-instance/{id}/variables")
def list_process_variables(request: Request, wiring: Wiring) -> Answer:
    """The variables of a process instance by name."""
    variables = _variables(Kind.PROCESS, request, wiring)
    return Answer(200, variables_json(variables, deserialized=request.deserialized))


@ROUTES.get("/process-instance/{id}/variables/{name}")
def show_process_variable(request: Request, wiring: Wiring) -> Answer:
    """One variable of a process instance."""
    return _variable(Kind.PROCESS, "process instance", request, wiring)


@ROUTES.get("/case-instance")
def list_case_instances(request: Request, wiring: Wiring) -> Answer:
    """The case instances that match the query string."""
    return _list(Kind.CASE, case_instance_search(request.parameters), request, wiring)


@ROUTES.post("/case-instance")
def list_case_instances_for_body(request: Request, wiring: Wiring) -> Answer:
    """The case instances that match the body."""
    search = case_instance_search_of(_body(request), request.parameters)
    return _list(Kind.CASE, search, request, wiring)


@ROUTES.get("/case-instance/count")
def count_case_instances(request: Request, wiring: Wiring) -> Answer:
    """How many case instances match the query string."""
    return _count(Kind.CASE, case_instance_search(request.parameters), request, wiring)


@ROUTES.post("/case-instance/count")
def count_case_instances_for_body(request: Request, wiring: Wiring) -> Answer:
    """How many case instances match the body."""
    search = case_instance_search_of(_body(request), request.parameters)
    return _count(Kind.CASE, search, request, wiring)


@ROUTES.get("/case-instance/{id}")
def show_case_instance(request: Request, wiring: Wiring) -> Answer:
    """One case instance."""
    return Answer(200, {"links": [], **case_instance_json(_task(Kind.CASE, request, wiring))})


@ROUTES.get("/case-instance/{id}/variables")
def list_case_variables(request: Request, wiring: Wiring) -> Answer:
    """The variables of a case instance by name."""
    variables = _variables(Kind.CASE, request, wiring)
    return Answer(200, variables_json(variables, deserialized=request.deserialized))


@ROUTES.get("/case-instance/{id}/variables/{name}")
def show_case_variable(request: Request, wiring: Wiring) -> Answer:
    """One variable of a case instance."""
    return _variable(Kind.CASE, "case instance", request, wiring)


@ROUTES.get("/execution/{id}")
def show_execution(request: Request, wiring: Wiring) -> Answer:
    """One execution of a process."""
    return _execution(Kind.PROCESS, "Execution with id {} does not exist", request, wiring)


@ROUTES.get("/case-execution/{id}")
def show_case_execution(request: Request, wiring: Wiring) -> Answer:
    """One execution of a case."""
    return _execution(Kind.CASE, "Case execution with id {} does not exist.", request, wiring)


def _body(request: Request) -> object:
    return request.json(trailing_junk_allowed=True)


def _list(kind: Kind, search: InstanceSearch, request: Request, wiring: Wiring) -> Answer:
    found = [_SHOWN[kind](task) for task in _found(kind, search, request, wiring)]
    ordered = search.listing.order.sorted(
        found, lambda each, by: each.get(_ORDERED_BY[by]), lambda each: str(each["id"])
    )
    return Answer(200, [{"links": [], **each} for each in ordered[search.listing.page.part]])


def _count(kind: Kind, search: InstanceSearch, request: Request, wiring: Wiring) -> Answer:
    return Answer(200, {"count": len(_found(kind, search, request, wiring))})


def _found(kind: Kind, search: InstanceSearch, request: Request, wiring: Wiring) -> list[Task]:
    return instances(asker(request, wiring), kind, search.filters, search.switches)


def _task(kind: Kind, request: Request, wiring: Wiring) -> Task:
    found = instance(asker(request, wiring), kind, request.path["id"])
    if found is None:
        raise unknown_instance(kind, request.path["id"])
    return found


def _variables(kind: Kind, request: Request, wiring: Wiring) -> Variables:
    task = _task(kind, request, wiring)
    if kind is Kind.PROCESS:
        return task.get("processVariables", NO_VARIABLES)
    return task.get("caseInstanceVariables", NO_VARIABLES)


def _variable(kind: Kind, what: str, request: Request, wiring: Wiring) -> Answer:
    deserialized = request.flag("deserializeValue", default=True)
    name = request.path["name"]
    variable = _variables(kind, request, wiring).get(name)
    if variable is None:
        raise NotFound(f"{what} variable with name {name} does not exist")
    return Answer(200, to_api(variable, deserialized=deserialized))


def _execution(kind: Kind, unknown: str, request: Request, wiring: Wiring) -> Answer:
    execution_id = request.path["id"]
    task = execution(asker(request, wiring), kind, execution_id)
    if task is None:
        raise NotFound(unknown.format(execution_id))
    return Answer(200, execution_json(task, kind, execution_id))
