"""Announcing a batch of the stream: what fails, what waits for it, what is not held up."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.domain.events import Fact
from taskdock.domain.facts import Change
from taskdock.use_cases.publish_task_events import (
    EARLIER_FAILED,
    Delivery,
    Unreadable,
    publish_task_events,
)

from tests.support.builders import CREATED
from tests.support.service_tasks import a_service_task


@dataclass
class Bus:
    """A bus that keeps what it takes and refuses the ids it is told to."""

    refusing: frozenset[str] = frozenset()
    down: bool = False
    taken: list[Fact] = field(default_factory=list)
    calls: int = 0

    def publish(self, facts: Sequence[Fact]) -> Mapping[str, str]:
        self.calls += 1
        refused = {
            fact.event_id: "InternalFailure"
            for fact in facts
            if self.down or fact.event_id in self.refusing
        }
        self.taken += [fact for fact in facts if fact.event_id not in refused]
        return refused

    @property
    def ids(self) -> list[str]:
        return [fact.event_id for fact in self.taken]


def renamed(sequence: str, tid: str) -> Delivery:
    """A change of a task's name; its one event has the id `<sequence>.TaskUpdated`."""
    before, after = a_service_task(id=tid), a_service_task(id=tid, name=sequence)
    return Delivery(sequence, tid, Change(sequence, CREATED, 2, before, after))


def claimed_and_renamed(sequence: str, tid: str) -> Delivery:
    """A change that amounts to two facts."""
    before, after = a_service_task(id=tid), a_service_task(id=tid, name=sequence, assignee="mary")
    return Delivery(sequence, tid, Change(sequence, CREATED, 2, before, after))


def unreadable(sequence: str, tid: str) -> Delivery:
    return Delivery(sequence, tid, Unreadable("the document is no task"))


def test_every_change_is_announced_and_counted() -> None:
    bus = Bus()
    outcome = publish_task_events(bus, [renamed("1", "a"), claimed_and_renamed("2", "b")])
    assert bus.ids == ["1.TaskUpdated", "2.TaskUpdated", "2.TaskAssigned"]
    assert (outcome.announced, outcome.failures) == (3, {})


def test_addresses_start_with_the_context_path() -> None:
    bus = Bus()
    publish_task_events(bus, [renamed("1", "a")], "/engine-rest")
    assert bus.taken[0].about.href == "/engine-rest/v1/services/operator-p4/tasks/a"


def test_different_tasks_share_a_call() -> None:
    bus = Bus()
    publish_task_events(bus, [renamed(str(each), f"t{each}") for each in range(50)])
    assert bus.calls == 1


@pytest.mark.parametrize(
    "deliveries", [[], [Delivery("1", "a", Change("1", CREATED, 1, None, None))]]
)
def test_a_bus_is_not_bothered_with_nothing(deliveries: list[Delivery]) -> None:
    bus = Bus()
    assert publish_task_events(bus, deliveries).failures == {}
    assert bus.calls == 0


def test_an_unreadable_record_fails_alone() -> None:
    bus = Bus()
    deliveries = [renamed("1", "a"), unreadable("2", "b"), renamed("3", "c")]
    outcome = publish_task_events(bus, deliveries)
    assert outcome.failures == {"2": "the document is no task"}
    assert bus.ids == ["1.TaskUpdated", "3.TaskUpdated"]


def test_a_document_of_a_wrong_shape_fails_alone() -> None:
    broken = a_service_task(id="b", state="started", input=[{"address": "nowhere"}])
    change = Change("2", CREATED, 2, a_service_task(id="b"), broken)
    bus = Bus()
    outcome = publish_task_events(
        bus, [renamed("1", "a"), Delivery("2", "b", change), renamed("3", "c")]
    )
    assert outcome.failures == {"2": "the task's document has a wrong shape: KeyError"}
    assert bus.ids == ["1.TaskUpdated", "3.TaskUpdated"]


@pytest.mark.parametrize("refused", ["2.TaskUpdated", "2.TaskAssigned"])
def test_a_record_fails_when_one_of_its_facts_is_refused(refused: str) -> None:
    bus = Bus(refusing=frozenset({refused}))
    outcome = publish_task_events(
        bus, [renamed("1", "a"), claimed_and_renamed("2", "b"), renamed("3", "c")]
    )
    assert outcome.failures == {"2": "InternalFailure"}
    assert outcome.announced == 3
    assert refused not in bus.ids


def test_later_records_of_a_failed_ones_task_fail_unannounced() -> None:
    bus = Bus(refusing=frozenset({"2.TaskUpdated"}))
    deliveries = [renamed("1", "a"), renamed("2", "a"), renamed("3", "b"), renamed("4", "a")]
    outcome = publish_task_events(bus, [*deliveries, renamed("5", "a"), renamed("6", "b")])
    assert outcome.failures == {"2": "InternalFailure", "4": EARLIER_FAILED, "5": EARLIER_FAILED}
    assert bus.ids == ["1.TaskUpdated", "3.TaskUpdated", "6.TaskUpdated"]


def test_an_unreadable_record_holds_up_its_task() -> None:
    bus = Bus()
    outcome = publish_task_events(bus, [unreadable("1", "a"), renamed("2", "a")])
    assert outcome.failures == {"1": "the document is no task", "2": EARLIER_FAILED}
    assert bus.calls == 0


def test_a_bus_that_is_down_fails_every_record() -> None:
    deliveries = [renamed("1", "a"), renamed("2", "a"), claimed_and_renamed("3", "b")]
    outcome = publish_task_events(Bus(down=True), deliveries)
    assert outcome.failures.keys() == {"1", "2", "3"}
    assert outcome.announced == 0


def test_a_second_delivery_brings_the_same_ids() -> None:
    deliveries = [renamed("1", "a"), claimed_and_renamed("2", "b")]
    first, second = Bus(), Bus()
    publish_task_events(first, deliveries)
    publish_task_events(second, deliveries)
    assert first.ids == second.ids


@settings(deadline=None)
@given(
    tids=st.lists(st.sampled_from("abc"), max_size=12),
    bad=st.sets(st.integers(0, 11)),
    torn=st.sets(st.integers(0, 11)),
)
def test_each_task_is_told_in_order_up_to_its_first_failure(
    tids: list[str], bad: set[int], torn: set[int]
) -> None:
    deliveries = [
        unreadable(str(place), tid) if place in torn else renamed(str(place), tid)
        for place, tid in enumerate(tids)
    ]
    bus = Bus(refusing=frozenset(f"{place}.TaskUpdated" for place in bad))
    outcome = publish_task_events(bus, deliveries)
    for tid in set(tids):
        places = [place for place, each in enumerate(tids) if each == tid]
        failing = [place in bad | torn for place in places]
        until = failing.index(True) if True in failing else len(places)
        told = [fact.about.record for fact in bus.taken if fact.about.tid == tid]
        assert told == [str(place) for place in places[:until]]
        failed = [
            d.sequence for d in deliveries if d.subject == tid and d.sequence in outcome.failures
        ]
        assert failed == [str(place) for place in places[until:]]
