"""Erasing tasks and people over HTTP."""

import json
from typing import Any, Final

import pytest
from taskdock.adapters.dynamodb.documents import unpacked
from taskdock.adapters.dynamodb.task_items import is_erased
from taskdock.adapters.dynamodb.task_store import DynamoDbTaskStore
from taskdock.domain.errors import TaskNotFound, TemporarilyUnavailable
from taskdock.domain.filters.stored_filter import Content, StoredFilter
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.erasure.erase_person import ErasePerson, Place
from taskdock.use_cases.erasure.erase_task import erase_task
from taskdock.use_cases.ports import Changes, Put, Record, Remove

from tests.support.builders import CREATED, a_task, to_group, to_user
from tests.support.busy_store import BusyStore
from tests.support.http_events import USER_CLAIMS, Reply
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_filters import InMemoryFilterStore
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.tables import Table

ADMINISTRATOR: Final = {**USER_CLAIMS, "scope": f"{USER_CLAIMS['scope']} taskdock/admin"}
T1: Final = TaskId("t1")


def operation(user: str, *entries: list[Any]) -> dict[str, Any]:
    said = {"id": "o", "type": "Assign", "user": user, "at": CREATED}
    return {"operation": said, "entries": list(entries)}


def filled(store: Any) -> None:
    """Tasks that mary has to do with, in several ways, and one that she has not."""
    mine = [to_user("mary"), to_user("john"), to_group("sales")]
    former = [to_user("mary", "owner"), to_user("john", "owner")]
    log = operation("mary", ["Task", "assignee", "john", "mary"])
    said = {"id": "c", "userId": "mary", "time": CREATED, "message": "mary was here"}
    open_task = a_task(
        "t1", assignee="mary", owner="mary", links=mine, formerLinks=former, comments=1
    )
    ended = a_task("t2", tenantId="t9", assignee="mary", ended=CREATED, state="completed")
    records = [Record(T1, "operation", "1", log), Record(T1, "comment", "1", said)]
    store.commit(Changes([Put(open_task)], extra=records))
    store.commit(Changes([Put(ended)]))
    store.commit(Changes([Put(a_task("t3", assignee="john"))]))


def everything(store: InMemoryTaskStore) -> str:
    tasks = [stored.task for name in ("t1", "t2", "t3") if (stored := store.get(TaskId(name)))]
    kinds = ("operation", "comment", "attachment")
    records = [each.content for kind in kinds for each in store.records(T1, kind)]
    return json.dumps([tasks, records])


def erase(apps: InMemoryApps, **body: str) -> Reply:
    return apps.ask("POST /v1/erasures", body=body, claims=ADMINISTRATOR)


def test_a_person_is_taken_out_of_every_task_and_its_history() -> None:
    apps = InMemoryApps()
    store = apps.wiring.memory
    filled(store)
    untouched = store.get(TaskId("t3"))

    answer = erase(apps, userId="mary")

    assert (answer.status, answer.json["tasks"], answer.json["nextPageToken"]) == (200, 2, None)
    assert '"mary"' not in everything(store)
    task = apps.task("t1")
    assert "assignee" not in task
    assert "owner" not in task
    assert task["links"] == [to_user("john"), to_group("sales")]
    pseudonym = apps.task("t2")["assignee"]
    assert pseudonym.startswith("erased-")
    assert [link["userId"] for link in task["formerLinks"]] == [pseudonym, "john"]
    [log] = store.records(T1, "operation")
    assert log.content == operation(pseudonym, ["Task", "assignee", "john", pseudonym])
    [comment] = store.records(T1, "comment")
    assert comment.content is not None
    assert (comment.content["userId"], comment.content["message"]) == (pseudonym, "mary was here")
    assert store.get(TaskId("t3")) == untouched
    assert erase(apps, userId="mary").json["tasks"] == 0


def test_nobody_hears_that_a_person_was_taken_out() -> None:
    from taskdock.domain.events.detection import Change, task_events
    from taskdock.use_cases.history.write_history import write_history

    apps = InMemoryApps()
    filled(apps.wiring.memory)
    apps.wiring.memory.written.clear()
    erase(apps, userId="mary")

    assert len(apps.wiring.memory.written) == 2
    for before, after, done in apps.wiring.memory.written:
        assert before is not None
        change = Change("r", CREATED, after.version, before.task, after.task, operation=done)
        assert task_events(change) == ()
        assert write_history(apps.wiring.memory, change, 90) == 0


def test_a_filter_loses_its_owner() -> None:
    apps = InMemoryApps()
    content = Content("mine", "mary", {"assignee": "mary"}, None)
    apps.wiring.filters.put(StoredFilter("f1", content), is_new=True)

    assert erase(apps, userId="mary").json["filters"] == 1
    [left] = apps.wiring.filters.list(())
    assert (left.content.owner, left.content.query) == (None, {"assignee": "mary"})


def test_an_erasure_goes_on_where_time_was_up() -> None:
    store = InMemoryTaskStore()
    for number in range(300):
        store.commit(
            Changes([Put(a_task(f"t{number}", assignee="mary", created=CREATED + number))])
        )

    place: Place | None = Place.of_token(None)
    pseudonyms, tasks, requests = set(), 0, 0
    while place is not None:
        pseudonyms.add(place.pseudonym)
        place = Place.of_token(place.token)
        run = ErasePerson(store, InMemoryFilterStore(), "mary", lambda: 0.0)
        done = run(place)
        tasks, requests, place = tasks + done.tasks, requests + 1, done.next
        assert requests < 50

    assert (tasks, len(pseudonyms)) == (300, 1)
    assert requests > 4
    stored = store.get_many([TaskId(f"t{number}") for number in range(300)])
    assert not [each for each in stored.values() if "assignee" in each.task]


