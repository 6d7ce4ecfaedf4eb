"""Several tasks that change together."""

from collections.abc import Iterator
from secrets import token_hex

import pytest
from taskdock.domain.errors import ChangeTooLarge, InvalidRequest
from taskdock.domain.query.read_specs import ByIndex, Index
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.ports import Put, StoredTask, VersionConflict
from taskdock.use_cases.tasks.unit_of_work import MOST_TASKS, UnitOfWork

from tests.support.builders import a_task
from tests.support.busy_store import BusyStore, changing

T1, T2, T3 = TaskId("t1"), TaskId("t2"), TaskId("t3")
FAMILY = (a_task("t1"), a_task("t2", parentTaskId="t1"), a_task("t3", parentTaskId="t1"))


def renamed(task: Task) -> Task:
    return changed(task, name=f"{task.get('name')}!")


def holding(store: BusyStore, first: TaskId = T1) -> UnitOfWork:
    stored = store.get(first)
    assert stored is not None
    return UnitOfWork(store, stored)


def written(store: BusyStore) -> list[list[str]]:
    """The ids of the tasks of each commit, in their order."""
    return [
        [(each.task if isinstance(each, Put) else each.before.task)["id"] for each in done.writes]
        for done in store.commits
    ]


def test_nothing_is_written_before_the_commit() -> None:
    store = BusyStore(FAMILY)
    unit = holding(store)
    unit.change(T1, renamed)

    assert unit[T1]["name"] == "Task t1!"
    assert store.task("t1") == FAMILY[0]


def test_changes_add_up_and_are_written_over_the_version_read() -> None:
    store = BusyStore(FAMILY)
    unit = holding(store)
    unit.change(T1, renamed)
    unit.change(T1, renamed)
    unit.commit()

    assert store.get(T1) == StoredTask(a_task("t1", name="Task t1!!"), 2)
    assert unit.version(T1) == 2


def test_what_is_as_it_was_is_not_written() -> None:
    store = BusyStore(FAMILY)
    unit = holding(store)
    unit.read([T2])
    unit.change(T1, lambda task: task)
    unit.commit()

    assert written(store) == [[]]
    assert unit.version(T1) == 1


def test_the_first_task_is_written_last() -> None:
    store = BusyStore(FAMILY)
    unit = holding(store)
    unit.read([T2, T3])
    for task_id in (T3, T1, T2):
        unit.change(task_id, renamed)
    unit.commit()

    assert written(store) == [["t3", "t2", "t1"]]


def test_a_task_is_read_once() -> None:
    store = BusyStore(FAMILY)
    unit = holding(store)
    changing("t1", renamed)(store)
    unit.change(T1, lambda task: changed(task, priority=1))

    [again, second] = unit.read([T1, T2, T1, TaskId("nope")])

    assert (again["name"], again["priority"]) == ("Task t1", 1)
    assert second["id"] == "t2"


def test_an_index_is_read_as_its_tasks_are_now() -> None:
    unit = holding(BusyStore(FAMILY))

    found = unit.read_index(ByIndex(Index.PARENT, (T1,)))

    assert sorted(task["id"] for task in found) == ["t2", "t3"]
    assert len(unit.tasks()) == 3


def test_one_lost_race_leaves_everything_as_it_was() -> None:
    store = BusyStore(FAMILY, changing("t2", renamed))
    unit = holding(store)
    unit.read([T2])
    unit.change(T1, renamed)
    unit.change(T2, renamed)

    with pytest.raises(VersionConflict):
        unit.commit()

    assert store.task("t1") == FAMILY[0]


def many(number: int) -> list[Task]:
    return [a_task(f"t{place:03}") for place in range(number)]


def changed_all(store: BusyStore, tasks: list[Task]) -> UnitOfWork:
    unit = holding(store, TaskId("t000"))
    unit.read(task["id"] for task in tasks)
    for task in tasks:
        unit.change(task["id"], renamed)
    return unit


def test_a_hundred_tasks_are_written_at_once() -> None:
    tasks = many(100)
    store = BusyStore(tasks)
    changed_all(store, tasks).commit()

    assert [len(done) for done in written(store)] == [100]
    assert written(store)[-1][-1] == "t000"


@pytest.mark.parametrize("size", [101, MOST_TASKS])
def test_what_does_not_fit_at_once_is_refused_as_a_whole(size: int) -> None:
    tasks = many(size)
    store = BusyStore(tasks)

    with pytest.raises(ChangeTooLarge, match="Nothing was written"):
        changed_all(store, tasks).commit()

    assert store.commits == []


def test_large_tasks_that_do_not_fit_together_are_refused_as_a_whole() -> None:
    tasks = [changed(task, description=token_hex(150_000)) for task in many(30)]
    store = BusyStore(tasks)

    with pytest.raises(ChangeTooLarge):
        changed_all(store, tasks).commit()

    assert store.commits == []


def test_tasks_that_stay_as_they_are_do_not_count() -> None:
    tasks = many(150)
    store = BusyStore(tasks)
    unit = holding(store, TaskId("t000"))
    unit.read(task["id"] for task in tasks)
    unit.change(TaskId("t000"), renamed)
    unit.commit()

    assert written(store) == [["t000"]]


def test_no_more_tasks_are_read_than_could_ever_be_written() -> None:
    tasks = many(MOST_TASKS + 1)
    asked: list[TaskId] = []

    def ids() -> Iterator[TaskId]:
        for task in [*tasks, *many(1000)]:
            asked.append(task["id"])
            yield task["id"]

    with pytest.raises(ChangeTooLarge):
        holding(BusyStore(tasks), TaskId("t000")).read(ids())

    assert len(asked) == MOST_TASKS + 1


def test_a_task_that_is_too_large_by_itself_is_named() -> None:
    tasks = many(150)
    store = BusyStore(tasks)
    unit = changed_all(store, tasks)
    unit.change(TaskId("t000"), lambda task: changed(task, description=token_hex(200_000)))

    with pytest.raises(InvalidRequest, match="t000"):
        unit.commit()

    assert store.commits == []
