"""Records of the table's stream, as Lambda sends them: changes of tasks, contents to remove."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.task_items import (
    is_erased,
    operation_in,
    record_content,
    stored_task,
)
from taskdock.domain.events.detection import Change
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import StoredTask
from taskdock.use_cases.publish_task_events import Delivery, Unreadable
from taskdock.use_cases.publishing_ports import Place

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord

_SORT_KEY_OF_TASKS: Final = keys.task_key(TaskId("any"))["SK"]

_IMAGES: Final[Mapping[str, tuple[str, ...]]] = {
    "INSERT": ("NewImage",),
    "MODIFY": ("OldImage", "NewImage"),
    "REMOVE": ("OldImage",),
}
# The images a record must have, the latest last. A modification without its old image would
# pass for a creation without any sign.

_EXPIRED: Final = {"type": "Service", "principalId": "dynamodb.amazonaws.com"}
# Who removes an item whose time to live is over.


def deliveries(event: Mapping[str, Any]) -> list[Delivery]:
    """The changes of tasks in the event's records, in the order of the stream.

    Records of other items than tasks are left out. One that cannot be read is delivered
    as `Unreadable`. Raises `KeyError` only where a record has no place in the stream, because
    then it could not be asked for again.
    """
    return [
        Delivery(_place(record), _content(record))
        for record in event["Records"]
        if not _is_beside_tasks(record)
    ]


def has_expired(record: Mapping[str, Any]) -> bool:
    """Whether the table itself removed the item, because its time to live was over."""
    return record.get("userIdentity") == _EXPIRED


def discarded_content(record: "DynamoDBRecord") -> str | None:
    """The id of the content to remove after the change in a record; None for no content.

    It is the content of an attachment that was removed or got another content, or of an upload
    whose note expired. A note that was deleted earlier became an attachment. Raises what reading
    raises for a record of another shape.
    """
    images = record.raw_event["dynamodb"]
    before = _content_id(images.get("OldImage"))
    if before is None or before == _content_id(images.get("NewImage")):
        return None
    is_note = images["Keys"]["SK"]["S"].startswith(keys.record_prefix(keys.RecordKind.UPLOAD))
    return before if not is_note or has_expired(record.raw_event) else None


def _content_id(image: Mapping[str, Any] | None) -> str | None:
    return None if image is None else record_content(image).get("contentId")


def _is_beside_tasks(record: Mapping[str, Any]) -> bool:
    sort_key = record["dynamodb"].get("Keys", {}).get("SK", {}).get("S")
    return sort_key not in (None, _SORT_KEY_OF_TASKS)


def _place(record: Mapping[str, Any]) -> Place:
    """Where the record is; its subject is its task's partition, or itself if it hides that."""
    images = record["dynamodb"]
    sequence = images["SequenceNumber"]
    subject = str(images.get("Keys", {}).get("PK", {}).get("S", sequence))
    return Place(str(record.get("eventSourceARN", "")), sequence, subject)


def _content(record: Mapping[str, Any]) -> Change | Unreadable:
    try:
        return _change(record)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        return Unreadable(f"the record has a wrong shape: {type(error).__name__}: {error}")
    except Unreadable as unreadable:
        return unreadable


def _change(record: Mapping[str, Any]) -> Change:
    images = record["dynamodb"]
    names = _IMAGES[record["eventName"]]
    read = {name: _task(images[name]) for name in names}
    # What stays of an erased task is no task.
    tasks = {name: stored for name, stored in read.items() if not is_erased(images[name])}
    before, after = tasks.get("OldImage"), tasks.get("NewImage")
    return Change(
        record=record["eventID"],
        recorded=Instant(int(images["ApproximateCreationDateTime"] * 1000)),
        version=read[names[-1]].version if after is not None else read[names[0]].version,
        before=None if before is None else before.task,
        after=None if after is None else after.task,
        expired=has_expired(record),
        operation=operation_in(images["NewImage"]) if after is not None else None,
    )


def _task(image: Mapping[str, Any]) -> StoredTask:
    stored = stored_task(image)
    document: object = stored.task
    if not isinstance(document, dict) or not isinstance(document.get("id"), str):
        raise Unreadable("the document is no task")
    return stored
