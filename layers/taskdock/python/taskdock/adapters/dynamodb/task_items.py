"""Writes and reads tasks, records and receipts as items of the table."""

import json
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.documents import packed, unpacked
from taskdock.domain.access import Authorization
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import Index
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Receipt, Record, StoredTask

if TYPE_CHECKING:
    from types_boto3_dynamodb.type_defs import AttributeValueTypeDef

type Item = Mapping[str, AttributeValueTypeDef]

TABLE: Final = "task table"
"""The name of this dependency in error messages."""

DOCUMENT_LIMIT: Final = 300 * 1024
"""Bytes of JSON that a task may be (docs/api.md, Limits); the table takes 400 KB for an item."""

RECORD_LIMIT: Final = 390 * 1024
"""Bytes of JSON that a comment or an attachment may be."""

_OPERATION: Final = "operation"

ERASED: Final = "erased"
"""The attribute that the item of an erased task has."""

_MILLISECONDS_A_DAY: Final = 24 * 60 * 60 * 1000


def task_items(
    task: Task,
    version: int,
    days_after_end: int,
    authorization: Authorization = Authorization.OPEN,
) -> list[Item]:
    """The task's own item first, then its queue entries, all with the same document.

    Raises `InvalidRequest` when the document is over `DOCUMENT_LIMIT` or cannot be JSON.
    """
    document = packed(_json(task, DOCUMENT_LIMIT, f"Task '{task['id']}'"))
    own: dict[str, str | int] = {
        **keys.task_key(task["id"]),
        **keys.index_keys(task, authorization),
    }
    expires = expiry(task, days_after_end)
    if expires is not None:
        own["expires"] = expires
    return [
        {**attributes({**entry, "version": version}), "doc": document}
        for entry in (own, *keys.queue_keys(task, authorization))
    ]


def erased_item(before: StoredTask, stamp: Instant, days_after_end: int) -> Item:
    """What stays of an erased task for a while, so that readers of changes hear of it: its id, its
    tenant, and that it is gone. A reader of the task finds none, and its id is free: the tenant's
    next task of that id takes its place.
    """
    task = before.task
    gone: Task = {
        "id": task["id"], "priority": 0, "created": task["created"], "state": task["state"],
        "ended": stamp, "deleted": True, "erased": True,
    }  # fmt: skip
    if "tenantId" in task:
        gone = {**gone, "tenantId": task["tenantId"]}
    values: dict[str, str | int] = {
        **keys.task_key(task["id"]),
        **keys.stamped_keys(task, stamp),
        "version": before.version + 1,
        ERASED: 1,
        "expires": expiry(gone, days_after_end) or 0,
    }
    return {**attributes(values), "doc": packed(_json(gone, DOCUMENT_LIMIT, "The task"))}


def is_erased(found: Item) -> bool:
    """Whether the item is what stays of an erased task."""
    return ERASED in found


def stamp_in(found: Item) -> Instant | None:
    """The stamp of the task's own item, if readers of changes find it."""
    stamp = found.get(Index.CHANGES.sort_key)
    return None if stamp is None else Instant(int(stamp["N"]))


def stored_task(found: Item) -> StoredTask:
    """The task in an item of its own."""
    return StoredTask(unpacked(found["doc"]), int(found["version"]["N"]))


def operation_attribute(operation: Mapping[str, Any]) -> Item:
    """What the task's own item says of who changed it; no index has it."""
    return attributes({_OPERATION: json.dumps(operation, ensure_ascii=False)})


def operation_in(found: Item) -> Mapping[str, Any] | None:
    """Who changed the task in an item of its own, as far as the item says."""
    if _OPERATION not in found:
        return None
    operation: Mapping[str, Any] = json.loads(found[_OPERATION]["S"])
    return operation


def expiry(task: Task, days_after_end: int) -> int | None:
    """When the table deletes an ended task, in epoch seconds; None while it is open."""
    ended = task.get("ended")
    if ended is None:
        return None
    return epoch_seconds(Instant(ended + days_after_end * _MILLISECONDS_A_DAY))


def record_item(record: Record, expires: int | None) -> Item:
    """The item of a comment or an attachment; the table deletes it after `expires`.

    Raises `InvalidRequest` when its content is over `RECORD_LIMIT` or cannot be JSON.
    """
    values: dict[str, str | int] = {
        **keys.record_key(record.task_id, record.kind, record.id),
        "id": record.id,
        "content": _json(record.content, RECORD_LIMIT, f"The {record.kind}"),
    }
    return attributes(values if expires is None else {**values, "expires": expires})


def read_record(found: Item, task_id: TaskId, kind: str) -> Record:
    """The record in an item."""
    return Record(task_id, kind, found["id"]["S"], record_content(found))


def record_content(found: Item) -> Mapping[str, Any]:
    """The content of the record in an item."""
    content: Mapping[str, Any] = json.loads(found["content"]["S"])
    return content


def receipt_item(receipt: Receipt) -> Item:
    """The item of a receipt. It stops counting at `until`, which is exact."""
    noted = {"fingerprint": receipt.fingerprint, "answer": receipt.answer, "issued": receipt.issued}
    return attributes(
        {
            **keys.receipt_key(receipt.owner, receipt.key),
            "content": _json(noted, RECORD_LIMIT, "The answer to remember"),
            "until": receipt.expires,
            "expires": epoch_seconds(receipt.expires),
        }
    )


def read_receipt(found: Item, owner: str, key: str) -> Receipt:
    """The receipt in an item."""
    expires = Instant(int(found["until"]["N"]))
    return Receipt(owner, key, expires=expires, **json.loads(found["content"]["S"]))


def attributes(values: Mapping[str, str | int]) -> Item:
    """`values` as attribute values of DynamoDB."""
    return {
        name: {"S": value} if isinstance(value, str) else {"N": str(value)}
        for name, value in values.items()
    }


def size_of(written: Item) -> int:
    """Bytes that the table counts for an item, with one byte for each digit of a number."""
    return sum(len(name) + _length(value) for name, value in written.items())


def _length(value: "AttributeValueTypeDef") -> int:
    content = value.get("B", value.get("S", value.get("N", "")))
    return len(content.encode() if isinstance(content, str) else bytes(content))


def _json(content: object, limit: int, what: str) -> str:
    try:
        text = json.dumps(content, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
    except ValueError as error:
        raise InvalidRequest(f"{what} holds a number that JSON cannot write.") from error
    try:
        size = len(text.encode())
    except UnicodeEncodeError:  # half a surrogate pair: escaped, it comes back as it was
        text = json.dumps(content, allow_nan=False, separators=(",", ":"))
        size = len(text)
    if size > limit:
        raise InvalidRequest(
            f"{what} would take {-(-size // 1024)} KiB to keep; the limit is {limit // 1024} KiB."
        )
    return text


def epoch_seconds(instant: Instant) -> int:
    """The instant as the table's time to live counts, the next whole second."""
    return -(-instant // 1000)
