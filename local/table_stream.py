"""The table's stream, read as a Lambda event source mapping reads it."""

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from local.stream_positions import Positions
from local.template import REGION

_SHORTEST: Final = 21
"""Digits of a sequence number that the client passes on."""

Record = dict[str, Any]
"""A stream record in the form of Lambda's events."""


class TableStream:
    """A table's changes from now on, or from where an earlier reader was, shard by shard."""

    def __init__(self, client: Any, arn: str, positions: Positions | None = None) -> None:
        """`positions` say where to begin, and are kept up to date: a shard that they do not name
        is read from its beginning. Without any, all shards are read from now on.
        """
        self._client = client
        self._arn = arn
        self._last_read: Positions = {} if positions is None else positions
        self._beginning = "LATEST" if positions is None else "TRIM_HORIZON"
        self._iterators: dict[str, str | None] = {
            shard: self._resumed(shard) for shard in self._shards()
        }

    def skip(self) -> None:
        """Go to the end without looking at what was written until now."""
        for _ in self._pages():
            pass

    def unread(self) -> Iterator[list[Record]]:
        """Pages of new records, in order; ends when there are none."""
        for page in self._pages():
            yield [as_lambda_sends(record, self._arn) for record in page]

    def changes(self) -> Iterator[list[Mapping[str, Any]]]:
        """Pages of new changes, with the items as the table's client has them."""
        for page in self._pages():
            yield [record["dynamodb"] for record in page]

    def _pages(self) -> Iterator[list[Mapping[str, Any]]]:
        for shard in list(self._iterators):
            yield from self._unread_of(shard)
        if None in self._iterators.values():
            self._follow_split()

    def _unread_of(self, shard: str) -> Iterator[list[Mapping[str, Any]]]:
        while iterator := self._iterators[shard]:
            try:
                page = self._client.get_records(ShardIterator=iterator, Limit=1000)
            except self._client.exceptions.ExpiredIteratorException:
                # The machine slept for longer than an iterator lasts.
                self._iterators[shard] = self._resumed(shard)
                continue
            self._iterators[shard] = page.get("NextShardIterator")
            if not page["Records"]:
                if self._iterators[shard] is not None and self._may_resume(shard):
                    self._iterators[shard] = self._resumed(shard)
                return
            self._last_read[shard] = page["Records"][-1]["dynamodb"]["SequenceNumber"]
            yield page["Records"]

    def _may_resume(self, shard: str) -> bool:
        """Whether a new iterator can take the place of one that had nothing.

        moto puts a copy in the stream's place when it refuses a transaction, and its iterators stay
        with what was there before. dynoxide's do not, and its numbers are too short for the client.
        """
        last = self._last_read.get(shard)
        return self._beginning == "TRIM_HORIZON" if last is None else len(last) >= _SHORTEST

    def _resumed(self, shard: str) -> str:
        last = self._last_read.get(shard)
        if last is None:
            return self._iterator(shard, self._beginning)
        try:
            return self._iterator(shard, "AFTER_SEQUENCE_NUMBER", SequenceNumber=last)
        except self._client.exceptions.TrimmedDataAccessException:
            return self._iterator(shard, "TRIM_HORIZON")  # the stream keeps a day

    def _follow_split(self) -> None:
        """A shard that ended has children; they are read from their beginning."""
        known = set(self._iterators)
        self._iterators = {shard: it for shard, it in self._iterators.items() if it is not None}
        for shard in self._shards():
            if shard not in known:
                self._iterators[shard] = self._iterator(shard, "TRIM_HORIZON")

    def _shards(self) -> list[str]:
        description = self._client.describe_stream(StreamArn=self._arn)["StreamDescription"]
        return [shard["ShardId"] for shard in description["Shards"]]

    def _iterator(self, shard: str, kind: str, **after: str) -> str:
        answer = self._client.get_shard_iterator(
            StreamArn=self._arn, ShardId=shard, ShardIteratorType=kind, **after
        )
        return str(answer["ShardIterator"])


def as_lambda_sends(record: Mapping[str, Any], arn: str) -> Record:
    """A record of GetRecords in the form of a function's event, as JSON."""
    return {
        "eventSourceARN": arn,
        **_as_json(record),
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": REGION,
    }


def _as_json(value: Any) -> Any:
    match value:
        case datetime():
            return int(value.timestamp())
        case bytes():
            return base64.b64encode(value).decode("ascii")
        case Mapping():
            return {key: _as_json(each) for key, each in value.items()}
        case list() | tuple() | set():
            return [_as_json(each) for each in value]
        case _:
            return value
