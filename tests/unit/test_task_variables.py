"""Variables through a task: what it sees, and where changes go."""

from collections.abc import Mapping
from typing import Any

import pytest
from taskdock.domain.access import Access
from taskdock.domain.errors import (
    ChangeTooLarge,
    ConcurrentChange,
    InvalidRequest,
    NotFound,
    PreconditionFailed,
    TaskNotFound,
)
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId, Variable, Variables, changed
from taskdock.domain.variables.scopes import Holder, Modification, modified
from taskdock.domain.variables.values import from_json
from taskdock.use_cases.tasks.conflicts import TRIES
from taskdock.use_cases.tasks.task_variables import modify_variables, named, show_variables

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.busy_store import BusyStore, Rival, changing, removing

NOW = Instant(CREATED + MINUTE)
T1_MEMBER = Access(frozenset({"t1"}))
NOBODY = Access(frozenset())


def holding(**values: Any) -> dict[str, Variable]:
    return {name: from_json(value) for name, value in values.items()}


def values(variables: Variables) -> dict[str, Any]:
    return {name: variable["value"] for name, variable in variables.items()}


def modify(
    store: BusyStore,
    task_id: str = "t1",
    *removals: str,
    local: bool = False,
    tenants: Access = NOBODY,
    expected_version: int | None = None,
    **settings: Any,
) -> int:
    return modify_variables(
        store,
        TaskId(task_id),
        tenants,
        modification=Modification(holding(**settings), removals),
        local=local,
        now=NOW,
        expected_version=expected_version,
    )


def shown(
    store: BusyStore, task_id: str = "t1", *, local: bool = False, tenants: Access = NOBODY
) -> dict[str, Any]:
    return values(show_variables(store, TaskId(task_id), tenants, local=local))


def own(store: BusyStore, task_id: str = "t1") -> dict[str, Any]:
    return values(store.task(task_id).get("variables", {}))


def of_process(store: BusyStore, task_id: str = "t1") -> dict[str, Any]:
    return values(store.task(task_id).get("processVariables", {}))


def of_the_process(task_id: str, /, **fields: Any) -> Task:
    """A task of the process p1, in which x is 1."""
    return a_task(task_id, **{"processInstanceId": "p1", "processVariables": holding(x=1)} | fields)


# What is shown


def test_a_task_sees_its_own_variables_and_those_around_it_the_nearer_first() -> None:
    store = BusyStore([of_the_process("t1", variables=holding(x=2, y=3))])

    assert shown(store) == {"x": 2, "y": 3}
    assert shown(store, local=True) == {"x": 2, "y": 3}
    assert shown(BusyStore([of_the_process("t1")])) == {"x": 1}
    assert shown(BusyStore([of_the_process("t1")]), local=True) == {}


def test_a_sub_task_sees_the_variables_above_it() -> None:
    store = BusyStore(
        [
            of_the_process("root", variables=holding(y=2)),
            a_task("parent", parentTaskId="root", variables=holding(z=3)),
            a_task("t1", parentTaskId="parent"),
        ]
    )

    assert shown(store) == {"x": 1, "y": 2, "z": 3}
    assert shown(store, local=True) == {}


def test_naming_another_tenants_task_as_parent_shows_none_of_its_variables() -> None:
    store = BusyStore(
        [
            a_task("theirs", tenantId="t9", variables=holding(secret="s")),
            a_task("t1", tenantId="t1", parentTaskId="theirs"),
        ]
    )

    assert shown(store, tenants=T1_MEMBER) == {}


def test_a_variable_is_found_by_its_name() -> None:
    assert named(holding(x=1), "x") == from_json(1)
    with pytest.raises(NotFound, match="task variable with name X does not exist"):
        named(holding(x=1), "X")


# Where changes go


def test_a_variable_of_a_standalone_task_belongs_to_the_task() -> None:
    store = BusyStore([a_task("t1")])
    modify(store, x=1)

    assert own(store) == {"x": 1}
    assert store.task("t1")["lastUpdated"] == NOW


def test_a_variable_is_set_where_its_name_is_found_and_else_outermost() -> None:
    store = BusyStore([of_the_process("t1", variables=holding(y=1))])
    modify(store, x=2, y=2, z=2)

    assert own(store) == {"y": 2}
    assert of_process(store) == {"x": 2, "z": 2}


