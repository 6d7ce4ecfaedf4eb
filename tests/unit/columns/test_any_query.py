"""Any query of any table is answered by columns as by filtering everything: whether they were just
made, much was written since, or others make new ones meanwhile."""

import os
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, nullcontext
from itertools import count
from random import Random
from typing import Any, Final

import pytest
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from taskdock.api.queries.reading import read_body
from taskdock.domain.caller import Caller
from taskdock.domain.columns import segment
from taskdock.domain.instants import Instant
from taskdock.domain.query.matching import matcher
from taskdock.domain.query.sorting import Order
from taskdock.domain.tasks.task import IdentityLink, Task, TaskId
from taskdock.use_cases.columns import segments
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.plan_search import QueryStatistics

from tests.support.builders import CREATED
from tests.support.column_worlds import (
    MINUTE,
    ColumnWorld,
    Moment,
    every_query_is_broad,
    groups_of,
)
from tests.unit.columns.any_query import a_random_table, another, any_query
from tests.unit.query.asking import bound

pytestmark = pytest.mark.exhaustive

QUERIES: Final = int(os.environ.get("COLUMN_QUERIES") or 400)
"""How many queries are asked; `make nightly` asks tens of thousands."""

SEED: Final = int(os.environ.get("COLUMN_SEED") or 1)

EACH: Final = 8
"""Queries of one table."""

TABLES: Final = 17
"""Tables of one seed."""

CALLERS: Final = (
    Caller("demo", ("accounting", "sales"), frozenset({"t1", "t2"})),
    Caller("mary", ("sales", "support"), frozenset({"t1", "t9"})),
    Caller("peter", (), frozenset()),
    Caller("mary", ("sales",), frozenset({"t1", "t9"}), participates=True),
    Caller("demo", ("accounting",), frozenset({"t9"}), participates=True),
    Caller("mary", ("support",), frozenset({"t1", "t9"}), tenant_required=True),
)


def links_in(task: Task) -> list[IdentityLink]:
    """The links of a task."""
    return task.get("links", [])


type _Question = tuple[Mapping[str, Any], Caller, int, int]
TENANTS: Final = (None, "t1", "t9")


@pytest.fixture(autouse=True, scope="module")
def _every_query_is_broad() -> Iterator[None]:
    with every_query_is_broad():
        yield


STATES: Final = ("just made", "much beside them", "made anew meanwhile")


