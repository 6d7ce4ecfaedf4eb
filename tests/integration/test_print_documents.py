"""From a start to the end of a task: stream, bus, queue, worker, and the public API."""

import json
from collections.abc import Iterator
from time import monotonic, sleep
from typing import Any

import pytest
from moto.events.models import EventPattern

from local.optional_parts import load_with_every_part
from local.service import LocalService
from local.settings import REPOSITORY, Store
from tests.support.http import Answered, bearer, call
from tests.support.http_events import sample
from tests.support.local_service import in_memory

TASKS = "/v1/services/operator-p4/tasks"
DOCUMENTS = {"input": {"embedded": {"listItems": [{"href": "/a"}, {"href": "/b"}]}}}


@pytest.fixture(scope="module", params=[Store.MOTO, Store.DYNOXIDE])
def service(request: pytest.FixtureRequest) -> Iterator[LocalService]:
    """The whole service on either emulator; the example of a worker included."""
    if request.param is Store.DYNOXIDE:
        request.getfixturevalue("dynoxide_endpoint")  # skips where it cannot be had
    with in_memory(store=request.param) as service:
        yield service


def ask(service: LocalService, method: str, path: str, body: Any = None) -> Answered:
    headers = {**bearer(service.token("demo")), "Content-Type": "application/json"}
    content = None if body is None else json.dumps(body).encode()
    return call(method, service.url + path, content, headers)


def started(service: LocalService, **properties: Any) -> str:
    """The address of a task that has been created and started."""
    body = {"name": "My Task", "lists": DOCUMENTS, **properties}
    href: str = ask(service, "POST", TASKS, body).json()["href"]
    assert ask(service, "POST", f"{href}/action", {"action": "start"}).status == 204
    return href


def heard_of(service: LocalService, href: str) -> list[dict[str, Any]]:
    """The events about the task, once every worker has finished."""
    return [event for event in service.events() if event["detail"]["href"] == href]


def as_message(event: dict[str, Any]) -> dict[str, Any]:
    """The event in a queue's message."""
    message = sample("print_documents", "started")
    message["Records"][0]["body"] = json.dumps(event)
    return message


def test_a_started_task_is_worked_on_and_completed(service: LocalService) -> None:
    href = started(service, metadata={"Printer": "LocalPrinter", "copies": 3})

    told = heard_of(service, href)

    assert [(each["detail-type"], each["detail"]["version"]) for each in told] == [
        ("TaskCreated", 1),
        ("TaskStarted", 2),
        ("TaskUpdated", 3),
        ("TaskUpdated", 4),
        ("TaskCompleted", 5),
    ]
    assert ask(service, "GET", href).json()["state"] == "completed"
    assert ask(service, "GET", f"{href}/output").json()["embedded"]["listItems"] == [
        {
            "index": place,
            "href": document,
            "metadata": {"input": place, "printer": "LocalPrinter", "copies": 3},
        }
        for place, document in enumerate(("/a", "/b"))
    ]


def test_a_task_that_cannot_be_worked_on_fails_with_the_reason(service: LocalService) -> None:
    href = started(service)

    assert heard_of(service, href)[-1]["detail-type"] == "TaskFailed"
    task = ask(service, "GET", href).json()
    assert (task["state"], task["endReason"]) == ("failed", "input 0: the metadata name no Printer")


def test_a_start_that_comes_again_changes_nothing(service: LocalService) -> None:
    href = started(service, metadata={"Printer": "LocalPrinter"})
    [start] = [each for each in heard_of(service, href) if each["detail-type"] == "TaskStarted"]
    before = ask(service, "GET", href)

    assert service.invoke("print_documents", as_message(start)) == {"batchItemFailures": []}

    assert heard_of(service, href) == []
    assert ask(service, "GET", href).json() == before.json()


def test_a_start_of_anothers_service_reaches_another_worker(service: LocalService) -> None:
    ask(service, "PUT", "/v1/services/operator-s1", {"name": "Scanner"})
    href = ask(service, "POST", "/v1/services/operator-s1/tasks", {"name": "Scan"}).json()["href"]
    ask(service, "POST", f"{href}/action", {"action": "start"})

    assert [each["detail-type"] for each in heard_of(service, href)] == [
        "TaskCreated",
        "TaskStarted",
    ]
    assert ask(service, "GET", href).json()["state"] == "started"


def test_a_task_that_is_not_there_is_a_failure_to_be_tried_again(service: LocalService) -> None:
    event = sample("print_documents", "started")
    ids = [{"itemIdentifier": each["messageId"]} for each in event["Records"]]

    assert service.invoke("print_documents", event) == {"batchItemFailures": ids}


def failed_for_good(service: LocalService, href: str) -> list[dict[str, Any]]:
    """The starts of the task in the worker's failure queue."""
    [address] = [url for url in service.cloud.queues.values() if "PrintFailureQueue" in url]
    found = []
    while messages := service.cloud.sqs.receive_message(
        QueueUrl=address, MaxNumberOfMessages=10
    ).get("Messages"):
        found += [json.loads(each["Body"]) for each in messages]
    return [each for each in found if each["detail"]["href"] == href]


def test_work_for_a_tenant_that_the_worker_is_not_registered_for_ends_in_the_failure_queue(
    service: LocalService,
) -> None:
    href = started(service, tenantId="t2", metadata={"Printer": "LocalPrinter"})
    deadline = monotonic() + 60
    while not (failed := failed_for_good(service, href)):
        service.events()
        assert monotonic() < deadline
        sleep(0.2)

    assert [each["detail-type"] for each in failed] == ["TaskStarted"]
    assert ask(service, "GET", href).json()["state"] == "started"


def test_a_worker_that_is_registered_for_a_tenant_completes_the_tenants_task() -> None:
    with in_memory(store=Store.MOTO) as service:
        programs = [
            client.id
            for client in service.cloud.pool.clients
            if "client_credentials" in client.flows
        ]
        registered = {"tenants": ["t1"], "services": ["operator-p4"]}
        for client_id in programs:
            assert ask(service, "PUT", f"/v1/programs/{client_id}", registered).status == 201
        href = started(service, tenantId="t1", metadata={"Printer": "LocalPrinter"})

        told = heard_of(service, href)

        assert told[-1]["detail-type"] == "TaskCompleted"
        assert {each["detail"]["tenantId"] for each in told} == {"t1"}
        assert told[-1]["detail"]["actor"] in programs
        assert told[0]["detail"]["actor"] == "demo"
        assert ask(service, "GET", href).json()["state"] == "completed"


def test_a_message_that_is_no_start_comes_again_alone(service: LocalService) -> None:
    href = started(service, metadata={"Printer": "LocalPrinter"})
    [start] = [each for each in heard_of(service, href) if each["detail-type"] == "TaskStarted"]
    event = sample("print_documents", "unusable")
    unusable = event["Records"][0]["messageId"]
    event["Records"][1]["body"] = json.dumps(start)

    answer = service.invoke("print_documents", event)

    assert answer == {"batchItemFailures": [{"itemIdentifier": unusable}]}


def test_the_sample_is_the_event_that_the_rule_sends_to_the_queue() -> None:
    on_the_bus: Any = sample("print_documents", "on_the_bus")
    [rule] = (
        load_with_every_part(REPOSITORY / "template.yaml").resources("AWS::Events::Rule").values()
    )
    pattern = load_with_every_part(REPOSITORY / "template.yaml").resolve(rule["EventPattern"])
    [record] = sample("print_documents", "started")["Records"]

    assert EventPattern(json.dumps(pattern), pattern).matches_event(on_the_bus)
    assert json.loads(record["body"]) == on_the_bus
