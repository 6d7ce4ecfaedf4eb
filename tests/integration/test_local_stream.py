"""The stream reaches its function as a Lambda event source mapping would bring it."""

import json
import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any, Final
from uuid import uuid4

import pytest

from local.clients import Clients
from local.deployment import Function, StreamMapping
from local.invocation import FunctionFailed
from local.stream_driver import StreamDriver, matcher
from local.table import ensure_table
from local.table_stream import Record, TableStream, as_lambda_sends

FUNCTION: Final = Function("F", "functions.announce.handler", "handler", 10.0, 128, {})
MAPPING: Final = StreamMapping(
    FUNCTION, batch_size=10, patterns=(), attempts=3, bisects=False, failure_queue=None
)


class Announcer:
    """A function that fails on demand and remembers its batches."""

    def __init__(self, *, crash_on: str = "", report: Sequence[Sequence[str]] = ()) -> None:
        self.batches: list[list[str]] = []
        self._crash_on = crash_on
        self._reports = list(report)

    def invoke(self, function: Function, event: Mapping[str, Any], patience: float) -> Any:
        assert (function, patience) == (FUNCTION, FUNCTION.timeout + 1)
        batch = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
        self.batches.append(batch)
        if self._crash_on in batch:
            raise FunctionFailed("crashed")
        failed = self._reports.pop(0) if self._reports else ()
        return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}


def records(numbers: str) -> list[Record]:
    """Changes that happened at second 100."""
    return [
        {
            "eventSourceARN": "arn:stream",
            "dynamodb": {"SequenceNumber": each, "ApproximateCreationDateTime": 100},
        }
        for each in numbers
    ]


def delivered(
    announcer: Announcer,
    numbers: str,
    mapping: StreamMapping = MAPPING,
    pauses_until_the_end: float = math.inf,
) -> tuple[list[list[str]], list[Mapping[str, Any]]]:
    """The function's batches, and the failure queue's messages. Time passes only in pauses, ten
    seconds in each.
    """
    told: list[Mapping[str, Any]] = []
    pauses: list[float] = []

    def pause(seconds: float) -> bool:
        pauses.append(seconds)
        return len(pauses) >= pauses_until_the_end

    driver = StreamDriver(
        mapping,
        lambda: [records(numbers)],
        announcer,
        matches=lambda _: True,
        on_failure=told.append,
        pause=pause,
        clock=lambda: 100 + 10 * len(pauses),
    )
    driver.deliver()
    return announcer.batches, told


def test_records_come_in_batches_in_order() -> None:
    batches, told = delivered(Announcer(), "12345", replace(MAPPING, batch_size=2))

    assert batches == [["1", "2"], ["3", "4"], ["5"]]
    assert told == []


def test_a_batch_is_tried_again_from_the_first_reported_failure() -> None:
    batches, _ = delivered(Announcer(report=[["4", "3"]]), "12345")

    assert batches == [["1", "2", "3", "4", "5"], ["3", "4", "5"]]


def test_a_report_that_names_nothing_of_the_batch_fails_all_of_it() -> None:
    batches, _ = delivered(Announcer(report=[[""]]), "12")

    assert batches == [["1", "2"], ["1", "2"]]


def test_a_batch_that_keeps_failing_goes_to_the_failure_queue_and_the_rest_goes_on() -> None:
    mapping = replace(MAPPING, batch_size=2)

    batches, told = delivered(Announcer(crash_on="1"), "123", mapping)

    assert batches == [["1", "2"]] * 3 + [["3"]]
    [failure] = told
    assert failure["DDBStreamBatchInfo"] == {
        "startSequenceNumber": "1",
        "endSequenceNumber": "2",
        "batchSize": 2,
        "streamArn": "arn:stream",
    }


def test_a_record_that_keeps_failing_is_given_up_on_when_it_is_too_old() -> None:
    mapping = replace(MAPPING, attempts=10_001, longest_age=60)

    batches, told = delivered(Announcer(crash_on="1"), "1", mapping)

    assert len(batches) == 8  # at once, and after each of seven pauses
    assert len(told) == 1


def test_a_record_that_keeps_failing_does_not_hold_up_the_end() -> None:
    mapping = replace(MAPPING, attempts=10_001)

    batches, told = delivered(Announcer(crash_on="1"), "12", mapping, pauses_until_the_end=3)

    assert (len(batches), told) == (3, [])


