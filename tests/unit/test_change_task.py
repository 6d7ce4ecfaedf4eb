"""Changing a task beside others who change it too."""

from collections.abc import Callable, Mapping, Sequence

import pytest
from taskdock.domain.access import Access
from taskdock.domain.errors import ConcurrentChange, PreconditionFailed, StateConflict, TaskNotFound
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ReadSpec
from taskdock.domain.services.actions import Action, act, complete
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.ports import (
    Changes,
    Page,
    Put,
    Receipt,
    Record,
    StoredTask,
    VersionConflict,
)
from taskdock.use_cases.tasks.change_task import change_task
from taskdock.use_cases.tasks.conflicts import TRIES

from tests.support.builders import CREATED
from tests.support.service_tasks import LATER, a_service_task

"""Written out, so that a change of the number is noticed."""

T1 = TaskId("t1")
NO_TENANTS = Access(frozenset())


class OneTask:
    """A store with one task or none, and another caller who changes it after each read."""

    def __init__(self, stored: StoredTask | None, rival: Callable[[Task], Task | None]) -> None:
        self.stored = stored
        self.reads = 0
        self._rival = rival

    def get(self, task_id: TaskId) -> StoredTask | None:
        found = self.stored
        self.reads += 1
        if found is None or found.task["id"] != task_id:
            return None
        theirs = self._rival(found.task)
        if theirs is None:
            self.stored = None
        elif theirs != found.task:
            self.stored = StoredTask(theirs, found.version + 1)
        return found

    def check(self, changes: Changes) -> None:
        raise NotImplementedError

    def commit(self, changes: Changes) -> None:
        (write,) = changes.writes
        assert isinstance(write, Put)
        assert write.before is not None
        if self.stored is None or self.stored.version != write.before.version:
            raise VersionConflict(write.task["id"], gone=self.stored is None)
        self.stored = StoredTask(write.task, self.stored.version + 1)

    def get_many(self, task_ids: Sequence[TaskId]) -> Mapping[TaskId, StoredTask]:
        raise NotImplementedError

    def page(self, spec: ReadSpec, start: object | None = None, limit: int | None = None) -> Page:
        raise NotImplementedError

    def tenants(self) -> Sequence[str]:
        raise NotImplementedError

    def forget_records(self, task_id: TaskId) -> int:
        raise NotImplementedError

    def expire_records(self, task_id: TaskId, until: Instant) -> None:
        raise NotImplementedError

    def note(self, record: Record, until: Instant | None) -> None:
        raise NotImplementedError

    def receipt(self, owner: str, key: str, now: Instant) -> Receipt | None:
        raise NotImplementedError

    def records(self, task_id: TaskId, kind: str) -> Sequence[Record]:
        raise NotImplementedError


def holding(task: Task, rival: Callable[[Task], Task | None] = lambda task: task) -> OneTask:
    return OneTask(StoredTask(task, 7), rival)


def renamed(task: Task) -> Task:
    return changed(task, name=f"{task.get('name')}!")


class Rival:
    """Another caller, who raises the priority after each of the first reads."""

    def __init__(self, times: int) -> None:
        self._left = times

    def __call__(self, task: Task) -> Task:
        if self._left == 0:
            return task
        self._left -= 1
        return changed(task, priority=task["priority"] + 1)


def test_a_change_is_written_and_the_version_counts_by_one() -> None:
    store = holding(a_service_task())
    stored = change_task(store, T1, NO_TENANTS, renamed)
    assert stored == StoredTask(a_service_task(name="My Task!"), 8)
    assert store.stored == stored


@pytest.mark.parametrize("losses", range(TRIES))
def test_a_lost_race_applies_the_change_to_what_the_others_left(losses: int) -> None:
    store = holding(a_service_task(), Rival(losses))
    stored = change_task(store, T1, NO_TENANTS, renamed)
    assert stored == StoredTask(a_service_task(name="My Task!", priority=50 + losses), 8 + losses)
    assert store.stored == stored


