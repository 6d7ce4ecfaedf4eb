"""Who may do what: every operation, asked by everybody, in both modes.

For a caller who may not see a task, every operation answers as if the task were not there; for one
who may, it answers otherwise.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

import pytest
from hypothesis import given, settings
from taskdock.domain.access import Access, Authorization, Participant
from taskdock.domain.query.matching import matcher
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.participation import participation
from taskdock.domain.tasks.task import Task, is_open
from taskdock.runtime.settings import Settings
from taskdock.use_cases.ports import Service
from taskdock.use_cases.services.programs import Program

from tests.support.builders import a_task, to_group, to_user
from tests.support.http_events import USER_CLAIMS, Reply
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import IDENTITY, InMemoryWiring
from tests.support.operations import every_operation
from tests.unit.query.worlds import worlds

SCOPES: Final = "taskdock/tasks.read taskdock/tasks.write"


def person(name: str, *groups: str, scope: str = SCOPES) -> dict[str, Any]:
    claims = {**USER_CLAIMS, "username": name, "scope": scope}
    return {**claims, "cognito:groups": f"[{' '.join(groups)}]"}


PROGRAM: Final = {"sub": "p", "token_use": "access", "client_id": "program", "scope": SCOPES}

CALLERS: Final[Mapping[str, tuple[Mapping[str, Any], bool, bool]]] = {
    # who: the claims, and whether they see the task in `open` and in `participants`
    "assignee": (person("assignee", "tenant:t1"), True, True),
    "owner": (person("owner", "tenant:t1"), True, True),
    "candidate": (person("candidate", "tenant:t1"), True, True),
    "member": (person("member", "sales", "tenant:t1"), True, True),
    "linked": (person("linked", "tenant:t1"), True, True),
    "supervisor": (person("boss", "camunda-admin", "tenant:t1"), True, True),
    "administrator": (
        {**PROGRAM, "client_id": "admin", "scope": f"{SCOPES} taskdock/admin"},
        True,
        True,
    ),
    "local person": (person("local", "tenant:t1", scope=f"{SCOPES} taskdock/admin"), True, False),
    "colleague": (person("colleague", "accounting", "tenant:t1"), True, False),
    "other tenant": (person("assignee", "sales", "tenant:t2"), False, False),
    "stranger": (person("assignee", "sales"), False, False),
    "supervisor elsewhere": (person("boss", "camunda-admin", "tenant:t2"), False, False),
    "program": (PROGRAM, False, False),
    "program of the service": ({**PROGRAM, "client_id": "printing"}, True, True),
    "program of another service": ({**PROGRAM, "client_id": "scanning"}, True, True),
    "program of another tenant": ({**PROGRAM, "client_id": "elsewhere"}, False, False),
}

PROGRAMS: Final = (
    Program("printing", "p", ("t1",), ("printer",)),
    Program("admin", "a", ("t1",), ("printer",)),
    Program("scanning", "s", ("t1",), ("scanner",)),
    Program("elsewhere", "e", ("t2",), ("printer",)),
)

FIELDS: Final[Mapping[str, Any]] = {
    "tenantId": "t1",
    "assignee": "assignee",
    "owner": "owner",
    "links": [to_user("candidate"), to_group("sales"), to_user("linked", "participant")],
    "service": "printer",
    "state": "created",
    "formKey": "app:form.html",
    "processInstanceId": "p1",
    "executionId": "p1",
    "processDefinitionId": "order:1:1",
    "processDefinitionKey": "order",
    "processVariables": {"v": {"type": "String", "value": "x"}},
    "caseInstanceId": "c1",
    "caseExecutionId": "c1",
    "caseDefinitionId": "case:1:1",
    "caseDefinitionKey": "case",
    "variables": {"own": {"type": "File", "value": "eA==", "valueInfo": {"filename": "f"}}},
    "input": [{"href": "https://example.org/1"}],
    "output": [{"href": "https://example.org/2"}],
}

BODIES: Final[Mapping[str, Any]] = {
    "POST /v1/look": {"queries": [{"query": {}}], "filters": {}},
    "POST /v1/tasks/bulk": {
        "change": {"action": "complete", "variables": {"v": {"value": 3}}},
        "tasks": [{"id": "t1", "version": 1}],
    },
    "POST /task/{id}/assignee": {"userId": "x"},
    "POST /task/{id}/claim": {"userId": "assignee"},
    "POST /task/{id}/delegate": {"userId": "x"},
    "POST /task/{id}/bpmnError": {"errorCode": "e"},
    "POST /task/{id}/bpmnEscalation": {"escalationCode": "e"},
    "POST /task/{id}/identity-links": {"userId": "x", "type": "candidate"},
    "POST /task/{id}/identity-links/delete": {"userId": "x", "type": "candidate"},
    "POST /task/{id}/comment/create": {"message": "m"},
    "PUT /task/{id}/comment": {"id": "unknown", "message": "m"},
    "POST /task/{id}/variables": {"modifications": {"x": {"value": 1}}},
    "POST /task/{id}/localVariables": {"modifications": {"x": {"value": 1}}},
    "PUT /task/{id}/variables/{name}": {"value": 1},
    "PUT /task/{id}/localVariables/{name}": {"value": 1},
    "PUT /task/{id}": {"name": "x"},
    "PUT /v1/services/{sid}/tasks/{tid}": {"name": "x"},
    "PATCH /v1/services/{sid}/tasks/{tid}": {"name": "x"},
    "POST /v1/services/{sid}/tasks/{tid}/action": {"action": "start"},
    "POST /v1/services/{sid}/tasks/{tid}/input": {"href": "https://example.org/3"},
    "POST /v1/services/{sid}/tasks/{tid}/output": {"href": "https://example.org/3"},
    "PATCH /v1/services/{sid}/tasks/{tid}/input/{index}": {"metadata": {"a": 1}},
    "PATCH /v1/services/{sid}/tasks/{tid}/output/{index}": {"metadata": {"a": 1}},
}

PLACES: Final = {
    "{sid}": "printer",
    "{tid}": "t1",
    "{index}": "0",
    "{name}": "own",
    "{aid}": "unknown",
    "{cid}": "unknown",
}

INSTANCES: Final = {
    "/process-instance/{id}": "p1",
    "/execution/{id}": "p1",
    "/case-instance/{id}": "c1",
    "/case-execution/{id}": "c1",
    "/process-definition/{id}": "order:1:1",
    "/case-definition/{id}": "case:1:1",
}

ELSEWHERE: Final = (
    "/filter", "/authorization", "/group", "/tenant", "/user", "/identity", "/engine", "/version",
    "/v1/programs", "/v1/auth", "/v1/erasures", "/v1/me", "/v1/forms", "/v1/changes",
)  # fmt: skip
"""Operations that are about no task; filters are run as the caller, by the queries of tasks."""

UNTOLD: Final = frozenset(
    {
        # The log and removed variables: the tests of history ask for them.
        "GET /history/user-operation",
        "GET /history/user-operation/count",
        "GET /history/variable-instance/{id}",
        # About services; whether one is in use is told to those who may remove it.
        "GET /v1/services",
        "GET /v1/services/{sid}",
        "PUT /v1/services/{sid}",
        "DELETE /v1/services/{sid}",
        # Answered without looking at a task.
        "POST /task/create",
        "POST /v1/services/{sid}/tasks",
        "POST /v1/import",
        "GET /process-definition/key/{key}/xml",
        "GET /process-definition/{id}/xml",
        "GET /process-definition/{id}/diagram",
        "GET /case-definition/{id}/xml",
        # Uploads: the tests of attachments and variables send them.
        "POST /task/{id}/attachment/create",
        "POST /task/{id}/variables/{name}/data",
        "POST /task/{id}/localVariables/{name}/data",
        "GET /variable-instance/{id}",
        "GET /process-definition/key/{key}/tenant-id/{tenant}",
        "GET /case-definition/key/{key}/tenant-id/{tenant}",
    }
)


UNCHANGED: Final = frozenset(
    {
        # It counts tasks that nobody has taken; this one is assigned.
        "GET /task/report/candidate-group-count",
        # Definitions are found by their ids, or by keys without a tenant.
        "GET /process-definition",
        "GET /process-definition/count",
        "GET /process-definition/key/{key}",
        "GET /process-definition/key/{key}/startForm",
        "GET /case-definition",
        "GET /case-definition/count",
        "GET /case-definition/key/{key}",
    }
)
"""Operations whose answer the task does not change, for any caller."""


OTHER_SERVICE: Final = "program of another service"

WORK: Final = frozenset(
    f"{method} /v1/services/{{sid}}/tasks/{{tid}}/output{place}"
    for method, place in (("POST", ""), ("PATCH", "/{index}"), ("DELETE", "/{index}"))
)
"""What of the registered programs only the service's own may do."""


