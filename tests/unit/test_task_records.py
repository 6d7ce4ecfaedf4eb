"""Comments and attachments when several people work on one task at once."""

import pytest
from taskdock.domain.caller import Caller
from taskdock.domain.errors import ConcurrentChange, TaskNotFound
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.tasks.conflicts import TRIES
from taskdock.use_cases.tasks.task_attachments import (
    Document,
    add_attachment,
    list_attachments,
    remove_attachment,
)
from taskdock.use_cases.tasks.task_comments import (
    add_comment,
    list_comments,
    remove_all_comments,
    remove_comment,
    replace_comment,
)
from taskdock.use_cases.tasks.task_records import RecordContext

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.busy_store import BusyStore, Rival, changing, removing
from tests.support.in_memory_people import InMemoryContents
from tests.support.in_memory_store import InMemoryTaskStore

MARY = Caller("mary", (), frozenset())
NOW = Instant(CREATED + MINUTE)
VISIT = RecordContext(task_id=TaskId("t1"), caller=MARY, now=NOW)


def saying(comment_id: str) -> Rival:
    def act(store: InMemoryTaskStore) -> None:
        add_comment(store, VISIT, comment_id, comment_id)

    return act


def taking_back(comment_id: str) -> Rival:
    return lambda store: remove_comment(store, VISIT, comment_id)


def said(store: InMemoryTaskStore) -> list[str]:
    return [comment["message"] for comment in list_comments(store, VISIT)]


def test_comments_made_at_the_same_time_are_all_kept_and_counted() -> None:
    store = BusyStore([a_task("t1")], saying("faster"))

    add_comment(store, VISIT, "slower", "slower")

    assert said(store) == ["faster", "slower"]
    assert store.task("t1")["comments"] == 2


def test_a_comment_that_is_taken_back_by_two_is_counted_once() -> None:
    store = BusyStore([a_task("t1")])
    saying("one")(store)
    saying("two")(store)
    busy = store.and_then(taking_back("one"))

    remove_comment(busy, VISIT, "one")

    assert said(busy) == ["two"]
    assert busy.task("t1")["comments"] == 1


def test_a_comment_that_is_added_meanwhile_goes_with_all_others() -> None:
    store = BusyStore([a_task("t1")])
    saying("one")(store)
    busy = store.and_then(saying("late"))

    remove_all_comments(busy, VISIT)

    assert said(busy) == []
    assert "comments" not in busy.task("t1")


def test_a_change_is_made_to_the_comment_as_it_then_is() -> None:
    store = BusyStore([a_task("t1")])
    saying("one")(store)

    def change(rival: InMemoryTaskStore) -> None:
        replace_comment(rival, VISIT, "one", "theirs")

    busy = store.and_then(change)

    replace_comment(busy, VISIT, "one", "mine")

    assert said(busy) == ["mine"]


def test_conflicts_end_after_a_dozen_tries() -> None:
    store = BusyStore([a_task("t1")], *[saying(str(number)) for number in range(TRIES)])

    with pytest.raises(ConcurrentChange):
        add_comment(store, VISIT, "slower", "slower")
    assert said(store) == [str(number) for number in range(TRIES)]


def test_a_task_that_is_deleted_meanwhile_takes_no_attachment() -> None:
    contents = InMemoryContents()
    store = BusyStore([a_task("t1")], removing("t1"))

    with pytest.raises(TaskNotFound):
        add_attachment(store, contents, VISIT, Document(id="a1", content=b"x"))

    [note] = store.records(VISIT.task_id, "upload")
    assert (note.id, note.content) == ("a1", {"contentId": "a1"})
    assert contents.kept == {"a1": b"x"}


def test_an_upload_is_done_once_however_often_its_task_changes() -> None:
    contents = OnceOnly()
    renaming = changing("t1", lambda task: {**task, "name": "new"})
    store = BusyStore([a_task("t1")], renaming)

    add_attachment(store, contents, VISIT, Document(id="a1", content=b"x"))

    assert store.task("t1").get("name") == "new"
    assert [each["id"] for each in list_attachments(store, VISIT)] == ["a1"]
    assert list(store.records(VISIT.task_id, "upload")) == []


def test_attachments_are_counted_through_all_changes() -> None:
    store, contents = BusyStore([a_task("t1")]), InMemoryContents()
    for name in ("a1", "a2", "a3"):
        add_attachment(store, contents, VISIT, Document(id=name, texts={"url": "x"}))

    remove_attachment(store, VISIT, "a2")

    assert store.task("t1")["attachments"] == 2
    assert contents.kept == {}


class OnceOnly(InMemoryContents):
    """Contents that take each name once."""

    def put(self, name: str, content: bytes) -> None:
        assert name not in self.kept
        super().put(name, content)
