"""What every store promises of its index of changes: who is in it, since when, in which order."""

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pytest
from taskdock.domain.errors import AlreadyExists, InvalidRequest
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ALL_SHARDS, ByIndex, Index, Tenant
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.changes.change_log import ChangeLog, Entry
from taskdock.use_cases.ports import Changes, Put, Remove, StoredTask, TaskStore

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.set_clock import SetClock

if TYPE_CHECKING:
    from tests.support.tables import Table


@dataclass(slots=True)
class Kept:
    """A store, its log, and the time that its writers believe in."""

    store: TaskStore
    log: ChangeLog
    now: Instant

    def write(self, task: Task, at: int = CREATED) -> None:
        """Write the task, new or over what is there."""
        self.now = Instant(at)
        self.store.commit(Changes([Put(task, self.store.get(task["id"]))]))

    def change(self, task_id: str, at: int, **fields: object) -> None:
        """Change the task at that time."""
        self.write(changed(self.stored(task_id).task, **fields), at)

    def remove(self, name: str, at: int) -> None:
        """Erase the task at that time."""
        before, self.now = self.stored(name), Instant(at)
        self.store.commit(Changes([Remove(before)]))

    def stored(self, name: str) -> StoredTask:
        """The task, which is there."""
        found = self.store.get(TaskId(name))
        assert found is not None
        return found

    def entries(self, *tenants: Tenant, low: int | None = None) -> list[Entry]:
        """All entries of these tenants, by their stamp."""
        low_ = None if low is None else Instant(low)
        spec = ByIndex(Index.CHANGES, ALL_SHARDS, tenants or (None,), low=low_)
        page = self.log.entries(spec, limit=1)
        found = [*page.entries]
        while page.next is not None:
            page = self.log.entries(spec, page.next, limit=1)
            found += page.entries
        return sorted(found)

    def told(self, *tenants: Tenant, low: int | None = None) -> list[tuple[int, str, int]]:
        """Stamp, id and version of each."""
        return [
            (each.at, json.loads(each.document)["id"], each.version)
            for each in self.entries(*tenants, low=low)
        ]


@pytest.fixture(params=["in_memory", "moto", "dynoxide"])
def kept(request: pytest.FixtureRequest) -> Kept:
    clock = SetClock(lambda: made.now)
    if request.param == "in_memory":
        memory = InMemoryTaskStore(clock=clock.now)
        made = Kept(memory, memory, CREATED)
    else:
        table: Table = request.getfixturevalue(f"{request.param}_table")
        store = table.store(keeping=table.keeping(clock))
        made = Kept(store, table.change_log(), CREATED)
    return made


def test_a_task_that_was_only_created_is_not_in_it(kept: Kept) -> None:
    kept.write(a_task("at once"), CREATED)
    kept.write(a_task("after a while"), CREATED + 9_000)

    assert kept.told() == []


@pytest.mark.parametrize("off", [-MINUTE, -1, 10_001, 30 * MINUTE])
def test_a_task_whose_created_is_no_stamp_is_in_it_from_its_first_write_on(
    kept: Kept, off: int
) -> None:
    kept.write(a_task("t1"), CREATED + off)

    assert kept.told() == [(CREATED + off, "t1", 1)]


def test_a_task_is_there_once_with_its_last_change(kept: Kept) -> None:
    kept.write(a_task("t1"))
    kept.write(a_task("t2"))
    kept.change("t1", CREATED + 5, name="one")
    kept.change("t2", CREATED + 6, name="two")
    kept.change("t1", CREATED + 7, name="three")

    assert kept.told() == [(CREATED + 6, "t2", 2), (CREATED + 7, "t1", 3)]
    assert kept.told(low=CREATED + 7) == [(CREATED + 7, "t1", 3)]
    assert kept.told(low=CREATED + 8) == []
    [_, last] = kept.entries()
    assert json.loads(last.document) == kept.stored("t1").task


def test_a_task_that_has_ended_stays_in_it(kept: Kept) -> None:
    kept.write(a_task("t1"))
    kept.change("t1", CREATED + 5, ended=CREATED + 5, state="completed")
    kept.write(a_task("t2"))
    kept.change("t2", CREATED + 6, ended=CREATED + 6, state="canceled", deleted=True)

    assert kept.told() == [(CREATED + 5, "t1", 2), (CREATED + 6, "t2", 2)]


