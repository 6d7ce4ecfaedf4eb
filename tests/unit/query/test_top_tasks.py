"""The tasks that come first in an order, picked out of pages that others change meanwhile."""

from taskdock.domain.query.sorting import Order, SortKey
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.query.top_tasks import TopTasks

from tests.support.builders import a_task

BY_PRIORITY = Order((SortKey("priority"),))


def prioritized(**priorities: int) -> list[Task]:
    return [a_task(name, priority=priority) for name, priority in priorities.items()]


def ids(first: TopTasks) -> list[str]:
    return [task["id"] for task in first.in_order()]


def test_a_task_that_moves_back_while_it_is_read_keeps_its_first_place() -> None:
    first = TopTasks(BY_PRIORITY, 2)
    first.add(prioritized(a=1, b=2, c=3))
    first.add(prioritized(a=9))
    first.add(prioritized(d=4))

    assert ids(first) == ["a", "b"]


def test_a_task_that_moves_forward_while_it_is_read_takes_its_new_place() -> None:
    first = TopTasks(BY_PRIORITY, 2)
    first.add(prioritized(a=1, b=2, c=3))
    first.add(prioritized(c=0))
    first.add(prioritized(d=4))

    assert ids(first) == ["c", "a"]


def test_a_task_behind_the_last_of_a_full_page_is_not_taken_in() -> None:
    first = TopTasks(BY_PRIORITY, 1)
    first.add(prioritized(a=5, b=6))
    first.add(prioritized(c=7))
    first.add(prioritized(d=1))

    assert ids(first) == ["d"]
