"""Tasks in the DynamoDB table: an item for each task, and queue entries for further inboxes."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final, cast

from taskdock.adapters import keys
from taskdock.adapters.conditions import EXISTS
from taskdock.adapters.index_sizes import IndexSizes
from taskdock.adapters.table_reads import BATCH, TableReads, decoded
from taskdock.adapters.table_writes import Write, check_limits, fitting, write_together
from taskdock.adapters.task_items import read_receipt, read_record, stored_task
from taskdock.adapters.task_writes import TaskWrites
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIndex, ReadSpec, Sizes
from taskdock.domain.tasks.task import Task, TaskId, is_open
from taskdock.use_cases.ports import (
    Changes,
    Page,
    Put,
    Receipt,
    Record,
    Remove,
    StoredTask,
    VersionConflict,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

    from taskdock.adapters.table_reads import PageStart

_COUNTED_IN: Final = {
    keys.RecordKind.COMMENT: "comments",
    keys.RecordKind.ATTACHMENT: "attachments",
}
"""The fields in which a task says how many records of a kind it has."""


class DynamoDbTaskStore:
    """`TaskStore` on a DynamoDB table of the shape that `keys` describes."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table_name: str,
        *,
        ended_task_days: int,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._client = client
        self._reads = TableReads(client, table_name, sleep)
        self._sizes = IndexSizes(client, table_name)
        self._writes = TaskWrites(table_name, ended_task_days)

    def get(self, task_id: TaskId) -> StoredTask | None:
        """See `TaskStore.get`."""
        found = self._reads.item(keys.task_key(task_id))
        return None if found is None else stored_task(found)

    def get_many(self, task_ids: Sequence[TaskId]) -> Mapping[TaskId, StoredTask]:
        """See `TaskStore.get_many`."""
        found: dict[TaskId, StoredTask] = {}
        left: Sequence[TaskId] = list(dict.fromkeys(task_ids))
        while left:
            items, _, unanswered = self._reads.batch(left[:BATCH], consistent=True)
            found |= {stored.task["id"]: stored for stored in map(stored_task, items)}
            left = [*unanswered, *left[BATCH:]]
        return found

    def page(self, spec: ReadSpec, start: object | None = None, limit: int | None = None) -> Page:
        """See `TaskStore.page`."""
        if isinstance(spec, ByIndex):
            return self._reads.page(spec, cast("PageStart | None", start), limit)
        ids = tuple(dict.fromkeys(spec.ids)) if start is None else cast("Sequence[TaskId]", start)
        if not ids:
            return Page((), 0.0)
        size = min(limit or BATCH, BATCH)
        items, read_units, unanswered = self._reads.batch(ids[:size], consistent=False)
        return Page(decoded(items), read_units, (*unanswered, *ids[size:]) or None)

    def sizes(self) -> Sizes:
        """See `TaskStore.sizes`."""
        return self._sizes.known()

    def check(self, changes: Changes) -> None:
        """See `TaskStore.check`."""
        check_limits(list(self._wanted(changes)))

    def commit(self, changes: Changes) -> None:
        """See `TaskStore.commit`.

        What a transaction has no room for is done right after it: the records of a task that has
        dozens of them, when it ends or is removed. They are out of sight by then.
        """
        writes = list(self._wanted(changes))
        tidying = list(self._tidying(changes))
        fit = fitting(writes, tidying)
        if writes:
            write_together(self._client, writes + tidying[:fit])
        for write in tidying[fit:]:
            with suppress(VersionConflict):  # somebody removed that record meanwhile
                write_together(self._client, [write])

    def note(self, record: Record, until: Instant) -> None:
        """See `TaskStore.note`."""
        write_together(self._client, [self._writes.of_note(record, until)])

    def receipt(self, owner: str, key: str, now: Instant) -> Receipt | None:
        """See `TaskStore.receipt`."""
        found = self._reads.item(keys.receipt_key(owner, key))
        if found is None:
            return None
        receipt = read_receipt(found, owner, key)
        return receipt if now < receipt.expires else None

    def records(self, task_id: TaskId, kind: str) -> Sequence[Record]:
        """See `TaskStore.records`."""
        partition = keys.task_key(task_id)["PK"]
        items = self._reads.collection(partition, keys.record_prefix(kind))
        return [read_record(item, task_id, kind) for item in items]

    def _wanted(self, changes: Changes) -> Iterator[Write]:
        # First the receipt: a repeated request is to be told so, whatever else is refused.
        if changes.receipt is not None:
            yield self._writes.of_receipt(changes.receipt)
        put: dict[TaskId, Task] = {}
        for write in changes.writes:
            if isinstance(write, Put):
                put[write.task["id"]] = write.task
                yield from self._writes.of_put(write)
            else:
                yield from self._writes.of_remove(write)
        for record in changes.extra:
            yield self._writes.of_record(record, put[record.task_id])

    def _tidying(self, changes: Changes) -> Iterator[Write]:
        """What becomes of the records of tasks that end or are removed."""
        written = {(record.task_id, record.kind, record.id) for record in changes.extra}
        for write in changes.writes:
            if write.before is None:
                continue
            before = write.before.task
            if isinstance(write, Remove):
                for record in self._records_of(before):
                    yield self._writes.of_record(replace(record, content=None), before)
            elif is_open(before) and not is_open(write.task):
                for record in self._records_of(before):
                    if (record.task_id, record.kind, record.id) not in written:
                        yield self._writes.of_record(record, write.task, EXISTS)

    def _records_of(self, task: Task) -> Iterator[Record]:
        for kind, count in _COUNTED_IN.items():
            if task.get(count):
                yield from self.records(task["id"], kind)
