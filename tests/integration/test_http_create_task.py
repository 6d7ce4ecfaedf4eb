"""Creating tasks over HTTP: sample events in, answers out, tasks in the table."""

import json
import re
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from taskdock.domain.tasks.task import TaskId
from taskdock.runtime.settings import Settings
from taskdock.use_cases.ports import Changes, Put, Service

from functions.create_task.handler import create_app
from tests.support.builders import CREATED, a_task, noise, to_group, to_user
from tests.support.http_events import Context, Reply, http_event, reply, sample
from tests.support.in_memory_wiring import InMemoryWiring
from tests.support.instance_apps import instance_apps
from tests.support.tables import Table

FOR_SERVICE = "POST /v1/services/{sid}/tasks"
STANDALONE = "POST /task/create"
SID = {"sid": "operator-p4"}
PRINTER = Service("operator-p4", "Print connector")
ITEM = "/v1/services/operator-fileupload/repo/6d1c0a0e-6f0e-4a53-9e47-0c0e8f1f9d11"


@pytest.fixture
def wiring() -> InMemoryWiring:
    return InMemoryWiring(PRINTER)


def send(wiring: InMemoryWiring, event: dict[str, Any]) -> Reply:
    return reply(create_app(lambda: wiring)(event, Context()))


def for_service(wiring: InMemoryWiring, body: Any, **headers: str) -> Reply:
    declared = {"content-type": "application/json"} | headers
    return send(wiring, http_event(FOR_SERVICE, SID, body=json.dumps(body), headers=declared))


def standalone(wiring: InMemoryWiring, body: str, **headers: str) -> Reply:
    declared = {"content-type": "application/json"} | headers
    return send(wiring, http_event(STANDALONE, body=body, headers=declared))


def stored(wiring: InMemoryWiring, task_id: str) -> dict[str, Any]:
    found = wiring.memory.get(TaskId(task_id))
    assert found is not None
    return dict(found.task)


def test_a_services_task_is_created_as_the_page_says(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("create_task", "service_task"))

    tid = answer.json["tid"]
    href = f"/v1/services/operator-p4/tasks/{tid}"
    assert (answer.status, answer.headers["location"]) == (201, href)
    assert answer.headers["content-type"] == "application/json"
    assert re.fullmatch(r"[0-9a-f-]{36}", tid)
    assert list(answer.json.items()) == [
        ("tid", tid),
        ("name", "My Task"),
        ("service", "operator-p4"),
        ("type", None),
        ("owner", "demo"),
        ("state", "created"),
        ("created", "2026-01-23T12:42:42.000+0000"),
        ("lastUpdated", None),
        ("metadata", {"description": "Print task", "Printer": "LocalPrinter"}),
        (
            "lists",
            {
                "input": {
                    "metadata": {},
                    "embedded": {"listItems": [{"index": 0, "href": ITEM, "metadata": {}}]},
                },
                "output": {"metadata": {}, "embedded": {"listItems": []}},
            },
        ),
        ("href", href),
        ("links", {"self": {"href": href}}),
    ]
    assert stored(wiring, tid)["description"] == "Print task"


def test_addresses_carry_the_context_path() -> None:
    wiring = InMemoryWiring(PRINTER, settings=Settings(base_path="/engine-rest"))

    answer = for_service(wiring, {"name": "My Task"})

    href = f"/engine-rest/v1/services/operator-p4/tasks/{answer.json['tid']}"
    assert answer.headers["location"] == answer.json["href"] == href


def test_everything_a_query_looks_for_can_be_said_at_creation(wiring: InMemoryWiring) -> None:
    answer = for_service(
        wiring,
        {
            "name": "My Task",
            "type": "print",
            "assignee": "mary",
            "candidateUsers": ["john"],
            "candidateGroups": ["sales"],
            "priority": 7,
            "due": "2026-04-01T10:00:00.000+0200",
            "tenantId": "t1",
            "processInstance": {"id": "p1", "variables": {"n": {"value": 5, "type": "Long"}}},
            "metadata": {"copies": 2},
        },
    )

    assert (answer.status, answer.json["type"]) == (201, "print")
    task = stored(wiring, answer.json["tid"])
    assert task["links"] == [to_user("john"), to_group("sales")]
    assert task["due"] == 1_775_030_400_000
    assert task["processVariables"] == {"n": {"type": "Long", "value": 5}}
    assert task["variables"] == {"copies": {"type": "Integer", "value": 2}}