class RandomWorld:
    """A table of a seed, and its columns in a state."""

    def __init__(self, number: int, state: str) -> None:
        self._chance = Random(number)
        self._state = state
        self.tasks = a_random_table(self._chance.randint(1, 60), self._chance)
        self.with_columns = frozenset(self._chance.sample(TENANTS, self._chance.randint(1, 3)))
        self.kept = ColumnWorld(page_size=9)
        self.kept.now = Instant(CREATED - 60 * MINUTE)
        self.kept.put(*(self.tasks if state == "just made" else self._as_they_had_been()))
        self.kept.wait(20 * MINUTE)
        self.kept.compact(*self.with_columns)
        self.kept.wait(20 * MINUTE)
        if state != "just made":
            self._write_the_rest()

    def _as_they_had_been(self) -> Iterator[Task]:
        for at, task in enumerate(self.tasks):
            kind = self._chance.choice(["as it is", "as it is", "another", "not yet"])
            if kind == "another":
                yield another(task, self._chance)
            elif kind == "as it is" and "ended" not in task:
                yield task
            if at % 5 == 0:
                yield {**another(task, self._chance), "id": TaskId(f"x{at}")}

    def _write_the_rest(self) -> None:
        """Bring the table to what it is. Some tasks are created by that, each at its time."""
        for at in range(0, len(self.tasks), 5):
            stored = self.kept.tasks.get(TaskId(f"x{at}"))
            assert stored is not None
            if at % 2:
                self.kept.erase(f"x{at}")
            else:
                self.kept.put({**stored.task, "ended": self.kept.now})
        for task in sorted(self.tasks, key=lambda task: task["created"]):
            self.kept.now = max(self.kept.now, task["created"])
            stored = self.kept.tasks.get(task["id"])
            if stored is None or stored.task != task:
                self.kept.put(task)

    def while_asked(self) -> AbstractContextManager[None]:
        """What surrounds a question."""
        if self._state != "made anew meanwhile":
            return nullcontext()
        if self._chance.random() < 0.5:  # a process reads an object once
            self.kept.columns = self.kept.new_process()
        return self.kept.interrupted(self._chance.choice([*Moment]), self._change)

    def _change(self) -> None:
        """Write some tasks as they are, and make columns anew, or begin to."""
        some = self._chance.sample(self.tasks, min(3, len(self.tasks)))
        self.kept.put(*(task for task in some if "ended" not in task))
        self.kept.wait(self._chance.choice([1, 2, 20]) * MINUTE)
        self.kept.compact(
            self._chance.choice(sorted(self.with_columns, key=str)),
            seconds=self._chance.choice([900, 900, 0]),
            anew=self._chance.random() < 0.2,
        )

    def expected(self, body: Mapping[str, Any], caller: Caller) -> list[Task]:
        """The tasks that meet a query in its order: every one is looked at."""
        query = bound(read_body(body), caller, self.kept.now)
        test, access = matcher(query, caller.tenants).test, caller.access
        reached = (task for task in self.tasks if task.get("tenantId") in access.reach)
        found = [task for task in reached if access.sees(task) and test(task)]
        return sorted(found, key=Order(query.sorting).key)

    def pages(self, body: Mapping[str, Any], window: Window, caller: Caller) -> list[Task]:
        """All tasks of a window, a few at a time."""
        found: list[Task] = []
        while True:
            with self.while_asked():
                answer = self.kept.ask(body, window, caller)
            self._must_be_of_columns(answer.found, caller)
            found += answer.tasks
            if answer.next is None:
                return found
            assert answer.tasks
            window = Window(maximum=window.maximum, after=answer.next)

    def count(self, body: Mapping[str, Any], caller: Caller) -> int:
        """How many are counted."""
        with self.while_asked():
            counted = self.kept.count(body, caller)
        self._must_be_of_columns(counted.found, caller)
        return counted.count

    def groups(self, body: Mapping[str, Any], caller: Caller) -> Counter[str | None]:
        """How often each group is in the links of what is found."""
        with self.while_asked():
            counted, found = self.kept.groups(body, caller)
        self._must_be_of_columns(found, caller)
        return counted

    def _must_be_of_columns(self, found: QueryStatistics, caller: Caller) -> None:
        assert found.fallback is None
        if self.with_columns & set(caller.access.reach):
            assert found.columns is not None


_questions = st.tuples(
    any_query(), st.sampled_from(CALLERS), st.integers(0, 5), st.sampled_from([2, 5, 20, 100])
)


@pytest.mark.parametrize("state", STATES)
def test_any_query_is_answered_as_by_filtering_everything(
    state: str, monkeypatch: pytest.MonkeyPatch, record_property: Callable[[str, object], None]
) -> None:
    asked = Counter[str]()

    @settings(
        max_examples=TABLES,
        derandomize=False,
        phases=[Phase.generate],
        suppress_health_check=[*HealthCheck],
    )
    @given(
        st.integers(0, 2**32),
        st.lists(_questions, min_size=EACH, max_size=EACH),
        st.sampled_from([7, 50_000]),
        st.sampled_from([1, 300]),
    )
    def holds(number: int, questions: list[_Question], rows: int, names: int) -> None:
        monkeypatch.setattr(segments, "ROWS", rows)
        monkeypatch.setattr(segment, "_MOST_NAMES", names)
        world = RandomWorld(number, state)
        for body, caller, start, maximum in questions:
            expected = world.expected(body, caller)
            assert world.pages(body, Window(start, maximum), caller) == expected[start:]
            assert world.count(body, caller) == len(expected)
            groups = Counter(group for task in expected for group in groups_of(links_in(task)))
            assert world.groups(body, caller) == groups
            asked["queries"] += 1
            asked["found something"] += bool(expected)
            asked["found some, not all"] += 0 < len(expected) < len(world.tasks) // 4

    for number in count():  # each part with a seed of its own
        seed(SEED + number)(holds)()
        if asked["queries"] * len(STATES) >= QUERIES:
            break

    record_property("summary", f"columns: {asked['queries']} random queries, {state}, seed {SEED}")
    assert asked["found something"] > asked["queries"] / 4
    assert asked["found some, not all"] > asked["queries"] / 10
