"""The ancestors and sub tasks of a task."""

from collections.abc import Iterable, Sequence
from contextlib import nullcontext
from typing import Any

import pytest
from taskdock.domain.access import Access
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.tasks.task_family import (
    DEEPEST,
    ancestors,
    descendants,
    must_fit_below,
    read_ancestors,
)
from taskdock.use_cases.tasks.unit_of_work import UnitOfWork

from tests.support.builders import CREATED, a_task
from tests.support.busy_store import BusyStore

T1_MEMBER = Access(frozenset({"t1"}))
NOBODY = Access(frozenset())


class Library:
    """Tasks by id, which notes what is asked for."""

    def __init__(self, *tasks: Task) -> None:
        self._tasks = {task["id"]: task for task in tasks}
        self.asked: list[list[str]] = []

    def __call__(self, task_ids: Sequence[TaskId]) -> Iterable[Task]:
        self.asked.append(list(task_ids))
        return [self._tasks[task_id] for task_id in task_ids if task_id in self._tasks]


def above(task: Task, *others: Task, tenants: Access = NOBODY) -> list[str]:
    return [each["id"] for each in ancestors([task], Library(*others), tenants).above(task)]


CHILD = a_task("child", parentTaskId="parent")
PARENT = a_task("parent", parentTaskId="root")
ROOT = a_task("root")


def test_a_line_leads_from_the_parent_to_the_root() -> None:
    assert above(CHILD, PARENT, ROOT) == ["parent", "root"]


def test_a_task_without_parent_has_nothing_above_it_and_nothing_is_read() -> None:
    library = Library()

    assert ancestors([ROOT], library, NOBODY).above(ROOT) == []
    assert library.asked == []


def test_a_generation_is_read_at_once_and_each_task_once() -> None:
    library = Library(PARENT, ROOT)
    siblings = [CHILD, a_task("other", parentTaskId="parent"), a_task("third", parentTaskId="root")]

    lines = ancestors(siblings, library, NOBODY)

    assert library.asked == [["parent", "root"]]
    assert [[each["id"] for each in lines.above(task)] for task in siblings] == [
        ["parent", "root"],
        ["parent", "root"],
        ["root"],
    ]


@pytest.mark.parametrize(
    "surrounded",
    [
        {"processInstanceId": "p1"},
        {"caseExecutionId": "e1", "caseInstanceId": "c1"},
    ],
)
def test_a_task_in_an_instance_has_no_visible_ancestors(surrounded: dict[str, str]) -> None:
    assert above(a_task("child", parentTaskId="parent", **surrounded), PARENT, ROOT) == []
    assert above(CHILD, a_task("parent", parentTaskId="root", **surrounded), ROOT) == ["parent"]


def test_a_case_that_is_only_referred_to_surrounds_nothing() -> None:
    assert above(a_task("child", parentTaskId="parent", caseInstanceId="c1"), PARENT) == ["parent"]


def test_a_line_ends_where_a_parent_is_unknown() -> None:
    assert above(CHILD, ROOT) == []


def test_a_line_ends_where_a_parent_has_ended() -> None:
    assert above(CHILD, a_task("parent", parentTaskId="root", ended=CREATED), ROOT) == []


def test_a_line_ends_at_another_tenants_task() -> None:
    theirs = a_task("parent", tenantId="t1", parentTaskId="root")

    assert above(CHILD, theirs, ROOT) == []
    assert above(CHILD, theirs, ROOT, tenants=T1_MEMBER) == ["parent", "root"]


@pytest.mark.parametrize("last", ["child", "parent", "root"])
def test_parents_in_a_circle_come_once(last: str) -> None:
    assert above(CHILD, CHILD, PARENT, a_task("root", parentTaskId=last)) == ["parent", "root"]


def test_a_task_that_is_its_own_parent_has_nothing_above_it() -> None:
    narcissus = a_task("child", parentTaskId="child")

    assert above(narcissus, narcissus) == []


def test_the_line_of_one_task_is_read_as_it_is_now() -> None:
    store = BusyStore([PARENT, ROOT])

    assert [each["id"] for each in read_ancestors(store, CHILD, NOBODY)] == ["parent", "root"]


def below(*tasks: Task, tenants: Access = NOBODY) -> list[str]:
    store = BusyStore(tasks)
    stored = store.get(TaskId("root"))
    assert stored is not None
    return list(descendants(UnitOfWork(store, stored), TaskId("root"), tenants))


def test_sub_tasks_come_generation_by_generation() -> None:
    second = a_task("second", parentTaskId="root")
    grandchild = a_task("grandchild", parentTaskId="child")

    found = below(ROOT, PARENT, second, CHILD, grandchild)

    assert set(found[:2]) == {"parent", "second"}
    assert found[2:] == ["child", "grandchild"]


def test_a_task_without_sub_tasks_has_none() -> None:
    assert below(ROOT, a_task("stranger", parentTaskId="elsewhere")) == []


def test_sub_tasks_in_a_circle_come_once() -> None:
    assert below(a_task("root", parentTaskId="child"), PARENT, CHILD) == ["parent", "child"]


def test_another_tenants_sub_task_is_not_reached() -> None:
    theirs = a_task("parent", parentTaskId="root", tenantId="t1")

    assert below(ROOT, theirs, CHILD) == []
    assert below(ROOT, theirs, CHILD, tenants=T1_MEMBER) == ["parent", "child"]


def a_line(length: int, **fields: Any) -> list[Task]:
    """Tasks of which each is the parent of the one before."""
    return [
        a_task(f"t{place:04}", parentTaskId=f"t{place + 1:04}", **fields) for place in range(length)
    ]


def test_of_a_thousand_ancestors_the_nearest_fifty_are_read() -> None:
    line = a_line(1_000)
    library = Library(*line)

    found = ancestors(line[:1], library, NOBODY).above(line[0])

    assert [each["id"] for each in found] == [f"t{place:04}" for place in range(1, DEEPEST + 1)]
    assert len(library.asked) == DEEPEST


@pytest.mark.parametrize(("ancestors_of_parent", "fits"), [(DEEPEST - 1, True), (DEEPEST, False)])
def test_a_task_has_at_most_fifty_ancestors(ancestors_of_parent: int, fits: bool) -> None:
    *line, top = a_line(ancestors_of_parent + 1)
    store = BusyStore([*line, changed(top, parentTaskId=None)])

    with nullcontext() if fits else pytest.raises(InvalidRequest, match="more than 50 ancestors"):
        must_fit_below(store, "new", "t0000", NOBODY)


@pytest.mark.parametrize("length", [0, 1, 3])
def test_no_task_becomes_its_own_ancestor(length: int) -> None:
    *line, top = a_line(length + 1)
    store = BusyStore([*line, changed(top, parentTaskId=None)])

    with pytest.raises(InvalidRequest, match=f"'{top['id']}' would be its own ancestor"):
        must_fit_below(store, top["id"], "t0000", NOBODY)


def test_a_circle_that_was_imported_ends_the_search() -> None:
    store = BusyStore([a_task("a", parentTaskId="b"), a_task("b", parentTaskId="a")])

    with pytest.raises(InvalidRequest, match="more than 50"):
        must_fit_below(store, "new", "a", NOBODY)


def test_a_parent_that_the_caller_does_not_see_ends_the_line() -> None:
    line = a_line(60, tenantId="t1")

    must_fit_below(BusyStore(line), "t0059", "t0000", NOBODY)
    with pytest.raises(InvalidRequest):
        must_fit_below(BusyStore(line), "t0040", "t0000", T1_MEMBER)
