"""A table that throttles as DynamoDB does, on a simulated clock.

Each partition key of the table and of each index takes 1,000 write units and 3,000 read units a
second, and has saved those of one idle second at most. A request that finds a partition without
any is refused; one that finds some left is served, and what it took too much the partition lacks
afterwards. A transaction holds its items while it is under way. Of a batch of reads all is served
or nothing, and only items that are in an index by both of its keys count there.
"""

import json
import re
from base64 import b64decode
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from threading import local
from typing import Any, Final, cast

from botocore.awsrequest import AWSPreparedRequest, AWSResponse

from tests.support.faults import refused
from tests.support.simulated_clock import SimulatedClock
from tests.support.tables import Table, dynamodb_client

WRITE_UNITS: Final = 1_000
READ_UNITS: Final = 3_000
LATENCY: Final = 0.005
"""Seconds that a request takes."""
ATTEMPTS: Final = 3
"""How often the client sends a request that is throttled, as the deployed one does."""

THROTTLED: Final = {
    "ThrottlingException": "ThrottlingError",
    "ProvisionedThroughputExceededException": "ProvisionedThroughputExceeded",
}
"""The errors of throttled requests, and the reasons of transactions that are cancelled for it."""

type Item = Mapping[str, Any]
type Place = tuple[str, str]
"""The table (as "") or an index, and a partition's key in it."""


@dataclass(slots=True)
class _Partition:
    rate: int
    left: float
    since: float

    def has_units(self, now: float) -> bool:
        self.left = min(self.rate, self.left + (now - self.since) * self.rate)
        self.since = now
        return self.left > 0


@dataclass(slots=True)
class Throttling:
    """What the partitions have left, who holds which items, and what was refused."""

    clock: SimulatedClock
    indexes: Mapping[str, tuple[str, str]]
    """The partition key and the sort key of each index."""
    error: str
    refused: Counter[str] = field(default_factory=Counter)
    """How often a request was refused, by reason."""
    _partitions: dict[tuple[str, Place], _Partition] = field(default_factory=dict)
    _held: dict[str, float] = field(default_factory=dict)

    def is_busy(self, kind: str, place: Place) -> bool:
        """Whether reads, or writes, of that partition are refused now."""
        return not self._partition(kind, place).has_units(self.clock.now)

    def take(self, kind: str, place: Place, units: float) -> None:
        """Count what a request took."""
        self._partition(kind, place).left -= units

    def is_held(self, key: str) -> bool:
        """Whether a transaction on the item is under way."""
        return self._held.get(key, -1.0) > self.clock.now

    def hold(self, keys: Sequence[str]) -> None:
        """A transaction on these items begins."""
        for key in keys:
            self._held[key] = self.clock.now + LATENCY

    def _partition(self, kind: str, place: Place) -> _Partition:
        rate = READ_UNITS if kind == "read" else WRITE_UNITS
        made = _Partition(rate, float(rate), self.clock.now)
        return self._partitions.setdefault((kind, place), made)

    def written(self, before: Item | None, after: Item | None, factor: int) -> dict[Place, float]:
        """The write units of changing an item, by partition."""
        larger = max(_units(before), _units(after))
        [[pk]] = {tuple(item["PK"].values()) for item in (before, after) if item}
        units: dict[Place, float] = {("", pk): larger * factor}
        for name, (partition, sort) in self.indexes.items():
            old, new = (
                None if item is None or not {partition, sort} <= set(item) else item
                for item in (before, after)
            )
            same = old and new and all(old[key] == new[key] for key in (partition, sort))
            for item in (new,) if same else (old, new):
                if item is not None:
                    place = (name, _text(item[partition]))
                    units[place] = units.get(place, 0) + _units(item)
        return units


@contextmanager
def throttled(
    table: Table, clock: SimulatedClock, error: str
) -> Iterator[tuple[Table, Throttling]]:
    """The table by a client whose requests are throttled, and which waits on the clock."""
    described = table.client.describe_table(TableName=table.name)["Table"]
    indexes = {
        str(index["IndexName"]): _keys(index["KeySchema"])
        for index in described["GlobalSecondaryIndexes"]
    }
    client = dynamodb_client(table.endpoint)
    throttling = Throttling(clock, indexes, error)
    gate = _Gate(table, throttling)
    events = client.meta.events
    handlers: Mapping[str, Callable[..., Any]] = {
        "provide-client-params.dynamodb": gate.ask_for_capacity,
        "before-send.dynamodb": gate.send,
        "after-call.dynamodb": gate.count,
        "needs-retry.dynamodb": gate.wait,
    }
    for name, handler in handlers.items():
        events.register_first(name, cast(Callable[..., None], handler))
    yield replace(table, client=client), throttling
    client.close()