def test_metadata_come_back_as_they_were_sent(wiring: InMemoryWiring) -> None:
    sent = '{"z": 1, "a": [1, {"b": null}], "big": 123456789012345678901234567890, "f": 5.5}'
    body = f'{{"name": "My Task", "metadata": {sent}}}'

    answer = send(wiring, http_event(FOR_SERVICE, SID, body=body))

    assert json.dumps(answer.json["metadata"]) == sent


def test_a_body_in_base64_is_as_good(wiring: InMemoryWiring) -> None:
    event = http_event(
        FOR_SERVICE,
        SID,
        body='{"name": "Grüße"}'.encode(),
        headers={"content-type": "application/json"},
    )

    assert send(wiring, event).json["name"] == "Grüße"


def test_the_standalone_sample_creates_and_answers_nothing(wiring: InMemoryWiring) -> None:
    answer = send(wiring, sample("create_task", "standalone_task"))

    assert (answer.status, answer.text) == (204, "")
    assert not {"content-type", "location"} & answer.headers.keys()
    assert stored(wiring, "invoice-4711") == {
        "id": "invoice-4711",
        "name": "Approve invoice",
        "description": "Over the limit",
        "priority": 30,
        "assignee": "mary",
        "due": 1_775_030_400_000,
        "tenantId": "t1",
        "created": CREATED,
        "taskState": "Created",
        "state": "created",
    }


def test_what_follows_a_standalone_body_is_ignored(wiring: InMemoryWiring) -> None:
    assert standalone(wiring, '{"id": "s1", "unknown": 1} junk').status == 204
    assert stored(wiring, "s1")["priority"] == 0


def test_of_a_repeated_key_the_last_value_counts(wiring: InMemoryWiring) -> None:
    assert standalone(wiring, '{"id": "s1", "name": "a", "name": "b"}').status == 204
    answer = send(wiring, http_event(FOR_SERVICE, SID, body='{"name": "a", "name": "b"}'))

    assert stored(wiring, "s1")["name"] == answer.json["name"] == "b"


def test_a_standalone_task_needs_no_body(wiring: InMemoryWiring) -> None:
    assert send(wiring, http_event(STANDALONE)).status == 204


def test_a_taken_id_is_a_409_that_names_it(wiring: InMemoryWiring) -> None:
    wiring.memory.commit(Changes([Put(a_task("s02-a"))]))

    answer = standalone(wiring, '{"id": "s02-a", "name": "again"}')

    assert answer.status == 409
    assert "s02-a" in answer.json["message"]


def test_an_unknown_parent_is_a_400_in_the_references_words(wiring: InMemoryWiring) -> None:
    answer = standalone(wiring, '{"parentTaskId": "nope"}')

    assert (answer.status, answer.json) == (
        400,
        {
            "type": "InvalidRequestException",
            "message": "Could not save task: Parent task with id 'nope' does not exist:"
            " parentTask is null",
            "code": None,
        },
    )


def test_a_suspended_parent_is_a_400_with_the_references_type(wiring: InMemoryWiring) -> None:
    wiring.memory.commit(Changes([Put(a_task("p", suspended=True))]))

    answer = standalone(wiring, '{"parentTaskId": "p"}')

    assert (answer.status, answer.json["type"]) == (400, "SuspendedEntityInteractionException")
    assert answer.json["message"] == "ENGINE-03043 parent task with id 'p' is suspended."


def test_a_repeated_key_brings_back_the_first_answer(wiring: InMemoryWiring) -> None:
    event = sample("create_task", "service_task")
    first = send(wiring, event)

    again = send(wiring, event)

    assert (again.status, again.json, again.headers) == (201, first.json, first.headers)


