"""When workers die, come twice or meet: against the real routes and a table, nothing is doubled."""

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from threading import Barrier

import pytest
from taskdock.adapters.http_task_api import HttpTaskApi
from taskdock.adapters.web import WebAnswer, WebRequest
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.events.detection import Change, task_events
from taskdock.domain.services.lists import merged_items
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.runtime.stream_records import deliveries
from taskdock.use_cases.ports import Changes, Put
from taskdock.use_cases.services.print_documents import Outcome, Started, print_documents

from local.table_stream import TableStream
from tests.support.instance_apps import InstanceApps, instance_apps
from tests.support.service_apps import PROGRAM, ServiceApps
from tests.support.service_tasks import a_service_task, an_item
from tests.support.tables import Table

T1 = TaskId("t1")
HREF = "/v1/services/operator-p4/tasks/t1"


class Killed(Exception):
    """The worker's process ended here."""


class Connection:
    """A worker's way to the API, on which it can be killed before or after any call is heard."""

    def __init__(
        self, apps: ServiceApps | InstanceApps, kill_at: int = 0, *, heard: bool = False
    ) -> None:
        self._apps = apps
        self._kill_at = kill_at
        self._heard = heard
        self.calls = 0

    def __call__(self, request: WebRequest) -> WebAnswer:
        self.calls += 1
        if self.calls == self._kill_at and not self._heard:
            raise Killed
        answer = self._apps.web(request)
        if self.calls == self._kill_at:
            raise Killed
        return answer


class Token:
    """A token without meaning: the functions get the claims."""

    def __call__(self) -> str:
        return "…"

    def forget(self) -> None:
        raise AssertionError("the token was not taken")


class Workshop:
    """A table with one started task of two documents, and workers for it."""

    def __init__(self, table: Table, stream: TableStream) -> None:
        self.table = table
        self._stream = stream
        self.apps = ServiceApps(table.store(), PROGRAM)
        task = a_service_task(
            state="started",
            variables={"Printer": {"type": "String", "value": "LocalPrinter"}},
            input=[an_item("a"), an_item("b", copies=2)],
        )
        table.store().commit(Changes([Put(task)]))
        self.started = Started("t1", HREF, tuple(merged_items(task)))

    def work(self, connection: Connection) -> Outcome:
        """The result of one delivery of the start."""
        api = HttpTaskApi("https://api.example", Token(), web=connection, pause=lambda _: None)
        return print_documents(api, self.started)

    @property
    def task(self) -> Task:
        """The task as it is now."""
        found = self.table.store().get(T1)
        assert found is not None
        return found.task

    def told(self) -> list[str]:
        """The task's events, in order."""
        records = [record for page in self._stream.unread() for record in page]
        contents: Sequence[object] = [each.content for each in deliveries({"Records": records})]
        return [
            event.name
            for change in contents
            if isinstance(change, Change)
            for event in task_events(change)
        ]

    def assert_printed_once(self) -> None:
        """Each document is in the output once, in order, and the task ended once."""
        output = [(item["href"], item["metadata"]["input"]) for item in self.task["output"]]
        assert output == [(an_item("a")["href"], 0), (an_item("b")["href"], 1)]
        assert self.task["state"] == "completed"
        told = self.told()
        assert told.count("TaskCompleted") == 1
        assert told.count("TaskUpdated") == 2


@pytest.fixture
def workshop(dynoxide_table: Table) -> Iterator[Workshop]:
    yield Workshop(dynoxide_table, dynoxide_table.stream())


DELIVERIES = 5
"""As often as the queue delivers a message."""

CALLS = 4
"""Read the task, add two documents, complete it."""


def test_an_undisturbed_worker_makes_these_calls(workshop: Workshop) -> None:
    connection = Connection(workshop.apps)
    assert workshop.work(connection) is Outcome.PRINTED
    assert connection.calls == CALLS
    workshop.assert_printed_once()


@pytest.mark.parametrize("heard", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("call", range(1, CALLS + 1))
def test_a_worker_that_crashes_before_or_after_a_write_is_followed_by_one_that_finishes(
    workshop: Workshop, call: int, heard: bool
) -> None:
    with pytest.raises(Killed):
        workshop.work(Connection(workshop.apps, kill_at=call, heard=heard))

    workshop.work(Connection(workshop.apps))

    workshop.assert_printed_once()


def test_workers_that_keep_crashing_get_there_in_the_end(workshop: Workshop) -> None:
    for call in range(1, CALLS + 1):
        with pytest.raises(Killed):
            workshop.work(Connection(workshop.apps, kill_at=min(call, 2), heard=True))
        if workshop.task["state"] != "started":
            break
    workshop.work(Connection(workshop.apps))
    workshop.assert_printed_once()


def test_a_start_that_is_delivered_again_changes_nothing(workshop: Workshop) -> None:
    workshop.work(Connection(workshop.apps))
    before = workshop.task

    assert workshop.work(Connection(workshop.apps)) is Outcome.LEFT_ALONE

    assert workshop.task == before
    workshop.assert_printed_once()


@pytest.mark.parametrize("workers", [2, 8])
def test_workers_that_meet_on_one_task_print_each_document_once(
    workshop: Workshop, workers: int
) -> None:
    together = Barrier(workers)

    def work(apps: InstanceApps) -> Outcome:
        together.wait(30)
        for _ in range(DELIVERIES):
            with suppress(TemporarilyUnavailable):  # in the crowd; then the start comes again
                return workshop.work(Connection(apps))
        raise AssertionError("the failure queue has it")

    with (
        instance_apps(workshop.table, PROGRAM) as apps,
        ThreadPoolExecutor(workers) as threads,
    ):
        outcomes = list(threads.map(work, [apps] * workers))

    assert outcomes.count(Outcome.PRINTED) == 1
    assert set(outcomes) <= {Outcome.PRINTED, Outcome.LEFT_ALONE}
    workshop.assert_printed_once()


def test_a_task_canceled_during_the_work_stays_canceled(workshop: Workshop) -> None:
    class Canceling(Connection):
        def __call__(self, request: WebRequest) -> WebAnswer:
            if self.calls == 2:  # one document is in the output
                workshop.apps.ask("POST", f"{HREF}/action", {"action": "cancel"})
            return super().__call__(request)

    assert workshop.work(Canceling(workshop.apps)) is Outcome.LEFT_ALONE

    assert workshop.task["state"] == "canceled"
    assert len(workshop.task["output"]) == 1
