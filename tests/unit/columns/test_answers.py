"""Queries answered from columns and from what was written since."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from hashlib import sha512
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.domain.caller import Caller
from taskdock.domain.errors import ColumnsMissing, QueryTooExpensive
from taskdock.domain.query.read_specs import Index
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.columns.compacting import Outcome
from taskdock.use_cases.columns.tail import specs_since
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.read_budget import Limits

from tests.support.builders import CREATED, a_task
from tests.support.column_worlds import MINUTE, ColumnWorld, every_query_is_broad
from tests.unit.query.worlds import queries, worlds

Body = Mapping[str, Any]
CALLERS = (
    Caller("demo", ("accounting", "sales"), frozenset({"t1", "t2"})),
    Caller("mary", ("support",), frozenset({"t1", "t9"})),
    Caller("peter", (), frozenset(), participates=True),
)


@pytest.fixture(autouse=True, scope="module")
def _every_query_is_broad() -> Iterator[None]:
    """Columns are asked whatever an index would take."""
    with every_query_is_broad():
        yield


def names(world: ColumnWorld, body: Body = {}) -> list[str]:  # noqa: B006 - never changed
    """The ids of the tasks that columns answer."""
    answer = world.ask(body)
    assert answer.found.columns is not None
    return [task["id"] for task in answer.tasks]


def test_what_is_in_the_columns_and_what_came_later_is_found() -> None:
    world = ColumnWorld()
    world.put(a_task("a"), a_task("b"), a_task("c"))
    world.wait(5 * MINUTE)
    assert world.compact(None) == [Outcome.MADE]
    world.put(a_task("d"), a_task("b", name="later"), a_task("c", ended=CREATED))
    world.erase("a")

    assert names(world) == ["b", "d"]
    assert names(world, {"nameLike": "LATER"}) == ["b"]
    assert world.count({}).count == 2


def test_tasks_that_nobody_touched_are_not_read_again() -> None:
    world = ColumnWorld()
    world.put(*(a_task(f"{at:03}", priority=at % 7) for at in range(200)))
    world.wait(20 * MINUTE)
    world.compact(None)
    world.wait(20 * MINUTE)

    count = world.count({"minPriority": 3})

    assert count.count == sum(at % 7 >= 3 for at in range(200))
    assert count.found.spent.items == 0
    assert count.found.columns is not None
    assert (count.found.columns.segments, count.found.columns.rows) == (1, 200)


@settings(max_examples=150, deadline=None)
@given(
    worlds(40),
    worlds(20),
    worlds(10),
    queries(),
    st.sampled_from(CALLERS),
    st.integers(0, 5),
    st.sampled_from([0, 1, 3, 100]),
    st.sets(st.sampled_from([None, "t1", "t9"])),
)
def test_a_page_is_the_one_of_the_plan(
    first: list[Task],
    second: list[Task],
    third: list[Task],
    body: Body,
    caller: Caller,
    start: int,
    maximum: int,
    compacted: set[str | None],
) -> None:
    world = ColumnWorld(page_size=7)
    for tasks, pause in ((first, 30), (second, 5), (third, 0)):
        _put(world, tasks)
        world.wait(pause * MINUTE)
        if pause:
            world.compact(*compacted)
    window = Window(start, maximum)

    answer, expected = world.ask(body, window, caller), world.expected(body, window, caller)

    assert answer.tasks == expected.tasks
    assert (answer.next is None) == (expected.next is None)
    count = world.count(body, caller)
    assert count.count == len(world.expected(body, caller=caller).tasks)
    if answer.next is not None:
        window = Window(maximum=maximum, after=answer.next)
        following = world.ask(body, window, caller)
        assert following.tasks == world.expected(body, window, caller).tasks


def _put(world: ColumnWorld, tasks: list[Task]) -> None:
    """Write the tasks; one that is there keeps its tenant."""
    for task in tasks:
        stored = world.tasks.get(task["id"])
        if stored is None:
            world.put(task)
            continue
        changed: Any = {**task, "created": stored.task["created"]}
        changed.pop("tenantId", None)
        if "tenantId" in stored.task:
            changed["tenantId"] = stored.task["tenantId"]
        world.put(changed)


def test_a_task_that_changes_under_the_answer_is_tested_again() -> None:
    world = ColumnWorld()
    world.put(*(a_task(f"{at:03}", priority=at) for at in range(100)))
    world.wait(20 * MINUTE)
    world.compact(None)
    world.wait(20 * MINUTE)
    body = {"nameLike": "Task%", "sorting": [{"sortBy": "priority", "sortOrder": "desc"}]}
    tasks: Any = world.tasks
    page = tasks.page

    def change_first(*args: Any) -> Any:
        tasks.page = page
        world.put(a_task("099", priority=50), a_task("098", ended=CREATED))
        world.put(a_task("097", priority=97, name="other"))
        return page(*args)

    tasks.page = change_first
    answer = world.ask(body, Window(maximum=3))

    assert [task["id"] for task in answer.tasks] == ["096", "095", "094"]


@pytest.mark.parametrize("late", [Index.OPEN, Index.CHANGES])
def test_of_two_versions_beside_the_columns_the_newest_counts(late: Index) -> None:
    """One index follows the table later than the other."""
    world = ColumnWorld()
    world.put(a_task("a"))
    world.wait(20 * MINUTE)
    world.compact(None)
    tasks: Any = world.tasks
    entries = tasks.entries
    world.put(a_task("new", name="first", created=world.now))
    world.put(a_task("new", name="second", created=world.now))
    before = {spec: entries(spec) for spec in specs_since(None, world.now) if spec.index is late}
    world.put(a_task("new", name="third", created=world.now))
    tasks.entries = lambda spec, *args: (
        before.get(replace(spec, low=world.now)) or entries(spec, *args)
    )

    assert [task["name"] for task in world.ask({}).tasks] == ["Task a", "third"]
    assert world.count({"name": "second"}).count == 0
    assert world.count({"name": "third"}).count == 1


def test_many_tasks_come_from_the_columns_themselves() -> None:
    world = ColumnWorld()
    tasks = [a_task(f"{at:04}", name=f"n{at % 10}") for at in range(900)]
    world.put(*tasks)
    world.wait(20 * MINUTE)
    world.compact(None)
    world.wait(20 * MINUTE)

    answer = world.ask({"nameLike": "n%"})

    assert answer.tasks == tasks
    assert answer.found.spent.items == 0


def test_a_broad_query_beyond_the_budget_waits_for_columns() -> None:
    world = ColumnWorld()
    texts = [sha512(str(at).encode()).hexdigest() for at in range(1500)]
    world.put(*(a_task(f"{at:04}", description=text) for at, text in enumerate(texts)))
    limits = Limits(20)

    with pytest.raises(ColumnsMissing):
        world.count({}, limits=limits)
    assert world.asked.asked == [(None, False)]
    with pytest.raises(QueryTooExpensive):
        world.count({}, limits=Limits(2))
    world.wait(20 * MINUTE)
    world.compact(None)
    world.wait(20 * MINUTE)
    assert world.count({}, limits=limits).count == 1500
