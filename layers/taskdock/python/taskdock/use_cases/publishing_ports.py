"""Protocols for what publishing events needs from outside; `adapters` implements them."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple, Protocol

from taskdock.domain.events.task_events import TaskEvent


class Refused(NamedTuple):
    """Why the bus refused an event."""

    reason: str
    for_good: bool = False
    """Whether it would refuse the event every time."""


class EventBus(Protocol):
    """The bus for task events."""

    def publish(self, events: Sequence[TaskEvent]) -> Mapping[str, Refused]:
        """Publish the events in this order; returns the ids of those refused, each with a reason.

        A bus that cannot be reached refuses them all: nothing is raised.
        """
        ...


class Place(NamedTuple):
    """The position of a change in the table's stream, which keeps it for a day."""

    stream: str
    """The stream's ARN."""
    sequence: str
    subject: str
    """The key of the item that changed."""


class FailureQueue(Protocol):
    """The queue for changes that can never be published."""

    def report_failure(self, place: Place, reason: str) -> None:
        """Raises `TemporarilyUnavailable` when the queue cannot be reached."""
        ...
