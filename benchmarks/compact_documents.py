"""Does it pay to deflate the task documents? (docs/decisions/0010-compact-documents.md)

The same thousand tasks are in one index as JSON text and as bytes deflated with a preset
dictionary (zlib's `zdict`). Both are read by botocore's Query and decoded, in turns.
"""

import json
import statistics
from collections.abc import Callable
from time import process_time
from typing import Any, Final

from taskdock.adapters.dynamodb.documents import packed, unpacked
from taskdock.domain.tasks.task import Task

from benchmarks.world import world
from local.dynoxide import Dynoxide, find
from local.settings import REPOSITORY
from tests.support.tables import dynamodb_client

TASKS: Final = 1_000
ROUNDS: Final = 15


def _text(task: Task) -> str:
    return json.dumps(task, ensure_ascii=False, separators=(",", ":"))


def _table(client: Any, name: str) -> None:
    client.create_table(
        TableName=name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": "PK", "AttributeType": "S"},
            {"AttributeName": "SK", "AttributeType": "S"},
        ],
        KeySchema=[
            {"AttributeName": "PK", "KeyType": "HASH"},
            {"AttributeName": "SK", "KeyType": "RANGE"},
        ],
    )
    client.get_waiter("table_exists").wait(TableName=name)


def _read(client: Any, name: str, decode: Callable[[Any], Any]) -> float:
    """Read and decode every document; the read units it took."""
    units = 0.0
    request: dict[str, Any] = {}
    while True:
        answer = client.query(
            TableName=name,
            KeyConditionExpression="PK = :pk",
            ExpressionAttributeValues={":pk": {"S": "all"}},
            ProjectionExpression="doc",
            ReturnConsumedCapacity="TOTAL",
            **request,
        )
        units += float(answer["ConsumedCapacity"]["CapacityUnits"])
        for item in answer["Items"]:
            decode(item)
        if "LastEvaluatedKey" not in answer:
            return units
        request = {"ExclusiveStartKey": answer["LastEvaluatedKey"]}


def main() -> None:
    """Measure, and print the table."""
    texts = [_text(task) for task in world(TASKS)]
    loads = json.loads
    kinds: dict[str, tuple[list[dict[str, Any]], Callable[[Any], Any]]] = {
        "JSON text": ([{"S": text} for text in texts], lambda item: loads(item["doc"]["S"])),
        "deflated": (
            [dict(packed(text)) for text in texts],
            lambda item: unpacked(item["doc"]),
        ),
    }
    with Dynoxide(find(REPOSITORY / ".local"), None) as server:
        client: Any = dynamodb_client(server.endpoint)
        for name, (documents, _) in kinds.items():
            _table(client, name.replace(" ", "-"))
            for number, document in enumerate(documents):
                client.put_item(
                    TableName=name.replace(" ", "-"),
                    Item={"PK": {"S": "all"}, "SK": {"S": f"{number:06d}"}, "doc": document},
                )
        times: dict[str, list[float]] = {name: [] for name in kinds}
        units: dict[str, float] = {}
        for _ in range(ROUNDS):
            for name, (_, decode) in kinds.items():
                started = process_time()
                units[name] = _read(client, name.replace(" ", "-"), decode)
                times[name].append((process_time() - started) * 1000)
    print("| documents | bytes each | read units | CPU ms per 1,000 |")
    print("|---|--:|--:|--:|")
    for name, (documents, _) in kinds.items():
        size = statistics.mean(
            len(each["B"]) if "B" in each else len(each["S"].encode()) for each in documents
        )
        print(f"| {name} | {size:.0f} | {units[name]:g} | {statistics.median(times[name]):.1f} |")


if __name__ == "__main__":
    main()
