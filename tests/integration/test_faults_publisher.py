"""When announcing fails: nothing is lost, what comes twice has the same id, tasks stay in order."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import EndpointConnectionError
from taskdock.adapters.event_bus import EventBridge
from taskdock.domain.access import Access
from taskdock.domain.services.actions import Action, act
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.runtime.stream_records import deliveries
from taskdock.use_cases.ports import Changes, Put, TaskStore
from taskdock.use_cases.publish_task_events import publish_task_events
from taskdock.use_cases.publishing_ports import Place
from taskdock.use_cases.tasks.change_task import change_task

from local.deployment import Function, StreamMapping
from local.invocation import FunctionFailed
from local.stream_driver import StreamDriver
from tests.support.service_tasks import LATER, a_service_task, an_item
from tests.support.tables import Table

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient

FUNCTION = Function("F", "functions.publish_task_events.handler", "handler", 60.0, 512, {})
MAPPING = StreamMapping(
    FUNCTION, batch_size=100, patterns=(), attempts=50, bisects=True, failure_queue=None
)
TASKS = [TaskId(f"t{number}") for number in range(4)]
LIFE = ["TaskCreated", "TaskStarted", "TaskCompleted"]

type Refuses = Callable[[Mapping[str, Any], int], str | None]
"""Why EventBridge refuses an event on its n-th coming, if it does."""


class Bus:
    """EventBridge's `PutEvents`: takes what it does not refuse, and remembers it in order."""

    def __init__(self, refuses: Refuses = lambda *_: None) -> None:
        self.heard: list[dict[str, Any]] = []
        self.down = 0
        """For how many calls more it cannot be reached."""
        self._refuses = refuses
        self._comings: Counter[str] = Counter()

    def put_events(self, *, Entries: Sequence[Mapping[str, Any]]) -> dict[str, Any]:  # noqa: N803
        if self.down:
            self.down -= 1
            raise EndpointConnectionError(endpoint_url="https://events")
        results = [self._take(entry) for entry in Entries]
        return {
            "FailedEntryCount": sum("ErrorCode" in each for each in results),
            "Entries": results,
        }

    def _take(self, entry: Mapping[str, Any]) -> dict[str, str]:
        event = {"detail-type": entry["DetailType"], **json.loads(entry["Detail"])}
        self._comings[event["eventId"]] += 1
        code = self._refuses(event, self._comings[event["eventId"]])
        if code is not None:
            return {"ErrorCode": code, "ErrorMessage": "no"}
        self.heard.append(event)
        return {"EventId": "1"}

    def lives(self) -> dict[str, list[str]]:
        """Task -> its events in order, each at its first delivery."""
        first = {event["eventId"]: event for event in reversed(self.heard)}
        lives: dict[str, list[str]] = {}
        for event in sorted(first.values(), key=self.heard.index):
            lives.setdefault(event["tid"], []).append(event["detail-type"])
        return lives


class Publisher:
    """The publishing function, invoked as Lambda does; it can crash after it has done its work."""

    def __init__(self, bus: Bus, *, crashes: int = 0) -> None:
        self._bus = EventBridge(cast("EventBridgeClient", bus), "tasks")
        self._crashes = crashes
        self.set_aside: list[tuple[str, str]] = []

    def invoke(self, function: Function, event: Mapping[str, Any], patience: float) -> Any:
        """See `Invoker.invoke`."""
        assert (function, patience) == (FUNCTION, 61.0)
        outcome = publish_task_events(self._bus, self._tell, deliveries(event))
        if self._crashes:
            self._crashes -= 1
            raise FunctionFailed("out of memory, after everything was sent")
        return {"batchItemFailures": [{"itemIdentifier": p.sequence} for p in outcome.failures]}

    def _tell(self, place: Place, reason: str) -> None:
        self.set_aside.append((place.subject, reason))


class Stream:
    """The table's stream, and what Lambda makes of it."""

    def __init__(self, table: Table) -> None:
        self._stream = table.stream()

    def deliver(self, publisher: Publisher) -> list[Mapping[str, Any]]:
        """Deliver all records; the messages of Lambda itself in the failure queue."""
        told: list[Mapping[str, Any]] = []
        driver = StreamDriver(
            MAPPING,
            self._stream.unread,
            publisher,
            matches=lambda record: record["dynamodb"]["Keys"]["SK"]["S"] == "TASK",
            on_failure=told.append,
            pause=lambda _: False,
        )
        driver.deliver()
        return told


@pytest.fixture
def stream(dynoxide_table: Table) -> Iterator[Stream]:
    yield Stream(dynoxide_table)


