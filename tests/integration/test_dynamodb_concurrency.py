"""Concurrent writers: no change is lost or partial, and every caller gets the right answer."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from taskdock.adapters.dynamodb.task_items import is_erased
from taskdock.domain.errors import AlreadyExists, TemporarilyUnavailable
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIndex, Inbox, Index
from taskdock.domain.tasks.task import TaskId, changed
from taskdock.use_cases.ports import (
    Changes,
    Put,
    Receipt,
    ReceiptTaken,
    Remove,
    StoredTask,
    TaskStore,
    VersionConflict,
)
from taskdock.use_cases.query.page_reading import every_task

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.racing_writers import race
from tests.support.tables import Table

T1 = TaskId("t1")
RIVALS = 16


def test_32_writers_in_four_processes_lose_no_change(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    store.commit(Changes([Put(a_task(groups=["sales", "support"]))]))

    written = race(dynoxide_table, T1, processes=4, threads=8, rounds=4)

    found = stored(store)
    assert written
    assert len(written) < 32 * 4  # they did race
    assert set(found.task["variables"]) == written
    assert found.version == 1 + len(written)
    assert_consistent(dynoxide_table, found)


def test_one_of_many_claims_wins(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    store.commit(Changes([Put(a_task(groups=["sales", "support"]))]))
    before = stored(store)

    def claim(user: int) -> None:
        store.commit(Changes([Put(changed(before.task, assignee=f"u{user}"), before)]))

    outcomes = all_at_once(claim)

    assert outcomes.count(None) == 1
    assert outcomes.count(VersionConflict) == RIVALS - 1
    found = stored(store)
    assert found.task["assignee"] == f"u{outcomes.index(None)}"
    assert_consistent(dynoxide_table, found)


def test_one_of_many_creations_under_one_id_wins(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()

    outcomes = all_at_once(
        lambda rival: store.commit(
            Changes([Put(a_task(name=f"{rival}", groups=[f"{rival}", "g"]))])
        )
    )

    assert outcomes.count(None) == 1
    assert set(outcomes) <= {None, AlreadyExists, TemporarilyUnavailable}
    assert stored(store).task["name"] == f"{outcomes.index(None)}"
    assert_consistent(dynoxide_table, stored(store))


def test_one_of_many_requests_with_one_idempotency_key_creates(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()

    def create(rival: int) -> None:
        receipt = Receipt("mary", "k1", f"{rival}", {}, CREATED, Instant(CREATED + MINUTE))
        store.commit(Changes([Put(a_task(f"t{rival}"))], receipt))

    outcomes = all_at_once(create)

    assert outcomes.count(None) == 1
    assert set(outcomes) <= {None, ReceiptTaken, TemporarilyUnavailable}
    winner = outcomes.index(None)
    receipt = store.receipt("mary", "k1", CREATED)
    assert receipt is not None
    assert receipt.fingerprint == f"{winner}"
    tasks = store.get_many([TaskId(f"t{rival}") for rival in range(RIVALS)])
    assert list(tasks) == [f"t{winner}"]


def test_a_removal_and_changes_leave_a_whole_task_or_nothing(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    store.commit(Changes([Put(a_task(groups=["sales", "support"]))]))
    before = stored(store)

    def write(rival: int) -> None:
        task = changed(before.task, links=a_task(groups=["sales", f"g{rival}"])["links"])
        write = Remove(before) if rival % 2 else Put(task, before)
        store.commit(Changes([write]))

    outcomes = all_at_once(write)

    assert outcomes.count(None) == 1
    if outcomes.index(None) % 2:
        assert store.get(T1) is None
        [mark] = dynoxide_table.items()
        assert is_erased(mark)
    else:
        assert_consistent(dynoxide_table, stored(store))


def stored(store: TaskStore) -> StoredTask:
    found = store.get(T1)
    assert found is not None
    return found


def all_at_once(act: Callable[[int], None]) -> list[type[Exception] | None]:
    """What became of each of `RIVALS` that act at the same moment; None of those who succeeded."""
    start = Barrier(RIVALS)

    def one(rival: int) -> type[Exception] | None:
        start.wait()
        try:
            act(rival)
        except (VersionConflict, ReceiptTaken, AlreadyExists, TemporarilyUnavailable) as refused:
            return type(refused)
        return None

    with ThreadPoolExecutor(RIVALS) as threads:
        return list(threads.map(one, range(RIVALS)))


def assert_consistent(table: Table, found: StoredTask) -> None:
    """The table holds this one task: each item with its document and version, each inbox right."""
    items = table.items()
    groups = [link["groupId"] for link in found.task["links"]]
    assert len(items) == len(groups)
    assert {item["doc"]["B"] for item in items} == {items[0]["doc"]["B"]}
    assert {item["version"]["N"] for item in items} == {str(found.version)}
    assigned = "assignee" in found.task
    for group in groups:
        assert group is not None
        access = ByIndex(Index.CANDIDATE, (Inbox("group", group, assigned),))
        assert list(every_task(table.store(), access)) == [found.task]