def test_an_erased_task_is_told_of_and_otherwise_gone(kept: Kept) -> None:
    kept.write(a_task("t1", tenantId="x", name="secret", assignee="mary", groups=["a", "b"]))
    kept.remove("t1", CREATED + 5)

    [mark] = kept.entries("x")
    assert (mark.at, mark.version) == (CREATED + 5, 2)
    told = json.loads(mark.document)
    assert told.keys() == {
        "id", "tenantId", "priority", "created", "state", "ended", "deleted", "erased"
    }  # fmt: skip
    assert (told["id"], told["tenantId"], told["ended"]) == ("t1", "x", CREATED + 5)
    assert kept.store.get(TaskId("t1")) is None
    assert kept.store.get_many([TaskId("t1")]) == {}


def test_the_id_of_an_erased_task_is_free(kept: Kept) -> None:
    kept.write(a_task("t1"))
    kept.remove("t1", CREATED + 5)
    kept.write(a_task("t1", name="again", created=CREATED + 6), CREATED + 6)

    assert kept.told() == [(CREATED + 6, "t1", 3)]
    assert (kept.stored("t1").version, kept.stored("t1").task["name"]) == (3, "again")
    kept.change("t1", CREATED + 7, name="and again")
    kept.remove("t1", CREATED + 8)
    assert [(at, version) for at, _, version in kept.told()] == [(CREATED + 8, 5)]


@pytest.mark.parametrize(("before", "after"), [(None, "a"), ("a", None), ("a", "b")])
def test_the_id_of_an_erased_task_is_not_free_in_another_tenant(
    kept: Kept, before: Tenant, after: Tenant
) -> None:
    """Readers of the tenant that it had would not hear that it is gone."""
    kept.write(a_task("t1", tenantId=before))
    kept.remove("t1", CREATED + 5)

    with pytest.raises(AlreadyExists, match="A task with id t1 exists already"):
        kept.write(a_task("t1", tenantId=after), CREATED + 6)
    assert kept.told(before) == [(CREATED + 5, "t1", 2)]


def test_several_ids_of_erased_tasks_are_free_in_one_commit(kept: Kept) -> None:
    names = ("t1", "t2", "t3")
    for name in names:
        kept.write(a_task(name))
        kept.remove(name, CREATED + 5)
    kept.store.commit(Changes([Put(a_task(name, groups=["a", "b"])) for name in (*names, "t4")]))

    assert [kept.stored(name).version for name in (*names, "t4")] == [3, 3, 3, 1]


def test_tenants_are_apart(kept: Kept) -> None:
    for number, tenant in enumerate((None, "a", "b")):
        kept.write(a_task(f"t{number}", tenantId=tenant))
        kept.change(f"t{number}", CREATED + number, priority=1)

    assert kept.told() == [(CREATED, "t0", 2)]
    assert kept.told("a") == [(CREATED + 1, "t1", 2)]
    assert kept.told(None, "a", "b") == [(CREATED + n, f"t{n}", 2) for n in range(3)]
    assert kept.told("c") == []


@pytest.mark.parametrize(("before", "after"), [(None, "a"), ("a", None), ("a", "b")])
def test_no_write_brings_a_task_to_another_tenant(
    kept: Kept, before: Tenant, after: Tenant
) -> None:
    kept.write(a_task("t1", tenantId=before))
    changes = Changes([Put(a_task("t1", tenantId=after), kept.stored("t1"))])

    for refused in (kept.store.check, kept.store.commit):
        with pytest.raises(InvalidRequest, match="Task 't1' is of another tenant"):
            refused(changes)
    assert kept.stored("t1").version == 1


def test_the_index_of_open_tasks_tells_of_those_that_were_only_created(kept: Kept) -> None:
    kept.write(a_task("t1"))
    spec = ByIndex(Index.OPEN, ALL_SHARDS, low=CREATED)

    [entry] = [entry for single in spec.singles for entry in kept.log.entries(single).entries]
    assert (entry.at, entry.version) == (CREATED, 1)
    assert json.loads(entry.document) == a_task("t1")


def test_a_new_table_says_that_changes_were_always_kept(kept: Kept) -> None:
    assert kept.log.kept_from() == 0
