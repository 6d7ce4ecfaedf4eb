"""The table of `template.yaml` in an emulator, empty, for one test."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any, cast
from uuid import uuid4

from botocore.config import Config
from botocore.session import Session
from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.changes.change_keeping import EVER, SINCE, ChangeKeeping, Clock
from taskdock.adapters.dynamodb.changes.change_log import DynamoDbChangeLog
from taskdock.adapters.dynamodb.filter_store import DynamoDbFilterStore
from taskdock.adapters.dynamodb.layout import number_layout
from taskdock.adapters.dynamodb.service_registry import DynamoDbServiceRegistry
from taskdock.adapters.dynamodb.task_items import attributes
from taskdock.adapters.dynamodb.task_store import DynamoDbTaskStore

from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from local.table import ensure_table
from local.table_stream import TableStream
from tests.support.builders import CREATED
from tests.support.set_clock import SetClock

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

ENDED_TASK_DAYS = 30


def _no_pause(_: float) -> None:
    """The clock is stopped in tests."""


@dataclass(frozen=True, slots=True)
class Table:
    """A table, and a client that reaches it."""

    client: "DynamoDBClient"
    name: str
    endpoint: str

    def store(
        self,
        sleep: Callable[[float], None] = _no_pause,
        keeping: ChangeKeeping | None = None,
    ) -> DynamoDbTaskStore:
        """A store on the table that keeps changes, by a clock that stands at `CREATED` unless
        another keeping is given; it does not pause."""
        return DynamoDbTaskStore(
            self.client,
            self.name,
            ended_task_days=ENDED_TASK_DAYS,
            stamp=(keeping or self.keeping()).stamp,
            sleep=sleep,
        )

    def keeping(self, clock: Clock | None = None, *, is_on: bool = True) -> ChangeKeeping:
        """What gives stamps of the clock, to a process that has begun to write already."""
        clock = clock or SetClock.at(CREATED)
        keeping = ChangeKeeping(self.client, self.name, clock=clock, is_on=is_on)
        keeping.looked(attributes({SINCE: EVER} if is_on else {}))
        return keeping

    def change_log(self) -> DynamoDbChangeLog:
        """What the table's indexes say of changes."""
        return DynamoDbChangeLog(self.client, self.name)

    def filters(self) -> DynamoDbFilterStore:
        """The stored filters in this table."""
        return DynamoDbFilterStore(self.client, self.name)

    def services(self) -> DynamoDbServiceRegistry:
        """The registry of services in the table."""
        return DynamoDbServiceRegistry(self.client, self.name)

    def stream(self) -> TableStream:
        """The stream's records from now on."""
        client = Session().create_client(
            "dynamodbstreams",
            region_name="eu-central-1",
            endpoint_url=self.endpoint,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        described = self.client.describe_table(TableName=self.name)["Table"]
        return TableStream(client, described["LatestStreamArn"])

    def items(self) -> list[dict[str, Any]]:
        """All items of the table but the number of its layout."""
        pages = self.client.get_paginator("scan").paginate(TableName=self.name)
        items = (dict(item) for page in pages for item in page["Items"])
        return [item for item in items if item["PK"]["S"] != keys.LAYOUT["PK"]]


@contextmanager
def new_table(endpoint: str) -> Iterator[Table]:
    """An empty table as the template describes it; gone afterwards."""
    client = _shared_client(endpoint)
    name = f"tasks-{uuid4().hex[:12]}"
    ensure_table(client, name, _properties())
    number_layout(client, name)
    try:
        yield Table(client, name, endpoint)
    finally:
        client.delete_table(TableName=name)


def dynamodb_client(endpoint: str, attempts: int = 1) -> "DynamoDBClient":
    """A client of an emulator: errors come after so many attempts, so at once."""
    client = Session().create_client(
        "dynamodb",
        endpoint_url=endpoint,
        region_name="eu-central-1",
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=Config(
            retries={"mode": "standard", "total_max_attempts": attempts},
            connect_timeout=5,
            read_timeout=30,
            max_pool_connections=32,
        ),
    )
    return cast("DynamoDBClient", client)


@cache
def _shared_client(endpoint: str) -> "DynamoDBClient":
    return dynamodb_client(endpoint)


@cache
def _properties() -> Mapping[str, Any]:
    template = load_with_every_part(REPOSITORY / "template.yaml")
    [properties] = template.resources("AWS::DynamoDB::Table").values()
    return properties
