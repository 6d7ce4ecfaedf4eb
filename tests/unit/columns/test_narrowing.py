"""A page of columns begins at its place, whatever the order is."""

from random import Random

import pytest
from taskdock.domain.columns.masks import every, rows_of
from taskdock.domain.columns.narrowing import not_before
from taskdock.domain.query.sorting import (
    PLAIN_SORTS,
    VARIABLE_SORTS,
    Order,
    SortedVariable,
    SortKey,
)

from tests.support.column_segments import segment_of
from tests.unit.query.worlds import a_random_task

VARIABLE = SortedVariable("v", "Integer")
NOT_OF_ONE_COLUMN = ("executionVariable", "caseExecutionVariable")
"""Sorts by a value that several columns make, or none."""

ORDERS: dict[str, tuple[SortKey, ...]] = {
    "ids alone": (),
    "two keys": (SortKey("priority", descending=True), SortKey("name", nulls_first=True)),
    **{each: (SortKey(each),) for each in PLAIN_SORTS},
    **{f"{each} desc": (SortKey(each, descending=True, nulls_first=True),) for each in PLAIN_SORTS},
    **{
        each: (SortKey(each, variable=VARIABLE),)
        for each in VARIABLE_SORTS
        if each not in NOT_OF_ONE_COLUMN
    },
}


@pytest.mark.parametrize("name", ORDERS)
def test_a_page_begins_right_behind_its_place(name: str) -> None:
    chance = Random(name)
    tasks = [a_random_task(f"task-{number:03}", chance) for number in range(60)]
    order = Order(ORDERS[name])
    segments = [segment_of(tasks[at::2]) for at in range(2)]
    whole = [(segment, every(segment.rows)) for segment, _ in segments]

    for place in map(order.key, tasks):
        kept, doubtful = not_before(whole, order.sorting, place)
        found = [
            in_order[row]["id"]
            for (segment, mask), (_, in_order) in zip(kept, segments, strict=True)
            for row in rows_of(mask, segment.rows)
        ]
        assert sorted(found) == [each["id"] for each in tasks if order.key(each) > place]
        assert doubtful == 0


@pytest.mark.parametrize("name", NOT_OF_ONE_COLUMN)
def test_all_rows_are_in_doubt_where_no_column_has_the_value(name: str) -> None:
    chance = Random(name)
    tasks = [a_random_task(f"task-{number}", chance) for number in range(9)]
    segment, _ = segment_of(tasks)
    meant = [(segment, every(segment.rows))]
    sorting = (SortKey(name, variable=VARIABLE),)

    assert not_before(meant, sorting, Order(sorting).key(tasks[4])) == (meant, 9)
