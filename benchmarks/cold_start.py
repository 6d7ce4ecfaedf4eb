"""How long functions take to start in the real Lambda runtime, beside a bare handler.

The bare handler imports boto3, makes a DynamoDB client and reads one item. All of them run on
this machine, in turns, with layers built and compiled as they are deployed; so the ratios mean
something, and the milliseconds only beside each other. The target is a ratio of 1.25.
"""

import json
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from local.dynoxide import Dynoxide, fetch
from local.settings import REPOSITORY
from tests.support.deployed_functions import runtimes
from tests.support.host_layers import import_folders
from tests.support.real_runtime import RealRuntime
from tests.support.tables import new_table

ROUNDS: Final = 9
BARE: Final = "bare boto3 client"
_BARE_HANDLER: Final = """
import boto3
client = boto3.client("dynamodb")

def handler(event, context):
    client.get_item(TableName=event["table"], Key={"PK": {"S": "-"}, "SK": {"S": "-"}})
"""

Milliseconds = dict[str, list[float]]


def measured(endpoint: str, table: str, bare: Path) -> tuple[Milliseconds, Milliseconds]:
    """Per function: how long initialising took, and how long that and the first answer took."""
    init: Milliseconds = defaultdict(list)
    answered: Milliseconds = defaultdict(list)
    for _ in range(ROUNDS + 1):
        instances = {
            BARE: RealRuntime(bare, import_folders(), {"AWS_ENDPOINT_URL_DYNAMODB": endpoint}),
            **runtimes(table, endpoint),
        }
        for name, instance in instances.items():
            event = {"table": table} if name == BARE else _sample(name)
            with instance:
                instance.invoke(event)
                init[name].append(instance.init_milliseconds)
                answered[name].append(instance.init_milliseconds + instance.first_call_milliseconds)
    return init, answered


def _sample(function: str) -> Mapping[str, Any]:
    """The function's first sample event."""
    [first, *_] = sorted(REPOSITORY.joinpath("events", function).glob("*.json"))
    event: Mapping[str, Any] = json.loads(first.read_text(encoding="utf-8"))
    return event


def main() -> None:
    """Measure, and print the table."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Dynoxide(fetch(REPOSITORY / ".local"), None) as server,
        new_table(server.endpoint) as table,
    ):
        bare = Path(folder)
        bare.joinpath("handler.py").write_text(_BARE_HANDLER, encoding="utf-8")
        init, answered = measured(server.endpoint, table.name, bare)
    print(f"{'':22}  init ms  ratio   with first answer ms  ratio")
    for name in init:
        # The first round warms the disk's cache and counts for nothing.
        first, whole = (statistics.median(each[name][1:]) for each in (init, answered))
        bare_first, bare_whole = (statistics.median(each[BARE][1:]) for each in (init, answered))
        print(
            f"{name:22}  {first:7.0f}  {first / bare_first:5.2f}"
            f"   {whole:20.0f}  {whole / bare_whole:5.2f}"
        )


if __name__ == "__main__":
    main()
