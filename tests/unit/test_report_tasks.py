"""Counting the open tasks that wait in groups' inboxes
(docs/camunda-behaviour.md, Group counts)."""

import pytest
from taskdock.domain.errors import OutOfTime, QueryTooExpensive
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import Changes, Put
from taskdock.use_cases.query.read_budget import Limits

from tests.support.builders import CREATED, a_task, to_group, to_user
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.reports import NO_TENANTS, report


def holding(*tasks: Task) -> InMemoryTaskStore:
    store = InMemoryTaskStore()
    for task in tasks:
        store.commit(Changes([Put(task)]))
    return store


def counts(*tasks: Task, tenants: frozenset[str] = NO_TENANTS) -> list[tuple[str | None, int]]:
    return [*report(holding(*tasks), tenants).counts.items()]


def test_tasks_are_counted_for_each_of_their_groups() -> None:
    counted = counts(a_task("1", groups=["sales", "accounting"]), a_task("2", groups=["sales"]))

    assert counted == [("accounting", 1), ("sales", 2)]


def test_no_tasks_are_no_rows() -> None:
    assert counts() == []


def test_what_is_offered_to_no_group_comes_first_under_none() -> None:
    counted = counts(
        a_task("nobody"), a_task("group", groups=["A"]), a_task("users", users=["john", "mary"])
    )

    assert counted == [(None, 3), ("A", 1)]


def test_links_of_any_type_are_counted_and_the_same_one_twice() -> None:
    links = [to_group("A"), to_group("A"), to_group("B", "participant"), to_user("u", None)]

    assert counts(a_task("1", links=links)) == [(None, 1), ("A", 2), ("B", 1)]


def test_assigned_and_ended_tasks_are_not_counted() -> None:
    counted = counts(
        a_task("assigned", groups=["A"], assignee="mary"),
        a_task("ended", groups=["A"], ended=CREATED, state="completed"),
        a_task("suspended", groups=["A"], suspended=True),
    )

    assert counted == [("A", 1)]


def test_a_task_that_is_delegated_is_counted_no_more() -> None:
    """Camunda 7's own case: two tasks for A, one for B that is delegated, one for no group."""
    counted = counts(
        a_task("1", groups=["A"]),
        a_task("2", groups=["A"]),
        a_task("3", groups=["B"], assignee="joe", delegationState="PENDING"),
        a_task("4"),
    )

    assert counted == [(None, 1), ("A", 2)]


def test_only_tasks_that_the_caller_may_see_are_counted() -> None:
    tasks = [a_task(tenant, groups=["A"], tenantId=tenant) for tenant in ("t1", "t2")]

    assert counts(*tasks, a_task("3", groups=["A"])) == [("A", 1)]
    assert counts(*tasks, tenants=frozenset({"t1"})) == [("A", 1)]
    assert counts(*tasks, tenants=frozenset({"t1", "t2"})) == [("A", 2)]


def test_names_are_in_code_point_order() -> None:
    groups = ["b", "Ä", "a", "B", ""]

    counted = counts(a_task("1", groups=groups))

    assert [name for name, _ in counted] == ["", "B", "a", "b", "Ä"]


def test_a_report_costs_what_reading_all_open_tasks_costs() -> None:
    store = holding(*(a_task(f"t{number}", groups=["A"]) for number in range(100)))

    found = report(store)

    assert found.counts == {"A": 100}
    assert found.spent.items == 100
    assert 0 < found.spent.read_units <= 0.5 * 16 * 3


def test_a_report_stops_at_the_budget() -> None:
    store = holding(*(a_task(f"t{number}") for number in range(100)))

    with pytest.raises(QueryTooExpensive, match="Every task is read"):
        report(store, limits=Limits(1.0, advice="Every task is read."))


def test_a_report_stops_when_time_is_up() -> None:
    with pytest.raises(OutOfTime):
        report(holding(a_task()), limits=Limits(seconds_left=lambda: 0.0))
