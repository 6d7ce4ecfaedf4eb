"""What eighteen queries read, cost and take, in worlds of several sizes.

Each is asked through the handler of `query_tasks`, with its table on dynoxide. Beside it runs a
bare loop, botocore's Query and `json.loads` of the inflated documents, over the very same pages,
in turns with it: the ratio is what the query itself adds, on whatever machine this runs. Read
units are those that dynoxide accounts as DynamoDB does; prices are the settings' defaults.

`BEFORE=/path/to/a/checkout` (of the same layout of the table) asks its code the same queries, in
the same turns; its answers must be the same, byte for byte. `BIG=1` adds a world of a million
tasks. The tables are printed and written to docs/performance.md, with a plot.
"""

import base64
import gc
import gzip
import io
import json
import os
import platform
import statistics
import subprocess
import tracemalloc
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter, process_time
from typing import Any, Final

from taskdock.adapters.dynamodb.documents import inflated
from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring

from benchmarks.creating import Created, creates
from benchmarks.pages import sections_of
from benchmarks.plots import plot
from benchmarks.queries import QUERIES, Asked
from benchmarks.tables import table_with_world
from benchmarks.workers import Took, Worker, before, worker
from benchmarks.world import NOW
from functions.query_tasks.handler import create_app
from local.settings import REPOSITORY
from tests.support.http_events import Context, http_event
from tests.support.tables import Table

SIZES: Final = (1_000, 10_000, 100_000)
_SECONDS_PER_QUERY: Final = 6.0
_MOST_SECONDS: Final = 60.0
"""After which even the dearest query of the largest world is not run once more."""
_MOST_RUNS: Final = 30
_FEWEST_RUNS: Final = 3
_PAGE: Final = REPOSITORY / "docs" / "performance.md"
_PLOT: Final = REPOSITORY / "docs" / "query-costs.svg"
NOW_NAME: Final = "now"
BEFORE_NAME: Final = "before"


class _Times:
    """Medians and the like, in milliseconds."""

    def __init__(self, took: Sequence[Took]) -> None:
        walls = sorted(each.wall for each in took)
        self.p50: Final = statistics.median(walls)
        self.p95: Final = walls[min(len(walls) - 1, round(len(walls) * 0.95))]
        self.cpu: Final = statistics.median(each.cpu for each in took)


@dataclass(frozen=True, slots=True)
class Row:
    """What one query took in one world."""

    asked: Asked
    path: str
    items: int
    matched: int
    read_units: float
    requests: int
    price: float
    now: _Times
    ratio: float
    megabytes: float
    before: _Times | None


class RecordingClient:
    """A DynamoDB client that notes the queries it passes on."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.requests: list[dict[str, Any]] = []

    def query(self, **request: Any) -> Any:
        """DynamoDB's Query."""
        self.requests.append(dict(request))
        return self._client.query(**request)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)


def measured(table: Table, asked: Asked, workers: Mapping[str, Worker]) -> Row:
    """The figures of one query; the versions of the code and the bare loop take turns."""
    wiring = Wiring(Settings(**settings_for(table)))
    client = RecordingClient(wiring._dynamodb)
    wiring.__dict__["_dynamodb"] = client
    app = create_app(lambda: wiring)
    with redirect_stdout(io.StringIO()):  # the function prints metrics
        explained, zipped = _explained(app, asked, client)
    requests = list(client.requests)

    def bare() -> None:
        for request in requests:
            for item in table.client.query(**request)["Items"]:
                json.loads(inflated(bytes(item["doc"]["B"])))

    took: dict[str, list[Took]] = {name: [] for name in workers}
    bare_cpus = []
    event = _event(asked, zipped=zipped)
    began = perf_counter()
    for run in range(_MOST_RUNS):
        seconds = perf_counter() - began
        if (run >= _FEWEST_RUNS and seconds > _SECONDS_PER_QUERY) or seconds > _MOST_SECONDS:
            break
        for name, asker in workers.items():
            took[name].append(asker.ask(event))
        bare_cpus.append(_cpu(bare))
    _same_answers(asked, took)
    with redirect_stdout(io.StringIO()):
        peak = _peak(lambda: app(event, Context()))
    plan, read = explained["plan"], explained["read"]
    now, before = _Times(took[NOW_NAME]), took.get(BEFORE_NAME)
    return Row(
        asked,
        plan["path"],
        read["items"],
        explained["matched"],
        read["readUnits"],
        len(requests),
        explained["price"]["usd"] * 1_000_000,
        now,
        now.cpu / statistics.median(bare_cpus),
        peak,
        None if before is None else _Times(before),
    )


