"""EventBridge as the bus: batches within its limits, and what its answers mean."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.adapters.event_bus import MAX_BYTES, TOO_LARGE, EventBridge
from taskdock.domain.events.task_events import EventMetadata, TaskAssigned, TaskEvent
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.publishing_ports import Refused

from tests.support.builders import CREATED

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient


@dataclass
class Client:
    """EventBridge's `PutEvents` with its limits; it fails on demand."""

    refusing: frozenset[str] = frozenset()
    code: str = "ThrottlingException"
    failing_call: int | None = None
    failure: Exception | None = None
    calls: list[list[dict[str, Any]]] = field(default_factory=list)

    def put_events(self, *, Entries: list[dict[str, Any]]) -> dict[str, Any]:  # noqa: N803
        self.calls.append(Entries)
        assert 1 <= len(Entries) <= 10
        sizes = [
            14 + sum(len(each[key].encode()) for key in ("Source", "DetailType", "Detail"))
            for each in Entries
        ]
        assert sum(sizes) <= 256 * 1024
        if self.failure is not None and len(self.calls) == self.failing_call:
            raise self.failure
        results = [
            {"ErrorCode": self.code, "ErrorMessage": "no"}
            if any(f'"{each}"' in entry["Detail"] for each in self.refusing)
            else {"EventId": "11710aed"}
            for entry in Entries
        ]
        failed = sum("ErrorCode" in result for result in results)
        return {"FailedEntryCount": failed, "Entries": results}

    @property
    def sent(self) -> list[str]:
        return [entry["Detail"] for call in self.calls for entry in call]


def an_event(record: str, size: int = 0) -> TaskEvent:
    about = EventMetadata(record, TaskId("t1"), "/task/t1", 2, CREATED, None, None, None)
    return TaskAssigned(about, assignee="x" * size, previous_assignee=None)


def an_id(record: str) -> str:
    return f"{record}.TaskAssigned"


def a_bus(client: Client) -> EventBridge:
    return EventBridge(cast("EventBridgeClient", client), "tasks")


def refused_call(code: str) -> ClientError:
    return ClientError({"Error": {"Code": code, "Message": "no"}}, "PutEvents")


def test_an_event_is_sent_as_eventbridge_wants_it() -> None:
    client = Client()
    assert a_bus(client).publish([an_event("r1", size=1)]) == {}
    (((entry,),)) = client.calls
    assert entry["Time"].isoformat() == "2026-01-23T12:42:42+00:00"
    assert {key: value for key, value in entry.items() if key != "Time"} == {
        "Source": "taskdock",
        "DetailType": "TaskAssigned",
        "EventBusName": "tasks",
        "Detail": '{"eventId":"r1.TaskAssigned","tid":"t1","href":"/task/t1","version":2,'
        '"occurredAt":"2026-01-23T12:42:42.000+0000","assignee":"x"}',
    }


def test_nothing_to_send_makes_no_call() -> None:
    client = Client()
    assert a_bus(client).publish([]) == {}
    assert client.calls == []


@pytest.mark.parametrize(("count", "calls"), [(10, [10]), (11, [10, 1]), (25, [10, 10, 5])])
def test_a_call_takes_ten_events(count: int, calls: list[int]) -> None:
    client = Client()
    a_bus(client).publish([an_event(str(each)) for each in range(count)])
    assert [len(call) for call in client.calls] == calls


def test_a_call_takes_no_more_than_its_size() -> None:
    client = Client()
    a_bus(client).publish([an_event(str(each), size=100_000) for each in range(5)])
    assert [len(call) for call in client.calls] == [2, 2, 1]


def test_refused_entries_are_named_with_eventbridges_reason() -> None:
    client = Client(refusing=frozenset({an_id("3"), an_id("14")}))
    refused = a_bus(client).publish([an_event(str(each)) for each in range(20)])
    throttled = Refused("ThrottlingException")
    assert refused == {an_id("3"): throttled, an_id("14"): throttled}


@pytest.mark.parametrize(
    ("code", "for_good"),
    [
        ("MalformedDetail", True),
        ("InvalidArgument", True),
        ("RedactionFailure", True),
        ("InternalFailure", False),
        ("AccessDeniedException", False),
        ("SomethingNew", False),
    ],
)
def test_only_what_is_wrong_with_the_event_itself_is_refused_for_good(
    code: str, for_good: bool
) -> None:
    client = Client(refusing=frozenset({an_id("1")}), code=code)
    assert a_bus(client).publish([an_event("1")]) == {an_id("1"): Refused(code, for_good)}


def test_an_event_no_call_could_carry_is_refused_alone() -> None:
    client = Client()
    events = [an_event("1"), an_event("2", size=MAX_BYTES), an_event("3")]
    assert a_bus(client).publish(events) == {an_id("2"): Refused(TOO_LARGE, for_good=True)}
    assert [len(call) for call in client.calls] == [2]


@pytest.mark.parametrize(
    ("failure", "reason"),
    [
        (refused_call("InternalException"), "InternalException"),
        (ClientError({}, "PutEvents"), "Unknown"),
        (ConnectTimeoutError(endpoint_url="https://events"), "ConnectTimeoutError"),
    ],
)
def test_after_a_failed_call_the_rest_is_refused_untried(failure: Exception, reason: str) -> None:
    client = Client(failing_call=2, failure=failure)
    refused = a_bus(client).publish([an_event(str(each)) for each in range(35)])
    assert refused == dict.fromkeys((an_id(str(each)) for each in range(10, 35)), Refused(reason))
    assert len(client.calls) == 2


def test_a_fault_of_ours_is_not_taken_for_a_refusal() -> None:
    client = Client(failing_call=1, failure=TypeError("a bug"))
    with pytest.raises(TypeError, match="a bug"):
        a_bus(client).publish([an_event("1")])


@settings(deadline=None, max_examples=40)
@given(
    sizes=st.lists(st.sampled_from([0, 50_000, 120_000, MAX_BYTES - 300, MAX_BYTES]), max_size=20)
)
def test_whatever_the_sizes_all_events_are_sent_in_order_but_those_too_large(
    sizes: list[int],
) -> None:
    client = Client()
    events = [an_event(f"{place:02}", size) for place, size in enumerate(sizes)]
    refused = a_bus(client).publish(events)
    accepted = [event for event in events if event.event_id not in refused]
    assert [detail[12:14] for detail in client.sent] == [
        event.metadata.record for event in accepted
    ]
    assert [size < MAX_BYTES for size in sizes] == [event in accepted for event in events]
    assert all(len(call) <= 10 for call in client.calls)
