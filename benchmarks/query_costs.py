"""What the fourteen queries read, cost and take, in worlds of several sizes.

Each is asked through the handler of `query_tasks`, in process, with its table on dynoxide. Beside
it runs a bare loop, botocore's Query and `json.loads` of the inflated documents,
over the very same pages, in turns with it: the ratio is what the query itself adds, on whatever
machine this runs. Read units are those that dynoxide accounts as DynamoDB does; prices are the
settings' defaults.

`BIG=1` adds a world of a million tasks. The table is printed and written to docs/performance.md.
"""

import base64
import gc
import gzip
import json
import os
import platform
import statistics
import tracemalloc
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from time import perf_counter, process_time
from typing import Any, Final

from taskdock.adapters.dynamodb.documents import inflated
from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring

from benchmarks.creating import Created, creates
from benchmarks.queries import FOURTEEN, Asked
from benchmarks.tables import table_with_world
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


@dataclass(frozen=True, slots=True)
class Row:
    """What one query took in one world."""

    asked: Asked
    path: str
    items: int
    matched: int
    read_units: float
    price: float
    p50: float
    p95: float
    cpu: float
    ratio: float
    megabytes: float


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


def measured(table: Table, asked: Asked) -> Row:
    """The figures of one query; it and the bare loop take turns."""
    client = RecordingClient(table.client)
    wiring = Wiring(
        Settings(
            table_name=table.name, local_now=NOW, dynamodb_endpoint=table.endpoint,
            max_read_units=10**9,
        )
    )  # fmt: skip
    wiring.__dict__["_dynamodb"] = client
    app = create_app(lambda: wiring)
    explained, zipped = _explained(app, asked, client)
    requests = list(client.requests)

    def bare() -> None:
        for request in requests:
            for item in table.client.query(**request)["Items"]:
                json.loads(inflated(bytes(item["doc"]["B"])))

    def query() -> None:
        _answer(app, asked, zipped=zipped)

    walls, cpus, bare_cpus = [], [], []
    began = perf_counter()
    for run in range(_MOST_RUNS):
        seconds = perf_counter() - began
        if (run >= _FEWEST_RUNS and seconds > _SECONDS_PER_QUERY) or seconds > _MOST_SECONDS:
            break
        wall, cpu = _timed(query)
        walls.append(wall)
        cpus.append(cpu)
        bare_cpus.append(_timed(bare)[1])
    plan, read = explained["plan"], explained["read"]
    return Row(
        asked,
        plan["path"],
        read["items"],
        explained["matched"],
        read["readUnits"],
        explained["price"]["usd"] * 1_000_000,
        statistics.median(walls),
        sorted(walls)[min(len(walls) - 1, round(len(walls) * 0.95))],
        statistics.median(cpus),
        statistics.median(cpus) / statistics.median(bare_cpus),
        _peak(query),
    )


def _explained(app: Callable[..., Any], asked: Asked, client: RecordingClient) -> tuple[Any, bool]:
    """The explained answer, and whether it has to be gzipped to fit into one."""
    for zipped in (False, True):
        client.requests.clear()
        answer = _answer(app, asked, zipped=zipped, explain=True)
        body = answer["body"]
        if answer["statusCode"] == 200:
            return json.loads(gzip.decompress(base64.b64decode(body)) if zipped else body), zipped
    raise SystemExit(f"{asked.title}: {answer['statusCode']} {body[:300]}")


def _answer(
    app: Callable[..., Any], asked: Asked, *, zipped: bool, explain: bool = False
) -> Mapping[str, Any]:
    route = "POST /task/count" if asked.counts else "POST /task"
    query = "&".join(filter(None, (asked.parameters, "explain=true" if explain else "")))
    headers = {"content-type": "application/json", "accept-encoding": "gzip" if zipped else ""}
    event = http_event(route, body=json.dumps(asked.body), query=query, headers=headers)
    answer: Mapping[str, Any] = app(event, Context())
    return answer


def _timed(work: Callable[[], None]) -> tuple[float, float]:
    """Milliseconds on the clock, and of processor time."""
    gc.collect()
    wall, cpu = perf_counter(), process_time()
    work()
    return (perf_counter() - wall) * 1000, (process_time() - cpu) * 1000


def _peak(work: Callable[[], None]) -> float:
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
    "read units": lambda row: f"{row.read_units:,.1f}",
    "USD per million": lambda row: f"{row.price:,.2f}",
    "p50 ms": lambda row: f"{row.p50:,.1f}",
    "p95 ms": lambda row: f"{row.p95:,.1f}",
    "CPU ms": lambda row: f"{row.cpu:,.1f}",
    "CPU / bare loop": lambda row: f"{row.ratio:.2f}",
    "peak MB": lambda row: f"{row.megabytes:.1f}",
}


def _table(rows: list[Row]) -> Iterator[str]:
    yield f"| {' | '.join(_COLUMNS)} |"
    yield f"|{'|'.join('---' if name in ('query', 'path') else '--:' for name in _COLUMNS)}|"
    for row in rows:
        yield f"| {' | '.join(cell(row) for cell in _COLUMNS.values())} |"


def _page(worlds: Mapping[int, list[Row]], created: Created) -> str:
    lines = [
        "# Performance",
        "",
        f"Measured by `make bench` on {datetime.now(UTC):%Y-%m-%d}, on {_machine()}. "
        "This file is written by that command.",
        "",
        "Queries run through the handler in process, the table on dynoxide, which accounts "
        "capacity as DynamoDB does. *CPU / bare loop* is the query's processor time as a ratio "
        "to a loop of botocore's Query and `json.loads` of the inflated documents over the same "
        "pages, run in turns with it. That loop neither tests, orders nor answers a task: where "
        "hundreds are answered, writing them is in the ratio. Milliseconds are this machine's and "
        "include the emulator; ratios, items and read units travel. Prices hold read units, the "
        "request and the function's time at 1,769 MB. The budget is lifted: a deployment refuses "
        f"a query of more than {Settings().max_read_units:,} read units unless it says otherwise.",
        "",
    ]
    for size, rows in worlds.items():
        lines += [f"## {size:,} tasks", "", *_table(rows), ""]
    lines += ["## Creating", "", *created.lines(), ""]
    return "\n".join(lines)


def _machine() -> str:
    return f"{os.cpu_count()} cores, {platform.machine()}, Python {platform.python_version()}"


def main() -> None:
    """Measure, print, and write the page."""
    logger.setLevel("ERROR")  # a line a request would drown the table
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    sizes = (*SIZES, 1_000_000) if os.environ.get("BIG") == "1" else SIZES
    worlds: dict[int, list[Row]] = {}
    for size in sizes:
        with table_with_world(size) as table:
            worlds[size] = [measured(table, asked) for asked in FOURTEEN]
        print(f"\n{size:,} tasks\n")
        print("\n".join(_table(worlds[size])))
    with table_with_world(sizes[0]) as table:
        created = creates(table)
    print("\n" + "\n".join(created.lines()))
    _PAGE.write_text(_page(worlds, created), encoding="utf-8")


if __name__ == "__main__":
    main()
