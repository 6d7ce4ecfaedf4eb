"""Random queries of random worlds in real tables: plans, pages and counts leave nothing out.

The same law holds of the store in memory (tests/unit/query/test_laws.py). Here the partitions,
ranges, page limits and orders are the tables' own.
"""

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.api.queries.reading import read_body
from taskdock.domain.errors import QueryTooExpensive
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.query_tasks import Answer, QueryRequest, count_tasks, find_tasks
from taskdock.use_cases.query.read_budget import Limits

from tests.support.tables import new_table
from tests.unit.query.asking import chosen, keep, query_request
from tests.unit.query.worlds import a_world, queries

World = tuple[list[Task], TaskStore]

SIZES: Final = (1, 12, 30, 30)
"""How many tasks the worlds have; a query meets each of them now and then."""


@pytest.fixture(scope="module")
def dynoxide_worlds(dynoxide_endpoint: str) -> Iterator[list[World]]:
    """Worlds in tables of dynoxide."""
    with ExitStack() as tables:
        yield _worlds(dynoxide_endpoint, tables)


@pytest.fixture(scope="module")
def moto_worlds(moto_endpoint: str) -> Iterator[list[World]]:
    """Worlds in tables of moto."""
    with ExitStack() as tables:
        yield _worlds(moto_endpoint, tables)


def _worlds(endpoint: str, tables: ExitStack) -> list[World]:
    worlds: list[World] = []
    for seed, size in enumerate(SIZES):
        store = tables.enter_context(new_table(endpoint)).store()
        tasks = a_world(size, seed)
        keep(store, *tasks)
        worlds.append((tasks, store))
    return worlds


PLACES: Final = st.integers(0, len(SIZES) - 1)
WINDOWS: Final = st.tuples(st.integers(0, 6), st.integers(1, 8))


@settings(max_examples=300)
@given(PLACES, queries(), WINDOWS, st.floats(-9, 9))
def test_dynoxide_answers_what_filtering_everything_gives(
    dynoxide_worlds: list[World],
    place: int,
    body: Mapping[str, Any],
    window: tuple[int, int],
    spare: float,
) -> None:
    all_agree(dynoxide_worlds[place], body, *window, spare)


@settings(max_examples=60)
@given(PLACES, queries(), WINDOWS)
def test_moto_answers_what_filtering_everything_gives(
    moto_worlds: list[World], place: int, body: Mapping[str, Any], window: tuple[int, int]
) -> None:
    all_agree(moto_worlds[place], body, *window, spare=None)


def all_agree(
    world: World, body: Mapping[str, Any], first: int, maximum: int, spare: float | None
) -> None:
    """List, count, page and the pages behind it are what a look at every task says."""
    tasks, store = world
    whole, asked = chosen(read_body(body), tasks), query_request(body)
    assert [task["id"] for task in find_tasks(asked, store, Window()).tasks] == whole
    counted = count_tasks(asked, store)
    assert counted.count == len(whole)
    page = find_tasks(asked, store, Window(first, maximum))
    assert [task["id"] for task in page.tasks] == whole[first : first + maximum]
    if page.next is not None:
        rest = find_tasks(asked, store, Window(after=page.next))
        assert [task["id"] for task in rest.tasks] == whole[first + maximum :]
    if spare is not None:
        for budget in (page.found.spent.read_units, page.found.spent.read_units + spare):
            limited = query_request(body, limits=Limits(read_units=max(budget, 0)))
            kept_to(budget, limited, store, page, Window(first, maximum))


def kept_to(
    budget: float, limited: QueryRequest, store: TaskStore, page: Answer, of: Window
) -> None:
    """What fits its budget is answered, and what does not is refused for hardly more than that."""
    cost = page.found.spent.read_units
    try:
        assert find_tasks(limited, store, of).tasks == page.tasks
    except QueryTooExpensive as refused:
        assert cost > budget
        assert refused.read_units is not None
        assert refused.read_units <= max(budget, 0) + 5
