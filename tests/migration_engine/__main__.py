"""Leaves an engine, and writes what that took: `python -m tests.migration_engine`.

It copies a made world and more tasks, interrupted five times, verifies, runs two clients against
the proxy, then copies ten thousand tasks. With `--write` the figures go into
docs/leaving-camunda.md and the reports into docs/samples/leaving-camunda.
"""

import argparse
import os
import re
import resource
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from benchmarks.pages import write_section
from local.settings import REPOSITORY
from migration.comparison.markdown import as_markdown as verification_page
from migration.inspection.inspecting import inspected
from migration.inspection.markdown import as_markdown as inspection_page
from migration.report_files import write_report
from migration.shadow.pages import as_markdown as shadow_page
from tests.migration_engine.clients import javascript_client, python_client
from tests.migration_engine.engine import engine, taskdock
from tests.migration_engine.meter import Meter, metered
from tests.migration_engine.migrations import Migration, interrupted
from tests.migration_engine.world import ADMIN, World

PAGE: Final = REPOSITORY / "docs" / "leaving-camunda.md"
SAMPLES: Final = REPOSITORY / "docs" / "samples" / "leaving-camunda"
READ_PRICE: Final = 0.125
WRITE_PRICE: Final = 0.625
"""US dollars for a million units, as docs/costs.md reckons."""


@dataclass(frozen=True, slots=True)
class Taken:
    """What one command took."""

    what: str
    seconds: float
    tasks: int
    requests: str
    megabytes: float
    read: float
    written: float

    def row(self) -> str:
        """A row of the table."""
        price = (self.read * READ_PRICE + self.written * WRITE_PRICE) / 1e6
        return (
            f"| {self.what} | {self.tasks:,} | {self.seconds:,.0f} | {self.requests} |"
            f" {self.megabytes:,.0f} | {self.read:,.0f} | {self.written:,.0f} | {price:.4f} |"
        )


def main(arguments: list[str]) -> int:
    """Run it all; 0 when nothing differed."""
    parser = argparse.ArgumentParser(prog="python -m tests.migration_engine", description=__doc__)
    parser.add_argument("--tasks", type=int, default=2000, help="beside the made world")
    parser.add_argument("--many", type=int, default=10_000, help="tasks of the second copy")
    parser.add_argument("--requests", type=int, default=2000, help="that the clients send")
    parser.add_argument("--only", choices=("afternoon", "many"), help="one of the two parts")
    parser.add_argument("--write", action="store_true", help="write the page and the samples")
    options = parser.parse_args(arguments)
    is_bad = False
    with tempfile.TemporaryDirectory() as scratch, engine(Path(scratch) / "log") as world:
        world.make()
        if options.only != "many":
            world.load(options.tasks)
            reports, lines = _afternoon(world, options, Path(scratch) / "first")
            _written(options, "afternoon", "An afternoon", lines)
            for name, report, page in reports if options.write else ():
                write_report(SAMPLES, name, report, page)
            is_bad = any(_is_bad(report) for _, report, _ in reports)
        if options.only != "afternoon":
            world.load(options.many - world.ask("GET", "/task/count")["count"])
            lines = _many(world, Path(scratch) / "second")
            _written(options, "many", f"{options.many:,} tasks", lines)
    return 3 if is_bad else 0


def _written(options: argparse.Namespace, name: str, title: str, lines: list[str]) -> None:
    text = "\n".join(lines).rstrip()
    sys.stdout.write(f"{text}\n")
    if options.write:
        words = f"`python -m tests.migration_engine --write` measured this on {_machine()}."
        write_section(PAGE, name, f"### {title}\n\n{words}\n\n{text}")


