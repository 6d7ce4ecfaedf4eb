"""A table of which partitions are busy: callers wait or get a 503, and nothing is half written.

The table throttles each partition as DynamoDB does, on a simulated clock; many callers at once
change tasks of one group and one task that they share.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Any, Final

import pytest
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.events.detection import Change
from taskdock.domain.query.read_specs import Index
from taskdock.domain.tasks.task import TaskId
from taskdock.runtime.stream_records import deliveries
from taskdock.use_cases.history.write_history import write_history
from taskdock.use_cases.ports import Changes, Put

from tests.support.builders import a_task, noise
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.service_apps import ServiceApps
from tests.support.simulated_clock import SimulatedClock
from tests.support.tables import ENDED_TASK_DAYS, Table
from tests.support.throttled_table import READ_UNITS, THROTTLED, WRITE_UNITS, Throttling, throttled
from tests.support.whole_tasks import half_written, history_of

CALLERS: Final = 16
SHARED: Final = "shared"
MOST_TRIES: Final = 60
LARGE: Final = noise(24_000)
INBOX: Final = (Index.CANDIDATE.value, "|UNASSIGNED#GROUP#sales")


class Caller:
    """Works on a task of its own and on the one that all share; asks again after a 503."""

    def __init__(self, table: Table, clock: SimulatedClock, number: int) -> None:
        self._apps = ServiceApps(table.store(clock.sleep))
        self._clock = clock
        self._number = number
        self.statuses: Counter[int] = Counter()

    @property
    def task_id(self) -> str:
        """The task of its own."""
        return f"own{self._number}"

    def __call__(self) -> None:
        own = f"/task/{self.task_id}"
        self._do("/task/create", {"id": self.task_id, "name": "n", "description": LARGE})
        for group in ("sales", "support"):
            self._do(f"{own}/identity-links", {"groupId": group, "type": "candidate"})
        self._do(f"/task/{SHARED}/variables", self._variable())
        self._do(f"{own}/comment/create", {"message": "on it"})
        self._do(f"{own}/claim", {"userId": "demo"})
        if self._number % 2:
            self._do(f"{own}/complete", {})

    def _variable(self) -> dict[str, Any]:
        return {"modifications": {f"v{self._number}": {"value": self._number, "type": "Integer"}}}

    def _do(self, path: str, body: Any) -> None:
        for _ in range(MOST_TRIES):
            answer = self._apps.ask("POST", path, body)
            self.statuses[answer.status] += 1
            if answer.status < 300:
                return
            assert answer.status in (409, 503), answer.text
            if answer.status == 503:
                self._clock.sleep(float(answer.headers["retry-after"]))
        raise AssertionError(f"{path} never got through")


def work(table: Table, error: str, patch: pytest.MonkeyPatch) -> tuple[list[Caller], Throttling]:
    """All callers' work, done at the same simulated time."""
    table.store().commit(Changes([Put(a_task(SHARED, groups=["sales", "all"], description=LARGE))]))
    clock = SimulatedClock()
    patch.setattr("taskdock.use_cases.tasks.conflicts.sleep", clock.sleep)
    with throttled(table, clock, error) as (busy, throttling):
        throttling.take("write", INBOX, 5 * WRITE_UNITS)  # others write to the same partition
        callers = [Caller(busy, clock, number) for number in range(CALLERS)]
        clock.run(callers)
    return callers, throttling


@pytest.mark.parametrize("error", THROTTLED)
def test_many_callers_of_a_busy_partition_lose_nothing(
    dynoxide_table: Table, error: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    callers, throttling = work(dynoxide_table, error, monkeypatch)

    assert throttling.refused[error]
    assert throttling.refused["TransactionConflictException"]
    assert sum((caller.statuses for caller in callers), Counter())[503]
    assert half_written(dynoxide_table, ENDED_TASK_DAYS) == []
    store = dynoxide_table.store()
    shared = store.get(TaskId(SHARED))
    assert shared is not None
    assert set(shared.task["variables"]) == {f"v{number}" for number in range(CALLERS)}
    for number, caller in enumerate(callers):
        found = store.get(TaskId(caller.task_id))
        assert found is not None
        assert found.task["assignee"] == "demo"
        assert [link["groupId"] for link in found.task["links"]] == ["sales", "support"]
        assert ("ended" in found.task) == bool(number % 2)
        assert len(store.records(TaskId(caller.task_id), "comment")) == 1


def test_history_of_a_busy_partition_is_complete(
    dynoxide_table: Table, monkeypatch: pytest.MonkeyPatch
) -> None:
    stream = dynoxide_table.stream()
    callers, _ = work(dynoxide_table, "ThrottlingException", monkeypatch)
    changes = [
        delivery.content
        for page in stream.unread()
        for delivery in deliveries({"Records": page})
        if isinstance(delivery.content, Change)
    ]
    clock = SimulatedClock()
    with throttled(dynoxide_table, clock, "ThrottlingException") as (busy, throttling):
        store = busy.store(clock.sleep)
        for change in [*changes, *changes]:  # whatever comes twice changes nothing
            until_done(lambda: write_history(store, change, ENDED_TASK_DAYS), clock)  # noqa: B023
            throttling.take("write", ("", f"TASK#{change.after['id']}"), 400)  # type: ignore[index]

    assert throttling.refused["ThrottlingException"]
    for caller in callers:
        assert history_of(dynoxide_table, caller.task_id) == leaving(changes, caller.task_id)
    assert half_written(dynoxide_table, ENDED_TASK_DAYS) == []


def leaving(changes: Sequence[Change], task_id: str) -> list[int]:
    """The versions of the task that leave something in the log, in a store without limits."""
    memory = InMemoryTaskStore()
    versions = []
    for change in changes:
        if change.after is not None and change.after["id"] == task_id:
            before = len(memory.records(TaskId(task_id), "operation"))
            write_history(memory, change, ENDED_TASK_DAYS)
            if len(memory.records(TaskId(task_id), "operation")) > before:
                versions.append(change.version)
    assert versions
    return versions


def until_done(act: Callable[[], object], clock: SimulatedClock) -> None:
    for _ in range(MOST_TRIES):
        try:
            act()
        except TemporarilyUnavailable:
            clock.sleep(1)  # Lambda reads the stream again from here
        else:
            return
    raise AssertionError("it never got through")


def test_a_query_of_a_busy_partition_is_whole_or_a_503(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    names = [f"t{number}" for number in range(60)]
    for name in names:
        store.commit(Changes([Put(a_task(name, groups=["sales"], description=LARGE))]))
    clock = SimulatedClock()
    statuses: Counter[int] = Counter()
    with throttled(dynoxide_table, clock, "ThrottlingException") as (busy, throttling):
        apps = ServiceApps(busy.store(clock.sleep))
        for number in range(20):
            if number % 4 == 3:  # others read the same partition
                throttling.take("read", INBOX, 3 * READ_UNITS)
            answer = apps.ask("POST", "/task/count", {"candidateGroup": "sales"})
            statuses[answer.status] += 1
            if answer.status == 200:
                assert answer.json == {"count": len(names)}
            else:
                assert (answer.status, answer.headers["retry-after"]) == (503, "1")

    assert statuses[200]
    assert statuses[503]
    assert throttling.refused["ThrottlingException"]
