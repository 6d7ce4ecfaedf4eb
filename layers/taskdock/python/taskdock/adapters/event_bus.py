"""The event bus on EventBridge."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from taskdock.domain.events.task_events import SOURCE, TaskEvent, as_json
from taskdock.use_cases.publishing_ports import Refused

if TYPE_CHECKING:
    from types_boto3_events import EventBridgeClient
    from types_boto3_events.type_defs import PutEventsRequestEntryTypeDef

    type _Sendable = tuple[str, PutEventsRequestEntryTypeDef]

MAX_ENTRIES: Final = 10
"""How many events one call takes."""

MAX_BYTES: Final = 256_000
"""How large the events of one call may be together: 256 KB, in the stricter reading."""

_TIME_BYTES: Final = 14
# Bytes that EventBridge counts for an entry's time.

TOO_LARGE: Final = "TooLarge"
"""The reason given for an event that no call could carry."""

_FOR_GOOD: Final = frozenset({"InvalidArgument", "MalformedDetail", "RedactionFailure"})
# Error codes of EventBridge for a faulty event.


class EventBridge:
    """`EventBus` on EventBridge."""

    def __init__(self, client: "EventBridgeClient", bus: str) -> None:
        self._client = client
        self._bus = bus

    def publish(self, events: Sequence[TaskEvent]) -> dict[str, Refused]:
        """Publish the events in this order; returns the ids of those refused, each with a reason.
        The reason is EventBridge's error code or the name of the exception. After a call that
        failed as a whole no other call is made: it would most likely fail too.
        """
        refused: dict[str, Refused] = {}
        sendable = []
        for event in events:
            entry = self._entry(event)
            if _size(entry) > MAX_BYTES:
                refused[event.event_id] = Refused(TOO_LARGE, for_good=True)
            else:
                sendable.append((event.event_id, entry))
        batches = _batches(sendable)
        for batch in batches:
            try:
                refused |= self._put(batch)
            except (ClientError, BotoCoreError) as error:
                unsent = [batch, *batches]
                reason = Refused(_reason(error))
                refused |= {event_id: reason for each in unsent for event_id, _ in each}
        return refused

    def _put(self, batch: Sequence["_Sendable"]) -> dict[str, Refused]:
        answer = self._client.put_events(Entries=[entry for _, entry in batch])
        return {
            event_id: Refused(result["ErrorCode"], result["ErrorCode"] in _FOR_GOOD)
            for (event_id, _), result in zip(batch, answer["Entries"], strict=True)
            if "ErrorCode" in result
        }

    def _entry(self, event: TaskEvent) -> "PutEventsRequestEntryTypeDef":
        return {
            "Time": datetime.fromtimestamp(event.metadata.occurred_at / 1000, UTC),
            "Source": SOURCE,
            "DetailType": event.name,
            "Detail": as_json(event.detail()),
            "EventBusName": self._bus,
        }


def _batches(entries: Iterable["_Sendable"]) -> Iterator[list["_Sendable"]]:
    """The entries in order, as many at a time as one call takes."""
    batch: list[_Sendable] = []
    room = MAX_BYTES
    for event_id, entry in entries:
        size = _size(entry)
        if len(batch) == MAX_ENTRIES or size > room:
            yield batch
            batch, room = [], MAX_BYTES
        batch.append((event_id, entry))
        room -= size
    if batch:
        yield batch


def _size(entry: "PutEventsRequestEntryTypeDef") -> int:
    texts = (entry.get("Source", ""), entry.get("DetailType", ""), entry.get("Detail", ""))
    return _TIME_BYTES + sum(len(text.encode()) for text in texts)


def _reason(error: ClientError | BotoCoreError) -> str:
    if isinstance(error, ClientError):
        return error.response.get("Error", {}).get("Code", "Unknown")
    return type(error).__name__