def test_after_a_dozen_conflicts_the_change_is_refused() -> None:
    store = holding(a_service_task(), Rival(TRIES))
    with pytest.raises(ConcurrentChange, match="Task 't1' was changed by others"):
        change_task(store, T1, NO_TENANTS, renamed)
    assert store.reads == TRIES
    assert store.stored == StoredTask(a_service_task(priority=50 + TRIES), 7 + TRIES)


def test_a_task_that_others_removed_meanwhile_is_not_found() -> None:
    with pytest.raises(TaskNotFound):
        change_task(holding(a_service_task(), lambda _: None), T1, NO_TENANTS, renamed)


def test_a_change_that_changes_nothing_is_not_written() -> None:
    store = holding(a_service_task(), Rival(1))
    assert change_task(store, T1, NO_TENANTS, changed) == StoredTask(a_service_task(), 7)
    assert store.stored == StoredTask(a_service_task(priority=51), 8)


def test_an_unknown_task_is_not_found() -> None:
    with pytest.raises(TaskNotFound, match="No matching task with id t2"):
        change_task(holding(a_service_task()), TaskId("t2"), NO_TENANTS, renamed)


@pytest.mark.parametrize("tenants", [NO_TENANTS, Access(frozenset({"other"}))])
def test_a_task_of_another_tenant_is_not_found(tenants: Access) -> None:
    store = holding(a_service_task(tenantId="acme"))
    with pytest.raises(TaskNotFound, match="No matching task with id t1"):
        change_task(store, T1, tenants, renamed)


def test_a_member_of_the_tenant_changes_its_task() -> None:
    store = holding(a_service_task(tenantId="acme"))
    assert change_task(store, T1, Access(frozenset({"acme"})), renamed).task["name"] == "My Task!"


def test_an_ended_task_is_not_found_unless_it_is_asked_for() -> None:
    task = a_service_task(state="completed", ended=CREATED)
    with pytest.raises(TaskNotFound):
        change_task(holding(task), T1, NO_TENANTS, renamed)
    stored = change_task(holding(task), T1, NO_TENANTS, renamed, ended_too=True)
    assert stored.task["name"] == "My Task!"


def test_the_expected_version_must_be_the_tasks() -> None:
    store = holding(a_service_task())
    with pytest.raises(PreconditionFailed, match="its version is 7"):
        change_task(store, T1, NO_TENANTS, renamed, expected_version=6)
    assert change_task(store, T1, NO_TENANTS, renamed, expected_version=7).version == 8


def test_an_expected_version_that_others_pass_meanwhile_is_not_written_over() -> None:
    store = holding(a_service_task(), Rival(1))
    with pytest.raises(PreconditionFailed, match="its version is 8"):
        change_task(store, T1, NO_TENANTS, renamed, expected_version=7)


def test_what_a_change_refuses_is_passed_on_and_nothing_is_written() -> None:
    store = holding(a_service_task(state="started"))
    with pytest.raises(StateConflict):
        change_task(store, T1, NO_TENANTS, lambda task: act(task, Action.START, LATER))
    assert store.stored == StoredTask(a_service_task(state="started"), 7)


def test_complete_from_either_side_ends_a_task_once() -> None:
    def by_service(task: Task) -> Task:
        return act(task, Action.COMPLETE, LATER)

    def by_a_person(task: Task) -> Task:
        return complete(task, LATER)

    service_first = holding(a_service_task(state="started"))
    change_task(service_first, T1, NO_TENANTS, by_service, ended_too=True)
    with pytest.raises(TaskNotFound):
        change_task(service_first, T1, NO_TENANTS, by_a_person)

    person_first = holding(a_service_task(state="started"))
    change_task(person_first, T1, NO_TENANTS, by_a_person)
    with pytest.raises(StateConflict, match="it is completed"):
        change_task(person_first, T1, NO_TENANTS, by_service, ended_too=True)
