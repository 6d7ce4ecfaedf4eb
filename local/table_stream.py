"""The table's stream, read as a Lambda event source mapping reads it."""

import base64
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from local.template import REGION

Record = dict[str, Any]
"""A stream record in the form of Lambda's events."""


class TableStream:
    """A table's changes from now on, shard by shard."""

    def __init__(self, client: Any, arn: str) -> None:
        self._client = client
        self._arn = arn
        self._last_read: dict[str, str] = {}
        self._iterators: dict[str, str | None] = {
            shard: self._iterator(shard, "LATEST") for shard in self._shards()
        }

    def unread(self) -> Iterator[list[Record]]:
        """Pages of new records, in order; ends when there are none."""
        for shard in list(self._iterators):
            yield from self._unread_of(shard)
        if None in self._iterators.values():
            self._follow_split()

    def _unread_of(self, shard: str) -> Iterator[list[Record]]:
        while iterator := self._iterators[shard]:
            try:
                page = self._client.get_records(ShardIterator=iterator, Limit=1000)
            except self._client.exceptions.ExpiredIteratorException:
                self._resume(shard)  # the machine slept for longer than an iterator lasts
                continue
            self._iterators[shard] = page.get("NextShardIterator")
            if not page["Records"]:
                return
            self._last_read[shard] = page["Records"][-1]["dynamodb"]["SequenceNumber"]
            yield [as_lambda_sends(record, self._arn) for record in page["Records"]]

    def _resume(self, shard: str) -> None:
        last = self._last_read.get(shard)
        if last is None:
            self._iterators[shard] = self._iterator(shard, "LATEST")
        else:
            kind = "AFTER_SEQUENCE_NUMBER"
            self._iterators[shard] = self._iterator(shard, kind, SequenceNumber=last)

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
