"""Deleting a task and its sub tasks."""

from contextlib import nullcontext
from typing import Any

import pytest
from taskdock.domain.access import Access
from taskdock.domain.errors import BadUserRequest, ChangeTooLarge, PreconditionFailed, TaskNotFound
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId, changed, is_deleted
from taskdock.use_cases.ports import Changes, Put, Record
from taskdock.use_cases.tasks.delete_task import delete_task

from tests.support.builders import CREATED, a_task
from tests.support.busy_store import BusyStore, changing

T1 = TaskId("t1")
NOBODY = Access(frozenset())


def there(store: BusyStore, *task_ids: str) -> list[str]:
    """Those of the tasks that are there for everything but history."""
    found = ((task_id, store.get(TaskId(task_id))) for task_id in task_ids)
    return [each for each, stored in found if stored is not None and not is_deleted(stored.task)]


def test_a_deleted_task_is_gone_with_all_below_it() -> None:
    store = BusyStore(
        [
            a_task("t1"),
            a_task("child", parentTaskId="t1", suspended=True),
            a_task("grandchild", parentTaskId="child"),
            a_task("stranger"),
        ]
    )
    delete_task(store, T1, NOBODY, now=CREATED)

    assert there(store, "t1", "child", "grandchild", "stranger") == ["stranger"]
    assert len(store.commits) == 1


def test_what_is_kept_beside_a_task_stays_for_history() -> None:
    store = BusyStore([])
    record = Record(T1, "comment", "c1", {"message": "x"})
    store.commit(Changes([Put(a_task("t1", comments=1))], extra=[record]))
    delete_task(store, T1, NOBODY, now=CREATED)

    assert list(store.records(T1, "comment")) == [record]


def test_a_deleted_task_has_ended_as_it_was() -> None:
    store = BusyStore([a_task("t1", assignee="mary", priority=7)])
    delete_task(store, T1, NOBODY, now=Instant(CREATED + 5))

    stored = store.get(T1)
    assert stored is not None
    assert stored.task == a_task(
        "t1",
        assignee="mary",
        priority=7,
        deleted=True,
        ended=CREATED + 5,
        endReason="deleted",
    )


def test_another_tenants_task_below_it_stays() -> None:
    theirs = a_task("theirs", parentTaskId="t1", tenantId="t9")
    store = BusyStore([a_task("t1"), theirs])
    delete_task(store, T1, Access(frozenset({"t1"})), now=CREATED)

    assert there(store, "t1", "theirs") == ["theirs"]


@pytest.mark.parametrize(("children", "too_many"), [(99, False), (100, True), (1500, True)])
def test_sub_tasks_go_with_their_task_all_or_none(children: int, too_many: bool) -> None:
    names = [f"c{number:04}" for number in range(children)]
    store = BusyStore([a_task("t1"), *(a_task(name, parentTaskId="t1") for name in names)])
    with pytest.raises(ChangeTooLarge) if too_many else nullcontext():
        delete_task(store, T1, NOBODY, now=CREATED)

    assert there(store, "t1", *names) == (["t1", *names] if too_many else [])


@pytest.mark.parametrize(
    ("fields", "whose"),
    [({"processInstanceId": "p1"}, "process"), ({"caseExecutionId": "e1"}, "case instance")],
)
def test_a_task_that_a_process_or_a_case_waits_for_stays(
    fields: dict[str, Any], whose: str
) -> None:
    store = BusyStore([a_task("t1", **fields), a_task("child", parentTaskId="t1")])

    with pytest.raises(BadUserRequest, match=f"running {whose}"):
        delete_task(store, T1, NOBODY, now=CREATED)

    assert there(store, "t1", "child") == ["t1", "child"]


@pytest.mark.parametrize(
    "task",
    [a_task("other"), a_task("t1", ended=CREATED), a_task("t1", tenantId="t9")],
    ids=["unknown", "ended", "another tenant's"],
)
def test_a_task_that_is_not_there_cannot_be_deleted(task: Task) -> None:
    store = BusyStore([task])

    with pytest.raises(TaskNotFound, match="No matching task with id t1"):
        delete_task(store, T1, Access(frozenset({"t1"})), now=CREATED)

    assert there(store, task["id"]) == [task["id"]]


def test_the_version_that_is_expected_must_be_the_tasks() -> None:
    store = BusyStore([a_task("t1")])

    with pytest.raises(PreconditionFailed):
        delete_task(store, T1, NOBODY, expected_version=2, now=CREATED)
    assert there(store, "t1") == ["t1"]
    delete_task(store, T1, NOBODY, expected_version=1, now=CREATED)
    assert there(store, "t1") == []


def test_a_task_that_changes_meanwhile_is_deleted_all_the_same() -> None:
    store = BusyStore([a_task("t1")], changing("t1", lambda task: changed(task, priority=1)))
    delete_task(store, T1, NOBODY, now=CREATED)

    assert there(store, "t1") == []
