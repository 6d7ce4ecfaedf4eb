"""A program that keeps a copy of the tasks by what it is told, whatever happens meanwhile."""

import os
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, precondition, rule, run_state_machine_as_test
from taskdock.domain.changes import cursor
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import Tenant
from taskdock.domain.tasks.task import Task, TaskId, changed, is_open
from taskdock.use_cases.changes.read_changes import ReadChanges, TaskChange, what_became
from taskdock.use_cases.ports import Changes, Put, Remove
from taskdock.use_cases.query.read_budget import Limits

from tests.support.builders import CREATED, a_task
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.late_indexes import LateIndexes

pytestmark = pytest.mark.exhaustive

MIRRORS = int(os.environ.get("MIRRORS") or 40)
"""How many worlds are tried; `make nightly` tries a thousand."""

TENANTS: tuple[Tenant, ...] = (None, "a")
LONGEST_WRITE = 29_000
INDEX_DELAY = 15_000
SKEW = 5_000


class Mirror:
    """The copy: it keeps the newest version of each task; None for an erased one."""

    def __init__(self) -> None:
        self.tasks: dict[TaskId, tuple[int, Task | None]] = {}

    def take(self, change: TaskChange) -> None:
        """Take over what is told."""
        is_erased = "erased" in change.task
        assert not is_erased or what_became(change) == "ended"
        if change.version >= self.tasks.get(change.task["id"], (0,))[0]:
            self.tasks[change.task["id"]] = change.version, None if is_erased else change.task


class TheWorld(RuleBasedStateMachine):
    """Writers with clocks of their own, slow writes, late indexes, and one mirror."""

    def __init__(self) -> None:
        super().__init__()
        self.now = CREATED
        self.stamp = CREATED
        self.store = InMemoryTaskStore(clock=lambda: Instant(self.stamp))
        self.log = LateIndexes(self.store, TENANTS, Random(7), lambda: self.now, INDEX_DELAY)
        self.ids: list[TaskId] = []
        self.tenants: dict[TaskId, Tenant] = {}
        self.mirror = Mirror()
        self.cursor = self._reader()(None, 1).next

    def _reader(self) -> ReadChanges:
        return ReadChanges(
            self.log,
            TENANTS,
            Limits(),
            lambda: Instant(self.now),
            ended_task_days=30,
            with_tasks=True,
        )

    def _commit(self, write: Put | Remove, skew: int, took: int) -> None:
        """A write that is done now, and began `took` ago by a clock that is `skew` ahead."""
        self.stamp = Instant(self.now - took + skew)
        self.store.commit(Changes([write]))
        self.log.follow()

    def _id(self, which: int) -> TaskId:
        return self.ids[which % len(self.ids)]

    skews = st.sampled_from([0, 0, -SKEW, SKEW, -1, 1])
    writes = st.sampled_from([0, 0, 5, 1_000, LONGEST_WRITE])

    @rule(skew=skews, took=writes, tenant=st.sampled_from(TENANTS), old=st.integers(0, 9))
    def create(self, skew: int, took: int, tenant: Tenant, old: int) -> None:
        """A new task, or one with the id of an earlier one that was erased."""
        task_id = TaskId(f"t{len(self.ids)}")
        if self.ids and self.store.get(self._id(old)) is None:
            task_id = self._id(old)
            tenant = self.tenants[task_id]
        else:
            self.ids.append(task_id)
        self.tenants[task_id] = tenant
        created = self.now - took + skew
        self._commit(Put(a_task(task_id, created=created, tenantId=tenant)), skew, took)

    @rule(skew=skews, took=writes, age=st.sampled_from([-3_600_000, 20_000, 90_000, 86_400_000]))
    def import_one(self, skew: int, took: int, age: int) -> None:
        task_id = TaskId(f"t{len(self.ids)}")
        self.ids.append(task_id)
        self.tenants[task_id] = None
        self._commit(Put(a_task(task_id, created=self.now - age)), skew, took)

    @precondition(lambda self: self.ids)
    @rule(
        which=st.integers(0, 99),
        skew=skews,
        took=writes,
        how=st.sampled_from(["change", "change", "change", "end", "delete"]),
    )
    def change(self, which: int, skew: int, took: int, how: str) -> None:
        before = self.store.get(self._id(which))
        if before is None or not is_open(before.task):
            return
        fields: dict[str, Any] = {"priority": before.task["priority"] + 1}
        if how != "change":
            fields |= {"ended": self.now, "state": "canceled"}
            fields |= {"deleted": True} if how == "delete" else {}
        self._commit(Put(changed(before.task, **fields), before), skew, took)

    @precondition(lambda self: self.ids)
    @rule(which=st.integers(0, 99), skew=skews)
    def erase(self, which: int, skew: int) -> None:
        before = self.store.get(self._id(which))
        if before is not None:
            self._commit(Remove(before), skew, 0)

    @rule(milliseconds=st.sampled_from([1, 100, 5_000, 30_000, 61_000, 600_000]))
    def time_passes(self, milliseconds: int) -> None:
        self.now = Instant(self.now + milliseconds)

    @rule(limit=st.sampled_from([1, 2, 5, 1000]))
    def poll(self, limit: int) -> None:
        self._poll(limit)

    def _poll(self, limit: int) -> bool:
        """Whether there is more now."""
        page = self._reader()(self.cursor, limit)
        versions: dict[TaskId, int] = {}
        for change in page.changes:
            self.mirror.take(change)
            assert versions.get(change.task["id"], 0) < change.version
            versions[change.task["id"]] = change.version
        assert [change.at for change in page.changes] == sorted(each.at for each in page.changes)
        self.cursor = page.next
        return page.more

    def teardown(self) -> None:
        """Once nobody writes any more, the copy is as the table is."""
        for _ in range(2):
            self.time_passes(LONGEST_WRITE + INDEX_DELAY + 2 * SKEW + 30_000)
            polls = 0
            while self._poll(3):
                polls += 1
                assert polls < 1000
        there = {task_id: self.store.get(task_id) for task_id in self.ids}
        expected = {
            task_id: (stored.version, is_open(stored.task))
            for task_id, stored in there.items()
            if stored is not None
        }
        copied = {
            task_id: (version, is_open(task))
            for task_id, (version, task) in self.mirror.tasks.items()
            if task is not None
        }
        assert copied == expected
        for task_id, stored in there.items():
            if stored is not None and is_open(stored.task):
                assert self.mirror.tasks[task_id] == (stored.version, stored.task)


def test_a_mirror_ends_up_equal_to_the_table() -> None:
    run_state_machine_as_test(
        TheWorld, settings=settings(max_examples=MIRRORS, stateful_step_count=40)
    )


def test_a_mirror_that_read_nothing_twice_would_lose_tasks(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The test above sees what it is for."""
    monkeypatch.setattr(cursor, "MOST_DELAY", 0)
    monkeypatch.setattr(cursor, "_STEP", 1)

    with pytest.raises(AssertionError):
        run_state_machine_as_test(
            TheWorld,
            settings=settings(max_examples=200, stateful_step_count=40, phases=[Phase.generate]),
        )
