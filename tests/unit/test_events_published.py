"""Announcing a batch of the stream: what fails, what waits for it, what is not held up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.events.detection import Change
from taskdock.domain.events.task_events import TaskEvent
from taskdock.use_cases.publish_task_events import (
    EARLIER_FAILED,
    Delivery,
    Outcome,
    Unreadable,
    publish_task_events,
)
from taskdock.use_cases.publishing_ports import Place, Refused

from tests.support.builders import CREATED
from tests.support.service_tasks import a_service_task


@dataclass
class Bus:
    """A bus that keeps accepted events and refuses given ids, for now or for good."""

    refusing: frozenset[str] = frozenset()
    never_taking: frozenset[str] = frozenset()
    down: bool = False
    taken: list[TaskEvent] = field(default_factory=list)
    calls: int = 0

    def publish(self, events: Sequence[TaskEvent]) -> Mapping[str, Refused]:
        self.calls += 1
        refused = {
            event.event_id: Refused("InternalFailure")
            for event in events
            if self.down or event.event_id in self.refusing
        }
        refused |= {
            event.event_id: Refused("TooLarge", for_good=True)
            for event in events
            if event.event_id in self.never_taking
        }
        self.taken += [event for event in events if event.event_id not in refused]
        return refused

    @property
    def ids(self) -> list[str]:
        return [event.event_id for event in self.taken]


@dataclass
class Told:
    """The failure queue's messages; one that is out of reach gets none."""

    out_of_reach: bool = False
    reasons: dict[str, str] = field(default_factory=dict)

    def __call__(self, place: Place, reason: str) -> None:
        if self.out_of_reach:
            raise TemporarilyUnavailable("The failure queue cannot be reached.")
        assert place.stream == "the-stream"
        self.reasons[place.sequence] = reason


def published(
    bus: Bus, deliveries: Sequence[Delivery], report_failure: Told | None = None
) -> Outcome:
    return publish_task_events(bus, report_failure or Told(), deliveries)


def failures(outcome: Outcome) -> dict[str, str]:
    """Sequences that come again, with the reasons."""
    return {place.sequence: reason for place, reason in outcome.failures.items()}


def a_place(sequence: str, tid: str) -> Place:
    return Place("the-stream", sequence, tid)


def renamed(sequence: str, tid: str) -> Delivery:
    """A change of a task's name; its one event has the id `<sequence>.TaskUpdated`."""
    before, after = a_service_task(id=tid), a_service_task(id=tid, name=sequence)
    return Delivery(a_place(sequence, tid), Change(sequence, CREATED, 2, before, after))


def claimed_and_renamed(sequence: str, tid: str) -> Delivery:
    """A change that causes two events."""
    before, after = a_service_task(id=tid), a_service_task(id=tid, name=sequence, assignee="mary")
    return Delivery(a_place(sequence, tid), Change(sequence, CREATED, 2, before, after))


def unreadable(sequence: str, tid: str) -> Delivery:
    return Delivery(a_place(sequence, tid), Unreadable("the document is no task"))


def test_every_change_is_published_and_counted() -> None:
    bus = Bus()
    outcome = published(bus, [renamed("1", "a"), claimed_and_renamed("2", "b")])
    assert bus.ids == ["1.TaskUpdated", "2.TaskUpdated", "2.TaskAssigned"]
    assert (outcome.announced, outcome.failures, outcome.set_aside) == (3, {}, {})


def test_addresses_start_with_the_context_path() -> None:
    bus = Bus()
    publish_task_events(bus, Told(), [renamed("1", "a")], "/engine-rest")
    assert bus.taken[0].metadata.href == "/engine-rest/v1/services/operator-p4/tasks/a"


def test_different_tasks_share_a_call() -> None:
    bus = Bus()
    published(bus, [renamed(str(each), f"t{each}") for each in range(50)])
    assert bus.calls == 1


@pytest.mark.parametrize(
    "deliveries", [[], [Delivery(a_place("1", "a"), Change("1", CREATED, 1, None, None))]]
)
def test_a_bus_is_not_bothered_with_nothing(deliveries: list[Delivery]) -> None:
    bus = Bus()
    assert published(bus, deliveries).failures == {}
    assert bus.calls == 0


def test_an_unreadable_record_is_set_aside_and_nothing_waits_for_it() -> None:
    bus, told = Bus(), Told()
    deliveries = [renamed("1", "a"), unreadable("2", "b"), renamed("3", "b"), renamed("4", "c")]
    outcome = published(bus, deliveries, told)
    assert failures(outcome) == {}
    assert told.reasons == {"2": "the document is no task"}
    assert outcome.set_aside == {a_place("2", "b"): "the document is no task"}
    assert bus.ids == ["1.TaskUpdated", "4.TaskUpdated", "3.TaskUpdated"]


