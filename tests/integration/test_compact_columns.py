"""Columns as they are deployed: made by their function, asked by the handler of queries."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from taskdock.adapters.dynamodb.column_keys import head_key
from taskdock.adapters.dynamodb.task_items import attributes
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.columns import columns, compacting
from taskdock.use_cases.ports import Changes, Put

from functions.compact_columns.handler import handler
from functions.query_tasks.handler import create_app
from tests.support.builders import a_task
from tests.support.http_events import Context as ShortContext
from tests.support.http_events import http_event, sample
from tests.support.object_stores import REGION, a_bucket, names_in, s3_client
from tests.support.set_clock import SetClock
from tests.support.tables import Table


class Context(ShortContext):
    """An invocation with the time that the function has."""

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 900_000


@dataclass
class Place:
    """A table, a bucket, and the functions that read their names in the environment."""

    table: Table
    bucket: str
    s3: Any

    def put(self, *tasks: Any) -> None:
        store = self.table.store(keeping=self.table.keeping(SetClock.real()))
        for task in tasks:
            store.commit(Changes([Put(task, store.get(TaskId(task["id"])))]))

    def ask(self, body: dict[str, Any], parameters: str = "explain=true") -> Any:
        event = http_event(
            "POST /task",
            body=json.dumps(body),
            query=parameters,
            headers={"content-type": "application/json"},
        )
        answer: Any = create_app()(event, Context())
        return json.loads(answer["body"])


@pytest.fixture
def place(
    dynoxide_table: Table, moto_endpoint: str, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Place]:
    s3 = s3_client(moto_endpoint)
    bucket = a_bucket(s3)
    environment = {
        "TABLE_NAME": dynoxide_table.name,
        "DYNAMODB_ENDPOINT": dynoxide_table.endpoint,
        "AWS_ENDPOINT_URL": moto_endpoint,
        "COLUMN_BUCKET": bucket,
        "COMPACTION_FUNCTION": "nobody",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    # As if there were many tasks, written a while ago.
    monkeypatch.setattr(columns, "still_prefers_columns", lambda *_: True)
    monkeypatch.setattr(compacting, "MOST_DELAY", -1)
    yield Place(dynoxide_table, bucket, s3)


def test_queries_read_columns_that_the_function_has_made(place: Place) -> None:
    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(300)), a_task("x", tenantId="t1"))

    assert handler(sample("compact_columns", "anew"), Context()) == {"outcome": "made"}
    assert handler(sample("compact_columns", "up_to_date"), Context()) == {"outcome": "made"}
    answer = place.ask({"nameLike": "n29%"})

    assert [each["id"] for each in answer["tasks"]] == ["029", *(f"{at}" for at in range(290, 300))]
    assert answer["plan"]["path"] == "columns"
    assert answer["columns"]["rows"] == 301
    assert answer["read"]["items"] == 11


def test_what_changed_since_is_found(place: Place) -> None:
    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(100)))
    handler({"tenant": None}, Context())
    place.put(a_task("new", name="n1new"), a_task("001", name="other"))

    answer = place.ask({"nameLike": "n1%"})

    assert [each["id"] for each in answer["tasks"]] == [
        *(f"{at:03}" for at in range(10, 20)),
        "new",
    ]


def test_a_bucket_that_lost_its_objects_leaves_it_to_the_indexes(place: Place) -> None:
    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(100)))
    handler({"tenant": None}, Context())
    for name in names_in(place.s3, place.bucket):
        place.s3.delete_object(Bucket=place.bucket, Key=name)

    answer = place.ask({"nameLike": "n1%"})

    assert len(answer["tasks"]) == 11
    assert answer["columns"] == {"unusable": "object gone"}
    assert answer["plan"]["path"] == "all open tasks"


def test_a_bit_that_flipped_is_told_by_its_checksum(place: Place) -> None:
    place.put(*(a_task(f"{at:03}", name=f"n{at}") for at in range(100)))
    handler({"tenant": None}, Context())
    head = place.table.client.get_item(TableName=place.table.name, Key=attributes(head_key(None)))[
        "Item"
    ]
    [segment] = set(names_in(place.s3, place.bucket)) - {head["manifest"]["S"]}
    content = place.s3.get_object(Bucket=place.bucket, Key=segment)["Body"].read()
    flipped = bytes(each ^ 64 for each in content)
    place.s3.put_object(Bucket=place.bucket, Key=segment, Body=flipped)

    answer = place.ask({"nameLike": "n1%"})

    assert (len(answer["tasks"]), answer["columns"]) == (11, {"unusable": "object changed"})
    assert handler({"tenant": None, "anew": True}, Context()) == {"outcome": "made"}
    assert place.ask({"nameLike": "n1%"})["plan"]["path"] == "columns"


def test_half_of_the_days_of_ended_tasks_is_the_longest_age() -> None:
    day = 24 * 60 * 60 * 1000

    assert columns.longest_age(10) == Instant(5 * day)
    assert columns.longest_age(3650) == 30 * day
