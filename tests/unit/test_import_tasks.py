"""Importing: what is written, what is not, and what others may do meanwhile."""

from typing import Any

import pytest
from taskdock.api.requests.imports import read_import
from taskdock.domain.errors import (
    AlreadyExists,
    ConcurrentChange,
    InvalidRequest,
    OutOfTime,
    TemporarilyUnavailable,
)
from taskdock.domain.events.detection import Change, task_events
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.ports import Changes, Put
from taskdock.use_cases.tasks import conflicts
from taskdock.use_cases.tasks.conflicts import TRIES
from taskdock.use_cases.tasks.import_tasks import (
    ENOUGH_TIME,
    Imported,
    ImportEntry,
    ImportTasks,
    OnExisting,
)

from tests.support.builders import CREATED, a_task
from tests.support.in_memory_store import InMemoryTaskStore


def entries(*names: str, **beside: Any) -> tuple[ImportEntry, ...]:
    """Entries of tasks of these names, with the same things beside each."""
    return read_import(
        {"tasks": [{"task": {"id": each, "created": CREATED}, **beside} for each in names]}
    )


def importing(
    store: InMemoryTaskStore, on_existing: str = "fail", *, name: str = "import-1", time: float = 29
) -> ImportTasks:
    return ImportTasks(store, name, OnExisting(on_existing), lambda: time)


def holding(*tasks: Task) -> InMemoryTaskStore:
    store = InMemoryTaskStore()
    for task in tasks:
        store.commit(Changes([Put(task)]))
    return store


def offered_to(kind: str, count: int) -> list[dict[str, str]]:
    return [{"type": "candidate", kind: str(number)} for number in range(count)]


def found(store: InMemoryTaskStore, name: str) -> Task:
    stored = store.get(TaskId(name))
    assert stored is not None
    return stored.task


def kept(store: InMemoryTaskStore, name: str, kind: str) -> list[object]:
    return [record.content for record in store.records(TaskId(name), kind)]


def appears(name: TaskId) -> Changes:
    return Changes([Put(a_task(name))])


class Rival(InMemoryTaskStore):
    """A store in which another caller writes just before some commits."""

    def __init__(self, *tasks: Task) -> None:
        super().__init__()
        for task in tasks:
            super().commit(Changes([Put(task)]))
        self.times = 0
        self.interferes = appears

    def commit(self, changes: Changes) -> None:
        (write,) = changes.writes
        assert isinstance(write, Put)
        if self.times:
            self.times -= 1
            super().commit(self.interferes(write.task["id"]))
        super().commit(changes)

    def renamed(self, name: TaskId) -> Changes:
        stored = self.get(name)
        assert stored is not None
        return Changes([Put(changed(stored.task, name="theirs"), stored)])


def test_entries_are_written_with_the_name_of_the_import() -> None:
    store = holding()
    assert importing(store)(entries("a", "b")) == Imported(imported=2, skipped=0)
    for entry in entries("a", "b"):
        assert found(store, entry.task["id"]) == changed(entry.task, importId="import-1")


def test_an_import_of_many_entries_writes_them_all() -> None:
    names = [f"t{number}" for number in range(100)]
    store = holding()
    assert importing(store)(entries(*names)).imported == 100
    assert set(store.get_many([TaskId(name) for name in names])) == set(names)


def test_an_empty_import_writes_nothing() -> None:
    assert importing(holding())(()) == Imported(imported=0, skipped=0)


def test_comments_are_kept_by_time_and_then_as_they_came() -> None:
    store = holding()
    comments = [
        {"id": "z", "time": 2, "message": "second"},
        {"id": "y", "time": 2, "message": "third"},
        {"id": "x", "time": 1, "message": "first"},
    ]
    importing(store)(entries("a", comments=comments))
    assert kept(store, "a", "comment") == [comments[2], comments[0], comments[1]]
    assert found(store, "a")["comments"] == 3


def test_attachments_are_kept_beside_the_task() -> None:
    store = holding()
    importing(store)(entries("a", attachments=[{"id": "d", "name": "n", "content": "YQ=="}]))
    assert kept(store, "a", "attachment") == [
        {"id": "d", "name": "n", "content": "YQ==", "createTime": CREATED}
    ]


def test_existing_tasks_are_named_and_nothing_is_written() -> None:
    store = holding(a_task("b"), a_task("d"))
    with pytest.raises(AlreadyExists, match="b, d"):
        importing(store)(entries("a", "b", "c", "d"))
    assert store.get(TaskId("a")) is None
    assert found(store, "b") == a_task("b")


def test_existing_tasks_can_be_skipped() -> None:
    store = holding(a_task("b"))
    outcome = importing(store, "skip")(entries("a", "b"))
    assert outcome == Imported(imported=1, skipped=1)
    assert found(store, "b") == a_task("b")


def test_an_ended_task_exists_too() -> None:
    with pytest.raises(AlreadyExists):
        importing(holding(a_task("a", ended=CREATED)))(entries("a"))