def test_bisecting_leaves_only_the_record_that_crashes_behind() -> None:
    batches, told = delivered(Announcer(crash_on="3"), "1234", replace(MAPPING, bisects=True))

    assert ["1", "2"] in batches
    assert batches[-1] == ["4"]
    assert [failure["DDBStreamBatchInfo"]["startSequenceNumber"] for failure in told] == ["3"]


def test_filters_let_through_what_any_of_them_matches() -> None:
    passes = matcher([{"dynamodb": {"Keys": {"SK": {"S": ["TASK"]}}}}, {"eventName": ["REMOVE"]}])

    assert passes({"eventName": "INSERT", "dynamodb": {"Keys": {"SK": {"S": "TASK"}}}})
    assert passes({"eventName": "REMOVE", "dynamodb": {"Keys": {"SK": {"S": "LINK#"}}}})
    assert not passes({"eventName": "INSERT", "dynamodb": {"Keys": {"SK": {"S": "LINK#"}}}})
    assert matcher([])({"eventName": "INSERT"})


def test_a_record_is_delivered_in_lambdas_form() -> None:
    record = as_lambda_sends(
        {
            "eventID": "1",
            "eventName": "MODIFY",
            "dynamodb": {
                "ApproximateCreationDateTime": datetime(2026, 1, 23, 12, tzinfo=UTC),
                "NewImage": {"doc": {"B": b"\x00\xff"}, "tags": {"L": [{"B": b"a"}]}},
            },
        },
        "arn:stream",
    )

    assert json.loads(json.dumps(record)) == {
        "eventID": "1",
        "eventName": "MODIFY",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "eventSourceARN": "arn:stream",
        "awsRegion": "eu-central-1",
        "dynamodb": {
            "ApproximateCreationDateTime": 1769169600,
            "NewImage": {"doc": {"B": "AP8="}, "tags": {"L": [{"B": "YQ=="}]}},
        },
    }


@dataclass(frozen=True, slots=True)
class Changing:
    """A table with a stream, something having been written already."""

    write: Callable[[str, int], object]
    """Puts an item: `PK`, `n`."""
    streams: Any
    """A client for its stream."""
    arn: str


@pytest.fixture(params=["moto", "dynoxide"])
def table(request: pytest.FixtureRequest) -> Iterator[Changing]:
    """A table on either emulator."""
    endpoint = request.getfixturevalue(f"{request.param}_endpoint")
    clients = Clients()
    client = clients.client("dynamodb", endpoint)
    name = f"stream-{uuid4().hex}"
    description = ensure_table(
        client,
        name,
        {
            "BillingMode": "PAY_PER_REQUEST",
            "AttributeDefinitions": [{"AttributeName": "PK", "AttributeType": "S"}],
            "KeySchema": [{"AttributeName": "PK", "KeyType": "HASH"}],
            "StreamSpecification": {"StreamViewType": "NEW_AND_OLD_IMAGES"},
        },
    )

    def write(key: str, number: int) -> None:
        client.put_item(TableName=name, Item={"PK": {"S": key}, "n": {"N": str(number)}})

    write("before", 0)
    streams = clients.client("dynamodbstreams", endpoint)
    yield Changing(write, streams, description["LatestStreamArn"])
    client.delete_table(TableName=name)


class SleepyStreams:
    """A client for streams whose iterator expires on demand."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.oversleeps = False

    def get_records(self, **request: Any) -> Any:
        if self.oversleeps:
            self.oversleeps = False
            raise self._client.exceptions.ExpiredIteratorException({}, "GetRecords")
        return self._client.get_records(**request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def read(stream: TableStream) -> list[Record]:
    return [record for page in stream.unread() for record in page]


def test_a_stream_is_read_once_and_from_now_on(table: Changing) -> None:
    stream = TableStream(table.streams, table.arn)

    assert read(stream) == []
    table.write("a", 1)
    table.write("a", 2)
    seen = read(stream)

    assert [record["eventName"] for record in seen] == ["INSERT", "MODIFY"]
    assert seen[1]["dynamodb"]["OldImage"]["n"] == {"N": "1"}
    assert seen[1]["dynamodb"]["NewImage"]["n"] == {"N": "2"}
    assert read(stream) == []


def test_after_a_long_sleep_reading_goes_on_where_it_was(table: Changing) -> None:
    streams = SleepyStreams(table.streams)
    stream = TableStream(streams, table.arn)
    table.write("a", 1)
    read(stream)

    table.write("a", 2)
    streams.oversleeps = True

    assert [record["dynamodb"]["NewImage"]["n"]["N"] for record in read(stream)] == ["2"]