def operations() -> list[str]:
    """Every operation that is about tasks."""
    about = (x for x in every_operation() if not x.partition(" ")[2].startswith(ELSEWHERE))
    return [each for each in about if not each.startswith("OPTIONS") and each not in UNTOLD]


def apps(mode: str, *tasks: Task) -> InMemoryApps:
    chosen = Settings(authorization=Authorization(mode), **IDENTITY)
    wiring = InMemoryWiring(Service("printer", "Printing"), settings=chosen)
    for program in PROGRAMS:
        wiring.programs.put(program)
    return InMemoryApps(*tasks, wiring=wiring)


def asked(served: InMemoryApps, operation: str, claims: Mapping[str, Any]) -> tuple[int, str]:
    route = operation
    for place, value in PLACES.items():
        route = route.replace(place, value)
    task_id = next(
        (value for path, value in INSTANCES.items() if f" {path}" in f" {operation.split()[1]}"),
        "t1",
    )
    key = "order" if "process-definition" in route else "case"
    route = route.replace("{key}", key)
    reply: Reply = served.ask(
        route, task_id, BODIES.get(operation, default(operation)), claims=claims
    )
    return reply.status, reply.text


def default(operation: str) -> object:
    return {} if operation.startswith(("POST", "PUT", "PATCH")) else None