class _Gate:
    """Stands between a client and the table."""

    def __init__(self, table: Table, throttling: Throttling) -> None:
        self._table = table
        self._throttling = throttling
        self._reading = local()

    def ask_for_capacity(self, params: dict[str, Any], **_: object) -> dict[str, Any]:
        return {**params, "ReturnConsumedCapacity": "TOTAL"}

    def send(self, request: AWSPreparedRequest, **_: object) -> AWSResponse | None:
        target: Any = request.headers["X-Amz-Target"]
        name = (target.decode() if isinstance(target, bytes) else target).partition(".")[2]
        asked = json.loads(cast(Any, request.body))
        self._reading.places = []
        if name == "TransactWriteItems":
            writes = [next(iter(each.items())) for each in asked["TransactItems"]]
            answer = self._write(request, writes, 2)
        elif name in ("PutItem", "DeleteItem", "UpdateItem"):
            answer = self._write(request, [(name.removesuffix("Item"), asked)], 1)
        else:
            answer = self._read(request, name, asked)
        if answer is None:
            self._throttling.clock.sleep(LATENCY)
        return answer

    def _write(
        self, request: AWSPreparedRequest, writes: Sequence[tuple[str, Any]], factor: int
    ) -> AWSResponse | None:
        throttling = self._throttling
        taken = [self._taken(kind, write, factor) for kind, write in writes]
        busy = [any(throttling.is_busy("write", place) for place in each) for each in taken]
        keys = [json.dumps(_key(write), sort_keys=True) for _, write in writes]
        held = [throttling.is_held(key) for key in keys]
        for flags, reason, error in (
            (held, "TransactionConflict", "TransactionConflictException"),
            (busy, THROTTLED[throttling.error], throttling.error),
        ):
            if any(flags):
                throttling.refused[error] += 1
                if factor == 1:
                    return refused(error)(request)
                reasons = [{"Code": reason if flag else "None"} for flag in flags]
                return refused("TransactionCanceledException", CancellationReasons=reasons)(request)
        if factor == 2:
            throttling.hold(keys)
        for each in taken:
            for place, units in each.items():
                throttling.take("write", place, units)
        return None

    def _taken(self, kind: str, write: Mapping[str, Any], factor: int) -> dict[Place, float]:
        found = self._table.client.get_item(
            TableName=self._table.name, Key=_key(write), ConsistentRead=True
        )
        before: Item | None = found.get("Item")
        after = {"Put": write.get("Item"), "Update": before, "Delete": None}[kind]
        if before is None and after is None:
            return {("", _key(write)["PK"]["S"]): factor}
        return self._throttling.written(before, after, factor)

    def _read(self, request: AWSPreparedRequest, name: str, asked: Any) -> AWSResponse | None:
        places = list(_places_read(name, asked))
        if any(self._throttling.is_busy("read", place) for place in places):
            self._throttling.refused[self._throttling.error] += 1
            return refused(self._throttling.error)(request)
        self._reading.places = places
        return None

    def count(self, parsed: dict[str, Any], **_: object) -> None:
        places = self._reading.places
        used = parsed.get("ConsumedCapacity", [])
        units = sum(each["CapacityUnits"] for each in (used if isinstance(used, list) else [used]))
        for place in places:
            self._throttling.take("read", place, units / len(places))

    def wait(self, attempts: int, response: Any, **_: object) -> int | None:
        code = None if response is None else response[1].get("Error", {}).get("Code")
        if code in THROTTLED and attempts < ATTEMPTS:
            self._throttling.clock.sleep(0.05 * 2**attempts)
            return 0
        return None


def _places_read(name: str, asked: Mapping[str, Any]) -> Iterator[Place]:
    match name:
        case "GetItem":
            yield "", _text(asked["Key"]["PK"])
        case "BatchGetItem":
            for wanted in asked["RequestItems"].values():
                yield from (("", _text(key["PK"])) for key in wanted["Keys"])
        case "Query":
            named = re.match(r"#?\w+ = (:\w+)", asked["KeyConditionExpression"])
            assert named is not None, asked["KeyConditionExpression"]
            value = _text(asked["ExpressionAttributeValues"][named[1]])
            yield asked.get("IndexName", ""), value


def _key(write: Mapping[str, Any]) -> Any:
    key = write.get("Item", write.get("Key", {}))
    return {name: key[name] for name in ("PK", "SK")}


def _keys(schema: Sequence[Mapping[str, Any]]) -> tuple[str, str]:
    names = {each["KeyType"]: each["AttributeName"] for each in schema}
    return names["HASH"], names["RANGE"]


def _text(value: Mapping[str, str]) -> str:
    [text] = value.values()
    return text


def _units(item: Item | None) -> int:
    """One for each kilobyte that was begun."""
    return 0 if item is None else -(-sum(map(_bytes, item.items())) // 1024)


def _bytes(attribute: tuple[str, Mapping[str, Any]]) -> int:
    name, value = attribute
    content = value.get("S", value.get("N", ""))
    if "B" in value:
        packed = value["B"]
        content = packed if isinstance(packed, bytes) else b64decode(packed)
    return len(name) + len(content if isinstance(content, bytes) else content.encode())
