"""A store in memory with columns, whose clock a test sets."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from enum import StrEnum
from threading import Lock
from typing import Any

import pytest
from taskdock.domain.caller import Caller
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import Tenant
from taskdock.domain.tasks.task import IdentityLink, Task, TaskId
from taskdock.use_cases.columns.columns import Columns
from taskdock.use_cases.columns.compacting import Compactor, Outcome
from taskdock.use_cases.ports import Changes, Put, Remove
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.plan_search import QueryStatistics
from taskdock.use_cases.query.query_tasks import Answer, Count, count_tasks, find_tasks, tally_links
from taskdock.use_cases.query.read_budget import Limits

from tests.support.builders import CREATED
from tests.support.in_memory_columns import AskedCompactions, InMemoryColumnStore
from tests.support.in_memory_store import InMemoryTaskStore
from tests.unit.query.asking import DEMO, UNLIMITED, query_request

MINUTE = 60_000
ENDED_TASK_DAYS = 90


@contextmanager
def every_query_is_broad() -> Iterator[None]:
    """Columns are asked wherever there are some, whatever an index would take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("taskdock.use_cases.query.query_tasks.prefers_columns", lambda *_: True)
        patch.setattr("taskdock.use_cases.columns.columns.still_prefers_columns", lambda *_: True)
        yield


class Moment(StrEnum):
    """Where a query is on its way."""

    HEADS = "the heads are read, nothing else"
    TAIL = "it begins to read what was written since"
    OBJECTS = "it begins to read the first object"
    TASKS = "it begins to read its page from the table"


class ColumnWorld:
    """Tasks, their columns, and a clock that stands still."""

    def __init__(self, page_size: int = 50) -> None:
        self.now = Instant(CREATED + 10**9)
        self.steady = 0.0
        self.tasks = InMemoryTaskStore(page_size, clock=self.time)
        self.store = InMemoryColumnStore(self.time)
        self.asked = AskedCompactions()
        self.columns = self.new_process()

    def time(self) -> Instant:
        return self.now

    def wait(self, milliseconds: int) -> None:
        """Let time pass."""
        self.now = Instant(self.now + milliseconds)
        self.steady += milliseconds / 1000

    def new_process(self) -> Columns:
        """Columns as a process knows them that has just started."""
        return Columns(
            self.store, self.tasks, self.asked, ENDED_TASK_DAYS, self.time, lambda: self.steady
        )

    def put(self, *tasks: Task) -> None:
        """Create tasks, or change those that there are."""
        for task in tasks:
            read: Task = json.loads(json.dumps(task))
            self.tasks.commit(Changes([Put(read, self.tasks.get(TaskId(task["id"])))]))

    def erase(self, task_id: str) -> None:
        """Erase a task."""
        stored = self.tasks.get(TaskId(task_id))
        assert stored is not None
        self.tasks.commit(Changes([Remove(stored)]))

    def compact(self, *tenants: Tenant, seconds: float = 900, anew: bool = False) -> list[Outcome]:
        """Bring the columns of these tenants up to date."""
        compactor = Compactor(self.store, self.tasks, self.tasks, self.time, ENDED_TASK_DAYS)
        return [compactor.compact(each, lambda: seconds, anew=anew) for each in tenants]

    @contextmanager
    def interrupted(self, moment: Moment, act: Callable[[], object]) -> Iterator[None]:
        """The first query that comes to that moment waits there until `act` is done."""
        place: Any = self.tasks if moment in (Moment.TAIL, Moment.TASKS) else self.store
        name = {"HEADS": "heads", "TAIL": "entries", "OBJECTS": "read", "TASKS": "page"}[
            moment.name
        ]
        method, lock = getattr(place, name), Lock()
        pending = [act]

        def waiting(*args: Any, **options: Any) -> Any:
            heads = method(*args, **options) if moment is Moment.HEADS else None
            with lock:
                now = pending.pop() if pending else None
            if now is not None:
                now()
            return heads if moment is Moment.HEADS else method(*args, **options)

        setattr(place, name, waiting)
        try:
            yield
        finally:
            delattr(place, name)

    def ask(
        self,
        body: Mapping[str, Any],
        window: Window | None = None,
        caller: Caller = DEMO,
        limits: Limits = UNLIMITED,
    ) -> Answer:
        """The page that columns or the plan answer."""
        request = query_request(body, caller, self.now, limits)
        request = replace(request, columns=lambda: self.columns)
        return find_tasks(request, self.tasks, window or Window())

    def count(
        self, body: Mapping[str, Any], caller: Caller = DEMO, limits: Limits = UNLIMITED
    ) -> Count:
        """The count that columns or the plan answer."""
        request = query_request(body, caller, self.now, limits)
        return count_tasks(replace(request, columns=lambda: self.columns), self.tasks)

    def groups(
        self, body: Mapping[str, Any], caller: Caller = DEMO
    ) -> tuple[Counter[str | None], QueryStatistics]:
        """The groups in the links of what a query finds, None for a task without links."""
        request = query_request(body, caller, self.now, UNLIMITED)
        request = replace(request, columns=lambda: self.columns)
        return tally_links(request, self.tasks, groups_of)

    def expected(
        self, body: Mapping[str, Any], window: Window | None = None, caller: Caller = DEMO
    ) -> Answer:
        """The page by the plan alone."""
        request = query_request(body, caller, self.now)
        return find_tasks(request, self.tasks, window or Window())


def groups_of(links: Sequence[IdentityLink]) -> list[str | None]:
    """The group of each link; one None where there is none."""
    return [link["groupId"] for link in links] or [None]