def settings_for(table: Table) -> dict[str, Any]:
    """The settings of the function: a table on dynoxide, the world's time, no budget."""
    return {
        "table_name": table.name,
        "local_now": NOW,
        "dynamodb_endpoint": table.endpoint,
        "max_read_units": 10**9,
    }


def _same_answers(asked: Asked, took: Mapping[str, list[Took]]) -> None:
    answers = {(each.status, each.digest) for all_of_one in took.values() for each in all_of_one}
    if len(answers) != 1 or {status for status, _ in answers} != {200}:
        raise SystemExit(f"{asked.title}: the answers differ, or one is no answer: {answers}")


def _explained(app: Callable[..., Any], asked: Asked, client: RecordingClient) -> tuple[Any, bool]:
    """The explained answer, and whether it has to be gzipped to fit into one."""
    for zipped in (False, True):
        client.requests.clear()
        answer = app(_event(asked, zipped=zipped, explain=True), Context())
        body = answer["body"]
        if answer["statusCode"] == 200:
            return json.loads(gzip.decompress(base64.b64decode(body)) if zipped else body), zipped
    raise SystemExit(f"{asked.title}: {answer['statusCode']} {body[:300]}")


def _event(asked: Asked, *, zipped: bool, explain: bool = False) -> dict[str, Any]:
    route = "POST /task/count" if asked.counts else "POST /task"
    query = "&".join(filter(None, (asked.parameters, "explain=true" if explain else "")))
    headers = {"content-type": "application/json", "accept-encoding": "gzip" if zipped else ""}
    return http_event(route, body=json.dumps(asked.body), query=query, headers=headers)


def _cpu(work: Callable[[], None]) -> float:
    """Milliseconds of processor time."""
    gc.collect()
    cpu = process_time()
    work()
    return (process_time() - cpu) * 1000


def _peak(work: Callable[[], object]) -> float:
    """Megabytes that Python held at the most during the work."""
    gc.collect()
    tracemalloc.start()
    work()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak / 2**20


_COLUMNS: Final[Mapping[str, Callable[[Row], str]]] = {
    "query": lambda row: row.asked.title,
    "path": lambda row: row.path,
    "items read": lambda row: f"{row.items:,}",
    "matched": lambda row: f"{row.matched:,}",
    "requests": lambda row: f"{row.requests:,}",
    "read units": lambda row: f"{row.read_units:,.1f}",
    "USD per million": lambda row: f"{row.price:,.2f}",
    "p50 ms": lambda row: f"{row.now.p50:,.1f}",
    "p95 ms": lambda row: f"{row.now.p95:,.1f}",
    "CPU ms": lambda row: f"{row.now.cpu:,.1f}",
    "CPU / bare loop": lambda row: f"{row.ratio:.2f}",
    "peak MB": lambda row: f"{row.megabytes:.1f}",
}
_COMPARED: Final[Mapping[str, Callable[[Row, _Times], str]]] = {
    "p50 before": lambda _, before: f"{before.p50:,.1f}",
    "p50 / before": lambda row, before: f"{row.now.p50 / before.p50:.2f}",
    "CPU before": lambda _, before: f"{before.cpu:,.1f}",
    "CPU / before": lambda row, before: f"{row.now.cpu / before.cpu:.2f}",
}


