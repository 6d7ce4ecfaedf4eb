"""Every task store keeps records, comments and attachments, with their task."""

from typing import Any

import pytest
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.ports import (
    Changes,
    Put,
    Record,
    Remove,
    StoredTask,
    TaskStore,
    VersionConflict,
)

from tests.support.builders import CREATED, MINUTE, a_task

T1 = TaskId("t1")


def comment(name: str, content: dict[str, Any] | None = None) -> Record:
    return Record(T1, "comment", name, content or {"message": name})


def attachment(name: str, content: dict[str, Any] | None = None) -> Record:
    return Record(T1, "attachment", name, content or {"url": name})


def create(store: TaskStore, *records: Record, **fields: Any) -> None:
    store.commit(Changes([Put(counting(a_task(**fields), *records))], extra=records))


def counting(task: Task, *records: Record) -> Task:
    """The task with the numbers of records it has by then."""
    kinds = [record.kind for record in records]
    return changed(
        task,
        comments=kinds.count("comment") or None,
        attachments=kinds.count("attachment") or None,
    )


def stored(store: TaskStore) -> StoredTask:
    found = store.get(T1)
    assert found is not None
    return found


def names(store: TaskStore, kind: str) -> list[str]:
    return [record.id for record in store.records(T1, kind)]


def test_a_task_without_records_has_none(store: TaskStore) -> None:
    create(store)

    assert list(store.records(T1, "comment")) == []


def test_records_come_back_as_they_were_written_kinds_apart(store: TaskStore) -> None:
    said = comment("1", {"message": "\u00e4\n", "time": CREATED, "more": [1, None, {}]})
    attached = attachment("1", {"content": "AAEC"})
    create(store, said, attached)

    assert list(store.records(T1, "comment")) == [said]
    assert list(store.records(T1, "attachment")) == [attached]


def test_records_are_in_ascending_order_of_their_ids(store: TaskStore) -> None:
    create(store, comment("2026-02#b"), comment("2026-01#c"), comment("2026-02#a"))

    assert names(store, "comment") == ["2026-01#c", "2026-02#a", "2026-02#b"]


def test_a_record_is_replaced_and_deleted_with_a_change_of_its_task(store: TaskStore) -> None:
    create(store, comment("1"), comment("2"))
    before = stored(store)
    deleted = Record(T1, "comment", "2", None)

    store.commit(
        Changes(
            [Put(changed(before.task, comments=1), before)],
            extra=[comment("1", {"message": "new"}), deleted],
        )
    )

    assert list(store.records(T1, "comment")) == [comment("1", {"message": "new"})]


def test_a_record_is_not_written_when_its_task_has_changed(store: TaskStore) -> None:
    create(store)
    before = stored(store)
    store.commit(Changes([Put(before.task, before)]))

    with pytest.raises(VersionConflict):
        store.commit(Changes([Put(changed(before.task, comments=1), before)], extra=[comment("1")]))

    assert names(store, "comment") == []


def test_a_record_is_written_along_with_its_task_or_not_at_all() -> None:
    with pytest.raises(ValueError, match="along with its task"):
        Changes([Put(a_task("t2"))], extra=[comment("1")])
    with pytest.raises(ValueError, match="along with its task"):
        Changes([Remove(StoredTask(a_task(), 1))], extra=[comment("1")])


def test_a_task_is_removed_without_its_records(store: TaskStore) -> None:
    create(store, comment("1"), attachment("1"), groups=["sales"])

    store.commit(Changes([Remove(stored(store))]))

    assert store.get(T1) is None
    assert (names(store, "comment"), names(store, "attachment")) == (["1"], ["1"])


def test_records_that_are_to_expire_stay_as_they_are_until_then(store: TaskStore) -> None:
    create(store, comment("1"), attachment("1"))

    for _ in range(2):
        store.expire_records(T1, Instant(4_000_000_000_000))

    assert list(store.records(T1, "comment")) == [comment("1")]
    assert list(store.records(T1, "attachment")) == [attachment("1")]
    assert stored(store).version == 1


def test_an_ended_task_keeps_its_records_and_takes_more(store: TaskStore) -> None:
    create(store, comment("1"), comment("2"))
    before = stored(store)
    last = [comment("3"), Record(T1, "comment", "1", None)]
    store.commit(Changes([Put(changed(before.task, ended=CREATED), before)], extra=last))

    before = stored(store)
    store.commit(Changes([Put(changed(before.task, comments=3), before)], extra=[comment("4")]))

    assert names(store, "comment") == ["2", "3", "4"]


def test_a_record_over_the_limit_is_refused_with_its_task(store: TaskStore) -> None:
    with pytest.raises(InvalidRequest, match="390 KiB"):
        create(store, attachment("1", {"content": "x" * 390 * 1024}))

    assert store.get(T1) is None


class TestNotes:
    """Records that are written without their task, until a commit deletes them."""

    NOTE = Record(T1, "upload", "a1", {"contentId": "a1"})
    UNTIL = Instant(CREATED + MINUTE)

    def test_a_note_needs_no_task(self, store: TaskStore) -> None:
        store.note(self.NOTE, self.UNTIL)

        assert list(store.records(T1, "upload")) == [self.NOTE]
        assert store.get(T1) is None

    def test_a_note_is_no_record_of_another_kind(self, store: TaskStore) -> None:
        store.note(self.NOTE, self.UNTIL)

        assert names(store, "attachment") == []

    def test_a_note_goes_with_a_change_of_its_task(self, store: TaskStore) -> None:
        create(store)
        store.note(self.NOTE, self.UNTIL)
        before = stored(store)

        gone = Record(T1, "upload", "a1", None)
        after = counting(before.task, attachment("a1"))
        store.commit(Changes([Put(after, before)], extra=[attachment("a1"), gone]))

        assert (names(store, "upload"), names(store, "attachment")) == ([], ["a1"])

    def test_a_note_that_is_too_large_is_refused(self, store: TaskStore) -> None:
        large = Record(T1, "upload", "a1", {"contentId": "x" * 400_000})

        with pytest.raises(InvalidRequest):
            store.note(large, self.UNTIL)
        assert names(store, "upload") == []
