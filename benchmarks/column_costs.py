"""What queries cost with columns, beside the same queries without them, in several worlds.

The eighteen queries are asked of two processes in turns: one has columns, in a bucket of moto's,
the other reads as if there were none. The answers have to be the same, byte for byte. Each is also
the first query of new processes in the real Lambda runtime. A second table has callers of one, ten
and fifty tenants. `BIG=1` adds a world of a million tasks, of which columns alone are asked, since
reading all of them takes longer than a gateway waits. The tables are printed and written to
docs/performance.md.
"""

import io
import json
import os
import statistics
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from typing import Any, Final

from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring

from benchmarks.column_worlds import Built, ColumnWorld, with_columns
from benchmarks.pages import write_section
from benchmarks.queries import QUERIES, USER, Asked
from benchmarks.query_costs import settings_for
from benchmarks.query_worker import Context, body_of, digest_of
from benchmarks.tables import table_with_world
from benchmarks.workers import Took, Worker, worker
from functions.query_tasks.handler import create_app
from local.settings import REPOSITORY
from tests.support.http_events import USER_CLAIMS, http_event

SIZES: Final = (1_000, 10_000, 100_000)
TENANTS: Final = (1, 10, 50)
_OF_TENANTS: Final = 100_000
"""The open tasks that the callers of several tenants see."""
_RUNS: Final = 9
_FEWEST: Final = 3
_LONG: Final = 2_000.0
"""Milliseconds; what takes longer is asked no more than the fewest times."""
_STARTS: Final = 3
_MOST_READ: Final = 100_000
"""In worlds of more open tasks no query is asked without columns."""

_PAGE: Final = REPOSITORY / "docs" / "performance.md"
_TITLE: Final = "Broad queries from columns"

_COLUMNS, _SCAN = "columns", "scan"


@dataclass(frozen=True, slots=True)
class Row:
    """One query of one world, with columns and without."""

    asked: Asked
    explained: Mapping[str, Mapping[str, Any]]
    took: Mapping[str, Sequence[Took]]
    first: float
    """Milliseconds from the start of a process to the end of its first answer, with columns."""

    @property
    def columns(self) -> Mapping[str, Any] | None:
        """What was read of columns, if anything was."""
        found: Mapping[str, Any] | None = self.explained[_COLUMNS].get("columns")
        return found

    @property
    def fetched(self) -> str:
        """Kilobytes that a process without any columns fetches."""
        return f"{self.columns['bytes'] / 1000:,.0f}" if self.columns else ""

    def p50(self, kind: str) -> float | None:
        """The median, in milliseconds; None where it was not asked."""
        took = self.took.get(kind)
        return statistics.median(each.wall for each in took) if took else None

    def units(self, kind: str) -> float | None:
        """The read units of one query."""
        explained = self.explained.get(kind)
        return explained["read"]["readUnits"] if explained else None

    def price(self, kind: str) -> float | None:
        """US dollars for a million such queries."""
        explained = self.explained.get(kind)
        return explained["price"]["usd"] * 1_000_000 if explained else None

    def cpu(self, kind: str) -> float | None:
        """The median of the processor time, in milliseconds."""
        took = self.took.get(kind)
        return statistics.median(each.cpu for each in took) if took else None


@dataclass(frozen=True, slots=True)
class World:
    """What was measured in one world."""

    built: Built
    rows: Sequence[Row]
    megabytes: float
    """The most memory of a process that has answered all of the queries."""


def measured(size: int) -> World:
    """All queries of a world without tenants."""
    with table_with_world(size) as table, with_columns(table) as world, ExitStack() as ending:
        settings = {_COLUMNS: world.settings}
        if size <= _MOST_READ:
            settings[_SCAN] = settings_for(table)
        workers = {
            kind: ending.enter_context(worker(REPOSITORY, each)) for kind, each in settings.items()
        }
        rows = [_row(asked, world, settings, workers) for asked in QUERIES]
        with world.query_tasks as instance:
            for asked in QUERIES:
                instance.invoke(event_of(asked))
            megabytes = instance.peak_megabytes
    return World(world.built, rows, megabytes)


