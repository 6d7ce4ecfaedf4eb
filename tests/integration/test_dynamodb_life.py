"""Concurrent work on the tasks of one process: copies agree, and a task ends once."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from typing import Any

import pytest
from taskdock.domain.access import Access
from taskdock.domain.errors import ConcurrentChange, TaskNotFound
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId, is_open
from taskdock.domain.variables.scopes import Modification
from taskdock.domain.variables.values import from_json
from taskdock.use_cases.ports import Changes, Put, TaskStore
from taskdock.use_cases.tasks.complete_task import Completion, complete_task
from taskdock.use_cases.tasks.delete_task import delete_task
from taskdock.use_cases.tasks.task_variables import modify_variables

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.tables import Table

NOW = Instant(CREATED + MINUTE)
RIVALS = 8
NOBODY = Access(frozenset())


def an_instance(table: Table, tasks: int) -> TaskStore:
    """A process instance of so many tasks, each offered to two groups."""
    store = table.store()
    for number in range(tasks):
        task = a_task(f"t{number}", groups=["sales", "support"], processInstanceId="p1")
        store.commit(Changes([Put(task)]))
    return store


def tasks_of(store: TaskStore, number: int) -> list[Task]:
    found = store.get_many([TaskId(f"t{place}") for place in range(number)])
    return [found[TaskId(f"t{place}")].task for place in range(number)]


def all_at_once(act: Callable[[int], Any]) -> list[Any]:
    """What each rival's act came to: its answer, or the class of its error."""

    def outcome(rival: int) -> Any:
        try:
            return act(rival)
        except (ConcurrentChange, TaskNotFound) as error:
            return type(error)

    with ThreadPoolExecutor(RIVALS) as threads:
        return list(threads.map(outcome, range(RIVALS)))


def set_variable(store: TaskStore, task_id: str, name: str, value: object) -> None:
    modify_variables(
        store,
        TaskId(task_id),
        NOBODY,
        modification=Modification({name: from_json(value)}),
        local=False,
        now=NOW,
    )


@pytest.mark.parametrize("tasks", [3, 45])
def test_process_variables_set_through_different_tasks_agree_in_every_copy(
    dynoxide_table: Table, tasks: int
) -> None:
    """45 tasks of two items each are nearly as much as one transaction writes."""
    store = an_instance(dynoxide_table, tasks)

    def act(rival: int) -> str:
        set_variable(store, f"t{rival % tasks}", f"of{rival}", rival)
        return f"of{rival}"

    outcomes = all_at_once(act)
    set_variable(store, "t0", "last", True)

    copies = [task["processVariables"] for task in tasks_of(store, tasks)]
    done = {outcome for outcome in outcomes if outcome is not ConcurrentChange}
    assert all(copy == copies[0] for copy in copies)
    assert set(copies[0]) == done | {"last"} > {"last"}


def test_of_many_who_complete_a_task_one_does_and_its_children_end_with_it(
    dynoxide_table: Table,
) -> None:
    store = an_instance(dynoxide_table, 1)
    child = a_task("child", parentTaskId="t0", groups=["sales", "support"])
    store.commit(Changes([Put(child)]))

    def act(rival: int) -> str:
        completion = Completion(
            task_id=TaskId("t0"),
            access=NOBODY,
            variables={"by": from_json(rival)},
            now=NOW,
        )
        complete_task(store, completion)
        return "done"

    outcomes = all_at_once(act)

    assert outcomes.count("done") == 1
    assert set(outcomes) <= {"done", TaskNotFound, ConcurrentChange}
    [task] = tasks_of(store, 1)
    ended = store.get(TaskId("child"))
    assert ended is not None
    assert not is_open(task)
    assert not is_open(ended.task)
    assert task["processVariables"] == {"by": from_json(outcomes.index("done"))}
    assert not [item for item in dynoxide_table.items() if "candidate" in item]


def test_a_task_that_many_delete_ends_with_its_children_and_leaves_every_inbox(
    dynoxide_table: Table,
) -> None:
    store = dynoxide_table.store()
    store.commit(Changes([Put(a_task("t0", groups=["sales", "support"], comments=1))]))
    for number in range(30):
        child = a_task(f"c{number}", parentTaskId="t0", groups=["a", "b", "c"])
        store.commit(Changes([Put(child)]))

    outcomes = all_at_once(lambda _: delete_task(store, TaskId("t0"), NOBODY, now=CREATED))

    assert set(outcomes) <= {None, TaskNotFound, ConcurrentChange}
    with suppress(TaskNotFound):  # unless every caller had three conflicts
        delete_task(store, TaskId("t0"), NOBODY, now=CREATED)
    left = dynoxide_table.items()
    assert all("expires" in item for item in left)
    assert not [item for item in left if "candidate" in item]
    assert {item["SK"]["S"] for item in left} == {"TASK"}