def _afternoon(
    world: World, options: argparse.Namespace, folder: Path
) -> tuple[list[tuple[str, dict[str, Any], str]], list[str]]:
    """The reports of inspection, verification and shadow, and sentences about them."""
    folder.mkdir()
    with taskdock() as service:
        migration = Migration(world.url, service, folder)
        inspection = inspected(migration.old(), ADMIN[0], lambda _done, _total: None)
        begun = time.monotonic()
        interrupted(migration)
        copied = time.monotonic() - begun
        verification = migration.verify(300)
        with migration.shadow() as (url, shadow), ThreadPoolExecutor(2) as both:
            rounds = -(-options.requests // 17)
            played = [
                both.submit(client, url, rounds) for client in (python_client, javascript_client)
            ]
            sent = sum(each.result() for each in played)
    reads, writes = shadow["reads"], shadow["writes"]
    lines = [
        f"- **Copy** of {verification['tasks']:,} tasks, interrupted five times: {copied:,.0f} s.",
        f"- **Verify**: {verification['tasks']:,} tasks and {verification['queries']:,} queries"
        f" in {verification['seconds']:,.0f} s: {verification['notExplained']} differences without"
        f" an explanation, {verification['explained']} with one that was worked out"
        " ([report](samples/leaving-camunda/verification.md)).",
        f"- **Shadow**: pycamunda and Camunda's client for JavaScript sent {sent:,} requests:"
        f" of the reads {_counts(reads)}; of the writes {_counts(writes)};"
        f" {reads.get('different', 0)} differences. The proxy added"
        f" {shadow['addedMilliseconds']['p50']} ms to half of them, at most"
        f" {shadow['addedMilliseconds']['p99']} ms to 99 of a hundred"
        " ([report](samples/leaving-camunda/shadow.md), with the latencies of both sides).",
        "",
    ]
    return [
        ("inspection", inspection, inspection_page(inspection)),
        ("verification", verification, verification_page(verification)),
        ("shadow", shadow, shadow_page(shadow)),
    ], lines


def _many(world: World, folder: Path) -> list[str]:
    """The table of what a copy of many tasks takes, of a second one, and of comparing them."""
    heads = "| | tasks | s | requests, old and new | MB | read units | write units | USD |"
    lines = [heads, "|---|--:|--:|--:|--:|--:|--:|--:|"]
    with metered() as meter, taskdock(dynamodb_endpoint=meter.url) as service:
        migration = Migration(world.url, service, folder)
        for what, command in (
            ("copy", ["copy"]),
            ("copy again, nothing has changed", ["copy"]),
            ("verify, with 100 random queries", ["verify", "--random", "100"]),
        ):
            lines.append(_measured(what, command, migration, meter).row())
    return lines


def _measured(what: str, command: list[str], migration: Migration, meter: Meter) -> Taken:
    environment = {
        **os.environ,
        "CAMUNDA_USER": ADMIN[0],
        "CAMUNDA_PASSWORD": ADMIN[1],
        "TASKDOCK_TOKEN": migration.service.token(ADMIN[0]),
    }
    name, *more = command
    addresses = [migration.source, migration.service.url]
    program = [sys.executable, "-m", "migration", name, *addresses, *more]
    meter.reset()
    begun = time.monotonic()
    done = subprocess.run(
        [*program, "--folder", str(migration.folder)],
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    seconds = time.monotonic() - begun
    assert done.returncode in (0, 3), done.stderr
    sys.stdout.write(done.stdout)
    requests = re.search(
        r"([\d,]+) requests to the old server, ([\d,]+) to the target", done.stdout
    )
    tasks = re.search(r"^([\d,]+) tasks", done.stdout, re.MULTILINE)
    assert requests, done.stdout
    assert tasks, done.stdout
    # Kilobytes of the largest program that was waited for; copy and verify are alike.
    memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return Taken(
        what,
        seconds,
        int(tasks[1].replace(",", "")),
        f"{requests[1]} + {requests[2]}",
        memory,
        meter.read,
        meter.written,
    )


def _counts(outcomes: dict[str, int]) -> str:
    return ", ".join(f"{number:,} {outcome}" for outcome, number in outcomes.items())


def _is_bad(report: dict[str, Any]) -> bool:
    return bool(report.get("notExplained") or (report.get("reads") or {}).get("different"))


def _machine() -> str:
    return f"{os.cpu_count()} cores that it shared with others, dynoxide and an engine over H2"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
