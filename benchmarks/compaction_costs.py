"""What making columns costs, and bringing them up to date, for a hundred thousand open tasks.

Units are those that dynoxide accounts, requests to the bucket are counted, time is the processor's
at the memory of `compact_columns`; prices are list prices. The table is printed, for docs/costs.md.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import islice
from time import process_time, time_ns
from typing import Any, Final

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.changes.change_keeping import EVER, SINCE
from taskdock.adapters.dynamodb.task_items import attributes
from taskdock.adapters.dynamodb.task_store import DynamoDbTaskStore
from taskdock.adapters.s3_columns import S3ColumnStore
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import changed
from taskdock.use_cases.columns.compacting import Compactor, Outcome
from taskdock.use_cases.ports import Changes, Put

from benchmarks.monthly_bill import USD_GB_SECOND, USD_READ, USD_WRITE
from benchmarks.tables import table_with_world
from benchmarks.world import world
from local.embedded_aws import EmbeddedAws
from tests.support.capacity_meter import metered
from tests.support.object_stores import a_bucket, s3_client
from tests.support.tables import ENDED_TASK_DAYS, Table

SIZE: Final = 100_000
CHANGES: Final = (1_001, 5_000)
"""Tasks that change before columns are brought up to date; from 1,001 on, a query asks for it."""

MEMORY_GB: Final = 3008 / 1024
USD_PUT: Final = 5.0 / 1e6
USD_GET: Final = 0.4 / 1e6


@dataclass(frozen=True, slots=True)
class Cost:
    """What one compaction took."""

    what: str
    read: float
    written: float
    gets: int
    puts: int
    seconds: float

    def row(self) -> str:
        """A row of the table."""
        usd = self.read * USD_READ + self.written * USD_WRITE
        usd += self.gets * USD_GET + self.puts * USD_PUT + self.seconds * MEMORY_GB * USD_GB_SECOND
        return (
            f"| {self.what} | {self.read:,.1f} | {self.written:,.1f} | {self.gets} | {self.puts} |"
            f" {self.seconds:,.1f} | {usd:.5f} |"
        )


def _now() -> Instant:
    return Instant(time_ns() // 1_000_000)


@contextmanager
def _counted(s3: Any) -> Iterator[Counter[str]]:
    """How often each operation is called meanwhile."""
    calls = Counter[str]()

    def count(model: Any, **_: object) -> None:
        calls[model.name] += 1

    s3.meta.events.register("before-call.s3", count)
    try:
        yield calls
    finally:
        s3.meta.events.unregister("before-call.s3", count)


def measured(table: Table, s3: Any) -> Iterator[Cost]:
    """Made anew first, then brought up to date after more and more changes."""
    bucket = a_bucket(s3)
    columns = S3ColumnStore(lambda: s3, bucket, table.client, table.name)
    tasks = DynamoDbTaskStore(table.client, table.name, ended_task_days=ENDED_TASK_DAYS, stamp=_now)
    compactor = Compactor(columns, tasks, table.change_log(), _now, ENDED_TASK_DAYS)
    yield _of_one("made anew", compactor, table, s3)
    ids = (task["id"] for task in world(SIZE))
    for number in CHANGES:
        for task_id in islice(ids, number):
            stored = tasks.get(task_id)
            assert stored is not None
            tasks.commit(Changes([Put(changed(stored.task, priority=1), stored)]))
        yield _of_one(f"brought up to date, {number:,} tasks changed", compactor, table, s3)


def _of_one(what: str, compactor: Compactor, table: Table, s3: Any) -> Cost:
    began = process_time()
    with metered(table.client) as meter, _counted(s3) as calls:
        if compactor.compact(None, lambda: 900.0) is not Outcome.MADE:
            raise SystemExit("the columns could not be made")
    gets = calls["GetObject"]
    puts = sum(calls[name] for name in ("PutObject", "ListObjectsV2"))
    return Cost(what, meter.read, meter.written, gets, puts, process_time() - began)


def table_of(costs: Sequence[Cost]) -> Iterator[str]:
    """The costs as a table in Markdown."""
    yield "| compaction | read units | write units | GET | PUT and LIST | s of processor | USD |"
    yield "|---|--:|--:|--:|--:|--:|--:|"
    yield from (each.row() for each in costs)


def main() -> None:
    """Measure and print."""
    with table_with_world(SIZE) as table, EmbeddedAws() as aws:
        table.client.update_item(
            TableName=table.name,
            Key=attributes(keys.LAYOUT),
            UpdateExpression="SET #since = :since",
            ExpressionAttributeNames={"#since": SINCE},
            ExpressionAttributeValues=attributes({":since": EVER}),
        )
        costs = list(measured(table, s3_client(aws.endpoint)))
    print("\n".join(table_of(costs)))


if __name__ == "__main__":
    main()
