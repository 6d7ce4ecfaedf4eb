"""Queries of columns find what the same predicates find in whole tasks."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.api.queries.reading import read_body
from taskdock.domain.access import Access, Participant
from taskdock.domain.columns.asking import addresses_of_query, rows_that_meet
from taskdock.domain.columns.column import Address, Column, ListColumn
from taskdock.domain.columns.masks import rows_of
from taskdock.domain.columns.picking import addresses_of_order, first_rows
from taskdock.domain.columns.segment import Segment
from taskdock.domain.query.criteria import BY_NAME
from taskdock.domain.query.matching import matcher
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.participation import participation
from taskdock.domain.query.sorting import Order
from taskdock.domain.tasks.task import Task

from tests.support.column_segments import segment_of
from tests.unit.query.asking import bound
from tests.unit.query.criteria_cases import CASES, Case
from tests.unit.query.worlds import FILTERS, SWITCHES, TENANTS, queries, worlds

Body = Mapping[str, Any]
EVERYWHERE = frozenset(TENANTS)


def open_tasks(tasks: list[Task]) -> list[Task]:
    """Those a segment can have."""
    return [task for task in tasks if "ended" not in task]


def asked(segment: Segment, tasks: list[Task], query: TaskQuery) -> list[str]:
    """The ids of the rows that meet the query."""
    found = rows_that_meet(segment, query)
    return [tasks[row]["id"] for row in rows_of(found, segment.rows)]


def filtered(tasks: list[Task], query: TaskQuery) -> list[str]:
    """The ids of the tasks that meet the query."""
    test = matcher(query, EVERYWHERE).test
    return [task["id"] for task in tasks if test(task)]


@pytest.mark.parametrize("case", CASES, ids=lambda each: f"{each.name}={each.parameter}")
def test_a_criterion_finds_and_leaves_the_same_tasks(case: Case) -> None:
    finds, leaves = case.tasks()
    segment, tasks = segment_of(open_tasks([*finds, *leaves]))
    query = bound(read_body({case.name: case.value}))

    assert asked(segment, list(tasks), query) == filtered(list(tasks), query)


@pytest.mark.parametrize("name", sorted(BY_NAME))
def test_a_criterion_is_decided_by_what_it_says(name: str) -> None:
    @settings(max_examples=12, deadline=None)
    @given(worlds(20), FILTERS[name], st.sets(st.sampled_from(SWITCHES)), st.booleans())
    def holds(found: list[Task], operand: Any, switches: set[str], assigned: bool) -> None:
        body = {name: operand, **dict.fromkeys(switches, True)}
        if assigned and BY_NAME[name].traits.candidates:
            body["includeAssignedTasks"] = True
        query = bound(read_body(body))
        segment, tasks = segment_of(open_tasks(found))
        assert asked(segment, list(tasks), query) == filtered(list(tasks), query)

    holds()


@settings(max_examples=150, deadline=None)
@given(worlds(60), queries())
def test_a_query_finds_the_same_tasks(found: list[Task], body: Body) -> None:
    query = bound(read_body(body))
    segment, tasks = segment_of(open_tasks(found))

    assert asked(segment, list(tasks), query) == filtered(list(tasks), query)


@settings(max_examples=100, deadline=None)
@given(worlds(), queries(), st.sampled_from(["demo", "mary"]))
def test_participants_find_the_same_tasks(found: list[Task], body: Body, user: str) -> None:
    seen = participation(Access(EVERYWHERE, Participant(user, frozenset({"sales"}))))
    assert seen is not None
    query = bound(read_body(body))
    query = replace(query, or_queries=(*query.or_queries, seen))
    segment, tasks = segment_of(open_tasks(found))

    assert asked(segment, list(tasks), query) == filtered(list(tasks), query)


@settings(max_examples=150, deadline=None)
@given(worlds(60), queries(), st.integers(0, 12), st.integers(0, 40), st.integers(1, 3))
def test_the_first_rows_are_the_first_tasks(
    found: list[Task], body: Body, needed: int, behind: int, parts: int
) -> None:
    query = bound(read_body(body))
    order = Order(query.sorting)
    tasks = open_tasks(found)
    segments = [segment_of(tasks[at::parts]) for at in range(parts)]
    in_order = sorted(filter(matcher(query, EVERYWHERE).test, tasks), key=order.key)
    after = order.key(in_order[behind]) if behind < len(in_order) else None
    expected = in_order[behind + 1 :] if after is not None else in_order

    meant = [(segment, rows_that_meet(segment, query)) for segment, _ in segments]
    picked = first_rows(meant, order, needed, after)

    ids = [segments[each.segment][1][each.row]["id"] for each in picked]
    assert ids == [task["id"] for task in expected[:needed]]
    assert [each.key for each in picked] == list(map(order.key, expected[:needed]))


@settings(max_examples=100, deadline=None)
@given(worlds(), queries())
def test_no_other_columns_are_fetched_than_those_named(found: list[Task], body: Body) -> None:
    query = bound(read_body(body))
    whole, _ = segment_of(open_tasks(found))
    named = addresses_of_query(whole, query) | addresses_of_order(whole, query.sorting)

    def fetch(address: Address) -> Column | ListColumn:
        assert address in named
        return whole.fetch(address)

    segment = Segment(whole.rows, whole.addresses, fetch)

    first_rows([(segment, rows_that_meet(segment, query))], Order(query.sorting), 5)
