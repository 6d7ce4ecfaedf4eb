"""Since when every writer keeps changes: writers of both kinds come and go, and clocks go wrong."""

from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.changes.change_keeping import (
    GRACE,
    LOOKS_EVERY,
    SINCE,
    ChangeKeeping,
    begin_anew,
)
from taskdock.adapters.dynamodb.changes.writer_clock import WriterClock
from taskdock.adapters.dynamodb.task_items import attributes
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import Changes, Put

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.faults import breaking, refused
from tests.support.set_clock import SetClock
from tests.support.tables import Table

LONGEST_WRITE = 29_000


def since_in(table: Table) -> int | None:
    found = table.client.get_item(TableName=table.name, Key=attributes(keys.LAYOUT))["Item"]
    return int(found[SINCE]["N"]) if SINCE in found else None


def a_writer(table: Table, *, is_on: bool, at: int = CREATED) -> ChangeKeeping:
    return ChangeKeeping(table.client, table.name, clock=SetClock.at(at), is_on=is_on)


def test_whoever_keeps_no_changes_says_so_before_it_writes(dynoxide_table: Table) -> None:
    assert a_writer(dynoxide_table, is_on=False).stamp() is None

    assert since_in(dynoxide_table) is None
    assert dynoxide_table.change_log().kept_from() is None


def test_whoever_keeps_changes_again_says_since_when(dynoxide_table: Table) -> None:
    a_writer(dynoxide_table, is_on=False).stamp()

    assert a_writer(dynoxide_table, is_on=True, at=CREATED + 7).stamp() == CREATED + 7
    assert a_writer(dynoxide_table, is_on=True, at=CREATED + 9).stamp() == CREATED + 9
    assert dynoxide_table.change_log().kept_from() == CREATED + 7 + GRACE


def test_what_else_the_table_says_stays(dynoxide_table: Table) -> None:
    key: Any = {"TableName": dynoxide_table.name, "Key": attributes(keys.LAYOUT)}
    before = dynoxide_table.client.get_item(**key)["Item"]
    for is_on in (False, True):
        a_writer(dynoxide_table, is_on=is_on).stamp()

    after = dynoxide_table.client.get_item(**key)["Item"]
    assert {**after, SINCE: before[SINCE]} == before


def test_a_table_that_is_written_past_the_rules_begins_anew(dynoxide_table: Table) -> None:
    begin_anew(dynoxide_table.client, dynoxide_table.name, CREATED)
    assert dynoxide_table.change_log().kept_from() == CREATED + GRACE

    a_writer(dynoxide_table, is_on=False).stamp()
    begin_anew(dynoxide_table.client, dynoxide_table.name, CREATED)
    assert dynoxide_table.change_log().kept_from() is None


class ComingAndGoing(RuleBasedStateMachine):
    """Writers that keep changes and such that do not, at the same time, as while a deployment
    changes over. Their clocks are up to five seconds off, and a write takes up to 29."""

    table: Table

    def __init__(self) -> None:
        super().__init__()
        self.now = CREATED
        self.writers: list[tuple[ChangeKeeping, bool]] = []
        self.missed: list[int] = []
        """When writes were committed that are in no index."""
        self.table.client.put_item(
            TableName=self.table.name,
            Item=attributes({**keys.LAYOUT, "layout": 3, "authorization": "open", SINCE: 0}),
        )

    @rule(is_on=st.booleans(), skew=st.integers(-5_000, 5_000))
    def a_writer_starts(self, is_on: bool, skew: int) -> None:
        keeping = ChangeKeeping(
            self.table.client,
            self.table.name,
            clock=SetClock(lambda: self.now + skew),
            is_on=is_on,
            steady=lambda: self.now / 1000,
        )
        self.writers.append((keeping, is_on))

    @rule(
        which=st.integers(0, 9),
        takes=st.sampled_from([0, 50, LONGEST_WRITE]),
    )
    def a_writer_writes(self, which: int, takes: int) -> None:
        if self.writers:
            keeping, is_on = self.writers[which % len(self.writers)]
            stamp = keeping.stamp()
            assert (stamp is not None) == is_on
            if not is_on:
                self.missed.append(self.now + takes)

    @rule(milliseconds=st.sampled_from([100, 30_000, int(LOOKS_EVERY * 1000), GRACE]))
    def time_passes(self, milliseconds: int) -> None:
        self.now = Instant(self.now + milliseconds)

    @invariant()
    def no_write_was_missed_since_then(self) -> None:
        kept_from = self.table.change_log().kept_from()
        if kept_from is not None:
            assert not [each for each in self.missed if each >= kept_from]


def test_no_write_is_missed_from_then_on(dynoxide_table: Table) -> None:
    ComingAndGoing.table = dynoxide_table
    run_state_machine_as_test(
        ComingAndGoing, settings=settings(max_examples=60, stateful_step_count=30)
    )


def test_every_try_has_a_stamp_of_its_own(dynoxide_table: Table) -> None:
    moments = iter(range(CREATED, CREATED + 10))
    keeping = dynoxide_table.keeping(SetClock(lambda: next(moments)))
    store = dynoxide_table.store(keeping=keeping)
    far = CREATED - MINUTE
    two = Changes([Put(a_task(name, created=far, groups=["a", "b"])) for name in ("t1", "t2")])
    reasons = [{"Code": "ThrottlingError"}, *[{"Code": "None"}] * 3]
    busy = refused("TransactionCanceledException", CancellationReasons=reasons)

    with breaking(dynoxide_table.client, busy, times=2):
        store.commit(two)

    stamps = {item["changed"]["N"] for item in dynoxide_table.items() if "changed" in item}
    assert stamps == {str(CREATED + 2)}


def test_a_writer_whose_clock_is_wrong_writes_no_task(dynoxide_table: Table) -> None:
    import time

    table, ahead = dynoxide_table, 60.0
    clock = WriterClock(table.client, lambda: time.time() + ahead)
    keeping = ChangeKeeping(table.client, table.name, clock=clock, is_on=True)
    store = table.store(keeping=keeping)

    with pytest.raises(TemporarilyUnavailable, match="The clock of this instance is"):
        store.commit(Changes([Put(a_task())]))
    assert store.get(TaskId("t1")) is None

    ahead = 0.0
    store.commit(Changes([Put(a_task())]))
    assert store.get(TaskId("t1")) is not None
