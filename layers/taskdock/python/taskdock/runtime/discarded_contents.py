"""Records of the table's stream read for contents that the table names no more."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from taskdock.adapters.keys import RecordKind, record_prefix
from taskdock.adapters.task_items import record_content
from taskdock.runtime.stream_records import has_expired


@dataclass(frozen=True, slots=True)
class Discarded:
    """A content that is to be removed."""

    sequence: str
    """The place in the stream of the record that tells so."""
    content_id: str


def discarded_contents(event: Mapping[str, Any]) -> Iterator[Discarded]:
    """The contents that the event's records tell to remove, in the order of the stream.

    That is the content of an attachment which is gone or has another one now, and of an upload
    whose note ran out. A note that went any other way became an attachment. Raises whatever
    reading raises for a record that has not the shape of ours.
    """
    for record in event["Records"]:
        images = record["dynamodb"]
        before = _content_id(images.get("OldImage"))
        if before is None or before == _content_id(images.get("NewImage")):
            continue
        is_note = images["Keys"]["SK"]["S"].startswith(record_prefix(RecordKind.UPLOAD))
        if not is_note or has_expired(record):
            yield Discarded(images["SequenceNumber"], before)


def _content_id(image: Mapping[str, Any] | None) -> str | None:
    return None if image is None else record_content(image).get("contentId")
