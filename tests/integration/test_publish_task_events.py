"""From a batch of the table's stream through the handler to a queue behind the bus."""

import json
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

import pytest
from botocore.session import Session
from taskdock.domain.access import Access
from taskdock.domain.services.actions import Action, act
from taskdock.domain.services.lists import ListName, insert
from taskdock.domain.tasks.changes import claim
from taskdock.use_cases.ports import Changes, Put, Remove
from taskdock.use_cases.tasks.change_task import change_task

from functions.publish_task_events.handler import handler
from tests.support.builders import to_group, to_user
from tests.support.http_events import Context, sample
from tests.support.service_tasks import LATER, a_service_task, an_item
from tests.support.tables import Table

if TYPE_CHECKING:
    from taskdock.domain.tasks.task import Task
    from types_boto3_events import EventBridgeClient
    from types_boto3_sqs import SQSClient

REGION = "eu-central-1"


class Bus:
    """A bus in moto and a queue that receives all its events."""

    def __init__(self, endpoint: str) -> None:
        session = Session()
        options: dict[str, Any] = {"region_name": REGION, "endpoint_url": endpoint}
        options |= {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        self.name = f"tasks-{uuid4().hex[:8]}"
        self._sqs = cast("SQSClient", session.create_client("sqs", **options))
        self._events = cast("EventBridgeClient", session.create_client("events", **options))
        self._events.create_event_bus(Name=self.name)
        self.everything = self.queue_for({"source": ["taskdock"]})
        self.failures = self._sqs.create_queue(QueueName=f"{self.name}-failures")["QueueUrl"]

    def queue_for(self, pattern: dict[str, Any]) -> str:
        """The address of a queue that gets what matches the pattern."""
        name = f"{self.name}-{uuid4().hex[:8]}"
        url = self._sqs.create_queue(QueueName=name)["QueueUrl"]
        self._events.put_rule(Name=name, EventBusName=self.name, EventPattern=json.dumps(pattern))
        arn = f"arn:aws:sqs:{REGION}:123456789012:{name}"
        self._events.put_targets(
            Rule=name, EventBusName=self.name, Targets=[{"Id": "queue", "Arn": arn}]
        )
        return url

    def heard(self, queue: str | None = None) -> list[dict[str, Any]]:
        """The events in a queue, in the order they were sent; they are taken out of it."""
        events = []
        url = queue or self.everything
        while messages := self._sqs.receive_message(
            QueueUrl=url, MaxNumberOfMessages=10, WaitTimeSeconds=0
        ).get("Messages"):
            for message in messages:
                events.append(json.loads(message["Body"]))
                self._sqs.delete_message(QueueUrl=url, ReceiptHandle=message["ReceiptHandle"])
        return events


@pytest.fixture
def bus(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bus]:
    """A bus of its own for each test, which the handler finds by its environment."""
    bus = Bus(moto_endpoint)
    environment = {
        "AWS_ENDPOINT_URL": moto_endpoint,
        "EVENT_BUS_NAME": bus.name,
        "FAILURE_QUEUE_URL": bus.failures,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    yield bus


def invoke(case: str) -> list[str]:
    """Call the handler with a sample; the places in the stream it wants to see again."""
    answer = handler(sample("publish_task_events", case), Context())
    assert answer.keys() == {"batchItemFailures"}
    return [failure["itemIdentifier"] for failure in answer["batchItemFailures"]]


@pytest.fixture(params=["moto_table", "dynoxide_table"])
def table(request: pytest.FixtureRequest) -> Table:
    """The template's table in each emulator."""
    table: Table = request.getfixturevalue(request.param)
    return table


TOLD = {
    "publish_task_events/created": ["TaskCreated"],
    "publish_task_events/assigned": [
        "TaskAssigned",
        "TaskUpdated",
        "TaskAssigned",
        "TaskUnassigned",
    ],
    "publish_task_events/delegated": [
        "TaskDelegated",
        "TaskAssigned",
        "TaskResolved",
        "TaskAssigned",
    ],
    "publish_task_events/started": ["TaskStarted"],
    "publish_task_events/ended": ["TaskCompleted", "TaskFailed", "TaskCanceled"],
    "publish_task_events/deleted": ["TaskDeleted"],
    "publish_task_events/silent": [],
}


@pytest.mark.parametrize("path", TOLD)
def test_events_of_the_stream_arrive_behind_the_bus(bus: Bus, path: str) -> None:
    assert invoke(path.rpartition("/")[2]) == []
    heard = bus.heard()
    assert [event["detail-type"] for event in heard] == TOLD[path]
    assert all(event["source"] == "taskdock" for event in heard)


def test_a_rule_for_a_service_receives_its_starts_and_nothing_else(bus: Bus) -> None:
    starts = {"detail-type": ["TaskStarted"], "detail": {"service": ["operator-p4"]}}
    ours = bus.queue_for(starts)
    others = bus.queue_for({**starts, "detail": {"service": ["operator-x"]}})
    for case in ("created", "started", "ended"):
        invoke(case)
    (started,) = bus.heard(ours)
    assert started["detail"]["items"] == [
        {
            "index": 0,
            "href": "/v1/services/operator-fileupload/repo/6d1c0a0e-6f0e-4a53-9e47-0c0e8f1f9d11",
            "metadata": {"description": "Print task", "Printer": "LocalPrinter", "copies": 1},
        },
        {
            "index": 1,
            "href": "/v1/services/operator-fileupload/repo/b6a1f7a2-5b1e-4c58-9b0c-2d9a57d2f9a4",
            "metadata": {"description": "Print task", "Printer": "LocalPrinter", "copies": 2},
        },
    ]
    assert bus.heard(others) == []


def test_an_event_names_the_address_under_which_the_api_has_the_task(
    bus: Bus, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("BASE_PATH", "/engine-rest")
    invoke("deleted")
    (deleted,) = bus.heard()
    assert deleted["detail"]["href"] == f"/engine-rest/task/{deleted['detail']['tid']}"


def test_a_second_delivery_is_heard_again_under_the_same_ids(bus: Bus) -> None:
    invoke("assigned")
    first = [event["detail"]["eventId"] for event in bus.heard()]
    invoke("assigned")
    second = [event["detail"]["eventId"] for event in bus.heard()]
    assert first == second
    assert len(set(first)) == 4


def test_an_unreadable_record_is_left_in_the_failure_queue_and_holds_nothing_up(bus: Bus) -> None:
    event = sample("publish_task_events", "unreadable")
    sequences = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
    assert invoke("unreadable") == []
    tids = [each["detail"]["tid"] for each in bus.heard()]
    assert [tid[0] for tid in tids] == ["5", "7", "6"]
    [message] = bus.heard(bus.failures)
    reason = message["requestContext"]["reason"]
    assert reason.startswith("the record has a wrong shape: JSONDecodeError")
    assert message == {
        "version": "1.0",
        "requestContext": {
            "condition": "ChangeCannotBeAnnounced",
            "reason": reason,
            "item": "TASK#6f0f7a52-6a0e-4f0e-9a57-0d3f3c3b7a04",
        },
        "DDBStreamBatchInfo": {
            "startSequenceNumber": sequences[1],
            "endSequenceNumber": sequences[1],
            "batchSize": 1,
            "streamArn": event["Records"][1]["eventSourceARN"],
        },
    }


@pytest.mark.parametrize(
    ("variable", "value"),
    [("EVENT_BUS_NAME", "no-such-bus"), ("AWS_ENDPOINT_URL", "http://127.0.0.1:9")],
    ids=["unknown", "unreachable"],
)
def test_a_bus_that_takes_nothing_fails_every_task(
    bus: Bus, monkeypatch: pytest.MonkeyPatch, variable: str, value: str
) -> None:
    monkeypatch.setenv(variable, value)
    event = sample("publish_task_events", "assigned")
    expected = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
    assert invoke("assigned") == expected
    assert bus.heard() == []


def test_the_handler_logs_ids_and_reasons_but_nothing_of_a_tasks_content(
    bus: Bus, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level("INFO", logger="taskdock"):
        invoke("unreadable")
    lines = [record.__dict__ for record in caplog.records if record.name == "taskdock"]
    tid = "TASK#6f0f7a52-6a0e-4f0e-9a57-0d3f3c3b7a04"
    assert [(line["message"], line.get("item"), line.get("setAside")) for line in lines] == [
        ("change not announced", tid, None),
        ("stream read", None, 1),
    ]
    assert (lines[0]["levelname"], lines[0]["again"]) == ("ERROR", False)
    assert "Approve invoice" not in str(lines)


def test_a_life_in_the_table_is_heard_as_it_was_lived(bus: Bus, table: Table) -> None:
    stream = table.stream()
    store = table.store()
    task = a_service_task(links=[to_group("printing"), to_user("mary")], input=[an_item("a")])
    life: list[Callable[[Task], Task]] = [
        lambda task: claim(task, "mary", LATER),
        lambda task: act(task, Action.START, LATER),
        lambda task: insert(task, ListName.OUTPUT, an_item("b"), LATER),
        lambda task: act(task, Action.COMPLETE, LATER),
    ]

    store.commit(Changes([Put(task)]))
    for step in life:
        last = change_task(store, task["id"], Access(frozenset()), step)
    store.commit(Changes([Remove(last)]))
    records = [record for page in stream.unread() for record in page]

    assert handler({"Records": records}, Context()) == {"batchItemFailures": []}
    assert [(each["detail-type"], each["detail"]["version"]) for each in bus.heard()] == [
        ("TaskCreated", 1),
        ("TaskAssigned", 2),
        ("TaskStarted", 3),
        ("TaskUpdated", 4),
        ("TaskCompleted", 5),
        ("TaskDeleted", 5),
    ]
