"""Announce what the table's stream tells, in the order in which each task lived through it."""

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Final

from taskdock.domain.events import Fact
from taskdock.domain.facts import Change, facts
from taskdock.use_cases.ports import EventBus

EARLIER_FAILED: Final = "an earlier change of the same task was not announced"


class Unreadable(Exception):
    """A record that should tell of a task, and does not in a form we know."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One record of the stream, as far as it concerns tasks."""

    sequence: str
    """Its place in the stream, by which it is delivered again."""
    subject: str
    """Whose order counts: deliveries of the same subject are announced one after the other."""
    content: Change | Unreadable


@dataclass(slots=True)
class Outcome:
    """What became of a batch of deliveries."""

    announced: int = 0
    """How many facts are on the bus."""
    failures: dict[str, str] = field(default_factory=dict)
    """Sequences that must be delivered again, each with the reason."""


def publish_task_events(
    bus: EventBus, deliveries: Sequence[Delivery], base_path: str = ""
) -> Outcome:
    """Put the facts of the deliveries on the bus and tell what must be delivered again.

    A delivery fails when it cannot be read or when the bus refuses one of its facts. Once one
    has failed, later ones of the same subject fail unannounced, so that no task's story is told
    out of order; other subjects are not held up. At least once: a fact of a failed delivery may
    be on the bus already, and comes again under the same id.
    """
    outcome = Outcome()
    queues: dict[str, deque[_Report]] = {}
    for delivery in deliveries:
        report = _Report(delivery.sequence, _facts(delivery.content, base_path))
        queues.setdefault(delivery.subject, deque()).append(report)
    while queues:
        first = {subject: queue.popleft() for subject, queue in queues.items()}
        _announce(bus, first.values(), outcome)
        for subject, report in first.items():
            if report.sequence in outcome.failures:
                held_up = [later.sequence for later in queues[subject]]
                outcome.failures |= dict.fromkeys(held_up, EARLIER_FAILED)
                queues[subject].clear()
        queues = {subject: queue for subject, queue in queues.items() if queue}
    return outcome


@dataclass(frozen=True, slots=True)
class _Report:
    """What one delivery has to tell."""

    sequence: str
    content: Sequence[Fact] | Unreadable


def _facts(content: Change | Unreadable, base_path: str) -> Sequence[Fact] | Unreadable:
    if isinstance(content, Unreadable):
        return content
    try:
        return facts(content, base_path)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # A document that has the wrong shape somewhere deep: it must not stop the other tasks.
        return Unreadable(f"the task's document has a wrong shape: {type(error).__name__}")


def _announce(bus: EventBus, reports: Iterable[_Report], outcome: Outcome) -> None:
    origin: dict[str, str] = {}
    announcements: list[Fact] = []
    for report in reports:
        if isinstance(report.content, Unreadable):
            outcome.failures[report.sequence] = str(report.content)
        else:
            announcements += report.content
            origin |= {fact.event_id: report.sequence for fact in report.content}
    refused = bus.publish(announcements) if announcements else {}
    outcome.announced += len(announcements) - len(refused)
    outcome.failures |= {origin[event_id]: reason for event_id, reason in refused.items()}