def test_a_local_variable_is_the_tasks_whatever_is_around_it() -> None:
    store = BusyStore([of_the_process("t1")])
    modify(store, x=2, local=True)

    assert (own(store), of_process(store)) == ({"x": 2}, {"x": 1})


def test_a_local_removal_leaves_what_is_around_the_task() -> None:
    store = BusyStore([of_the_process("t1", variables=holding(x=2))])
    modify(store, "t1", "x", local=True)

    assert (own(store), of_process(store)) == ({}, {"x": 1})


def test_a_variable_is_removed_where_it_is_found() -> None:
    store = BusyStore([of_the_process("t1", variables=holding(x=2))])

    modify(store, "t1", "x")
    assert (own(store), of_process(store)) == ({}, {"x": 1})
    modify(store, "t1", "x")
    assert of_process(store) == {}


def test_what_is_not_there_is_removed_without_a_write() -> None:
    store = BusyStore([a_task("t1")])
    modify(store, "t1", "x")

    assert store.get(TaskId("t1")) is not None
    assert [done.writes for done in store.commits] == [[]]


def test_a_sub_task_sets_a_new_variable_in_the_root_task() -> None:
    store = BusyStore(
        [
            a_task("root"),
            a_task("parent", parentTaskId="root", variables=holding(y=1)),
            a_task("t1", parentTaskId="parent"),
        ]
    )
    modify(store, x=2, y=2)

    assert (own(store), own(store, "parent"), own(store, "root")) == ({}, {"y": 2}, {"x": 2})


# A process instance


def test_a_process_variable_reaches_every_open_task_of_the_instance() -> None:
    others = [of_the_process(f"t{number}") for number in range(2, 6)]
    ended = of_the_process("ended", ended=CREATED, state="completed")
    store = BusyStore([of_the_process("t1"), *others, ended, a_task("stranger")])
    modify(store, x=7, y=8)

    for task_id in ("t1", "t2", "t3", "t4", "t5"):
        assert of_process(store, task_id) == {"x": 7, "y": 8}
        assert "lastUpdated" not in store.task(task_id)
    assert of_process(store, "ended") == {"x": 1}
    assert "processVariables" not in store.task("stranger")


def test_a_case_variable_reaches_every_open_task_of_the_case() -> None:
    store = BusyStore(
        [
            a_task("t1", caseInstanceId="c1", caseExecutionId="e1"),
            a_task("t2", caseInstanceId="c1", caseExecutionId="e2"),
            a_task("t3", caseInstanceId="c2", caseExecutionId="e3"),
        ]
    )
    modify(store, x=1)

    copies = [store.task(f"t{number}").get("caseInstanceVariables") for number in (1, 2, 3)]
    assert copies == [holding(x=1), holding(x=1), None]


def test_a_sub_task_reaches_the_process_around_its_parent() -> None:
    store = BusyStore(
        [of_the_process("t1"), of_the_process("t2"), a_task("child", parentTaskId="t1")]
    )
    modify(store, "child", x=5)

    assert (of_process(store), of_process(store, "t2")) == ({"x": 5}, {"x": 5})
    assert own(store, "child") == {}


def test_another_tenants_instance_of_the_same_name_is_another_instance() -> None:
    mine = of_the_process("t1", tenantId="t1")
    store = BusyStore([mine, of_the_process("t2", tenantId="t2"), of_the_process("t3")])
    modify(store, x=5, tenants=Access(frozenset({"t1", "t2"})))

    assert [of_process(store, task)["x"] for task in ("t1", "t2", "t3")] == [5, 1, 1]


def test_the_tasks_of_an_instance_change_together() -> None:
    store = BusyStore([of_the_process("t1"), of_the_process("t2"), of_the_process("t3")])
    modify(store, x=5)

    [done] = store.commits
    assert len(done.writes) == 3


def an_instance(size: int, *rivals: Rival) -> BusyStore:
    """A process instance with so many tasks."""
    return BusyStore([of_the_process(f"t{number:03}") for number in range(size)], *rivals)


def copies(store: BusyStore) -> list[Any]:
    """The different values that the instance's 50 first tasks hold."""
    distinct = {str(of_process(store, f"t{number:03}")) for number in range(50)}
    return sorted(distinct)