def _row(
    asked: Asked,
    world: ColumnWorld,
    settings: Mapping[str, Mapping[str, Any]],
    workers: Mapping[str, Worker],
) -> Row:
    """The query, asked of both processes in turns, and of new ones."""
    event = event_of(asked)
    took: dict[str, list[Took]] = {kind: [] for kind in workers}
    explained = {kind: _explained(asked, settings[kind]) for kind in workers}
    for each in workers.values():
        each.ask(event)
    for run in range(_RUNS):
        for kind, each in workers.items():
            if run < _FEWEST or kind == _COLUMNS or took[kind][-1].wall < _LONG:
                took[kind].append(each.ask(event))
    answers = {(each.status, each.digest) for kind in took.values() for each in kind}
    firsts = [_first(world, event) for _ in range(_STARTS)]
    answers |= {(200, digest) for _, digest in firsts}
    if len(answers) != 1:
        raise SystemExit(f"{asked.title}: the answers differ, or one is no answer: {answers}")
    return Row(asked, explained, took, statistics.median(each for each, _ in firsts))


def _first(world: ColumnWorld, event: Mapping[str, Any]) -> tuple[float, str]:
    """How long a new process takes to start and to answer, and the answer's digest."""
    with world.query_tasks as instance:
        answer = instance.invoke(event)
        took = instance.init_milliseconds + instance.first_call_milliseconds
    return took, digest_of(answer)


def of_tenants(tenants: int) -> Sequence[tuple[Asked, Mapping[str, Any], float]]:
    """What each query was explained by, and its median in milliseconds, for a caller of so many
    tenants."""
    names = [f"t{number}" for number in range(tenants)]
    found = []
    with (
        table_with_world(_OF_TENANTS, tenants) as table,
        with_columns(table, names) as world,
        worker(REPOSITORY, world.settings) as process,
    ):
        for asked in QUERIES:
            event = event_of(asked, tenants=names)
            process.ask(event)
            took = statistics.median(process.ask(event).wall for _ in range(_RUNS))
            found.append((asked, _explained(asked, world.settings, names), took))
    return found


def _explained(
    asked: Asked, settings: Mapping[str, Any], tenants: Sequence[str] | None = None
) -> Mapping[str, Any]:
    app: Any = create_app(lambda: Wiring(Settings(**settings)))
    with redirect_stdout(io.StringIO()):
        answer: Any = app(event_of(asked, explain=True, tenants=tenants), Context())
    if answer["statusCode"] != 200:
        raise SystemExit(f"{asked.title}: {answer['body'][:300]}")
    explained: Mapping[str, Any] = json.loads(body_of(answer))
    return explained


def event_of(
    asked: Asked, *, explain: bool = False, tenants: Sequence[str] | None = None
) -> dict[str, Any]:
    """The query as an event of the gateway, by the usual caller or by one of these tenants."""
    route = "POST /task/count" if asked.counts else "POST /task"
    query = "&".join(filter(None, (asked.parameters, "explain=true" if explain else "")))
    headers = {"content-type": "application/json", "accept-encoding": "gzip"}
    claims = dict(USER_CLAIMS)
    if tenants is not None:
        groups = " ".join(f"tenant:{each}" for each in tenants)
        claims |= {"username": USER, "cognito:groups": f"[{groups}]"}
    body = json.dumps(asked.body)
    return http_event(route, body=body, query=query, headers=headers, claims=claims)


def _shown(figure: float | None, places: int = 1) -> str:
    return "" if figure is None else f"{figure:,.{places}f}"


