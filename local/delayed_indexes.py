"""Indexes that follow the table some time later, as DynamoDB's may: a second table with the same
indexes, to which the first one's changes are brought after a delay. Functions read its indexes.
"""

from collections import deque
from collections.abc import Mapping
from threading import Event, Thread
from time import monotonic
from typing import Any, Final

from local.table_stream import TableStream

SUFFIX: Final = "-indexes"
"""What the second table's name ends with."""

_BATCH: Final = 25
_LOOKS: Final = 20
"""How many times the stream is looked at within the delay."""


class DelayedIndexes:
    """Brings changes of a table to its second table; `stream` is read from now on."""

    def __init__(self, client: Any, table: str, stream: TableStream, milliseconds: int) -> None:
        self._client = client
        self._copy = f"{table}{SUFFIX}"
        self._stream = stream
        self._delay = milliseconds / 1000
        self._ending = Event()
        self._thread = Thread(target=self._run, daemon=True)
        self._copy_all(table)

    def start(self) -> None:
        """Begin to follow the table."""
        self._thread.start()

    def stop(self) -> None:
        """End."""
        self._ending.set()
        self._thread.join(timeout=self._delay + 5)

    def _copy_all(self, table: str) -> None:
        for page in self._client.get_paginator("scan").paginate(TableName=table):
            items = page["Items"]
            for start in range(0, len(items), _BATCH):
                requests = [
                    {"PutRequest": {"Item": each}} for each in items[start : start + _BATCH]
                ]
                self._client.batch_write_item(RequestItems={self._copy: requests})

    def _run(self) -> None:
        seen: deque[tuple[float, Mapping[str, Any]]] = deque()
        while not self._ending.wait(self._delay / _LOOKS):
            now = monotonic()
            for page in self._stream.changes():
                seen.extend((now, change) for change in page)
            while seen and seen[0][0] + self._delay <= now:
                self._bring(seen.popleft()[1])

    def _bring(self, change: Mapping[str, Any]) -> None:
        if "NewImage" in change:
            self._client.put_item(TableName=self._copy, Item=change["NewImage"])
        else:
            self._client.delete_item(TableName=self._copy, Key=change["Keys"])
