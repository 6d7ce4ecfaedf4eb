"""Announce what the table's stream tells, in the order in which each task lived through it."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.events.detection import Change, facts
from taskdock.domain.events.task_events import TaskEvent
from taskdock.use_cases.ports import EventBus, Place, Refused

EARLIER_FAILED: Final = "an earlier change of the same task was not announced"


type ReportFailure = Callable[[Place, str], None]
"""Tells somebody of a change that can never be announced; see `FailureQueue.tell`."""


class Unreadable(Exception):
    """A record that should tell of a task, and does not in a form we know."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One record of the stream, as far as it concerns tasks."""

    place: Place
    """By which it is delivered again. Deliveries of the same subject keep their order."""
    content: Change | Unreadable


@dataclass(slots=True)
class Outcome:
    """What became of a batch of deliveries."""

    announced: int = 0
    """How many facts are on the bus."""
    failures: dict[Place, str] = field(default_factory=dict)
    """What must be delivered again, each with the reason."""
    set_aside: dict[Place, str] = field(default_factory=dict)
    """What can never be announced, or not all of it; the failure queue was told why."""


def publish_task_events(
    bus: EventBus,
    report_failure: ReportFailure,
    deliveries: Sequence[Delivery],
    base_path: str = "",
) -> Outcome:
    """Put the facts of the deliveries on the bus and tell what must be delivered again.

    A delivery fails when the bus does not take one of its facts now. Once one has failed, later
    ones of the same subject fail unannounced, so that no task's story is told out of order; other
    subjects are not held up. At least once: a fact of a failed delivery may be on the bus
    already, and comes again under the same id.

    Trying again is no help to a delivery that cannot be read or that has a fact which the bus
    would refuse every time. It would only hold up whatever comes after it in the stream, so it
    is set aside, and the story goes on without it.
    """
    outcome = Outcome()
    queues: dict[str, deque[_Report]] = {}
    for delivery in deliveries:
        report = _Report(delivery.place, _facts(delivery.content, base_path))
        queues.setdefault(delivery.place.subject, deque()).append(report)
    while queues:
        first = {subject: queue.popleft() for subject, queue in queues.items()}
        _announce(bus, first.values(), outcome)
        for subject, report in first.items():
            if report.place in outcome.failures:
                held_up = [later.place for later in queues[subject]]
                outcome.failures |= dict.fromkeys(held_up, EARLIER_FAILED)
                queues[subject].clear()
        queues = {subject: queue for subject, queue in queues.items() if queue}
    _tell_of_the_lost(report_failure, outcome)
    return outcome


@dataclass(frozen=True, slots=True)
class _Report:
    """What one delivery has to tell."""

    place: Place
    content: Sequence[TaskEvent] | Unreadable


def _facts(content: Change | Unreadable, base_path: str) -> Sequence[TaskEvent] | Unreadable:
    if isinstance(content, Unreadable):
        return content
    try:
        return facts(content, base_path)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # A document that has the wrong shape somewhere deep: it must not stop the other tasks.
        return Unreadable(f"the task's document has a wrong shape: {type(error).__name__}")


def _announce(bus: EventBus, reports: Iterable[_Report], outcome: Outcome) -> None:
    origin: dict[str, Place] = {}
    announcements: list[TaskEvent] = []
    for report in reports:
        if isinstance(report.content, Unreadable):
            outcome.set_aside[report.place] = str(report.content)
        else:
            announcements += report.content
            origin |= {fact.event_id: report.place for fact in report.content}
    refusals: Mapping[str, Refused] = bus.publish(announcements) if announcements else {}
    outcome.announced += len(announcements) - len(refusals)
    for event_id, refused in refusals.items():
        kept = outcome.set_aside if refused.for_good else outcome.failures
        kept[origin[event_id]] = refused.reason


def _tell_of_the_lost(report_failure: ReportFailure, outcome: Outcome) -> None:
    """Tell of what is set aside; what comes again anyway is told of then."""
    for place in outcome.set_aside.keys() & outcome.failures.keys():
        del outcome.set_aside[place]
    for place, reason in list(outcome.set_aside.items()):
        try:
            report_failure(place, reason)
        except TemporarilyUnavailable as unavailable:
            del outcome.set_aside[place]
            outcome.failures[place] = unavailable.message
