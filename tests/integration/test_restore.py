"""The restore of docs/erasure.md, rehearsed: a table as it was, and the one that went on."""

from collections.abc import Iterator, Mapping
from typing import Any

import pytest
from taskdock.domain.tasks.task import TaskId, changed
from taskdock.use_cases.erasure.erase_task import erase_task
from taskdock.use_cases.ports import Changes, Put, Record, Service

from local.erase import erase
from local.restore import Restore, Restored
from tests.support.builders import CREATED, a_task
from tests.support.tables import Table, new_table

T1, T2, T3 = TaskId("t1"), TaskId("t2"), TaskId("t3")


@pytest.fixture
def backup(dynoxide_endpoint: str) -> Iterator[Table]:
    """The table as it was at some moment."""
    with new_table(dynoxide_endpoint) as table:
        yield table


def filled(table: Table) -> None:
    store = table.store()
    offered = a_task("t1", groups=["a", "b", "c"], comments=2)
    comments = [Record(T1, "comment", f"{n}", {"n": n}) for n in range(2)]
    store.commit(Changes([Put(offered)], extra=comments))
    store.commit(Changes([Put(a_task("t2", groups=["a", "b"]))]))
    store.commit(Changes([Put(a_task("t3"))]))
    table.services().put(Service("printer", "Printing"))


def contents(table: Table) -> list[tuple[str, str, Mapping[str, Any]]]:
    return sorted((each["PK"]["S"], each["SK"]["S"], each) for each in table.items())


def restore(backup: Table, table: Table, **how: bool) -> Restored:
    run = Restore(table.client, backup.name, table.name)
    return run(**{"replace": False, "dry_run": False, **how})


def test_what_was_lost_comes_back_and_what_went_on_stays(
    backup: Table, dynoxide_table: Table
) -> None:
    filled(backup)
    filled(dynoxide_table)
    store = dynoxide_table.store()
    erase_task(store, T1)
    dynoxide_table.services().remove("printer")
    before = store.get(T2)
    assert before is not None
    store.commit(Changes([Put(changed(before.task, links=None, name="later"), before)]))
    store.commit(Changes([Put(a_task("t4"))]))

    assert restore(backup, dynoxide_table, dry_run=True) == Restored(2, 1, 0, 0)
    assert restore(backup, dynoxide_table) == Restored(2, 1, 2, 0)
    assert restore(backup, dynoxide_table) == Restored(0, 1, 0, 0)

    beside = [each for each in contents(backup) if each[0] == "TASK#t1"]
    assert [each for each in contents(dynoxide_table) if each[0] == "TASK#t1"] == beside
    assert len(beside) == 5
    later = store.get(T2)
    assert later is not None
    assert later.task["name"] == "later"
    entries = [each for each in contents(dynoxide_table) if each[0] == "TASK#t2"]
    assert len(entries) == 1
    assert store.get(TaskId("t4")) is not None
    assert dynoxide_table.services().get("printer") is not None


def test_with_replace_all_is_as_it_was(backup: Table, dynoxide_table: Table) -> None:
    filled(backup)
    filled(dynoxide_table)
    store = dynoxide_table.store()
    before = store.get(T2)
    assert before is not None
    moved = changed(before.task, links=a_task(groups=["b", "x", "y"])["links"])
    store.commit(Changes([Put(moved, before)]))
    ended = store.get(T3)
    assert ended is not None
    store.commit(Changes([Put(changed(ended.task, ended=CREATED, state="completed"), ended)]))

    assert restore(backup, dynoxide_table, replace=True) == Restored(0, 2, 2, 0)
    assert contents(dynoxide_table) == contents(backup)


def test_a_task_that_changes_meanwhile_is_left_alone(backup: Table, dynoxide_table: Table) -> None:
    filled(backup)
    filled(dynoxide_table)
    store = dynoxide_table.store()
    run = Restore(dynoxide_table.client, backup.name, dynoxide_table.name)
    before = store.get(T3)
    assert before is not None
    store.commit(Changes([Put(changed(before.task, name="one"), before)]))
    compared = run._there({"PK": {"S": "TASK#t3"}, "SK": {"S": "TASK"}})
    again = store.get(T3)
    assert again is not None
    store.commit(Changes([Put(changed(again.task, name="two"), again)]))
    [old] = [item for pk, sk, item in contents(backup) if (pk, sk) == ("TASK#t3", "TASK")]

    assert not run._bring_back(old, compared)
    left = store.get(T3)
    assert left is not None
    assert left.task["name"] == "two"


def test_the_command_asks_until_all_is_erased_and_says_what_remains() -> None:
    answers: list[Mapping[str, Any]] = [
        {"tasks": 2, "nextPageToken": "a", "remains": []},
        {"tasks": 1, "nextPageToken": None, "remains": [{"place": "backups", "days": 35}]},
    ]
    asked: list[Mapping[str, str]] = []
    said: list[str] = []

    def send(request: Mapping[str, str]) -> Mapping[str, Any]:
        asked.append(request)
        return answers[len(asked) - 1]

    assert erase({"userId": "mary"}, send, said.append) == 3
    assert asked == [{"userId": "mary"}, {"userId": "mary", "pageToken": "a"}]
    assert said == ["2 tasks", "3 tasks, done", "what remains:", "  backups: 35 days"]


def test_what_is_beside_a_task_that_changes_meanwhile_is_left_alone_too(
    backup: Table, dynoxide_table: Table
) -> None:
    filled(backup)
    filled(dynoxide_table)
    run = Restore(dynoxide_table.client, backup.name, dynoxide_table.name)
    compared = run._there({"PK": {"S": "TASK#t1"}, "SK": {"S": "TASK"}})
    store = dynoxide_table.store()
    before = store.get(T1)
    assert before is not None
    said = Record(T1, "comment", "0", {"n": "said meanwhile"})
    store.commit(Changes([Put(before.task, before)], extra=[said]))
    [old] = [item for pk, sk, item in contents(backup) if (pk, sk) == ("TASK#t1", "TASK")]

    assert not run._bring_back(old, compared)
    assert store.records(T1, "comment")[0] == said
