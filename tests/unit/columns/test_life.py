"""Any sequence of changes, compactions and reads, indexes late among them: no task is lost, seen
after its end or repeated."""

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule
from taskdock.domain.caller import Caller
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIds, ReadSpec
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.columns.columns import Columns
from taskdock.use_cases.columns.compacting import Compactor
from taskdock.use_cases.ports import Changes, Page, Put, Remove
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.query_tasks import count_tasks, find_tasks

from tests.support.builders import CREATED, a_task
from tests.support.column_worlds import ENDED_TASK_DAYS, MINUTE, every_query_is_broad
from tests.support.in_memory_columns import AskedCompactions, InMemoryColumnStore
from tests.support.in_memory_store import InMemoryTaskStore
from tests.unit.query.asking import query_request

pytestmark = pytest.mark.exhaustive

IDS = [f"t{at}" for at in range(12)]
TENANTS = [None, "t1"]
LATEST = 120_000
"""Milliseconds by which indexes follow the table at the most."""

CALLER = Caller("demo", (), frozenset({"t1"}))
BODIES: list[dict[str, Any]] = [
    {},
    {"nameLike": "a"},
    {"minPriority": 2, "sorting": [{"sortBy": "priority", "sortOrder": "desc"}]},
    {
        "sorting": [
            {"sortBy": "name", "sortOrder": "asc"},
            {"sortBy": "created", "sortOrder": "asc"},
        ]
    },
]


@pytest.fixture(autouse=True, scope="module")
def _every_query_is_broad() -> Iterator[None]:
    with every_query_is_broad():
        yield


class _Table(InMemoryTaskStore):
    """A table whose indexes are read elsewhere."""

    def __init__(self, indexes: InMemoryTaskStore, clock: Any) -> None:
        super().__init__(5, clock)
        self._indexes = indexes

    def page(self, spec: ReadSpec, start: Any | None = None, limit: int | None = None) -> Page:
        """See `TaskStore.page`."""
        if isinstance(spec, ByIds):
            return super().page(spec, start, limit)
        return self._indexes.page(spec, start, limit)


