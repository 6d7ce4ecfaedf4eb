"""What broad queries cost with columns, beside the same queries without them, in several worlds.

The eighteen queries are asked of two processes in turns: one has columns, in a bucket of moto's,
the other reads as if there were none. The answers have to be the same, byte for byte. `BIG=1` adds
a world of a million tasks. The tables are printed and written to docs/performance.md.
"""

import io
import json
import os
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager, redirect_stdout
from dataclasses import dataclass
from time import perf_counter, process_time, time_ns
from typing import Any, Final

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.changes.change_keeping import EVER, SINCE
from taskdock.adapters.dynamodb.changes.change_log import DynamoDbChangeLog
from taskdock.adapters.dynamodb.task_items import attributes
from taskdock.adapters.s3_columns import S3ColumnStore
from taskdock.domain.instants import Instant
from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.columns.compacting import Compactor, Outcome

from benchmarks.pages import write_section
from benchmarks.queries import QUERIES, Asked
from benchmarks.query_costs import settings_for
from benchmarks.query_worker import Context, body_of
from benchmarks.tables import table_with_world
from benchmarks.workers import Took, Worker, worker
from functions.query_tasks.handler import create_app
from local.embedded_aws import EmbeddedAws
from local.settings import REPOSITORY
from tests.support.http_events import http_event
from tests.support.object_stores import a_bucket, s3_client
from tests.support.tables import ENDED_TASK_DAYS, Table

SIZES: Final = (1_000, 10_000, 100_000)
_RUNS: Final = 9
_FEWEST: Final = 3
_LONG: Final = 2_000.0
"""Milliseconds; what takes longer is asked no more than the fewest times."""

_PAGE: Final = REPOSITORY / "docs" / "performance.md"
_TITLE: Final = "Broad queries from columns"

_COLUMNS, _SCAN = "columns", "scan"


@dataclass(frozen=True, slots=True)
class Built:
    """What making the columns took."""

    seconds: float
    cpu: float
    bytes: int
    objects: int


@dataclass(frozen=True, slots=True)
class Row:
    """One query of one world, with columns and without."""

    asked: Asked
    explained: Mapping[str, Mapping[str, Any]]
    took: Mapping[str, Sequence[Took]]
    cold: float
    """Milliseconds of the first query of a process with columns."""

    @property
    def columns(self) -> Mapping[str, Any] | None:
        """What was read of columns, if anything was."""
        found: Mapping[str, Any] | None = self.explained[_COLUMNS].get("columns")
        return found

    @property
    def fetched(self) -> str:
        """Kilobytes that a process without any columns fetches."""
        return f"{self.columns['bytes'] / 1000:,.0f}" if self.columns else ""

    def p50(self, kind: str) -> float:
        """The median, in milliseconds."""
        return statistics.median(each.wall for each in self.took[kind])

    def units(self, kind: str) -> float:
        """The read units of one query."""
        units: float = self.explained[kind]["read"]["readUnits"]
        return units

    def price(self, kind: str) -> float:
        """US dollars for a million such queries."""
        price: float = self.explained[kind]["price"]["usd"]
        return price * 1_000_000

    def cpu(self, kind: str) -> float:
        """The median of the processor time, in milliseconds."""
        return statistics.median(each.cpu for each in self.took[kind])


