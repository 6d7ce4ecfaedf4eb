"""Which fields of a task a query reads: the store decodes no others."""

from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.api.queries.reading import read_body
from taskdock.domain.query.criteria import CRITERIA
from taskdock.domain.query.matching import matcher
from taskdock.domain.query.operands import Switches
from taskdock.domain.query.planning import partitions, plan
from taskdock.domain.query.sorting import Order
from taskdock.domain.tasks.task import Task

from tests.support.builders import a_task
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.pages import pages_of, tasks_on
from tests.unit.query.asking import DEMO, bound, keep
from tests.unit.query.criteria_cases import CASES, Case
from tests.unit.query.worlds import queries, worlds

Body = Mapping[str, Any]


def cut(task: Task, fields: frozenset[str]) -> Any:
    """The task without all other fields."""
    return {name: value for name, value in task.items() if name in fields}


class Watched(dict[str, Any]):
    """A task that notes which of its fields are read."""

    def __init__(self, task: Task) -> None:
        super().__init__(task)
        self.read: set[str] = set()

    def get(self, key: str, default: Any = None) -> Any:
        self.read.add(key)
        return super().get(key, default)

    def __getitem__(self, key: str) -> Any:
        self.read.add(key)
        return super().__getitem__(key)

    def __contains__(self, key: object) -> bool:
        self.read.add(str(key))
        return super().__contains__(key)


@pytest.mark.parametrize("criterion", CRITERIA, ids=lambda each: each.name)
def test_a_criterion_reads_the_fields_that_it_names_and_no_others(criterion: Any) -> None:
    read: set[str] = set()
    for case in CASES:
        if case.name == criterion.name:
            read |= read_by(case, Switches()) | read_by(case, Switches(include_assigned=True))

    assert read == criterion.comparison.fields


def read_by(case: Case, switches: Switches) -> set[str]:
    query = bound(read_body({case.name: case.value}))
    read: set[str] = set()
    finds, leaves = case.tasks()
    # A test of several fields ends at the first that decides, so each is asked without it too.
    empty = a_task("empty", name=None)
    for task in (*finds, *leaves, empty):
        for given_filter in query.top.filters:
            watched: Any = Watched(task)
            given_filter.criterion.comparison.predicate(given_filter.operand, switches)(watched)
            read |= watched.read
    return read


@settings(max_examples=300)
@given(worlds(), queries())
def test_a_test_decides_by_the_fields_it_names(tasks: list[Task], body: Body) -> None:
    test, fields = matcher(bound(read_body(body)), DEMO.tenants)

    assert [test(cut(task, fields)) for task in tasks] == [test(task) for task in tasks]


@settings(max_examples=300)
@given(worlds(), queries())
def test_an_order_places_tasks_by_the_fields_it_names(tasks: list[Task], body: Body) -> None:
    order = Order(read_body(body).sorting)

    assert [order.key(cut(task, order.fields)) for task in tasks] == list(map(order.key, tasks))


@settings(max_examples=500)
@given(worlds(), queries(), st.sampled_from([None, 1, 5]))
def test_what_a_plan_reads_meets_what_the_plan_says(
    tasks: list[Task], body: Body, wanted: int | None
) -> None:
    query = bound(read_body(body))
    chosen = plan(query, wanted)
    store = InMemoryTaskStore()
    keep(store, *tasks)
    whole, rest = matcher(query, DEMO.tenants), matcher(query, DEMO.tenants, chosen.meets)

    read = [
        task
        for spec in partitions(chosen)
        for page in pages_of(store, spec)
        for task in tasks_on(page)
    ]

    assert rest.fields <= whole.fields
    assert [rest.test(task) for task in read] == [whole.test(task) for task in read]
    if chosen.meets_all:
        assert rest.fields == {"ended", "tenantId"}
