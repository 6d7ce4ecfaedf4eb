"""The tasks that come first in an order, picked out of pages that others change meanwhile."""

from taskdock.domain.query.sorting import Order, SortKey
from taskdock.use_cases.query.top_tasks import TopTasks

from tests.support.builders import a_task

BY_PRIORITY = Order((SortKey("priority"),))


def add(first: TopTasks, **priorities: int) -> None:
    for name, priority in priorities.items():
        first.add([(BY_PRIORITY.key(a_task(name, priority=priority)), name.encode())])


def test_a_task_that_moves_back_while_it_is_read_keeps_its_first_place() -> None:
    first = TopTasks(2)
    add(first, a=1, b=2, c=3)
    add(first, a=9)
    add(first, d=4)

    assert first.in_order() == [b"a", b"b"]


def test_a_task_that_moves_forward_while_it_is_read_takes_its_new_place() -> None:
    first = TopTasks(2)
    add(first, a=1, b=2, c=3)
    add(first, c=0)
    add(first, d=4)

    assert first.in_order() == [b"c", b"a"]


def test_a_task_behind_the_last_of_a_full_page_is_not_taken_in() -> None:
    first = TopTasks(1)
    add(first, a=5, b=6)
    add(first, c=7)
    add(first, d=1)

    assert first.in_order() == [b"d"]
