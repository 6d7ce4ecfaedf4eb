"""Publish the events of the table's stream, in order for each task."""

from collections import deque
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.events.detection import Change, task_events
from taskdock.domain.events.task_events import TaskEvent
from taskdock.use_cases.publishing_ports import EventBus, Place, Refused

EARLIER_FAILED: Final = "an earlier change of the same task was not announced"


type ReportFailure = Callable[[Place, str], None]
"""Reports a change that can never be published; see `FailureQueue.report_failure`."""


type Note = Callable[[Change], object]
"""Writes down what a change leaves in history; raises `TemporarilyUnavailable`."""


class Unreadable(Exception):
    """A stream record of a task in an unknown form."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """One record of the stream and the change of a task in it."""

    place: Place
    """The task's id. Deliveries of the same subject keep their order."""
    content: Change | Unreadable


@dataclass(slots=True)
class Outcome:
    """The result of a batch of deliveries."""

    announced: int = 0
    """How many events were published."""
    failures: dict[Place, str] = field(default_factory=dict)
    """The deliveries to repeat, each with the reason."""
    set_aside: dict[Place, str] = field(default_factory=dict)
    """The deliveries that can never be published completely; the failure queue has the reason."""


def publish_task_events(
    bus: EventBus,
    report_failure: ReportFailure,
    deliveries: Sequence[Delivery],
    base_path: str = "",
    note: Note = lambda _: None,
) -> Outcome:
    """Publish the events of the deliveries; the result names those that must be delivered again. A
    delivery fails when the bus refuses one of its events for now. Later deliveries of the same
    subject then fail without being published, so that each task's events keep their order; other
    subjects go on. Events are published at least once: an event of a failed delivery may be on the
    bus already, and comes again under the same id.

    `note` writes down what a change leaves in history, before its events are published; a delivery
    fails as well when that cannot be done for now.

    A retry does not help a delivery that cannot be read, or that has an event which the bus would
    refuse every time. It would only block the stream, so it is set aside.
    """
    outcome = Outcome()
    queues: dict[str, deque[_Report]] = {}
    for delivery in deliveries:
        content = delivery.content
        report = _Report(delivery.place, content, _facts(content, base_path))
        queues.setdefault(delivery.place.subject, deque()).append(report)
    while queues:
        first = {subject: queue.popleft() for subject, queue in queues.items()}
        _announce(bus, [each for each in first.values() if _noted(each, note, outcome)], outcome)
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
    """The events of one delivery."""

    place: Place
    change: Change | Unreadable
    content: Sequence[TaskEvent] | Unreadable


def _noted(report: _Report, note: Note, outcome: Outcome) -> bool:
    """Whether history has what the change left, so that its events may be published."""
    if isinstance(report.change, Unreadable):
        return True
    try:
        note(report.change)
    except TemporarilyUnavailable as unavailable:
        outcome.failures[report.place] = unavailable.message
        return False
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        # What was noted with the change must not stop the other tasks.
        outcome.set_aside[report.place] = f"not in history: {type(error).__name__}: {error}"
    return True


def _facts(content: Change | Unreadable, base_path: str) -> Sequence[TaskEvent] | Unreadable:
    if isinstance(content, Unreadable):
        return content
    try:
        return task_events(content, base_path)
    except (LookupError, TypeError, ValueError, AttributeError, RecursionError) as error:
        # A document with a wrong shape must not stop the other tasks.
        return Unreadable(f"the task's document has a wrong shape: {type(error).__name__}")


def _announce(bus: EventBus, reports: Iterable[_Report], outcome: Outcome) -> None:
    origin: dict[str, Place] = {}
    announcements: list[TaskEvent] = []
    for report in reports:
        if isinstance(report.content, Unreadable):
            outcome.set_aside[report.place] = str(report.content)
        else:
            announcements += report.content
            origin |= {event.event_id: report.place for event in report.content}
    refusals: Mapping[str, Refused] = bus.publish(announcements) if announcements else {}
    outcome.announced += len(announcements) - len(refusals)
    for event_id, refused in refusals.items():
        kept = outcome.set_aside if refused.for_good else outcome.failures
        kept[origin[event_id]] = refused.reason


def _tell_of_the_lost(report_failure: ReportFailure, outcome: Outcome) -> None:
    """Report what is set aside; deliveries that come again are reported then."""
    for place in outcome.set_aside.keys() & outcome.failures.keys():
        del outcome.set_aside[place]
    for place, reason in list(outcome.set_aside.items()):
        try:
            report_failure(place, reason)
        except TemporarilyUnavailable as unavailable:
            del outcome.set_aside[place]
            outcome.failures[place] = unavailable.message
