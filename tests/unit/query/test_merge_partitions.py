"""Merging partitions: the first tasks in order, and how little is read for them."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.domain.query.read_specs import ByIndex, Index
from taskdock.domain.query.sorting import Order, SortKey
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.documents import whole_task
from taskdock.use_cases.query.merge_partitions import Wanted, first_in_order, index_value
from taskdock.use_cases.query.page_reading import PageReader
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.query_tasks import find_tasks
from taskdock.use_cases.query.read_budget import Limits, ReadBudget

from tests.support.builders import CREATED, a_task
from tests.unit.query.asking import keep, query_request
from tests.unit.query.watched_store import WatchedStore

PEOPLE = ("ann", "bob", "cem")


def first(
    store: WatchedStore, needed: int, *, descending: bool = False, at_least: int = 0
) -> tuple[list[Any], int, bool]:
    """The ids of the first tasks of all people with a priority of `at_least`."""
    order = Order((SortKey("created", descending=descending), SortKey("priority")))
    specs = [ByIndex(Index.ASSIGNEE, (each,), descending=descending) for each in PEOPLE]
    wanted = Wanted(
        order.fields | {"priority"},
        lambda task: task["priority"] >= at_least,
        order.key,
    )
    budget = ReadBudget(Limits())
    readers = [PageReader(store, each, budget) for each in specs]
    documents, passed, stopped = first_in_order(readers, index_value(specs), wanted, needed, budget)
    return [whole_task(each)["id"] for each in documents], passed, stopped


def a_world(numbers: list[tuple[int, int, int]]) -> list[Task]:
    return [
        a_task(f"t{place}", assignee=PEOPLE[who], created=CREATED + age, priority=priority)
        for place, (who, age, priority) in enumerate(numbers)
    ]


@settings(max_examples=300, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 6), st.integers(0, 3)), max_size=60),
    st.integers(1, 30),
    st.booleans(),
    st.integers(0, 3),
    st.sampled_from([1, 3, 50]),
)
def test_the_first_are_those_of_sorting_everything(
    numbers: list[tuple[int, int, int]],
    needed: int,
    descending: bool,
    at_least: int,
    page_size: int,
) -> None:
    tasks, store = a_world(numbers), WatchedStore(page_size)
    keep(store, *tasks)
    order = Order((SortKey("created", descending=descending), SortKey("priority")))
    all_of_them = sorted((t for t in tasks if t["priority"] >= at_least), key=order.key)

    found, passed, stopped = first(store, needed, descending=descending, at_least=at_least)

    assert found == [task["id"] for task in all_of_them][:needed]
    assert len(found) <= passed <= len(all_of_them)
    assert stopped or passed == len(all_of_them)


@pytest.mark.exhaustive
@pytest.mark.parametrize("rare", [1, 2, 10, 20])
def test_what_is_read_stays_near_to_what_the_answer_needs(rare: int) -> None:
    store = WatchedStore(page_size=10_000)
    tasks = [
        a_task(f"t{place}", created=CREATED + place, priority=100 if place % rare == 0 else 1)
        for place in range(20_000)
    ]
    keep(store, *tasks)
    by_created = {"sorting": [{"sortBy": "created", "sortOrder": "asc"}]}
    body: dict[str, Any] = {"minPriority": 90, **by_created}

    answer = find_tasks(query_request(body), store, Window(maximum=20))

    assert [task["id"] for task in answer.tasks] == [f"t{place * rare}" for place in range(20)]
    # Twenty tasks are the first 20 x rare; a partition is asked for the eleven that cost the same
    # as one.
    needed = max(21 * rare, 16 * 11)
    assert sum(store.page_sizes) <= 2 * needed


def test_a_partition_that_was_read_far_enough_is_not_read_again() -> None:
    store = WatchedStore(page_size=10_000)
    early = [a_task(f"e{n}", assignee="ann", created=CREATED + n) for n in range(500)]
    late = [a_task(f"l{n}", assignee="bob", created=CREATED + 1000 + n) for n in range(500)]
    keep(store, *early, *late)

    found, _, stopped = first(store, 100)

    assert found == [f"e{n}" for n in range(100)]
    assert stopped
    # Of the one who has none of the first hundred, only the first page was read.
    assert sum(store.page_sizes) <= 68 + 170