@pytest.mark.parametrize("task", [a_task("t1"), a_task("t1", ended=CREATED, state="completed")])
def test_a_task_is_erased_with_all_that_is_beside_it(dynoxide_table: Table, task: Task) -> None:
    store = dynoxide_table.store()
    kinds = ("comment", "attachment", "operation", "variable", "upload")
    records = [Record(T1, kind, f"{n}", {"n": n}) for kind in kinds for n in range(8)]
    store.commit(Changes([Put(changed(task, comments=8))], extra=records))
    store.commit(Changes([Put(a_task("t2", parentTaskId="t1"))]))

    erased = erase_task(store, T1)

    assert (erased.tasks, erased.records) == (1, 40)
    assert store.get(T1) is None
    items = {item["PK"]["S"]: item for item in dynoxide_table.items()}
    assert items.keys() == {"TASK#t1", "TASK#t2"}
    assert is_erased(items["TASK#t1"])
    assert dict(unpacked(items["TASK#t1"]["doc"])) == {
        "id": "t1",
        "priority": 0,
        "created": CREATED,
        "state": task["state"],
        "ended": CREATED,
        "deleted": True,
        "erased": True,
    }
    with pytest.raises(TaskNotFound):
        erase_task(store, T1)


def test_nothing_stays_of_an_erased_task_where_changes_are_not_kept(dynoxide_table: Table) -> None:
    store = DynamoDbTaskStore(dynoxide_table.client, dynoxide_table.name, ended_task_days=1)
    store.commit(Changes([Put(a_task("t1"))]))

    assert erase_task(store, T1).tasks == 1
    assert dynoxide_table.items() == []


def test_an_erasure_that_broke_off_is_done_by_the_next() -> None:
    class Failing(InMemoryTaskStore):
        fails = True

        def commit(self, changes: Changes) -> None:
            if self.fails and any(isinstance(write, Remove) for write in changes.writes):
                raise TemporarilyUnavailable("later")
            super().commit(changes)

    store = Failing()
    filled(store)
    with pytest.raises(TemporarilyUnavailable):
        erase_task(store, T1)
    assert store.get(T1) is not None
    store.fails = False

    assert erase_task(store, T1).tasks == 1
    assert store.get(T1) is None
    assert store.records(T1, "comment") == []


def test_what_remains_is_said_with_its_days() -> None:
    apps = InMemoryApps(a_task("t1"))

    task = erase(apps, taskId="t1").json
    person = erase(apps, userId="mary").json

    assert {each["place"]: each["days"] for each in task["remains"]} == {
        "backups of the table (point-in-time recovery)": 35,
        "removed versions of attachments": 35,
        "the table's stream": 1,
        "answers that are kept for idempotency keys": 1,
        "logs of the functions and of the API: ids of tasks and of callers": 30,
        "events that services received": None,
        "the task's id and tenant, in the index of changes": 90,
    }
    assert "the task's id and tenant, in the index of changes" not in {
        each["place"] for each in person["remains"]
    }
    assert "the account in the user pool" in {each["place"] for each in person["remains"]}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({}, 400),
        ({"taskId": "t1", "userId": "mary"}, 400),
        ({"taskId": "unknown"}, 404),
        ({"taskId": "no id"}, 404),
        ({"taskId": ""}, 400),
        ({"userId": "mary", "pageToken": "nonsense"}, 400),
        ({"userId": "mary", "pageToken": "WzFd"}, 400),
        ({"userId": "mary", "other": 1}, 400),
        ({"taskId": "t1", "pageToken": "WyJhIiwwLG51bGxd"}, 400),
    ],
)
def test_a_wrong_request_erases_nothing(body: dict[str, Any], status: int) -> None:
    apps = InMemoryApps(a_task("t1", assignee="mary"))

    answer = apps.ask("POST /v1/erasures", body=body, claims=ADMINISTRATOR)

    assert answer.status == status
    assert apps.task("t1")["assignee"] == "mary"


def test_what_others_write_while_a_person_is_erased_is_kept() -> None:
    def say(text: str, user: str) -> Record:
        return Record(T1, "comment", "1", {"id": "c", "userId": user, "message": text})

    def edit(store: InMemoryTaskStore) -> None:
        stored = store.get(T1)
        assert stored is not None
        store.commit(Changes([Put(changed(stored.task, name="later"), stored)], extra=[later]))

    store, later = BusyStore([a_task("t1", comments=1)]), say("later", "mary")
    stored = store.get(T1)
    assert stored is not None
    store.commit(Changes([Put(stored.task, stored)], extra=[say("first", "mary")]))
    store.and_then(edit)

    ErasePerson(store, InMemoryFilterStore(), "mary", lambda: 9.0)(Place("erased-1"))

    assert store.records(T1, "comment") == [say("later", "erased-1")]
    assert store.task("t1")["name"] == "later"


def test_a_task_with_more_records_than_one_transaction_takes_is_written_several_times() -> None:
    store = BusyStore([a_task("t1")])
    records = [Record(T1, "operation", f"{n:03}", operation("mary")) for n in range(120)]
    for start in (0, 60):
        stored = store.get(T1)
        assert stored is not None
        store.commit(Changes([Put(stored.task, stored)], extra=records[start : start + 60]))
    store.commits.clear()

    done = ErasePerson(store, InMemoryFilterStore(), "mary", lambda: 9.0)(Place("erased-1"))

    assert (done.tasks, len(store.commits)) == (1, 3)
    kept = [record.content for record in store.records(T1, "operation")]
    assert kept == [operation("erased-1")] * 120