def test_a_variable_is_set_in_as_many_tasks_as_one_transaction_writes() -> None:
    store = an_instance(100)
    modify(store, "t000", x=5)

    assert copies(store) == ["{'x': 5}"]
    assert [len(done.writes) for done in store.commits] == [100]


@pytest.mark.parametrize("tasks", [101, 150, 1500])
def test_a_larger_instance_refuses_the_change(tasks: int) -> None:
    store = an_instance(tasks)
    before = copies(store)

    with pytest.raises(ChangeTooLarge, match="Nothing was written"):
        modify(store, "t000", x=5)

    assert copies(store) == before
    assert store.commits == []


def setting(**given: Any) -> Rival:
    """Another caller, who sets process variables in all copies, through another task."""

    def act(store: Any) -> None:
        modify(store, "t049", **given)

    return act


def test_concurrent_changes_of_different_variables_are_both_kept() -> None:
    store = an_instance(50, setting(y=9))
    modify(store, "t000", x=5)

    assert copies(store) == ["{'x': 5, 'y': 9}"]


def test_of_two_that_race_for_one_variable_one_has_all_copies() -> None:
    store = an_instance(50, setting(x=9))
    modify(store, "t000", x=5)

    assert copies(store) == ["{'x': 5}"]


def test_a_change_that_loses_every_race_changes_no_copy() -> None:
    def touch(task: Task) -> Task:
        return changed(task, priority=task["priority"] + 1)

    store = an_instance(50, *[changing("t049", touch)] * TRIES)
    before = copies(store)

    with pytest.raises(ConcurrentChange):
        modify(store, "t000", x=5)
    assert copies(store) == before


def test_a_task_that_ends_meanwhile_keeps_what_it_saw_at_its_end() -> None:
    store = BusyStore(
        [of_the_process("t1"), of_the_process("t2")],
        changing("t2", lambda task: changed(task, ended=CREATED, state="completed")),
    )
    modify(store, x=5)

    assert (of_process(store), of_process(store, "t2")) == ({"x": 5}, {"x": 1})


def test_a_task_that_is_deleted_meanwhile_is_left_out() -> None:
    store = BusyStore([of_the_process("t1"), of_the_process("t2")], removing("t2"))
    modify(store, x=5)

    assert of_process(store) == {"x": 5}


# Races and refusals


def test_another_change_of_the_same_task_is_kept() -> None:
    def rival(task: Task) -> Task:
        return modified(task, Holder.TASK, Modification(holding(y=1)), NOW)

    store = BusyStore([a_task("t1")], changing("t1", rival))
    modify(store, x=2)

    assert own(store) == {"y": 1, "x": 2}


MISSING: Mapping[str, Task] = {
    "unknown": a_task("other"),
    "ended": a_task("t1", ended=CREATED),
    "another tenant's": a_task("t1", tenantId="t9"),
}


@pytest.mark.parametrize("case", MISSING)
@pytest.mark.parametrize("local", [True, False])
def test_a_task_that_is_not_there_has_no_variables_to_show_or_to_set(
    case: str, local: bool
) -> None:
    store = BusyStore([MISSING[case]])

    with pytest.raises(TaskNotFound, match="No matching task with id t1"):
        shown(store, local=local)
    with pytest.raises(TaskNotFound, match="No matching task with id t1"):
        modify(store, x=1, local=local)
    assert store.commits == []


def test_the_version_that_is_expected_must_be_the_tasks() -> None:
    store = BusyStore([of_the_process("t1"), of_the_process("t2")])

    with pytest.raises(PreconditionFailed):
        modify(store, x=5, expected_version=2)
    assert of_process(store, "t2") == {"x": 1}
    assert modify(store, x=5, expected_version=1) == 2
    assert modify(store, "t1", "nothing", expected_version=2) == 2


def test_more_than_a_task_holds_is_refused_and_nothing_is_changed() -> None:
    store = BusyStore([of_the_process("t1"), of_the_process("t2")])

    with pytest.raises(InvalidRequest, match="300 KiB"):
        modify(store, x="x" * 310_000)

    assert of_process(store) == {"x": 1}


def test_a_suspended_task_takes_variables() -> None:
    store = BusyStore([a_task("t1", suspended=True)])
    modify(store, x=1)

    assert own(store) == {"x": 1}
