"""The recorded queries, answered from columns: just made, with much written since, and while others
make new ones. Each is asked of one of the three, by `make nightly` of all."""

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from functools import cache
from random import Random
from typing import Final

import pytest
from taskdock.api.requests.imports import read_import
from taskdock.domain.caller import Caller
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.columns.compacting import Outcome
from taskdock.use_cases.query.query_tasks import QueryRequest, count_tasks, find_tasks
from taskdock.use_cases.query.read_budget import Limits

from tests.conformance.recordings import QueryCase, queries, world
from tests.conformance.test_in_process import query, window
from tests.support.column_worlds import MINUTE, ColumnWorld, Moment, every_query_is_broad

DAY: Final = 24 * 60 * MINUTE

EACH_IN_EVERY_STATE: Final = bool(os.environ.get("COLUMNS_IN_EVERY_STATE"))


@pytest.fixture(autouse=True, scope="module")
def _every_query_is_broad() -> Iterator[None]:
    with every_query_is_broad():
        yield


@cache
def tasks() -> Sequence[Task]:
    """The recorded world, the oldest task first."""
    found = [entry.task for entry in read_import({"tasks": world().entries})]
    return sorted(found, key=lambda task: task["created"])


@cache
def tenants() -> Sequence[str | None]:
    """Those that the world's tasks have."""
    return [None, *sorted({task["tenantId"] for task in tasks() if "tenantId" in task})]


def everything_made() -> ColumnWorld:
    """All tasks are in the columns, and nothing was written since."""
    kept = ColumnWorld()
    kept.put(*tasks())
    kept.wait(20 * MINUTE)
    assert set(kept.compact(*tenants())) == {Outcome.MADE}
    kept.wait(20 * MINUTE)
    return kept


def much_written_since() -> ColumnWorld:
    """Tasks of the last weeks were created after the columns were made, each at its time. Of the
    others some are in the columns as they are, some as they had been; and some that are gone."""
    kept, given = ColumnWorld(), tasks()
    kept.now = made = Instant(world().now - 25 * DAY)
    before = [task for task in given if task["created"] < made]
    kept.put(*before[::2], *(_other(task, name="as it had been") for task in before[1::2]))
    gone = [_other(task, id=f"gone{at}") for at, task in enumerate(given[::4])]
    kept.put(*gone)
    kept.wait(20 * MINUTE)
    assert set(kept.compact(*tenants())) == {Outcome.MADE}
    kept.wait(MINUTE)
    kept.put(*before[1::2])
    for task in gone[::2]:
        kept.put(_other(task, ended=kept.now))
    for task in gone[1::2]:
        kept.erase(task["id"])
    for task in given[len(before) :]:
        kept.now = max(kept.now, task["created"])
        kept.put(task)
    return kept


def _other(task: Task, **fields: object) -> Task:
    """The task with other fields."""
    return {**task, **fields}  # type: ignore[typeddict-item]


class Changing:
    """A world in which tasks are written and columns made anew while queries are answered."""

    def __init__(self) -> None:
        self.kept = much_written_since()
        self.done = 0
        """How often columns were made while a query was on its way."""
        self._chance = Random(2590)

    def query(self) -> AbstractContextManager[None]:
        """What surrounds a query."""
        if self._chance.random() < 0.8:  # a process reads an object once
            self.kept.columns = self.kept.new_process()
        return self.kept.interrupted(self._chance.choice([*Moment]), self._change)

    def _change(self) -> None:
        self.kept.put(*self._chance.sample(tasks(), 3))
        self.kept.wait(2 * MINUTE)
        anew = self._chance.random() < 0.1
        self.kept.compact(self._chance.choice(tenants()), anew=anew)
        self.done += 1


class _Still:
    """A world in which nothing happens."""

    def __init__(self, kept: ColumnWorld) -> None:
        self.kept = kept

    def query(self) -> AbstractContextManager[None]:
        """What surrounds a query."""
        return nullcontext()


def just_made() -> _Still:
    return _Still(everything_made())


def with_much_beside_them() -> _Still:
    return _Still(much_written_since())


STATES: Final = (just_made, with_much_beside_them, Changing)


@pytest.mark.parametrize("state", STATES, ids=lambda each: each.__name__)
def test_every_recorded_query_is_answered_from_columns(
    state: Callable[[], _Still | Changing], record_property: Callable[[str, object], None]
) -> None:
    there = state()
    first, step = (0, 1) if EACH_IN_EVERY_STATE else (STATES.index(state), len(STATES))
    cases = queries()[first::step]
    record_property("summary", f"conformance: {len(cases)} from columns, {state.__name__}")

    wrong = [told for case in cases if (told := _disagreement(case, there))]

    assert not wrong, "\n".join(wrong)
    if isinstance(there, Changing):
        assert there.done > len(cases)


def _disagreement(case: QueryCase, there: _Still | Changing) -> str | None:
    """What was found or counted otherwise than recorded, or not from columns."""
    kept = there.kept
    asked = QueryRequest(query(case), _callers()[case.caller], world().now, _groups_of, Limits())
    asked = replace(asked, columns=lambda: kept.columns)
    with there.query():
        answer = find_tasks(asked, kept.tasks, window(case))
    with there.query():
        counted = count_tasks(asked, kept.tasks)
    found = [task["id"] for task in answer.tasks]
    if found != case.ids or counted.count != case.count:
        return f"{case.name}: {len(found)} found, {counted.count} counted"
    if counted.found.columns is None or (window(case).needed and answer.found.columns is None):
        return f"{case.name}: not from columns: {answer.found.fallback}, {counted.found.fallback}"
    return None


@cache
def _callers() -> dict[str, Caller]:
    return {name: Caller.of_groups(name, user.memberships) for name, user in world().users.items()}


def _groups_of(user: str) -> tuple[str, ...]:
    found = _callers().get(user)
    return found.groups if found is not None else ()
