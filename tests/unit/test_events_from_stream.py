"""Records of the table's stream, read into changes of tasks."""

import json
from typing import Any

import pytest
from taskdock.domain.events.detection import Change
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task
from taskdock.runtime.stream_records import deliveries
from taskdock.use_cases.publish_task_events import Unreadable

from tests.support.service_tasks import a_service_task


def an_image(task: Task, version: int) -> dict[str, Any]:
    return {
        "PK": {"S": f"TASK#{task['id']}"},
        "SK": {"S": "TASK"},
        "doc": {"S": json.dumps(task)},
        "version": {"N": str(version)},
    }


def a_record(**changes: Any) -> dict[str, Any]:
    """The record of a modification of task `t1`; parts given None are missing."""
    images = {
        "ApproximateCreationDateTime": 1_769_172_222.5,
        "Keys": {"PK": {"S": "TASK#t1"}, "SK": {"S": "TASK"}},
        "OldImage": an_image(a_service_task(), 1),
        "NewImage": an_image(a_service_task(name="Other"), 2),
        "SequenceNumber": "111",
    }
    record = {
        "eventID": "e1",
        "eventName": "MODIFY",
        "eventSourceARN": "arn:stream",
        "dynamodb": images,
    }
    for name, value in changes.items():
        holder = images if name in (*images, "StreamViewType") else record
        holder[name] = value
        if value is None:
            del holder[name]
    return record


def read(*records: dict[str, Any]) -> list[tuple[str, str, Change | Unreadable]]:
    read = deliveries({"Records": records})
    assert all(each.place.stream == "arn:stream" for each in read)
    return [(each.place.sequence, each.place.subject, each.content) for each in read]


MOMENT = Instant(1_769_172_222_500)


def test_a_modification_is_a_change_with_both_documents() -> None:
    change = Change("e1", MOMENT, 2, a_service_task(), a_service_task(name="Other"))
    assert read(a_record()) == [("111", "TASK#t1", change)]


def test_an_insertion_is_a_change_from_nothing() -> None:
    record = a_record(eventName="INSERT", OldImage=None)
    change = Change("e1", MOMENT, 2, None, a_service_task(name="Other"))
    assert read(record) == [("111", "TASK#t1", change)]


def test_a_removal_is_a_change_to_nothing_with_the_last_version() -> None:
    change = Change("e1", MOMENT, 1, a_service_task(), None)
    assert read(a_record(eventName="REMOVE", NewImage=None)) == [("111", "TASK#t1", change)]


@pytest.mark.parametrize(
    ("who", "expired"),
    [
        ({"type": "Service", "principalId": "dynamodb.amazonaws.com"}, True),
        ({"type": "Service", "principalId": "replication.dynamodb.amazonaws.com"}, False),
        (None, False),
    ],
)
def test_a_removal_by_the_table_itself_is_an_expiry(
    who: dict[str, str] | None, expired: bool
) -> None:
    record = a_record(eventName="REMOVE", NewImage=None)
    ((_, _, content),) = read({**record, "userIdentity": who})
    assert isinstance(content, Change)
    assert content.expired is expired


@pytest.mark.parametrize(
    ("partition", "sort"),
    [
        ("TASK#t1", "LINK#candidate#group#sales"),
        ("TASK#t1", "COMMENT#1769172222500#c1"),
        ("TASK#t1", "ATTACHMENT#a1"),
        ("SERVICE", "SID#operator-p4"),
        ("RECEIPT#9f", "RECEIPT"),
    ],
)
def test_records_beside_tasks_are_left_out(partition: str, sort: str) -> None:
    keys = {"PK": {"S": partition}, "SK": {"S": sort}}
    assert read(a_record(Keys=keys, OldImage={}, NewImage={}), a_record()) == read(a_record())


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param({"NewImage": None}, id="no-new-image"),
        pytest.param({"OldImage": None}, id="no-old-image"),
        pytest.param({"eventName": "TRUNCATE"}, id="unknown-kind"),
        pytest.param({"eventName": None}, id="no-kind"),
        pytest.param({"eventID": None}, id="no-id"),
        pytest.param({"ApproximateCreationDateTime": None}, id="no-time"),
        pytest.param({"ApproximateCreationDateTime": "today"}, id="time-in-words"),
        pytest.param({"NewImage": {"doc": {"S": "{"}, "version": {"N": "2"}}}, id="no-json"),
        pytest.param({"NewImage": {"doc": {"S": "[]"}, "version": {"N": "2"}}}, id="no-object"),
        pytest.param({"NewImage": {"doc": {"S": "{}"}, "version": {"N": "2"}}}, id="no-task"),
        pytest.param({"NewImage": {"doc": {"S": '{"id":1}'}, "version": {"N": "2"}}}, id="bad-id"),
        pytest.param({"NewImage": {"doc": {"N": "1"}, "version": {"N": "2"}}}, id="no-document"),
        pytest.param({"NewImage": {"doc": {"S": '{"id":"t1"}'}}}, id="no-version"),
        pytest.param(
            {"NewImage": {"doc": {"S": "[" * 100_000}, "version": {"N": "2"}}}, id="too-deep"
        ),
        pytest.param({"NewImage": ["doc"]}, id="image-of-another-kind"),
    ],
)
def test_a_record_that_cannot_be_read_is_delivered_as_such(broken: dict[str, Any]) -> None:
    ((sequence, subject, content),) = read(a_record(**broken))
    assert (sequence, subject) == ("111", "TASK#t1")
    assert isinstance(content, Unreadable)
    assert "shape" in str(content) or "no task" in str(content)


def test_a_record_without_keys_is_a_subject_of_its_own() -> None:
    ((sequence, subject, _),) = read(a_record(Keys=None))
    assert (sequence, subject) == ("111", "111")


def test_a_record_without_a_place_in_the_stream_fails_the_batch() -> None:
    with pytest.raises(KeyError, match="SequenceNumber"):
        deliveries({"Records": [a_record(), a_record(SequenceNumber=None)]})


def test_records_keep_the_order_of_the_stream() -> None:
    records = [a_record(SequenceNumber=str(each)) for each in (3, 1, 2)]
    assert [sequence for sequence, *_ in read(*records)] == ["3", "1", "2"]
