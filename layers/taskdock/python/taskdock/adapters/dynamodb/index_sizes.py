"""The sizes of the indexes, as DynamoDB counts them, for the planner."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from taskdock.domain.query.read_specs import Index, Sizes

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

REMEMBERED: Final = 900.0
"""Seconds before the sizes are read again; DynamoDB counts about every six hours."""

_INDEXES: Final = frozenset(Index)


class IndexSizes:
    """The number of entries of each index, which costs no read units. Threads may share one."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table_name: str,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._client = client
        self._table = table_name
        self._clock = clock
        self._known: Sizes = {}
        self._asked: float | None = None

    def known(self) -> Sizes:
        """The sizes of some hours ago. They are empty before the first count, and while the table
        cannot be reached: a plan without sizes gives the same answer.
        """
        now = self._clock()
        if self._asked is None or now >= self._asked + REMEMBERED:
            self._asked = now
            try:
                self._known = self._described()
            except (BotoCoreError, ClientError):
                self._known = {}
        return self._known

    def _described(self) -> Sizes:
        table = self._client.describe_table(TableName=self._table)["Table"]
        counted = {
            Index(each["IndexName"]): each.get("ItemCount", 0)
            for each in table.get("GlobalSecondaryIndexes", ())
            if each["IndexName"] in _INDEXES
        }
        return counted if any(counted.values()) else {}
