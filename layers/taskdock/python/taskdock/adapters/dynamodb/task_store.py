"""Tasks in the DynamoDB table: an item for each task, and queue entries for further inboxes."""

import json
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, cast

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.documents import Documents
from taskdock.adapters.dynamodb.table_reads import BATCH, TableReads
from taskdock.adapters.dynamodb.task_items import (
    Item,
    is_erased,
    read_receipt,
    read_record,
    size_of,
    stored_task,
)
from taskdock.domain.access import Authorization
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import LEAST_READ_UNITS, ByIndex, ReadSpec
from taskdock.domain.tasks.task import TaskId, is_visible
from taskdock.use_cases.documents import decoded
from taskdock.use_cases.ports import (
    Changes,
    Page,
    Receipt,
    Record,
    StoredTask,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

    from taskdock.adapters.dynamodb.table_reads import PageStart
    from taskdock.adapters.dynamodb.task_commits import TaskCommits


class DynamoDbTaskStore:
    """`TaskStore` on a DynamoDB table of the shape that `keys` describes."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table_name: str,
        *,
        ended_task_days: int,
        authorization: Authorization = Authorization.OPEN,
        index_table: str | None = None,
        stamp: Callable[[], Instant | None] = lambda: None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`index_table` is the table whose indexes are read, by default the same one. `stamp` is
        `ChangeKeeping.stamp`; by default changes are not kept.
        """
        self._client = client
        self._reads = TableReads(client, table_name, sleep, index_table)
        self._table_name = table_name
        self._sleep = sleep
        self._stamp = stamp
        self._ended_task_days = ended_task_days
        self._authorization = authorization

    def get(self, task_id: TaskId) -> StoredTask | None:
        """See `TaskStore.get`."""
        found = self._reads.item(keys.task_key(task_id))
        return None if found is None or is_erased(found) else stored_task(found)

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
        asked = ids[: min(limit or BATCH, BATCH)]
        items, read_units, unanswered = self._reads.batch(asked, consistent=False)
        left = (*unanswered, *ids[len(asked) :]) or None
        if spec.tenants is None:
            return Page(Documents(items, versions=spec.versions), read_units, left)
        visible = _visible(items, spec.tenants)
        missing = len(asked) - len(unanswered) - len(visible)
        if missing:  # what is hidden costs as much as what is not there
            read_units = LEAST_READ_UNITS * missing + sum(map(_read_units, visible))
        return Page(Documents(visible, versions=spec.versions), read_units, left)

    def tenants(self) -> Sequence[str]:
        """See `TaskStore.tenants`."""
        found = self._reads.collection(keys.TENANTS, keys.TENANT_PREFIX)
        return sorted(json.loads(item["tenant"]["S"]) for item in found)

    def check(self, changes: Changes) -> None:
        """See `TaskStore.check`."""
        self._commits.check(changes)

    def commit(self, changes: Changes) -> None:
        """See `TaskStore.commit`."""
        self._commits.commit(changes)

    def note(self, record: Record, until: Instant | None) -> None:
        """See `TaskStore.note`."""
        self._commits.note(record, until)

    def expire_records(self, task_id: TaskId, until: Instant) -> None:
        """See `TaskStore.expire_records`."""
        self._commits.expire_records(task_id, self._reads.records(task_id, lasting=True), until)

    def forget_records(self, task_id: TaskId) -> int:
        """See `TaskStore.forget_records`."""
        return self._commits.forget_records(task_id, self._reads.records(task_id))

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

    @cached_property
    def _commits(self) -> "TaskCommits":
        # Imported here: functions that only read start without it.
        from taskdock.adapters.dynamodb.task_commits import TaskCommits
        from taskdock.adapters.dynamodb.task_writes import TaskWrites

        writes = TaskWrites(self._table_name, self._ended_task_days, self._authorization)
        return TaskCommits(self._client, writes, self._sleep, self._stamp)


def _visible(items: Sequence[Item], tenants: frozenset[str]) -> list[Item]:
    """The items of tasks that a member of the tenants sees."""
    tasks = decoded(Documents(items), frozenset(("tenantId",)))
    return [item for item, (_, task) in zip(items, tasks, strict=True) if is_visible(task, tenants)]


def _read_units(item: Item) -> float:
    """What reading the item costs, eventually consistent: half a unit for each 4 KB."""
    return LEAST_READ_UNITS * -(-size_of(item) // 4096)
