"""Whether writers keep changes, and since when all of them have.

The item that has the number of the layout says it: `changesSince`. Every writer looks at it before
it writes, at most `LOOKS_EVERY` seconds ago. One that keeps changes writes the time there when it
finds none; one that does not removes it. So a reader that finds it knows that no write was missed
since `GRACE` after it, however writers of both kinds came and went.
"""

import time
from collections.abc import Callable
from threading import Lock
from typing import TYPE_CHECKING, Final, Protocol

from botocore.exceptions import ClientError

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.task_items import TABLE, Item, attributes
from taskdock.adapters.outages import reaching, unavailable
from taskdock.domain.instants import Instant

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

SINCE: Final = "changesSince"
"""The attribute of the layout's item."""

EVER: Final = Instant(0)
"""What a new table says: there was no writer before."""

LOOKS_EVERY: Final = 300.0
"""Seconds after which a writer looks again before it writes."""

GRACE: Final = 600_000
"""Milliseconds after `changesSince` until which a writer that keeps no changes may have written:
its last look, the longest write, and what clocks are off."""


def kept_from(found: Item | None) -> Instant | None:
    """From when on every change is in the index, by the layout's item; None while it is not."""
    if found is None or SINCE not in found:
        return None
    since = Instant(int(found[SINCE]["N"]))
    return since if since == EVER else Instant(since + GRACE)


_LOOKS: Final = 3
"""How often a writer looks until the table says what it does: others may say so meanwhile."""


def begin_anew(client: "DynamoDBClient", table_name: str, now: Instant) -> None:
    """Have readers of changes rely on nothing that was written until now, where changes are kept:
    for a restore, which writes items past the rules."""
    try:
        client.update_item(
            TableName=table_name,
            Key=attributes(keys.LAYOUT),
            UpdateExpression="SET #since = :now",
            ConditionExpression="attribute_exists(#since)",
            ExpressionAttributeNames={"#since": SINCE},
            ExpressionAttributeValues=attributes({":now": now}),
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise


class Clock(Protocol):
    """What stamps are taken from; a `WriterClock`, outside of tests."""

    @property
    def is_compared(self) -> bool:
        """Whether it is known to agree with the table's."""
        ...

    def now(self) -> Instant:
        """The time; raises `TemporarilyUnavailable` while it is wrong."""
        ...


class ChangeKeeping:
    """Gives each write its stamp. Threads may share one."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table_name: str,
        *,
        clock: Clock,
        is_on: bool,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._table = table_name
        self._is_on = is_on
        self._clock = clock
        self._steady = steady
        self._looked: float | None = None
        self._lock = Lock()

    def stamp(self) -> Instant | None:
        """The stamp of a write that begins now; None where changes are not kept. Ask for it anew
        before every try.

        Raises `TemporarilyUnavailable` while the clock is off the table's, and when the table
        cannot be reached.
        """
        if not self._has_looked():
            with self._lock:
                if not self._has_looked():
                    self._look()
        return self._clock.now() if self._is_on else None

    def looked(self, found: Item | None) -> None:
        """Take note of the layout's item, which was read just now through the same client."""
        if found is not None and (SINCE in found) == self._is_on:
            self._looked = self._steady()

    def _has_looked(self) -> bool:
        if self._looked is None or self._steady() - self._looked > LOOKS_EVERY:
            return False
        return self._clock.is_compared or not self._is_on

    def _look(self) -> None:
        """Read what the table says, and have it say what this writer does."""
        for _ in range(_LOOKS):
            began = self._steady()
            found = self._read()
            if found is None or (SINCE in found) == self._is_on:
                self._looked = began
                return
            self._say(found)
        raise unavailable(TABLE)

    def _read(self) -> Item | None:
        with reaching(TABLE):
            return self._client.get_item(
                TableName=self._table, Key=attributes(keys.LAYOUT), ConsistentRead=True
            ).get("Item")

    def _say(self, found: Item) -> None:
        """Write the item with or without the time, unless it is another one meanwhile."""
        said = {name: value for name, value in found.items() if name != SINCE}
        if self._is_on:
            said |= attributes({SINCE: self._clock.now()})
        same_time = f"attribute_{'not_' if self._is_on else ''}exists({SINCE})"
        try:
            with reaching(TABLE):
                self._client.put_item(
                    TableName=self._table,
                    Item=said,
                    ConditionExpression=f"{same_time} AND #authorization = :authorization",
                    ExpressionAttributeNames={"#authorization": "authorization"},
                    ExpressionAttributeValues={":authorization": found["authorization"]},
                )
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
