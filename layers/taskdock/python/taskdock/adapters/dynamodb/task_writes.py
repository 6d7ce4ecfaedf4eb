"""The writes for a change of tasks: each item, its condition and its errors."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Final, Literal, TypedDict

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.table_writes import Refusal, Write
from taskdock.adapters.dynamodb.task_items import (
    TABLE,
    Item,
    attributes,
    epoch_seconds,
    erased_item,
    expiry,
    is_erased,
    operation_attribute,
    receipt_item,
    record_item,
    size_of,
    stored_task,
    task_items,
)
from taskdock.adapters.outages import unavailable
from taskdock.domain.access import Authorization
from taskdock.domain.changes.keeping import is_kept, must_keep_tenant
from taskdock.domain.errors import AlreadyExists
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import (
    Put,
    Receipt,
    ReceiptTaken,
    Record,
    Remove,
    StoredTask,
    VersionConflict,
)

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef


class Condition(TypedDict, total=False):
    """A condition on the stored item; a refusal returns that item."""

    ConditionExpression: str
    ExpressionAttributeNames: Mapping[str, str]
    ExpressionAttributeValues: Mapping[str, "AttributeValueTypeDef"]
    ReturnValuesOnConditionCheckFailure: Literal["ALL_OLD"]


ALWAYS: Final[Condition] = {}

IS_NEW: Final[Condition] = {
    "ConditionExpression": "attribute_not_exists(PK)",
    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
}

EXISTS: Final[Condition] = {
    "ConditionExpression": "attribute_exists(PK)",
    "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
}


def has_version(version: int) -> Condition:
    """The task still has the version that was read."""
    return {
        "ConditionExpression": "#version = :version",
        "ExpressionAttributeNames": {"#version": "version"},
        "ExpressionAttributeValues": {":version": {"N": str(version)}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


def is_free(now: Instant) -> Condition:
    """There is no receipt, or one that has expired but is not yet deleted."""
    return {
        "ConditionExpression": "attribute_not_exists(PK) OR #until <= :now",
        "ExpressionAttributeNames": {"#until": "until"},
        "ExpressionAttributeValues": {":now": {"N": str(now)}},
        "ReturnValuesOnConditionCheckFailure": "ALL_OLD",
    }


@dataclass(frozen=True, slots=True)
class TaskWrites:
    """Makes the writes to one table; ended tasks get a time to live."""

    table: str
    ended_task_days: int
    authorization: Authorization = Authorization.OPEN
    """Where participants alone see a task, owners and linked users have entries too."""

    def of_put(
        self, put: Put, stamp: Instant | None = None, erased: int | None = None
    ) -> Iterator[Write]:
        """The writes of the task, of its queue entries, and the deletes of entries that it no
        longer has. With a stamp, readers of changes find it. `erased` is the version of the mark
        that a new task takes the place of.

        Raises `InvalidRequest` for a task that would change its tenant, or is too large.
        """
        task, before = put.task, put.before
        must_keep_tenant(task, None if before is None else before.task)
        former = erased if before is None else before.version
        condition = IS_NEW if former is None else has_version(former)
        version = (former or 0) + 1
        refusal = _taken(task) if before is None else _lost(task["id"])
        own, *queue = task_items(task, version, self.ended_task_days, self.authorization)
        if put.operation is not None:
            own = {**own, **operation_attribute(put.operation)}
        if stamp is not None and is_kept(task["created"], stamp, is_new=former is None):
            own = {**own, **attributes(keys.stamped_keys(task, stamp))}
        yield self._put(own, condition, refusal)
        for entry in queue:
            yield self._put(entry, ALWAYS, refusal)
        if before is not None:
            kept = {entry["SK"]["S"] for entry in queue}
            yield from (
                self._delete(key, ALWAYS, refusal)
                for key in self._queue_keys(before.task)
                if key["SK"] not in kept
            )

    def of_same(self, stored: StoredTask, stamp: Instant | None = None) -> Iterator[Write]:
        """The writes of the task as it is, with the entries of this authorization and without those
        of any other. A stamp that it has stays, since nothing changes for readers of changes."""
        task, refusal = stored.task, _lost(stored.task["id"])
        own, *queue = task_items(task, stored.version, self.ended_task_days, self.authorization)
        if stamp is not None:
            own = {**own, **attributes(keys.stamped_keys(task, stamp))}
        yield self._put(own, has_version(stored.version), refusal)
        for entry in queue:
            yield self._put(entry, ALWAYS, refusal)
        kept = {entry["SK"]["S"] for entry in queue}
        for each in Authorization:
            for key in replace(self, authorization=each)._queue_keys(task):
                if key["SK"] not in kept:
                    kept.add(key["SK"])
                    yield self._delete(key, ALWAYS, refusal)

    def of_remove(self, remove: Remove, stamp: Instant | None = None) -> Iterator[Write]:
        """The deletes of the task and of its queue entries. With a stamp, a mark takes the task's
        place, so that readers of changes hear of it."""
        task, refusal = remove.before.task, _lost(remove.before.task["id"])
        condition = has_version(remove.before.version)
        if stamp is None:
            yield self._delete(keys.task_key(task["id"]), condition, refusal)
        else:
            mark = erased_item(remove.before, stamp, self.ended_task_days)
            yield self._put(mark, condition, refusal)
        yield from (self._delete(key, ALWAYS, refusal) for key in self._queue_keys(task))

    def of_receipt(self, receipt: Receipt) -> Write:
        """The write of a receipt, unless a valid one exists."""
        return self._put(receipt_item(receipt), is_free(receipt.issued), _receipt_taken(receipt))

    def of_record(self, record: Record, task: Task, condition: Condition = ALWAYS) -> Write:
        """The write or the delete of a record of `task`; it expires with the task."""
        refusal = _lost(task["id"])
        if record.content is None:
            key = keys.record_key(record.task_id, record.kind, record.id)
            return self._delete(key, condition, refusal)
        expires = expiry(task, self.ended_task_days)
        return self._put(record_item(record, expires), condition, refusal)

    def of_note(self, record: Record, until: Instant | None) -> Write:
        """The write of a record without a task."""
        item = record_item(record, None if until is None else epoch_seconds(until))
        return self._put(item, ALWAYS, _lost(record.task_id))

    def of_expiry(self, task_id: TaskId, key: keys.Key, until: Instant) -> Write:
        """The update that has a record, if it is still there, expire."""
        expiry: dict[str, Any] = {
            "UpdateExpression": "SET #expires = :expires",
            "ExpressionAttributeNames": {"#expires": "expires"},
            "ExpressionAttributeValues": attributes({":expires": epoch_seconds(until)}),
        }
        update: Any = {"TableName": self.table, "Key": attributes(key), **expiry, **EXISTS}
        return Write({"Update": update}, _lost(task_id), size=0)

    def of_deletion(self, task_id: TaskId, key: keys.Key) -> Write:
        """The delete of a record, whether it is still there or not."""
        return self._delete(key, ALWAYS, _lost(task_id))

    def of_tenant(self, tenant: str) -> Write:
        """The write that lists a tenant."""
        item = attributes({**keys.tenant_key(tenant), "tenant": json.dumps(tenant)})
        return self._put(item, ALWAYS, _lost(TaskId("")))

    def _queue_keys(self, task: Task) -> Iterator[keys.Key]:
        for entry in keys.queue_keys(task, self.authorization):
            yield {"PK": str(entry["PK"]), "SK": str(entry["SK"])}

    def _put(self, item: Item, condition: Condition, refusal: Refusal) -> Write:
        return Write(
            {"Put": {"TableName": self.table, "Item": item, **condition}},
            refusal,
            size_of(item),
        )

    def _delete(self, key: keys.Key, condition: Condition, refusal: Refusal) -> Write:
        return Write(
            {
                "Delete": {
                    "TableName": self.table,
                    "Key": attributes(key),
                    **condition,
                }
            },
            refusal,
            size=0,
        )


def _lost(task_id: TaskId) -> Refusal:
    return Refusal(
        lambda found: VersionConflict(task_id, gone=found is None or is_erased(found)),
        lambda: VersionConflict(task_id),
    )


class ErasedBefore(Exception):
    """The id of a new task is that of an erased one, whose mark is still there."""

    def __init__(self, task_id: TaskId, version: int) -> None:
        super().__init__(task_id)
        self.task_id = task_id
        self.version = version
        """The mark's: the new task goes on counting from there, so that no reader of changes takes
        it for an earlier version of the erased one."""


def _taken(task: Task) -> Refusal:
    def unmet(found: Item | None) -> Exception:
        if found is not None and is_erased(found):
            mark = stored_task(found)
            # In another tenant it would take the mark away that readers there have to find.
            if mark.task.get("tenantId") == task.get("tenantId"):
                return ErasedBefore(task["id"], mark.version)
        return AlreadyExists(f"A task with id {task['id']} exists already.")

    # Another transaction on the item has not finished: whether it takes the id is unknown.
    return Refusal(unmet, lambda: unavailable(TABLE))


def _receipt_taken(receipt: Receipt) -> Refusal:
    return Refusal(lambda _: ReceiptTaken(receipt.key), lambda: unavailable(TABLE))