class Life(RuleBasedStateMachine):
    """Tasks, their columns, and indexes that follow the table."""

    def __init__(self) -> None:
        super().__init__()
        self.now = Instant(CREATED + 10**9)
        self.replayed = self.now
        self.tenants: dict[str, str | None] = {}
        self.late: list[tuple[Instant, Changes]] = []
        self.is_late = False
        self.indexes = InMemoryTaskStore(5, lambda: self.replayed)
        self.table = _Table(self.indexes, lambda: self.now)
        self.store = InMemoryColumnStore(lambda: self.now)
        self.seconds = 0.0
        self.columns = Columns(
            self.store,
            self.indexes,
            AskedCompactions(),
            ENDED_TASK_DAYS,
            lambda: self.now,
            lambda: self.seconds,
        )

    @rule(
        task_id=st.sampled_from(IDS),
        name=st.sampled_from(["a", "b", None]),
        priority=st.integers(0, 3),
        tenant=st.sampled_from(TENANTS),
        age=st.sampled_from([0, 5_000, 10**8]),
    )
    def write(
        self, task_id: str, name: str | None, priority: int, tenant: str | None, age: int
    ) -> None:
        """Create a task, or change the one there is."""
        stored = self.table.get(TaskId(task_id))
        if stored is not None and "ended" in stored.task:
            return
        created = self.now - age if stored is None else stored.task["created"]
        # A task keeps its tenant, and the id of an erased one is free in its tenant alone.
        tenant = self.tenants.setdefault(task_id, tenant)
        task = a_task(
            task_id, name=name, priority=priority, tenantId=tenant, created=created
        )  # fmt: skip
        self._commit(Changes([Put(json.loads(json.dumps(task)), stored)]))

    @rule(task_id=st.sampled_from(IDS))
    def end(self, task_id: str) -> None:
        """End a task."""
        stored = self.table.get(TaskId(task_id))
        if stored is not None and "ended" not in stored.task:
            ended: Task = {**stored.task, "ended": self.now}
            self._commit(Changes([Put(ended, stored)]))

    @rule(task_id=st.sampled_from(IDS))
    def erase(self, task_id: str) -> None:
        """Erase a task, open or ended."""
        stored = self.table.get(TaskId(task_id))
        if stored is not None:
            self._commit(Changes([Remove(stored)]))

    @rule(milliseconds=st.sampled_from([1, 1_000, 15_000, MINUTE, 20 * MINUTE, 2 * 60 * MINUTE]))
    def wait(self, milliseconds: int) -> None:
        """Let time pass; the indexes follow."""
        self._pass(milliseconds)
        if self.late and self.now - self.late[0][0] > LATEST:
            self._catch_up()

    @rule()
    def have_indexes_lag(self) -> None:
        """From now on indexes do not follow, for a while."""
        self.is_late = True

    @rule(tenant=st.sampled_from(TENANTS), anew=st.booleans())
    def compact(self, tenant: str | None, anew: bool) -> None:
        """Bring columns up to date, or make them anew; indexes may be late."""
        self._compact(tenant, anew=anew)

    @rule(task_id=st.sampled_from(IDS), name=st.sampled_from(["a", "b"]), ends=st.booleans())
    def compact_while_an_index_is_late(self, task_id: str, name: str, ends: bool) -> None:
        """A change is not in the indexes yet when columns are brought up to date."""
        self.is_late = True
        if ends:
            self.end(task_id)
        else:
            self.write(task_id, name, 3, None, 0)
        self._compact(self.tenants.get(task_id), anew=False)

    def _compact(self, tenant: str | None, *, anew: bool) -> None:
        self._pass(1)
        if self.late and self.now - self.late[0][0] > LATEST:
            self._catch_up()
        compactor = Compactor(
            self.store, self.table, self.indexes, lambda: self.now, ENDED_TASK_DAYS
        )
        compactor.compact(tenant, lambda: 900.0, anew=anew)
        self.columns = replace(self.columns, _none={})

    @rule(body=st.sampled_from(BODIES), start=st.integers(0, 4), maximum=st.integers(1, 20))
    def read(self, body: dict[str, Any], start: int, maximum: int) -> None:
        """A page and a count are those of all tasks there are."""
        self._catch_up()
        request = query_request(body, CALLER, self.now)
        window = Window(start, maximum)
        expected = find_tasks(request, self.table, window).tasks
        everything = [task["id"] for task in find_tasks(request, self.table, Window()).tasks]
        by_columns = replace(request, columns=lambda: self.columns)

        answer = find_tasks(by_columns, self.table, window)
        assert answer.tasks == expected
        found = [task["id"] for task in find_tasks(by_columns, self.table, Window()).tasks]
        assert found == everything
        assert len(set(found)) == len(found)
        assert count_tasks(by_columns, self.table).count == len(everything)
        assert answer.found.fallback is None

    @invariant()
    def what_a_head_names_is_there(self) -> None:
        """No compaction removes what counts."""
        for head in self.store.by_tenant.values():
            assert head.manifest in self.store.kept

    def _commit(self, changes: Changes) -> None:
        self._pass(1)
        self.table.commit(changes)
        self.late.append((self.now, changes))
        if not self.is_late:
            self._catch_up()

    def _pass(self, milliseconds: int) -> None:
        self.now = Instant(self.now + milliseconds)
        self.seconds += milliseconds / 1000

    def _catch_up(self) -> None:
        for written, changes in self.late:
            self.replayed = written
            self.indexes.commit(changes)
        self.late, self.is_late = [], False


TestLife = Life.TestCase
TestLife.settings = settings(max_examples=60, stateful_step_count=40, deadline=None)
