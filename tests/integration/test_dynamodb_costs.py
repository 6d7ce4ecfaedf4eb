"""What reading and writing tasks costs, in the capacity units that are paid for."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import count
from typing import Any

import pytest
from taskdock.adapters.dynamodb.task_items import size_of, task_items
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIds, ByIndex, Inbox, Index
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.ports import Changes, Put, Receipt, Remove, StoredTask, TaskStore
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.query_tasks import find_tasks

from tests.support.builders import CREATED, MINUTE, a_task, noise
from tests.support.capacity_meter import metered
from tests.support.pages import pages_of, tasks_on
from tests.support.set_clock import SetClock
from tests.support.tables import Table
from tests.unit.query.asking import DEMO, query_request

ALONE = replace(DEMO, tenants=frozenset())
"""A caller whose tasks are in one partition for each key."""

PROCESS = {
    "processInstanceId": "pi",
    "processInstanceBusinessKey": "order-1",
    "processDefinitionKey": "invoice",
    "taskDefinitionKey": "approve",
}
EVERYTHING: dict[str, Any] = {
    **PROCESS,
    "assignee": "mary",
    "caseInstanceId": "case",
    "service": "printer",
    "parentTaskId": "parent",
    "due": CREATED,
}
TWO_KILOBYTES = {"description": noise(2_000)}


@pytest.mark.parametrize(
    ("task", "table", "indexes"),
    [
        (a_task(), 1, {"open": 1}),
        (a_task(groups=["sales"]), 1, {"open": 1, "by_candidate": 1}),
        (
            a_task(service="printer", users=["mary"]),
            1,
            {"open": 1, "by_service": 1, "by_candidate": 1},
        ),
        # From the second candidate on it is a transaction, which counts the table's items twice.
        (a_task(groups=["sales", "support"]), 2 * 2, {"open": 1, "by_candidate": 2}),
        (a_task(groups=["a", "b"], users=["c"]), 2 * 3, {"open": 1, "by_candidate": 3}),
        (a_task(groups=["sales"], **TWO_KILOBYTES), 2, {"open": 2, "by_candidate": 2}),
        (
            a_task(groups=["sales", "support"], **TWO_KILOBYTES),
            2 * 2 * 2,
            {"open": 2, "by_candidate": 4},
        ),
        (
            a_task(**PROCESS),
            1,
            {
                "open": 1,
                "by_process_instance": 1,
                "by_business_key": 1,
                "by_process_definition": 1,
                "by_task_definition": 1,
            },
        ),
        (
            a_task(groups=["sales"], **EVERYTHING),
            1,
            {index.value: 1 for index in Index if index not in {Index.ENDED, Index.CHANGES}},
        ),
    ],
)
def test_creating_writes_the_item_its_indexes_and_its_queue_and_reads_nothing(
    dynoxide_table: Table, task: Task, table: float, indexes: dict[str, float]
) -> None:
    with metered(dynoxide_table.client) as meter:
        dynoxide_table.store().commit(Changes([Put(task)]))

    assert len(meter.requests) == 1
    assert meter.read == 0
    assert meter.of_the_table == table
    assert meter.by_index == indexes


def test_a_receipt_makes_creating_a_transaction(dynoxide_table: Table) -> None:
    receipt = Receipt("mary", "k1", "f", {}, CREATED, Instant(CREATED + MINUTE))

    with metered(dynoxide_table.client) as meter:
        dynoxide_table.store().commit(Changes([Put(a_task())], receipt))

    assert (meter.of_the_table, meter.by_index) == (2 * 2, {"open": 1})


@pytest.mark.parametrize(
    ("groups", "fields", "units"),
    [
        ([], {"priority": 1}, 1 + 1),
        (["sales"], {"priority": 1}, 1 + 1 + 1),
        # Claiming: out of one inbox, into another, and into the assignee's index.
        (["sales"], {"assignee": "mary"}, 1 + 1 + 2 + 1),
        (["sales", "support"], {"assignee": "mary"}, 2 * 2 + 1 + 2 * 2 + 1),
        # Ending: out of the inbox and the open tasks, into the ended ones.
        (["sales"], {"ended": CREATED}, 1 + 1 + 1 + 1),
    ],
)
@pytest.mark.parametrize(("earlier", "kept"), [(None, 0), (0, 1), (1, 2)])
def test_changing_reads_the_task_once_and_writes_what_differs(
    dynoxide_table: Table,
    groups: list[str],
    fields: dict[str, Any],
    units: float,
    earlier: int | None,
    kept: float,
) -> None:
    """Keeping changes costs a unit for the first of a task, two for each later one."""
    clock = count(CREATED)
    keeping = dynoxide_table.keeping(SetClock(lambda: next(clock)), is_on=earlier is not None)
    store = dynoxide_table.store(keeping=keeping)
    store.commit(Changes([Put(a_task(groups=groups))]))
    for number in range(earlier or 0):
        before = stored(store)
        store.commit(Changes([Put(changed(before.task, name=f"n{number}"), before)]))

    with metered(dynoxide_table.client) as meter:
        before = stored(store)
        store.commit(Changes([Put(changed(before.task, **fields), before)]))

    assert meter.read == 1  # consistent, hence a whole unit for up to 4 KB
    assert meter.written == units + kept
    assert meter.by_index.get("changes", 0) == kept
    assert len(meter.requests) == 2


def test_an_import_is_kept_like_a_change(dynoxide_table: Table) -> None:
    with metered(dynoxide_table.client) as meter:
        dynoxide_table.store().commit(Changes([Put(a_task(created=CREATED - MINUTE))]))

    assert meter.by_index == {"open": 1, "changes": 1}


@pytest.mark.parametrize(
    ("is_on", "request_", "units"), [(False, "DeleteItem", 1 + 1 + 1), (True, "PutItem", 4)]
)
def test_removing_an_open_task_writes_its_item_and_its_indexes(
    dynoxide_table: Table, is_on: bool, request_: str, units: float
) -> None:
    """Where changes are kept, a mark takes its place."""
    store = dynoxide_table.store(keeping=dynoxide_table.keeping(is_on=is_on))
    store.commit(Changes([Put(a_task(groups=["sales"]))]))
    before = stored(store)

    with metered(dynoxide_table.client) as meter:
        store.commit(Changes([Remove(before)]))

    assert (meter.requests, meter.read, meter.written) == ([request_], 0, units)


def test_an_inbox_costs_half_a_unit_for_4_kb_of_its_own_tasks(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    for number in range(40):
        group = "sales" if number % 2 else "support"
        store.commit(Changes([Put(a_task(f"t{number}", groups=[group], **TWO_KILOBYTES))]))

    inbox = Inbox("group", "sales", assigned=False)
    with metered(dynoxide_table.client) as meter:
        [page] = pages_of(store, ByIndex(Index.CANDIDATE, (inbox,)))

    assert len(page.documents) == 20
    assert meter.requests == ["Query"]
    assert meter.read == page.read_units
    least = half_units(tasks_on(page), Index.CANDIDATE)
    assert least <= meter.read <= 1.1 * least


def test_a_small_page_reads_no_more_than_it_shows(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    for number in range(60):
        task = a_task(f"t{number}", assignee="mary", created=CREATED + number, **TWO_KILOBYTES)
        store.commit(Changes([Put(task)]))

    with metered(dynoxide_table.client) as meter:
        page = store.page(ByIndex(Index.ASSIGNEE, ("mary",)), limit=20)

    assert [task["id"] for task in tasks_on(page)] == [f"t{number}" for number in range(20)]
    assert meter.requests == ["Query"]
    least = half_units(tasks_on(page), Index.ASSIGNEE)
    assert least <= meter.read <= 1.1 * least


def test_further_pages_grow_with_what_was_read(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    large = {"assignee": "mary", "description": noise(290 * 1024)}
    for number in range(11):
        store.commit(Changes([Put(a_task(f"t{number}", created=CREATED + number, **large))]))

    body = {
        "assignee": "mary",
        "nameLike": "none%",
        "sorting": [{"sortBy": "created", "sortOrder": "asc"}],
    }
    with metered(dynoxide_table.client) as meter:
        find_tasks(query_request(body, caller=ALONE), store, Window(maximum=1))

    # Four of these tasks fill a page: each request asks for four times what was read at the most.
    assert meter.limits == [11, 16, 31]


def test_known_ids_cost_half_a_unit_each(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    names = [TaskId(f"t{number}") for number in range(10)]
    for name in names:
        store.commit(Changes([Put(a_task(name))]))

    with metered(dynoxide_table.client) as meter:
        [page] = pages_of(store, ByIds(tuple(names)))

    assert meter.requests == ["BatchGetItem"]
    assert meter.read == page.read_units == 5.0


def stored(store: TaskStore) -> StoredTask:
    found = store.get(TaskId("t1"))
    assert found is not None
    return found


def half_units(tasks: Sequence[Task], index: Index) -> float:
    """Read units for these tasks' entries alone: a half for each 4 KB begun."""
    keys = index
    shown = {"PK", "SK", "doc", "version", keys.partition_key, keys.sort_key}
    size = 0
    for task in tasks:
        own, *_ = task_items(task, 1, 1)
        size += size_of({name: value for name, value in own.items() if name in shown})
    return 0.5 * -(-size // 4096)