def test_a_document_of_a_wrong_shape_is_set_aside() -> None:
    broken = a_service_task(id="b", state="started", input=[{"address": "nowhere"}])
    change = Change("2", CREATED, 2, a_service_task(id="b"), broken)
    bus, told = Bus(), Told()
    outcome = published(
        bus, [renamed("1", "a"), Delivery(a_place("2", "b"), change), renamed("3", "c")], told
    )
    assert failures(outcome) == {}
    assert told.reasons == {"2": "the task's document has a wrong shape: KeyError"}
    assert bus.ids == ["1.TaskUpdated", "3.TaskUpdated"]


def test_an_event_that_is_refused_for_good_is_reported_and_the_others_are_published() -> None:
    bus, told = Bus(never_taking=frozenset({"1.TaskUpdated"})), Told()
    outcome = published(bus, [claimed_and_renamed("1", "a"), renamed("2", "a")], told)
    assert failures(outcome) == {}
    assert told.reasons == {"1": "TooLarge"}
    assert bus.ids == ["1.TaskAssigned", "2.TaskUpdated"]
    assert outcome.announced == 2


def test_a_delivery_with_both_refusals_comes_again_before_it_is_reported() -> None:
    bus = Bus(refusing=frozenset({"1.TaskAssigned"}), never_taking=frozenset({"1.TaskUpdated"}))
    told = Told()
    outcome = published(bus, [claimed_and_renamed("1", "a"), renamed("2", "a")], told)
    assert failures(outcome) == {"1": "InternalFailure", "2": EARLIER_FAILED}
    assert (told.reasons, outcome.set_aside) == ({}, {})


def test_a_delivery_that_cannot_be_reported_comes_again() -> None:
    outcome = published(Bus(), [unreadable("1", "a"), renamed("2", "b")], Told(out_of_reach=True))
    assert failures(outcome) == {"1": "The failure queue cannot be reached."}
    assert outcome.set_aside == {}


@pytest.mark.parametrize("refused", ["2.TaskUpdated", "2.TaskAssigned"])
def test_a_record_fails_when_one_of_its_events_is_refused(refused: str) -> None:
    bus = Bus(refusing=frozenset({refused}))
    outcome = published(bus, [renamed("1", "a"), claimed_and_renamed("2", "b"), renamed("3", "c")])
    assert failures(outcome) == {"2": "InternalFailure"}
    assert outcome.announced == 3
    assert refused not in bus.ids


def test_later_records_of_a_failed_task_fail_without_being_published() -> None:
    bus = Bus(refusing=frozenset({"2.TaskUpdated"}))
    deliveries = [renamed("1", "a"), renamed("2", "a"), renamed("3", "b"), renamed("4", "a")]
    outcome = published(bus, [*deliveries, renamed("5", "a"), renamed("6", "b")])
    assert failures(outcome) == {"2": "InternalFailure", "4": EARLIER_FAILED, "5": EARLIER_FAILED}
    assert bus.ids == ["1.TaskUpdated", "3.TaskUpdated", "6.TaskUpdated"]


def test_a_bus_that_is_down_fails_every_record() -> None:
    deliveries = [renamed("1", "a"), renamed("2", "a"), claimed_and_renamed("3", "b")]
    outcome = published(Bus(down=True), deliveries)
    assert failures(outcome).keys() == {"1", "2", "3"}
    assert outcome.announced == 0


def test_a_second_delivery_brings_the_same_ids() -> None:
    deliveries = [renamed("1", "a"), claimed_and_renamed("2", "b")]
    first, second = Bus(), Bus()
    published(first, deliveries)
    published(second, deliveries)
    assert first.ids == second.ids


@settings(deadline=None)
@given(
    tids=st.lists(st.sampled_from("abc"), max_size=12),
    bad=st.sets(st.integers(0, 11)),
    torn=st.sets(st.integers(0, 11)),
)
def test_each_tasks_events_are_published_in_order_up_to_its_first_failure(
    tids: list[str], bad: set[int], torn: set[int]
) -> None:
    deliveries = [
        unreadable(str(place), tid) if place in torn else renamed(str(place), tid)
        for place, tid in enumerate(tids)
    ]
    bus, told = Bus(refusing=frozenset(f"{place}.TaskUpdated" for place in bad)), Told()
    outcome = published(bus, deliveries, told)
    for tid in set(tids):
        places = [place for place, each in enumerate(tids) if each == tid]
        failing = [place in bad and place not in torn for place in places]
        until = failing.index(True) if True in failing else len(places)
        reported = [event.metadata.record for event in bus.taken if event.metadata.tid == tid]
        assert reported == [str(place) for place in places[:until] if place not in torn]
        again = [each.sequence for each in outcome.failures if each.subject == tid]
        assert sorted(again, key=int) == [str(place) for place in places[until:]]
        aside = {str(place) for place in places[:until] if place in torn}
        assert aside == {sequence for sequence in told.reasons if int(sequence) in places}
