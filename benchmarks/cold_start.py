"""How long functions take to start in the real Lambda runtime, beside a bare handler.

The bare handler imports boto3, makes a DynamoDB client and reads one item. All of them run on
this machine, in turns, with layers built and compiled as they are deployed; so the ratios mean
something, and the milliseconds only beside each other. The target is a ratio of 1.25.

With SnapStart or provisioned concurrency, functions with a route make their client ahead of
requests, and a caller waits for the last column only.

`BEFORE=/path/to/a/checkout` measures the functions of that checkout in the same turns.
"""

import json
import os
import statistics
import subprocess
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from local.dynoxide import Dynoxide, find
from local.settings import REPOSITORY
from tests.support.deployed_functions import functions_on
from tests.support.host_layers import import_folders
from tests.support.real_runtime import RealRuntime
from tests.support.tables import new_table

ROUNDS: Final = 9
BARE: Final = "bare boto3 client"
_MADE_AHEAD: Final = {"AWS_LAMBDA_INITIALIZATION_TYPE": "provisioned-concurrency"}
_BARE_HANDLER: Final = """
import boto3
client = boto3.client("dynamodb")

def handler(event, context):
    client.get_item(TableName=event["table"], Key={"PK": {"S": "-"}, "SK": {"S": "-"}})
"""

_FIRST_REQUESTS: Final = (
    ("query_tasks", "post"),
    ("query_tasks", "count_get"),
    ("create_task", "standalone_task"),
    ("manage_task", "show_task"),
    ("directory", "show_service"),
    ("administer", "register_service"),
)
"""A usual first request of each function; the count reads all sixteen partitions of an index."""

_RESOLVER: Final = """
import time
import aws_lambda_powertools
started = time.process_time()
import aws_lambda_powertools.event_handler.api_gateway
print((time.process_time() - started) * 1000)
"""

Milliseconds = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Start:
    """Something to start: its handler's folder, what it imports, and its first event."""

    folder: Path
    imports: tuple[Path, ...]
    environment: Mapping[str, str]
    event: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Started:
    """By name: what the rounds took, in milliseconds."""

    init: Milliseconds = field(default_factory=lambda: defaultdict(list))
    answered: Milliseconds = field(default_factory=lambda: defaultdict(list))
    """Initialising and the first answer together."""
    ahead: Milliseconds = field(default_factory=lambda: defaultdict(list))
    """The first answer alone, of an instance that was made ahead of it."""


def measured(starts: Mapping[str, Start]) -> Started:
    """All of them, started again and again in turns."""
    started = Started()
    for _ in range(ROUNDS + 1):
        for name, start in starts.items():
            init, answer = _times(start, {})
            started.init[name].append(init)
            started.answered[name].append(init + answer)
        for name, start in starts.items():
            _, answer = _times(start, _MADE_AHEAD)
            started.ahead[name].append(answer)
    return started


def _times(start: Start, environment: Mapping[str, str]) -> tuple[float, float]:
    """How long initialising takes, and how long the first answer after it."""
    variables = {**start.environment, **environment}
    with RealRuntime(start.folder, start.imports, variables) as instance:
        instance.invoke(start.event)
        return instance.init_milliseconds, instance.first_call_milliseconds


def starts_of(checkout: Path, table: str, endpoint: str, label: str) -> Iterator[tuple[str, Start]]:
    """The first requests to the functions of a checkout, those that it has."""
    functions = functions_on(table, endpoint)
    imports = import_folders() if checkout == REPOSITORY else _imports_of(checkout)
    for function, sample in _FIRST_REQUESTS:
        file = checkout / "events" / function / f"{sample}.json"
        if file.is_file():
            event = json.loads(file.read_text(encoding="utf-8"))
            folder = checkout / "functions" / function
            environment = functions[function].environment
            yield f"{label}{function} {sample}", Start(folder, imports, environment, event)


def _imports_of(checkout: Path) -> tuple[Path, ...]:
    program = "from tests.support.host_layers import import_folders; print(*import_folders())"
    printed = subprocess.run(
        [checkout / ".venv/bin/python", "-c", program],
        cwd=checkout,
        check=True,
        capture_output=True,
        text=True,
    )
    return tuple(map(Path, printed.stdout.split()))


def cost_of_resolver() -> float:
    """Milliseconds of CPU that importing Powertools' resolver takes, beside its logger."""
    times = []
    for _ in range(ROUNDS):
        done = subprocess.run(
            [sys.executable, "-c", _RESOLVER], check=True, capture_output=True, text=True
        )
        times.append(float(done.stdout))
    return statistics.median(times)


def lines(started: Started) -> Iterator[str]:
    """The table."""
    yield "| start | init ms | ratio | with first answer ms | ratio | made ahead: first answer ms |"
    yield "|---|--:|--:|--:|--:|--:|"
    bare_init, bare_answered = (_median(of[BARE]) for of in (started.init, started.answered))
    for name in started.init:
        init, answered = _median(started.init[name]), _median(started.answered[name])
        yield (
            f"| {name} | {init:.0f} | {init / bare_init:.2f} | {answered:.0f} "
            f"| {answered / bare_answered:.2f} | {_median(started.ahead[name]):.0f} |"
        )


def _median(rounds: Sequence[float]) -> float:
    # The first round warms the disk's cache and counts for nothing.
    return statistics.median(rounds[1:])


def main() -> None:
    """Measure, and print the table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Dynoxide(find(REPOSITORY / ".local"), None) as server,
        new_table(server.endpoint) as table,
    ):
        bare = Path(folder)
        bare.joinpath("handler.py").write_text(_BARE_HANDLER, encoding="utf-8")
        variables = {"AWS_ENDPOINT_URL_DYNAMODB": server.endpoint}
        starts = {BARE: Start(bare, import_folders(), variables, {"table": table.name})}
        starts |= starts_of(REPOSITORY, table.name, server.endpoint, "")
        if "BEFORE" in os.environ:
            before = Path(os.environ["BEFORE"])
            starts |= starts_of(before, table.name, server.endpoint, "before: ")
        started = measured(starts)
    print("\n".join(lines(started)))
    print(f"\nImporting Powertools' resolver takes {cost_of_resolver():.0f} ms of CPU.")


if __name__ == "__main__":
    main()
