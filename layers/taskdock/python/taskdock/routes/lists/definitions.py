"""Definitions of processes and cases, as tasks name them. None can be started here."""

from typing import Final

from taskdock.api.surroundings.answers import NO_FORM, definition_json
from taskdock.api.surroundings.requests import DefinitionSearch, definition_search
from taskdock.domain.errors import InvalidRequest, NoSuchDefinition, NotFound
from taskdock.domain.tasks.task import Task
from taskdock.runtime.answers import NO_CONTENT, Answer
from taskdock.runtime.lists.asking import asker
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.surroundings.find_surroundings import (
    Kind,
    definition,
    definition_of_key,
    definitions,
    version,
)

ROUTES: Final = Routes()

_PROCESS, _CASE = "/process-definition", "/case-definition"


@ROUTES.get(_PROCESS)
def list_process_definitions(request: Request, wiring: Wiring) -> Answer:
    """The process definitions of some ids or keys; without either there are none."""
    return _list(Kind.PROCESS, request, wiring)


@ROUTES.get(f"{_PROCESS}/count")
def count_process_definitions(request: Request, wiring: Wiring) -> Answer:
    """How many process definitions there are of some ids or keys."""
    search = definition_search(request.parameters, "process")
    return Answer(200, {"count": len(_found(Kind.PROCESS, search, request, wiring))})


@ROUTES.get(f"{_PROCESS}/{{id}}")
def show_process_definition(request: Request, wiring: Wiring) -> Answer:
    """One process definition."""
    return Answer(200, definition_json(_of_id(Kind.PROCESS, request, wiring), Kind.PROCESS))


@ROUTES.get(f"{_PROCESS}/{{id}}/xml")
def show_process_xml(request: Request, _: Wiring) -> Answer:
    """Always refuses: no process is deployed here."""
    raise _unknown(Kind.PROCESS, request.path["id"])


@ROUTES.get(f"{_PROCESS}/{{id}}/diagram", produces=())
def show_process_diagram(request: Request, wiring: Wiring) -> Answer:
    """Nothing: no process has a diagram here."""
    _of_id(Kind.PROCESS, request, wiring)
    return NO_CONTENT


@ROUTES.get(f"{_PROCESS}/{{id}}/startForm")
def show_start_form(request: Request, wiring: Wiring) -> Answer:
    """The form to start a process with: none is known."""
    if definition(asker(request, wiring), Kind.PROCESS, request.path["id"]) is None:
        raise InvalidRequest(
            f"Cannot get start form data for process definition {request.path['id']}"
        )
    return Answer(200, NO_FORM)


@ROUTES.get(f"{_PROCESS}/key/{{key}}")
@ROUTES.get(f"{_PROCESS}/key/{{key}}/tenant-id/{{tenant}}")
def show_process_definition_of_key(request: Request, wiring: Wiring) -> Answer:
    """The latest version of a process definition."""
    return Answer(200, definition_json(_of_key(Kind.PROCESS, request, wiring), Kind.PROCESS))


@ROUTES.get(f"{_PROCESS}/key/{{key}}/xml")
def show_process_xml_of_key(request: Request, _: Wiring) -> Answer:
    """Always refuses: no process is deployed here."""
    raise _unknown_key(Kind.PROCESS, request.path["key"], None)


@ROUTES.get(f"{_PROCESS}/key/{{key}}/startForm")
def show_start_form_of_key(request: Request, wiring: Wiring) -> Answer:
    """The form to start a process with: none is known."""
    _of_key(Kind.PROCESS, request, wiring)
    return Answer(200, NO_FORM)


@ROUTES.get(_CASE)
def list_case_definitions(request: Request, wiring: Wiring) -> Answer:
    """The case definitions of some ids or keys; without either there are none."""
    return _list(Kind.CASE, request, wiring)


@ROUTES.get(f"{_CASE}/count")
def count_case_definitions(request: Request, wiring: Wiring) -> Answer:
    """How many case definitions there are of some ids or keys."""
    search = definition_search(request.parameters, "case")
    return Answer(200, {"count": len(_found(Kind.CASE, search, request, wiring))})


@ROUTES.get(f"{_CASE}/{{id}}")
def show_case_definition(request: Request, wiring: Wiring) -> Answer:
    """One case definition."""
    return Answer(200, definition_json(_of_id(Kind.CASE, request, wiring), Kind.CASE))


@ROUTES.get(f"{_CASE}/{{id}}/xml")
def show_case_xml(request: Request, _: Wiring) -> Answer:
    """Always refuses: no case is deployed here."""
    raise _unknown(Kind.CASE, request.path["id"])


@ROUTES.get(f"{_CASE}/key/{{key}}")
@ROUTES.get(f"{_CASE}/key/{{key}}/tenant-id/{{tenant}}")
def show_case_definition_of_key(request: Request, wiring: Wiring) -> Answer:
    """The latest version of a case definition."""
    return Answer(200, definition_json(_of_key(Kind.CASE, request, wiring), Kind.CASE))


def _list(kind: Kind, request: Request, wiring: Wiring) -> Answer:
    search = definition_search(request.parameters, kind.name.lower())
    found = _found(kind, search, request, wiring)
    shown = [definition_json(task, kind) for task in found]
    ordered = search.listing.order.sorted(
        shown,
        lambda each, by: each.get(by) if by != "version" else f"{each['version'] or 0:010}",
        lambda each: str(each["id"]),
    )
    return Answer(200, ordered[search.listing.page.part])


def _found(kind: Kind, search: DefinitionSearch, request: Request, wiring: Wiring) -> list[Task]:
    """A task of each definition that is looked for; nothing here is suspended or can be started."""
    if search.flags & {"startableInTasklist", "suspended"}:
        return []
    found = definitions(asker(request, wiring), kind, search.ids, search.keys)
    if "withoutTenantId" in search.flags:
        found = [task for task in found if task.get("tenantId") is None]
    if "latestVersion" in search.flags:
        found = _latest(found, kind)
    name = "processDefinitionName" if kind is Kind.PROCESS else "caseDefinitionName"
    return [task for task in found if search.name(_text(task.get(name)))]


def _latest(tasks: list[Task], kind: Kind) -> list[Task]:
    """Of each key and tenant the definition of the highest version."""
    latest: dict[tuple[object, object], Task] = {}
    for task in sorted(tasks, key=lambda each: version(each, kind) or 0):
        latest[task.get(kind.value.key), task.get("tenantId")] = task
    return list(latest.values())


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _of_id(kind: Kind, request: Request, wiring: Wiring) -> Task:
    found = definition(asker(request, wiring), kind, request.path["id"])
    if found is None:
        raise _unknown(kind, request.path["id"])
    return found


def _of_key(kind: Kind, request: Request, wiring: Wiring) -> Task:
    key, tenant = request.path["key"], request.path.get("tenant")
    found = definition_of_key(asker(request, wiring), kind, key, tenant)
    if found is None:
        raise _unknown_key(kind, key, tenant)
    return found


def _unknown(kind: Kind, definition_id: str) -> NotFound:
    if kind is Kind.PROCESS:
        return NotFound(f"No matching definition with id {definition_id}")
    return NotFound(
        f"no deployed case definition found with id '{definition_id}': caseDefinition is null"
    )


def _unknown_key(kind: Kind, key: str, tenant: str | None) -> NoSuchDefinition:
    whose = "no tenant-id" if tenant is None else f"tenant-id: {tenant}"
    return NoSuchDefinition(
        f"No matching {kind.name.lower()} definition with key: {key} and {whose}"
    )