def test_existing_tasks_can_be_replaced_with_all_they_had() -> None:
    store = holding(a_task("a", groups=["sales"], ended=CREATED, something="else"))
    assert importing(store, "replace")(entries("a")) == Imported(imported=1, skipped=0)
    assert set(found(store, "a")) == {"id", "created", "priority", "state", "importId"}


def test_replacing_a_task_replaces_its_comments_and_attachments() -> None:
    store = holding()
    said = [{"id": "k1", "time": 1, "message": "old"}, {"id": "k2", "time": 2, "message": "stays"}]
    importing(store)(entries("a", comments=said, attachments=[{"id": "d1"}]))
    importing(store, "replace")(entries("a", comments=said[1:], attachments=[{"id": "d2"}]))
    assert kept(store, "a", "comment") == said[1:]
    assert kept(store, "a", "attachment") == [{"id": "d2", "createTime": CREATED}]


def test_an_entry_that_is_too_large_is_named_and_nothing_is_written() -> None:
    store = holding()
    large = entries("b", identityLinks=offered_to("userId", 150))
    with pytest.raises(InvalidRequest, match=r"^tasks\[1\]: \d+ items"):
        importing(store)((*entries("a"), *large))
    assert store.get(TaskId("a")) is None


def test_what_a_replacement_would_remove_counts_too() -> None:
    store = holding(a_task("b", users=map(str, range(60))))
    large = entries("b", identityLinks=offered_to("groupId", 60))
    with pytest.raises(InvalidRequest, match=r"^tasks\[1\]: \d+ items"):
        importing(store, "replace")((*entries("a"), *large))
    assert store.get(TaskId("a")) is None


def test_a_task_that_appears_meanwhile_is_skipped_when_that_was_asked_for() -> None:
    store = Rival()
    store.times = 1
    assert importing(store, "skip")(entries("a")) == Imported(imported=0, skipped=1)
    assert found(store, "a") == a_task("a")


def test_a_task_that_appears_meanwhile_is_an_error_when_none_may_exist() -> None:
    store = Rival()
    store.times = 1
    with pytest.raises(AlreadyExists, match="a"):
        importing(store)(entries("a"))
    assert found(store, "a") == a_task("a")


@pytest.mark.parametrize("times", [1, 2])
def test_a_replacement_wins_over_changes_of_others(times: int) -> None:
    store = Rival(a_task("a"))
    store.times, store.interferes = times, store.renamed
    assert importing(store, "replace")(entries("a")) == Imported(imported=1, skipped=0)
    assert "name" not in found(store, "a")


def test_a_replacement_gives_up_after_a_dozen_tries() -> None:
    store = Rival(a_task("a"))
    store.times, store.interferes = TRIES, store.renamed
    with pytest.raises(ConcurrentChange, match="'a' was changed by others"):
        importing(store, "replace")(entries("a"))
    assert found(store, "a")["name"] == "theirs"


def test_an_import_that_loses_a_race_waits_before_it_tries_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    waited: list[float] = []
    monkeypatch.setattr(conflicts, "sleep", waited.append)
    store = Rival(a_task("a"))
    store.times, store.interferes = 3, store.renamed

    importing(store, "replace")(entries("a"))

    assert len(waited) == 3


def test_without_time_nothing_more_is_written_and_the_error_says_how_to_go_on() -> None:
    store = holding()
    with pytest.raises(OutOfTime, match="onExisting=skip"):
        importing(store, time=ENOUGH_TIME / 2)(entries("a"))
    assert store.get(TaskId("a")) is None


class DyingStore(InMemoryTaskStore):
    """A store that is out of reach after some commits."""

    def __init__(self, commits: int) -> None:
        super().__init__()
        self.commits = commits

    def commit(self, changes: Changes) -> None:
        if self.commits == 0:
            raise TemporarilyUnavailable("The task table cannot be reached.")
        self.commits -= 1
        super().commit(changes)


def test_an_import_that_died_half_way_can_be_repeated_with_skip() -> None:
    names = [f"t{number}" for number in range(50)]
    store = DyingStore(commits=20)
    with pytest.raises(TemporarilyUnavailable):
        importing(store)(entries(*names))
    store.commits = 1000
    assert importing(store, "skip")(entries(*names)) == Imported(imported=30, skipped=20)


def fact_names(before: Task | None, after: Task | None) -> list[str]:
    change = Change("record", Instant(0), 1, before, after)
    return [fact.name for fact in task_events(change)]


def test_an_import_makes_no_events_but_changes_after_it_do() -> None:
    store = holding(a_task("a", assignee="mary"))
    importing(store, "replace", name="first")(entries("a"))
    imported = found(store, "a")
    assert fact_names(None, imported) == []
    assert fact_names(a_task("a", assignee="mary"), imported) == []
    assert fact_names(imported, changed(imported, assignee="john")) == ["TaskAssigned"]
    importing(store, "replace", name="second")(entries("a", hasComment=True))
    assert fact_names(changed(imported, assignee="john"), found(store, "a")) == []


def test_what_is_kept_beside_a_task_is_its_own() -> None:
    store = holding()
    importing(store)((*entries("a", attachments=[{"id": "d"}]), *entries("b")))
    assert len(kept(store, "a", "attachment")) == 1
    assert kept(store, "b", "attachment") == []
