"""Reading one task: which ones exist for whom."""

import pytest
from taskdock.domain.caller import Caller
from taskdock.domain.errors import TaskNotFound
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import Changes, Put
from taskdock.use_cases.tasks.read_task import read_open_task, read_service_task

from tests.support.builders import CREATED, a_task
from tests.support.in_memory_store import InMemoryTaskStore

MARY = Caller("mary", (), frozenset({"t1"}))
OURS = a_task("ours", service="printer", tenantId="t1")
THEIRS = a_task("theirs", service="printer", tenantId="t2")
ENDED = a_task("ended", service="printer", ended=CREATED)
NOBODYS = a_task("nobodys")


def a_store(*tasks: Task) -> InMemoryTaskStore:
    store = InMemoryTaskStore()
    store.commit(Changes([Put(task) for task in tasks]))
    return store


STORE = a_store(OURS, THEIRS, ENDED, NOBODYS)


@pytest.mark.parametrize("task", [OURS, NOBODYS])
def test_an_open_task_of_the_callers_tenants_or_of_none_is_found(task: Task) -> None:
    stored = read_open_task(STORE, task["id"], MARY)

    assert (stored.task, stored.version) == (task, 1)


@pytest.mark.parametrize("task_id", ["theirs", "ended", "unknown", "a b", "", "x" * 3000])
def test_no_other_task_exists(task_id: str) -> None:
    with pytest.raises(TaskNotFound, match=f"^No matching task with id {task_id}$"):
        read_open_task(STORE, task_id, MARY)


@pytest.mark.parametrize("task", [OURS, ENDED])
def test_a_service_shows_its_ended_tasks_too(task: Task) -> None:
    assert read_service_task(STORE, task["id"], MARY, sid="printer").task == task


@pytest.mark.parametrize("task_id", ["theirs", "nobodys", "unknown", "a b"])
def test_a_service_shows_no_other_tasks(task_id: str) -> None:
    with pytest.raises(TaskNotFound):
        read_service_task(STORE, task_id, MARY, sid="printer")


def test_a_task_is_no_task_of_another_service() -> None:
    with pytest.raises(TaskNotFound):
        read_service_task(STORE, "ours", MARY, sid="scanner")
