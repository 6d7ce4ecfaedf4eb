"""How long functions take to start in the real Lambda runtime, beside a bare handler.

The bare handler imports boto3, makes a DynamoDB client and reads one item. All of them run on
this machine, in turns, with layers built and compiled as they are deployed; so the ratios mean
something, and the milliseconds only beside each other. The target is a ratio of 1.25.

With SnapStart or provisioned concurrency, functions with a route make their client ahead of
requests, and a caller waits for the last column only.
"""

import json
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from local.dynoxide import Dynoxide, find
from local.settings import REPOSITORY
from tests.support.deployed_functions import functions_on, runtimes
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

Milliseconds = dict[str, list[float]]


@dataclass(frozen=True, slots=True)
class Started:
    """By function: what the rounds took, in milliseconds."""

    init: Milliseconds = field(default_factory=lambda: defaultdict(list))
    answered: Milliseconds = field(default_factory=lambda: defaultdict(list))
    """Initialising and the first answer together."""
    ahead: Milliseconds = field(default_factory=lambda: defaultdict(list))
    """The first answer alone, of an instance that was made ahead of it."""


def measured(endpoint: str, table: str, bare: Path) -> Started:
    """All functions, started again and again in turns."""
    started = Started()
    for _ in range(ROUNDS + 1):
        for name, instance in _instances(endpoint, table, bare, {}).items():
            init, answer = _times(name, instance, table)
            started.init[name].append(init)
            started.answered[name].append(init + answer)
        for name, instance in _instances(endpoint, table, bare, _MADE_AHEAD).items():
            _, answer = _times(name, instance, table)
            started.ahead[name].append(answer)
    return started


def _instances(
    endpoint: str, table: str, bare: Path, environment: Mapping[str, str]
) -> Mapping[str, RealRuntime]:
    return {
        BARE: RealRuntime(bare, import_folders(), {"AWS_ENDPOINT_URL_DYNAMODB": endpoint}),
        **runtimes(functions_on(table, endpoint), environment),
    }


def _times(name: str, instance: RealRuntime, table: str) -> tuple[float, float]:
    """How long initialising takes, and how long the first answer after it."""
    with instance:
        instance.invoke({"table": table} if name == BARE else _sample(name))
        return instance.init_milliseconds, instance.first_call_milliseconds


def _sample(function: str) -> Mapping[str, Any]:
    """The function's first sample event."""
    [first, *_] = sorted(REPOSITORY.joinpath("events", function).glob("*.json"))
    event: Mapping[str, Any] = json.loads(first.read_text(encoding="utf-8"))
    return event


def main() -> None:
    """Measure, and print the table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Dynoxide(find(REPOSITORY / ".local"), None) as server,
        new_table(server.endpoint) as table,
    ):
        bare = Path(folder)
        bare.joinpath("handler.py").write_text(_BARE_HANDLER, encoding="utf-8")
        started = measured(server.endpoint, table.name, bare)
    print(f"{'':22}  init ms  ratio   with first answer ms  ratio   made ahead: first answer ms")
    bare_init, bare_answered = (_median(of, BARE) for of in (started.init, started.answered))
    for name in started.init:
        init, answered = _median(started.init, name), _median(started.answered, name)
        print(
            f"{name:22}  {init:7.0f}  {init / bare_init:5.2f}"
            f"   {answered:20.0f}  {answered / bare_answered:5.2f}"
            f"   {_median(started.ahead, name):27.0f}"
        )


def _median(of: Milliseconds, name: str) -> float:
    # The first round warms the disk's cache and counts for nothing.
    return statistics.median(of[name][1:])


if __name__ == "__main__":
    main()