@contextmanager
def with_columns(table: Table) -> Iterator[tuple[dict[str, Any], Built]]:
    """The settings of a function that has columns of the table's tasks, just made."""
    table.client.update_item(
        TableName=table.name,
        Key=attributes(keys.LAYOUT),
        UpdateExpression="SET #since = :since",
        ExpressionAttributeNames={"#since": SINCE},
        ExpressionAttributeValues=attributes({":since": EVER}),
    )
    with EmbeddedAws() as aws:
        s3 = s3_client(aws.endpoint)
        bucket = a_bucket(s3)
        store = S3ColumnStore(lambda: s3, bucket, table.client, table.name)
        compactor = Compactor(
            store,
            table.store(),
            DynamoDbChangeLog(table.client, table.name),
            lambda: Instant(time_ns() // 1_000_000),
            ENDED_TASK_DAYS,
        )
        wall, cpu = perf_counter(), process_time()
        if compactor.compact(None, lambda: 900.0) is not Outcome.MADE:
            raise SystemExit("the columns could not be made")
        seconds, used = perf_counter() - wall, process_time() - cpu
        objects = s3.list_objects_v2(Bucket=bucket)["Contents"]
        built = Built(seconds, used, sum(each["Size"] for each in objects), len(objects))
        settings = {
            **settings_for(table),
            "column_bucket": bucket,
            "compaction_function": "nobody",
            "aws_endpoint_url": aws.endpoint,
        }
        yield settings, built


def measured(
    asked: Asked, settings: Mapping[str, Mapping[str, Any]], workers: Mapping[str, Worker]
) -> Row:
    """The query, asked of both processes in turns, and of a new one."""
    event = event_of(asked)
    took: dict[str, list[Took]] = {_COLUMNS: [], _SCAN: []}
    explained = {kind: _explained(asked, settings[kind]) for kind in workers}
    for each in workers.values():
        each.ask(event)
    for run in range(_RUNS):
        for kind, each in workers.items():
            if run < _FEWEST or kind == _COLUMNS or took[kind][-1].wall < _LONG:
                took[kind].append(each.ask(event))
    with worker(REPOSITORY, settings[_COLUMNS]) as fresh:
        first = fresh.ask(event)
    answers = {(each.status, each.digest) for kind in took.values() for each in (*kind, first)}
    if len(answers) != 1 or {status for status, _ in answers} != {200}:
        raise SystemExit(f"{asked.title}: the answers differ, or one is no answer: {answers}")
    return Row(asked, explained, took, first.wall)


def _explained(asked: Asked, settings: Mapping[str, Any]) -> Mapping[str, Any]:
    app: Any = create_app(lambda: Wiring(Settings(**settings)))
    with redirect_stdout(io.StringIO()):
        answer: Any = app(event_of(asked, explain=True), Context())
    if answer["statusCode"] != 200:
        raise SystemExit(f"{asked.title}: {answer['body'][:300]}")
    explained: Mapping[str, Any] = json.loads(body_of(answer))
    return explained


def event_of(asked: Asked, *, explain: bool = False) -> dict[str, Any]:
    """The query as an event of the gateway."""
    route = "POST /task/count" if asked.counts else "POST /task"
    query = "&".join(filter(None, (asked.parameters, "explain=true" if explain else "")))
    headers = {"content-type": "application/json", "accept-encoding": "gzip"}
    return http_event(route, body=json.dumps(asked.body), query=query, headers=headers)


_CELLS: Final[Mapping[str, Callable[[Row], str]]] = {
    "query": lambda row: row.asked.title,
    "path": lambda row: row.explained[_COLUMNS]["plan"]["path"],
    "matched": lambda row: f"{row.explained[_COLUMNS]['matched']:,}",
    "read units": lambda row: f"{row.units(_COLUMNS):,.1f}",
    "without": lambda row: f"{row.units(_SCAN):,.1f}",
    "KB fetched at first": lambda row: row.fetched,
    "USD per million": lambda row: f"{row.price(_COLUMNS):,.2f}",
    "without ": lambda row: f"{row.price(_SCAN):,.2f}",
    "p50 ms": lambda row: f"{row.p50(_COLUMNS):,.1f}",
    "without  ": lambda row: f"{row.p50(_SCAN):,.1f}",
    "CPU ms": lambda row: f"{row.cpu(_COLUMNS):,.1f}",
    "without   ": lambda row: f"{row.cpu(_SCAN):,.1f}",
    "first of a process, ms": lambda row: f"{row.cold:,.0f}",
}


def table_of(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as a table in Markdown."""
    yield f"| {' | '.join(_CELLS)} |"
    yield f"|---|---|{'--:|' * (len(_CELLS) - 2)}"
    for row in rows:
        yield f"| {' | '.join(cell(row) for cell in _CELLS.values())} |"


def section(worlds: Mapping[int, tuple[Built, Sequence[Row]]]) -> str:
    """What the page says."""
    lines = [f"## {_TITLE}", "", *_INTRODUCTION]
    for size, (built, rows) in worlds.items():
        lines += [
            "",
            f"### {size:,} tasks",
            "",
            f"Made in {built.seconds:,.1f} s ({built.cpu:,.1f} s of processor time): "
            f"{built.bytes / 1e6:,.1f} MB in {built.objects} objects.",
            "",
            *table_of(rows),
        ]
    return "\n".join(lines)


_INTRODUCTION: Final = (
    "Measured by `python -m benchmarks.column_costs`, the table on dynoxide, the columns in a "
    "bucket of moto's. *Without* are the same queries asked in the same turns of a process that "
    "has no columns; the answers are the same, byte for byte. *First of a process* is the first "
    "query of one that has just been started, its imports on the way included, nothing fetched "
    "yet.",
)


def main() -> None:
    """Measure, print, and write the section."""
    logger.setLevel("ERROR")
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    sizes = (*SIZES, 1_000_000) if os.environ.get("BIG") == "1" else SIZES
    worlds: dict[int, tuple[Built, list[Row]]] = {}
    for size in sizes:
        with table_with_world(size) as table, with_columns(table) as (with_them, built):
            settings = {_COLUMNS: with_them, _SCAN: settings_for(table)}
            with ExitStack() as ending:
                workers = {
                    kind: ending.enter_context(worker(REPOSITORY, each))
                    for kind, each in settings.items()
                }
                rows = [measured(asked, settings, workers) for asked in QUERIES]
        worlds[size] = built, rows
        print(f"\n{size:,} tasks: {built}\n")
        print("\n".join(table_of(rows)))
    write_section(_PAGE, "columns", section(worlds))


if __name__ == "__main__":
    main()
