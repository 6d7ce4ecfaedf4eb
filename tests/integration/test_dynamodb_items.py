"""The items of the table, as the stream, the time to live and a console see them."""

import json
from typing import Any

import pytest
from taskdock.adapters.dynamodb.documents import packed
from taskdock.adapters.dynamodb.keys import shard_of
from taskdock.domain.events.detection import Change
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId, changed
from taskdock.use_cases.history.write_history import write_history
from taskdock.use_cases.ports import (
    Changes,
    Put,
    Receipt,
    Record,
    Service,
    StoredTask,
    TaskStore,
)

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.tables import ENDED_TASK_DAYS, Table

T1 = TaskId("t1")
ENDED = Instant(CREATED + MINUTE)
UNTIL = Instant(ENDED + ENDED_TASK_DAYS * 24 * 60 * MINUTE)
EXPIRES = {"N": str(ENDED // 1000 + ENDED_TASK_DAYS * 24 * 60 * 60)}


def items(table: Table) -> dict[str, dict[str, Any]]:
    """The items by their sort keys."""
    return {item["SK"]["S"]: item for item in table.items()}


def stored(store: TaskStore) -> StoredTask:
    found = store.get(T1)
    assert found is not None
    return found


def test_a_task_with_one_candidate_is_one_item(dynoxide_table: Table) -> None:
    task = a_task(
        groups=["sales"],
        assignee="mary",
        due=ENDED,
        service="printer",
        processInstanceId="p\u00e4",
    )
    dynoxide_table.store().commit(Changes([Put(task)]))

    assert items(dynoxide_table) == {
        "TASK": {
            "PK": {"S": "TASK#t1"},
            "SK": {"S": "TASK"},
            "doc": packed(json.dumps(task, ensure_ascii=False, separators=(",", ":"))),
            "version": {"N": "1"},
            "created": {"N": str(CREATED)},
            "openShard": {"S": f"|{shard_of(T1)}"},
            "due": {"N": str(ENDED)},
            "dueShard": {"S": f"|{shard_of(T1)}"},
            "assignee": {"S": "|mary"},
            "service": {"S": "|OPEN#printer"},
            "processInstance": {"S": "|p\u00e4"},
            "candidate": {"S": "|ASSIGNED#GROUP#sales"},
        }
    }


def test_each_further_candidate_has_a_queue_entry_with_the_same_document(
    dynoxide_table: Table,
) -> None:
    store = dynoxide_table.store()
    store.commit(Changes([Put(a_task(groups=["sales", "support"], users=["mary"]))]))
    before = stored(store)
    store.commit(Changes([Put(changed(before.task, priority=1), before)]))

    found = items(dynoxide_table)
    own = found.pop("TASK")

    assert found == {
        sort_key: {
            "PK": {"S": "TASK#t1"},
            "SK": {"S": sort_key},
            "candidate": {"S": inbox},
            "created": {"N": str(CREATED)},
            "doc": own["doc"],
            "version": {"N": "2"},
        }
        for sort_key, inbox in {
            "LINK#candidate#group#support": "|UNASSIGNED#GROUP#support",
            "LINK#candidate#user#mary": "|UNASSIGNED#USER#mary",
        }.items()
    }


def test_an_open_task_never_expires(dynoxide_table: Table) -> None:
    comment = Record(T1, "comment", "1", {"message": "x"})
    dynoxide_table.store().commit(
        Changes([Put(a_task(groups=["a", "b"], comments=1))], extra=[comment])
    )

    assert all("expires" not in item for item in dynoxide_table.items())


@pytest.mark.parametrize("service", [None, "printer"])
def test_an_ended_task_is_one_item_that_expires(dynoxide_table: Table, service: str | None) -> None:
    store = dynoxide_table.store()
    store.commit(Changes([Put(a_task(groups=["a", "b"], assignee="m", service=service))]))
    before = stored(store)
    store.commit(Changes([Put(changed(before.task, ended=ENDED), before)]))

    [own] = dynoxide_table.items()
    expected = {"PK", "SK", "doc", "version", "expires"}
    expected |= {"created", "ended", "endedShard", "assignee", "changesShard", "changed"}
    assert set(own) == (expected if service is None else expected | {"service"})
    assert own["expires"] == EXPIRES


def test_records_expire_with_their_task_those_written_later_too(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    early = [Record(T1, kind, "1", {"n": 1}) for kind in ("comment", "attachment")]
    store.commit(Changes([Put(a_task(comments=1, attachments=1))], extra=early))
    before = stored(store)
    store.commit(Changes([Put(changed(before.task, ended=ENDED), before)]))
    store.expire_records(T1, UNTIL)
    before = stored(store)
    late = Record(T1, "comment", "2", {"n": 2})
    store.commit(Changes([Put(changed(before.task, comments=2), before)], extra=[late]))

    found = items(dynoxide_table)
    assert sorted(found) == ["ATTACHMENT#1", "COMMENT#1", "COMMENT#2", "TASK"]
    assert all(item["expires"] == EXPIRES for item in found.values())


def test_every_one_of_many_records_expires(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    records = [Record(T1, "comment", f"{number:03}", {"n": number}) for number in range(150)]
    store.commit(Changes([Put(a_task(comments=150))], extra=records[:75]))
    before = stored(store)
    store.commit(Changes([Put(before.task, before)], extra=records[75:]))
    before = stored(store)
    store.commit(Changes([Put(changed(before.task, ended=ENDED), before)]))
    store.expire_records(T1, UNTIL)

    assert len(dynoxide_table.items()) == 151
    assert all(item["expires"] == EXPIRES for item in dynoxide_table.items())
    assert list(store.records(T1, "comment")) == records


def test_a_receipt_is_swept_away_once_it_has_expired(dynoxide_table: Table) -> None:
    receipt = Receipt("mary", "k1", "f", {}, CREATED, type(CREATED)(1_769_172_162_001))
    dynoxide_table.store().commit(Changes([], receipt))

    [item] = dynoxide_table.items()
    assert item["expires"] == {"N": "1769172163"}  # whole seconds, never too early
    assert item["until"] == {"N": "1769172162001"}


def test_services_share_a_partition(dynoxide_table: Table) -> None:
    dynoxide_table.services().put(Service("printer", "Printer"))

    [item] = dynoxide_table.items()
    assert (item["PK"], item["SK"]) == ({"S": "SERVICE"}, {"S": "SID#printer"})


def test_no_item_can_be_mistaken_for_anothers(dynoxide_table: Table) -> None:
    """A name that looks like a digest, or like a part of a key, has a key of its own."""
    store = dynoxide_table.store()
    long = "x" * 5000
    store.commit(Changes([Put(a_task(groups=["first", long]))]))
    [digest] = [key for key in items(dynoxide_table) if key.startswith("LINK")]
    before = stored(store)
    look_alike = digest.rpartition("#")[2]
    links = a_task(groups=["first", long, look_alike])["links"]
    store.commit(Changes([Put(changed(before.task, links=links), before)]))

    assert look_alike.startswith("~")
    assert len(items(dynoxide_table)) == 3
    assert len({item["candidate"]["S"] for item in dynoxide_table.items()}) == 3


def test_the_reader_of_the_stream_has_all_that_is_kept_beside_an_ended_task_expire(
    dynoxide_table: Table,
) -> None:
    store = dynoxide_table.store()
    kinds = ("comment", "attachment", "operation")
    store.commit(
        Changes(
            [Put(a_task(comments=1, attachments=1))],
            extra=[Record(T1, kind, "1", {"n": 1}) for kind in kinds],
        )
    )
    before = stored(store)
    after = changed(before.task, ended=ENDED)
    store.commit(Changes([Put(after, before)]))

    write_history(store, Change("r", ENDED, 2, before.task, after), ENDED_TASK_DAYS)

    assert len(dynoxide_table.items()) == 4
    assert all(item["expires"] == EXPIRES for item in dynoxide_table.items())
