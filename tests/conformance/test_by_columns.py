"""The recorded queries, answered from columns: just made, with much written since, and while others
make new ones."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from typing import Any, Final

import pytest
from taskdock.api.requests.imports import read_import
from taskdock.domain.caller import Caller
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.columns.compacting import Outcome
from taskdock.use_cases.query.query_tasks import QueryRequest, count_tasks, find_tasks
from taskdock.use_cases.query.read_budget import Limits

from tests.conformance.recordings import QueryCase, queries, world
from tests.conformance.test_in_process import query, window
from tests.support.column_worlds import MINUTE, ColumnWorld

EVERY: Final = 15
"""Which part of the recorded queries each of the tests asks."""


@pytest.fixture(autouse=True, scope="module")
def _every_query_is_broad() -> Iterator[None]:
    """Columns are asked whatever an index would take."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("taskdock.use_cases.query.query_tasks.prefers_columns", lambda *_: True)
        patch.setattr("taskdock.use_cases.columns.columns.still_prefers_columns", lambda *_: True)
        yield


def tasks() -> list[Task]:
    """The recorded world."""
    return [entry.task for entry in read_import({"tasks": world().entries})]


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
    """Of the tasks, some are in the columns as they were, some as they had been, some not."""
    kept, given = ColumnWorld(), tasks()
    for at, task in enumerate(given):
        if at % 3 == 0:
            kept.put(_other(task, name="as it had been", priority=7))
        elif at % 3 == 1:
            kept.put(task)
    gone = [_other(task, id=f"gone{at}") for at, task in enumerate(given[::4])]
    kept.put(*gone)
    kept.wait(20 * MINUTE)
    assert set(kept.compact(*tenants())) == {Outcome.MADE}
    kept.put(*given)
    for task in gone[::2]:
        kept.put(_other(task, ended=kept.now))
    for task in gone[1::2]:
        kept.erase(task["id"])
    return kept


def _other(task: Task, **fields: object) -> Task:
    """The task with other fields."""
    return {**task, **fields}  # type: ignore[typeddict-item]


def asked(cases: Sequence[QueryCase], kept: ColumnWorld, before: Callable[[], None]) -> list[str]:
    """What was found or counted otherwise than recorded."""
    callers = {
        name: Caller.of_groups(name, user.memberships) for name, user in world().users.items()
    }

    def groups_of(user: str) -> tuple[str, ...]:
        return callers[user].groups if user in callers else ()

    wrong = []
    for case in cases:
        request = QueryRequest(query(case), callers[case.caller], world().now, groups_of, Limits())
        request = replace(request, columns=lambda: kept.columns)
        before()
        answer = find_tasks(request, kept.tasks, window(case))
        counted = count_tasks(request, kept.tasks).count
        found = [task["id"] for task in answer.tasks]
        if found != case.ids or counted != case.count:
            wrong.append(f"{case.name}: {len(found)} found, {counted} counted")
        if answer.found.plan.accesses and window(case).needed:
            assert answer.found.columns is not None, answer.found.fallback
    return wrong


def test_columns_that_were_just_made_answer_as_recorded() -> None:
    wrong = asked(queries()[::EVERY], everything_made(), lambda: None)
    assert not wrong, "\n".join(wrong)


def test_columns_beside_which_much_was_written_answer_as_recorded() -> None:
    wrong = asked(queries()[5::EVERY], much_written_since(), lambda: None)
    assert not wrong, "\n".join(wrong)


def test_columns_that_others_make_anew_meanwhile_answer_as_recorded() -> None:
    """A compaction comes to its end between a query's look at the head and its first object."""
    kept = much_written_since()
    read = kept.store.read
    number = 0

    def with_compaction(*args: Any) -> bytes | None:
        store: Any = kept.store
        store.read = read
        kept.compact(*tenants())
        return read(*args)

    def before() -> None:
        nonlocal number
        number += 1
        kept.wait(MINUTE)
        if number % 10 == 0:
            store: Any = kept.store
            store.read = with_compaction
            kept.columns = kept.new_process()

    wrong = asked(queries()[10::EVERY], kept, before)
    assert not wrong, "\n".join(wrong)