@pytest.mark.parametrize("mode", ["open", "participants"])
@pytest.mark.parametrize("who", CALLERS)
def test_who_may_do_what(who: str, mode: str) -> None:
    claims, in_open, in_participants = CALLERS[who]
    sees = in_open if mode == "open" else in_participants
    wrong = []
    for operation in operations():
        there = asked(apps(mode, a_task("t1", **FIELDS)), operation, claims)
        missing = asked(apps(mode), operation, claims)
        if who == OTHER_SERVICE and operation in WORK:
            assert there[0] == missing[0] == 403
        elif (there != missing) is not (sees and operation not in UNCHANGED):
            wrong.append((operation, there[0], there[1][:100], missing[0]))

    assert wrong == []


# Rights are a query.


@settings(max_examples=300)
@given(worlds())
def test_the_query_of_what_one_sees_finds_what_one_sees(tasks: list[Task]) -> None:
    access = Access(frozenset({"t1"}), Participant("demo", frozenset({"sales"})))
    seen = participation(access)
    assert seen is not None
    test = matcher(TaskQuery(or_queries=(seen,)), access.tenants).test

    assert [test(task) for task in tasks] == [access.sees(task) and is_open(task) for task in tasks]


@settings(max_examples=60, deadline=None)
@given(worlds())
def test_lists_and_counts_have_what_one_sees_and_nothing_else(tasks: list[Task]) -> None:
    access = Access(frozenset({"t1"}), Participant("demo", frozenset({"sales"})))
    served = apps("participants", *tasks)
    claims = person("demo", "sales", "tenant:t1")
    expected = sorted(task["id"] for task in tasks if access.sees(task) and is_open(task))

    found = served.ask("POST /task", body={}, claims=claims)
    sorted_found = served.ask(
        "POST /task",
        body={"sorting": [{"sortBy": "created", "sortOrder": "desc"}]},
        query="maxResults=1000",
        claims=claims,
    )

    assert [task["id"] for task in found.json] == expected
    assert sorted(task["id"] for task in sorted_found.json) == expected
    counted = served.ask("POST /task/count", body={}, claims=claims).json
    assert counted == {"count": len(expected)}


def figures(reply: Reply) -> Iterator[str]:
    yield from (name for name in reply.headers if "read-units" in name)


def test_only_administrators_know_what_a_query_costs_where_participants_see_tasks() -> None:
    served = apps("participants", *(a_task(f"t{n}", tenantId="t1") for n in range(300)))
    mary, admin = CALLERS["assignee"][0], CALLERS["administrator"][0]

    assert [*figures(served.ask("POST /task", body={}, claims=mary))] == []
    assert [*figures(served.ask("POST /task", body={}, claims=admin))] == ["x-read-units"]
    explained = served.ask("POST /task", body={}, query="explain=true", claims=mary)
    assert (explained.status, explained.json["type"]) == (403, "AuthorizationException")
    assert served.ask("POST /task", body={}, query="explain=true", claims=admin).status == 200
    tight = {"x-max-read-units": "0.5"}
    assert served.ask("POST /task", body={}, headers=tight, claims=mary).status == 200
    assert served.ask("POST /task", body={}, headers=tight, claims=admin).status == 422


def test_a_refusal_of_the_budget_tells_no_figure() -> None:
    chosen = Settings(authorization=Authorization.PARTICIPANTS, max_read_units=1)
    tasks = (a_task(f"t{n}", tenantId="t1", assignee="assignee") for n in range(300))
    served = InMemoryApps(*tasks, wiring=InMemoryWiring(settings=chosen))

    refused = served.ask("POST /task", body={}, claims=CALLERS["assignee"][0])

    assert (refused.status, [*figures(refused)]) == (422, [])
    assert not any(character.isdigit() for character in refused.json["message"])


def test_creating_a_task_brings_no_right_to_an_instance_of_others() -> None:
    served = apps("participants", a_task("t1", **FIELDS))
    body = {"name": "x", "processInstance": {"id": "p1"}, "tenantId": "t1"}
    route = "POST /v1/services/printer/tasks"

    assert served.ask(route, body=body, claims=CALLERS["colleague"][0]).status == 403
    assert served.ask(route, body=body, claims=CALLERS["member"][0]).status == 201
    assert served.ask(route, body=body, claims=CALLERS["supervisor"][0]).status == 201
    new = {**body, "processInstance": {"id": "p2"}}
    assert served.ask(route, body=new, claims=CALLERS["colleague"][0]).status == 201