def live(store: TaskStore) -> None:
    """Several tasks are created, started and completed, their changes mixed in the stream."""
    for task_id in TASKS:
        store.commit(Changes([Put(a_service_task(task_id, input=[an_item("a")]))]))
    for action in (Action.START, Action.COMPLETE):
        for task_id in TASKS:
            change_task(store, task_id, Access(frozenset()), partial(act, action=action, now=LATER))


ALL_LIVES: dict[str, list[str]] = dict.fromkeys(TASKS, LIFE)


def test_a_publisher_that_crashes_before_it_is_acknowledged_loses_nothing(
    dynoxide_table: Table, stream: Stream
) -> None:
    live(dynoxide_table.store())
    bus = Bus()

    told = stream.deliver(Publisher(bus, crashes=3))

    assert (told, bus.lives()) == ([], ALL_LIVES)
    comings = Counter(event["eventId"] for event in bus.heard)
    assert len(comings) == len(TASKS) * len(LIFE)  # what came again has the same id
    assert max(comings.values()) > 1


def test_events_that_the_bus_refuses_for_a_while_come_in_each_tasks_order(
    dynoxide_table: Table, stream: Stream
) -> None:
    live(dynoxide_table.store())
    bus = Bus(
        lambda event, coming: (
            "ThrottlingException"
            if event["tid"] in ("t1", "t3") and event["detail-type"] == "TaskStarted" and coming < 4
            else None
        )
    )

    told = stream.deliver(Publisher(bus))

    assert (told, bus.lives()) == ([], ALL_LIVES)


def test_a_bus_that_cannot_be_reached_for_a_while_loses_nothing(
    dynoxide_table: Table, stream: Stream
) -> None:
    live(dynoxide_table.store())
    bus = Bus()
    bus.down = 7

    told = stream.deliver(Publisher(bus))

    assert (told, bus.lives()) == ([], ALL_LIVES)


def test_an_event_that_is_refused_for_good_is_set_aside_and_the_story_goes_on(
    dynoxide_table: Table, stream: Stream
) -> None:
    live(dynoxide_table.store())
    bus = Bus(
        lambda event, _: (
            "MalformedDetail"
            if (event["tid"], event["detail-type"]) == ("t2", "TaskStarted")
            else None
        )
    )
    publisher = Publisher(bus)

    assert stream.deliver(publisher) == []

    assert publisher.set_aside == [("TASK#t2", "MalformedDetail")]
    assert bus.lives() == {**ALL_LIVES, "t2": ["TaskCreated", "TaskCompleted"]}


@pytest.mark.parametrize(
    "poison",
    [
        {"doc": {"S": "no json"}, "version": {"N": "1"}},
        {"doc": {"B": b"\x00\xff"}, "version": {"N": "1"}},
        {"doc": {"S": '{"no": "task"}'}, "version": {"N": "1"}},
        {"version": {"N": "1"}},
        {},
    ],
    ids=["no json", "no document", "no task", "no doc", "nothing"],
)
def test_an_unreadable_record_does_not_block_others(
    dynoxide_table: Table, stream: Stream, poison: Mapping[str, Any]
) -> None:
    store = dynoxide_table.store()
    store.commit(Changes([Put(a_service_task("t8"))]))
    dynoxide_table.client.put_item(
        TableName=dynoxide_table.name,
        Item={"PK": {"S": "TASK#poison"}, "SK": {"S": "TASK"}, **poison},
    )
    live(store)
    bus = Bus()
    publisher = Publisher(bus)

    told = stream.deliver(publisher)

    assert told == []
    assert [subject for subject, _ in publisher.set_aside] == ["TASK#poison"]
    assert bus.lives() == {**ALL_LIVES, "t8": ["TaskCreated"]}


def test_changes_of_documents_of_an_older_version_are_published(
    dynoxide_table: Table, stream: Stream
) -> None:
    """Written when documents were plain text and tasks had no state, nor marks of an update."""
    store = dynoxide_table.store()
    old = {"id": "t9", "name": "Old", "priority": 50, "created": 1, "service": "operator-p4"}
    dynoxide_table.client.put_item(
        TableName=dynoxide_table.name,
        Item={
            "PK": {"S": "TASK#t9"},
            "SK": {"S": "TASK"},
            "doc": {"S": json.dumps(old)},
            "version": {"N": "1"},
        },
    )
    steps: list[Callable[[Task], Task]] = [
        lambda task: changed(task, assignee="mary"),
        lambda task: act(task, Action.START, LATER),
        lambda task: act(task, Action.COMPLETE, LATER),
    ]
    for step in steps:
        change_task(store, TaskId("t9"), Access(frozenset()), step)
    bus = Bus()

    assert stream.deliver(Publisher(bus)) == []

    assert bus.lives() == {"t9": ["TaskCreated", "TaskAssigned", "TaskStarted", "TaskCompleted"]}
    assert [event["version"] for event in bus.heard] == [1, 2, 3, 4]
