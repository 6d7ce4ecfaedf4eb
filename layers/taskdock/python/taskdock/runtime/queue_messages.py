"""Messages of a queue behind the bus, as Lambda hands them over, read into starts of tasks."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from taskdock.domain.events import TaskStarted
from taskdock.use_cases.print_documents import Started

_STARTED: Final = TaskStarted.__name__


class Unusable(Exception):
    """A message that is no start of a task; it lands in the failure queue."""


@dataclass(frozen=True, slots=True)
class Message:
    """A message and the name it is reported under when it is to come again."""

    id: str
    body: str

    def started(self) -> Started:
        """The start it tells of; raises `Unusable` that says what is missing, and no content."""
        try:
            event = json.loads(self.body)
            if event["detail-type"] != _STARTED:
                raise Unusable(f"a {event['detail-type']} is no {_STARTED}")
            detail = event["detail"]
            return Started(tid=detail["tid"], href=detail["href"], items=detail.get("items"))
        except (ValueError, LookupError, TypeError) as error:
            raise Unusable(f"the message has a wrong shape: {type(error).__name__}") from error


def messages(event: Mapping[str, Any]) -> Iterator[Message]:
    """The event's messages, in order."""
    for record in event["Records"]:
        yield Message(record["messageId"], record["body"])
