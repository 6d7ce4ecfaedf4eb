"""Counts the capacity that DynamoDB accounts for a client's requests."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient


@dataclass(slots=True)
class ConsumedCapacity:
    """What was used so far, in capacity units."""

    requests: list[str] = field(default_factory=list)
    """The operations, in order."""
    limits: list[int] = field(default_factory=list)
    """How many entries the pages were to have, where a request said so."""
    read: float = 0.0
    written: float = 0.0
    by_index: dict[str, float] = field(default_factory=dict)
    """The share of each index, by its name."""

    @property
    def of_the_table(self) -> float:
        """What the table itself used, its indexes apart."""
        return self.read + self.written - sum(self.by_index.values())


_READS = {"GetItem", "BatchGetItem", "Query"}


@contextmanager
def metered(client: "DynamoDBClient") -> Iterator[ConsumedCapacity]:
    """Counts what `client` does meanwhile, whether or not it asks for the figures itself."""
    meter = ConsumedCapacity()

    def ask(params: dict[str, Any], **_: object) -> dict[str, Any]:
        meter.limits += [params["Limit"]] if "Limit" in params else []
        return {**params, "ReturnConsumedCapacity": "INDEXES"}

    def count(parsed: dict[str, Any], model: Any, **_: object) -> None:
        meter.requests.append(model.name)
        used = parsed.get("ConsumedCapacity", [])
        for capacity in used if isinstance(used, list) else [used]:
            if model.name in _READS:
                meter.read += capacity["CapacityUnits"]
            else:
                meter.written += capacity["CapacityUnits"]
            for name, share in capacity.get("GlobalSecondaryIndexes", {}).items():
                before = meter.by_index.get(name, 0.0)
                meter.by_index[name] = before + share["CapacityUnits"]

    events, asked = client.meta.events, cast(Callable[..., None], ask)
    events.register("provide-client-params.dynamodb", asked)
    events.register("after-call.dynamodb", count)
    try:
        yield meter
    finally:
        events.unregister("provide-client-params.dynamodb", asked)
        events.unregister("after-call.dynamodb", count)
