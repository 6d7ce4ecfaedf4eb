"""What the functions ask of the table is what their roles in the template allow."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Final

import pytest
from taskdock.adapters.dynamodb.form_registry import DynamoDbFormRegistry
from taskdock.adapters.dynamodb.program_registry import DynamoDbProgramRegistry
from taskdock.domain.access import Authorization
from taskdock.runtime.settings import Settings
from taskdock.use_cases.forms.registry import KnownForms
from taskdock.use_cases.ports import Changes, Put, Service

from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from tests.integration.test_rights import (
    BODIES,
    CALLERS,
    FIELDS,
    PLACES,
    PROGRAMS,
    default,
)
from tests.support.builders import a_task
from tests.support.deployed_routes import function_for
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_people import InMemoryPeople
from tests.support.in_memory_wiring import IDENTITY, InMemoryWiring
from tests.support.multipart import FORM_TYPE, form, part
from tests.support.operations import every_operation
from tests.support.permissions import resources, statements
from tests.support.tables import Table

TABLE: Final = "${TaskTable.Arn}"

CREATED_TEXT: Final = "2026-01-01T00:00:00.000+0000"

MORE_BODIES: Final[Mapping[str, Any]] = {
    "POST /task/create": {"id": "new", "caseInstanceId": "c1", "parentTaskId": "t2"},
    "POST /v1/services/{sid}/tasks": {
        "name": "x",
        "tenantId": "t1",
        "processInstance": {"id": "p1"},
    },
    "POST /v1/import": {"tasks": [{"task": {"id": "new", "created": CREATED_TEXT}}]},
    "POST /v1/erasures": {"userId": "somebody"},
    "PUT /task/{id}": {"name": "x", "tenantId": "t1", "parentTaskId": "t2"},
    "POST /task/{id}/complete": {"variables": {"v": {"value": 2}}, "withVariablesInReturn": True},
    "PUT /v1/services/{sid}": {"name": "x"},
    "PUT /v1/forms/{key}": {"type": "default", "components": []},
    "PUT /v1/programs/{clientId}": {"name": "x", "tenants": [], "services": []},
    "POST /filter/create": {"resourceType": "Task", "name": "n", "query": {}},
    "POST /task/{id}/attachment/create": form(part("content", b"x")),
}

MORE_PLACES: Final = {"{clientId}": "0", "{key}": "order", "{tenant}": "t1"}


@cache
def allowed(function: str) -> frozenset[tuple[str, str]]:
    """Each action on the table, or on one of its indexes, that the function's role allows."""
    role = "".join(word.capitalize() for word in function.split("_")) + "Role"
    return frozenset(
        (action, _written(each))
        for owner, statement in statements(load_with_every_part(REPOSITORY / "template.yaml"))
        if owner == role
        for action in statement["Action"]
        for each in resources(statement)
    )


def _written(resource: Any) -> str:
    """A resource as `Fn::Sub` writes it."""
    if not isinstance(resource, dict):
        return str(resource)
    [(kind, named)] = resource.items()
    if kind == "Fn::Sub":
        return str(named[0] if isinstance(named, list) else named)
    return "${" + ".".join(named) + "}"


def asked_for(operation: str, request: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """The actions that a request needs, each with what it is on."""
    if operation == "TransactWriteItems":
        for item in request["TransactItems"]:
            yield from ((f"dynamodb:{kind}Item", TABLE) for kind in item)
        return
    index = request.get("IndexName")
    yield f"dynamodb:{operation}", f"{TABLE}/index/{index}" if index else TABLE


class Watched:
    """Everything that one function asks of the table."""

    def __init__(self, table: Table) -> None:
        self.needed: set[tuple[str, str]] = set()
        table.client.meta.events.register("before-parameter-build.dynamodb", self._note)

    def _note(self, params: Mapping[str, Any], model: Any, **_: Any) -> None:
        self.needed |= set(asked_for(model.name, params))


def served(table: Table, mode: str) -> InMemoryApps:
    chosen = Settings(authorization=Authorization(mode), **IDENTITY)
    wiring = InMemoryWiring(settings=chosen)
    wiring.store = table.store()
    wiring.change_log = table.change_log()
    wiring.services = table.services()
    wiring.filters = table.filters()
    wiring.forms = DynamoDbFormRegistry(table.client, table.name)
    wiring.known_forms = KnownForms(wiring.forms)
    wiring.programs = DynamoDbProgramRegistry(table.client, table.name)
    wiring.known_services = type(wiring.known_services)(wiring.services)
    wiring.known_programs = type(wiring.known_programs)(wiring.programs)
    people = InMemoryPeople({})
    people.clients.add("0")
    wiring.people = people
    return InMemoryApps(wiring=wiring)


def fill(table: Table) -> None:
    store = table.store()
    for task in (
        a_task("t1", **FIELDS),
        a_task("t2", tenantId="t1", assignee="assignee"),
        a_task("t3", tenantId="t1", parentTaskId="t1", assignee="assignee"),
        a_task("t4", tenantId="t1", parentTaskId="t2", assignee="assignee"),
    ):
        store.commit(Changes([Put(task)]))
    table.services().put(Service("printer", "Printing"))
    for program in PROGRAMS:
        DynamoDbProgramRegistry(table.client, table.name).put(program)


@pytest.mark.parametrize("mode", ["open", "participants"])
def test_no_function_asks_for_more_than_its_role_allows(dynoxide_table: Table, mode: str) -> None:
    fill(dynoxide_table)
    apps, watched = served(dynoxide_table, mode), Watched(dynoxide_table)
    refused, used = set(), set()
    for operation in every_operation():
        body = MORE_BODIES.get(operation, BODIES.get(operation, default(operation)))
        route = operation
        for place, value in {**PLACES, **MORE_PLACES}.items():
            route = route.replace(place, value)
        headers = {"content-type": FORM_TYPE} if isinstance(body, bytes) else {}
        for who in ("assignee", "administrator", "program of the service"):
            for task_id in ("t1", "t2", "p1", "c1", "order:1:1"):
                watched.needed.clear()
                reply = apps.ask(route, task_id, body, headers=headers, claims=CALLERS[who][0])
                assert reply.status < 500, (operation, reply.text)
                method, path = route.replace("{id}", task_id).split(" ", 1)
                function = function_for(method, path)
                used |= {(function, *each) for each in watched.needed}
                refused |= {(function, *each) for each in watched.needed - allowed(function)}

    assert refused == set()
    assert ("administer", "dynamodb:Query", f"{TABLE}/index/ended") in used