_CELLS: Final[Mapping[str, Callable[[Row], str]]] = {
    "query": lambda row: row.asked.title,
    "path": lambda row: row.explained[_COLUMNS]["plan"]["path"],
    "matched": lambda row: f"{row.explained[_COLUMNS]['matched']:,}",
    "read units": lambda row: _shown(row.units(_COLUMNS)),
    "without": lambda row: _shown(row.units(_SCAN)),
    "KB fetched at first": lambda row: row.fetched,
    "USD per million": lambda row: _shown(row.price(_COLUMNS), 2),
    "without ": lambda row: _shown(row.price(_SCAN), 2),
    "p50 ms": lambda row: _shown(row.p50(_COLUMNS)),
    "without  ": lambda row: _shown(row.p50(_SCAN)),
    "CPU ms": lambda row: _shown(row.cpu(_COLUMNS)),
    "without   ": lambda row: _shown(row.cpu(_SCAN)),
    "start and first answer, ms": lambda row: f"{row.first:,.0f}",
}


def table_of(rows: Sequence[Row]) -> Iterator[str]:
    """The rows as a table in Markdown."""
    yield f"| {' | '.join(_CELLS)} |"
    yield f"|---|---|{'--:|' * (len(_CELLS) - 2)}"
    for row in rows:
        yield f"| {' | '.join(cell(row) for cell in _CELLS.values())} |"


def table_of_tenants(
    found: Mapping[int, Sequence[tuple[Asked, Mapping[str, Any], float]]],
) -> Iterator[str]:
    """Units and milliseconds of callers of several tenants."""
    heads = [f"{what}, {tenants} tenants" for what in ("read units", "p50 ms") for tenants in found]
    yield f"| query | {' | '.join(heads)} |"
    yield f"|---|{'--:|' * len(heads)}"
    for at, asked in enumerate(QUERIES):
        rows = [of_one[at] for of_one in found.values()]
        units = [f"{explained['read']['readUnits']:,.1f}" for _, explained, _ in rows]
        times = [f"{took:,.1f}" for _, _, took in rows]
        yield f"| {asked.title} | {' | '.join((*units, *times))} |"


def section(worlds: Mapping[int, World], tenants: Sequence[str]) -> str:
    """What the page says."""
    lines = [f"## {_TITLE}", "", *_INTRODUCTION]
    for size, world in worlds.items():
        built = world.built
        lines += [
            "",
            f"### {size:,} tasks",
            "",
            f"Made in {built.milliseconds / 1000:,.1f} s by `compact_columns`, which had up to "
            f"{built.megabytes:,.0f} MB: {built.bytes / 1e6:,.1f} MB in {built.objects} objects. "
            f"A process that answers all of the queries has up to {world.megabytes:,.0f} MB.",
            "",
            *table_of(world.rows),
        ]
    title = f"### {_OF_TENANTS:,} tasks, spread evenly over the caller's tenants"
    return "\n".join([*lines, "", title, "", *tenants])


_INTRODUCTION: Final = (
    "Measured by `python -m benchmarks.column_costs`, the table on dynoxide, the columns in a "
    "bucket of moto's. *Without* are the same queries asked in the same turns of a process that "
    "has no columns; the answers are the same, byte for byte. *Start and first answer* is a new "
    "process in the real Lambda runtime that has fetched nothing yet, from its start on, the "
    "median of three.",
)


def main() -> None:
    """Measure, print, and write the section."""
    logger.setLevel("ERROR")
    os.environ.setdefault("AWS_ACCESS_KEY_ID", "test")
    os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "test")
    os.environ.setdefault("AWS_DEFAULT_REGION", "eu-central-1")
    sizes = (*SIZES, 1_000_000) if os.environ.get("BIG") == "1" else SIZES
    worlds: dict[int, World] = {}
    for size in sizes:
        worlds[size] = measured(size)
        print(f"\n{size:,} tasks: {worlds[size].built}, {worlds[size].megabytes:.0f} MB\n")
        print("\n".join(table_of(worlds[size].rows)), flush=True)
    tenants = list(table_of_tenants({each: of_tenants(each) for each in TENANTS}))
    print("\n".join(tenants))
    write_section(_PAGE, "columns", section(worlds, tenants))


if __name__ == "__main__":
    main()