def _table(rows: Sequence[Row]) -> Iterator[str]:
    compared = _COMPARED if all(row.before for row in rows) else {}
    names = (*_COLUMNS, *compared)
    yield f"| {' | '.join(names)} |"
    yield f"|{'|'.join('---' if name in ('query', 'path') else '--:' for name in names)}|"
    for row in rows:
        cells = [cell(row) for cell in _COLUMNS.values()]
        if row.before is not None:
            cells += [cell(row, row.before) for cell in compared.values()]
        yield f"| {' | '.join(cells)} |"


def _page(worlds: Mapping[int, list[Row]], created: Created) -> str:
    lines = [
        "# Performance",
        "",
        f"Measured by `make bench` on {datetime.now(UTC):%Y-%m-%d}, on {_machine()}. "
        "This file is written by that command.",
        "",
        "Queries run through the handler of `query_tasks`, the table on dynoxide, which accounts "
        "capacity as DynamoDB does. *CPU / bare loop* is the query's processor time as a ratio "
        "to a loop of botocore's Query and `json.loads` of the inflated documents over the same "
        "pages, run in turns with it. That loop neither tests, orders nor answers a task: where "
        "hundreds are answered, writing them is in the ratio. Milliseconds are this machine's and "
        "include the emulator; ratios, items and read units travel. Prices hold read units, the "
        "request and the function's time at 1,769 MB. The budget is lifted: a deployment refuses "
        f"a query of more than {Settings().max_read_units:,} read units unless it says otherwise.",
        "",
    ]
    if before() is not None:
        lines += [
            "*Before* are the same queries of the same table, asked in the same turns of the code "
            f"of {_commit(before())}. Its answers are the same, byte for byte.",
            "",
        ]
    lines += [f"![USD per million queries against the size of the table]({_PLOT.name})", ""]
    for size, rows in worlds.items():
        lines += [f"## {size:,} tasks", "", *_table(rows), ""]
    lines += ["## Creating", "", *created.lines(), ""]
    return "\n".join(lines)


def _commit(checkout: Path | None) -> str:
    command = ["git", "log", "-1", "--format=commit %h of %as"]
    return subprocess.run(
        command, cwd=checkout, check=True, capture_output=True, text=True
    ).stdout.strip()


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def _prices(worlds: Mapping[int, Sequence[Row]]) -> dict[str, list[tuple[int, float]]]:
    """By title: the price of a million queries at each size."""
    prices: dict[str, list[tuple[int, float]]] = {}
    for size, rows in worlds.items():
        for row in rows:
            prices.setdefault(row.asked.title, []).append((size, row.price))
    return prices


def main() -> None:
    """Measure, print, and write the page."""
    logger.setLevel("ERROR")  # a line a request would drown the table
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    sizes = (*SIZES, 1_000_000) if os.environ.get("BIG") == "1" else SIZES
    worlds: dict[int, list[Row]] = {}
    for size in sizes:
        with table_with_world(size) as table, ExitStack() as ending:
            checkouts = {NOW_NAME: REPOSITORY, BEFORE_NAME: before()}
            workers = {
                name: ending.enter_context(worker(checkout, settings_for(table)))
                for name, checkout in checkouts.items()
                if checkout is not None
            }
            worlds[size] = [measured(table, asked, workers) for asked in QUERIES]
        print(f"\n{size:,} tasks\n")
        print("\n".join(_table(worlds[size])))
    with table_with_world(sizes[0]) as table:
        created = creates(table)
    print("\n" + "\n".join(created.lines()))
    _PAGE.write_text(_page(worlds, created) + sections_of(_PAGE), encoding="utf-8")
    _PLOT.write_text(plot(_prices(worlds)), encoding="utf-8")


if __name__ == "__main__":
    main()
