"""A table and a bucket with columns, and the functions that use them, as they are deployed."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import pytest
from taskdock.adapters.dynamodb.changes.change_keeping import ChangeKeeping
from taskdock.adapters.dynamodb.column_keys import head_key
from taskdock.adapters.dynamodb.task_items import attributes
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.columns import columns, compacting
from taskdock.use_cases.ports import Changes, Put

from functions.query_tasks.handler import create_app
from tests.support.http_events import Context as ShortContext
from tests.support.http_events import http_event
from tests.support.object_stores import REGION, a_bucket, s3_client
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

    def put(self, *tasks: Any, keeping: ChangeKeeping | None = None) -> None:
        store = self.table.store(keeping=keeping or self.table.keeping(SetClock.real()))
        for task in tasks:
            store.commit(Changes([Put(task, store.get(TaskId(task["id"])))]))

    def head(self) -> Any:
        """What the table says of the columns of tasks without a tenant."""
        key = attributes(head_key(None))
        return self.table.client.get_item(TableName=self.table.name, Key=key)["Item"]

    def ask(self, body: dict[str, Any], parameters: str = "explain=true") -> Any:
        event = http_event(
            "POST /task",
            body=json.dumps(body),
            query=parameters,
            headers={"content-type": "application/json"},
        )
        answer: Any = create_app()(event, Context())
        return json.loads(answer["body"])


@contextmanager
def a_column_place(table: Table, moto_endpoint: str) -> Iterator[Place]:
    """An empty place. The functions take it for one of many tasks that were written a while ago."""
    with pytest.MonkeyPatch.context() as monkeypatch:
        s3 = s3_client(moto_endpoint)
        bucket = a_bucket(s3)
        environment = {
            "TABLE_NAME": table.name,
            "DYNAMODB_ENDPOINT": table.endpoint,
            "AWS_ENDPOINT_URL": moto_endpoint,
            "COLUMN_BUCKET": bucket,
            "COMPACTION_FUNCTION": "nobody",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
        }
        for name, value in environment.items():
            monkeypatch.setenv(name, value)
            monkeypatch.setattr(columns, "still_prefers_columns", lambda *_: True)
        monkeypatch.setattr(compacting, "CUTS_BEFORE", -1)
        yield Place(table, bucket, s3)