def test_a_key_with_another_body_is_a_422(wiring: InMemoryWiring) -> None:
    key = {"idempotency-key": "order-4711"}
    for_service(wiring, {"name": "a"}, **key)

    answer = for_service(wiring, {"name": "b"}, **key)

    assert (answer.status, answer.json["type"]) == (422, "IdempotencyMismatchException")


def test_a_standalone_task_is_created_once_for_a_key_too(wiring: InMemoryWiring) -> None:
    key = {"idempotency-key": "order-4711"}

    assert standalone(wiring, '{"id": "s1"}', **key).status == 204
    assert standalone(wiring, '{"id": "s1"}', **key).status == 204
    assert standalone(wiring, '{"id": "s2"}', **key).status == 422


@pytest.fixture
def on_a_table(dynoxide_table: Table) -> InMemoryWiring:
    """The functions with the template's table."""
    wiring = InMemoryWiring(PRINTER)
    wiring.store = dynoxide_table.store()
    return wiring


@pytest.mark.parametrize(
    "properties",
    [
        {"name": "", "assignee": "", "owner": "", "description": "", "caseInstanceId": ""},
        {"name": "x" * 5000, "assignee": "ä" * 255, "owner": "~", "caseInstanceId": "#" * 2000},
        {"id": "Z" * 64, "due": "0001-01-01T00:00:00Z", "followUp": "9999-12-31T23:59:59.999Z"},
        {"assignee": "\t\n😀", "priority": -(2**31), "due": 0},
    ],
)
def test_extremes_are_kept_as_they_are(
    on_a_table: InMemoryWiring, properties: dict[str, Any]
) -> None:
    body = {"id": "s1", **properties}

    assert standalone(on_a_table, json.dumps(body)).status == 204

    found = on_a_table.store.get(TaskId(body["id"]))
    assert found is not None
    given = {name: value for name, value in body.items() if name not in ("due", "followUp")}
    assert given.items() <= dict(found.task).items()


@pytest.mark.parametrize(
    ("properties", "named"),
    [
        ({"candidateGroups": [f"g{number}" for number in range(120)]}, "the limit is 100"),
        (
            {
                "candidateGroups": [f"g{number}" for number in range(50)],
                "metadata": {"text": noise(250_000)},
            },
            "the limit is 4 MB",
        ),
        ({"candidateUsers": ["u", *(f"u{number}" for number in range(20_000))]}, "KiB"),
    ],
)
def test_more_than_the_table_takes_is_a_400_that_says_so(
    on_a_table: InMemoryWiring, dynoxide_table: Table, properties: dict[str, Any], named: str
) -> None:
    answer = for_service(on_a_table, {"name": "My Task", **properties})

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert named in answer.json["message"]
    assert dynoxide_table.items() == []


def test_creating_reads_nothing_in_the_table(
    on_a_table: InMemoryWiring, dynoxide_table: Table
) -> None:
    asked: list[str] = []
    dynoxide_table.client.meta.events.register(
        "before-call.dynamodb", lambda model, **_: asked.append(model.name), unique_id="asked"
    )
    try:
        answer = send(on_a_table, sample("create_task", "service_task"))
    finally:
        dynoxide_table.client.meta.events.unregister("before-call.dynamodb", unique_id="asked")

    assert answer.status == 201
    assert asked == ["TransactWriteItems"]


def test_of_identical_requests_side_by_side_one_creates(dynoxide_table: Table) -> None:
    event = sample("create_task", "service_task")
    path, headers = event["rawPath"], event["headers"]

    with instance_apps(dynoxide_table) as apps, ThreadPoolExecutor(8) as threads:
        answers = list(
            threads.map(
                lambda _: apps.ask("POST", path, json.loads(event["body"]), headers), range(8)
            )
        )

    # Those who come while the first is under way may be told to try again.
    created = [answer for answer in answers if answer.status == 201]
    assert created
    assert {answer.status for answer in answers} <= {201, 503}
    assert len({answer.json["tid"] for answer in created}) == 1
    assert sum(item["SK"] == {"S": "TASK"} for item in dynoxide_table.items()) == 1
