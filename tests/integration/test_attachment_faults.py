"""After an interrupted upload there is never a content that the table does not name. Every request
to the table and to the bucket fails once, in every way. Afterwards the attachment is there with its
content or not at all, and whatever lies in the bucket is named in the table: by the attachment, or
by a note that runs out.
"""

from collections.abc import Iterator

import pytest
from botocore.exceptions import ConnectTimeoutError
from taskdock.adapters.s3_contents import S3Contents
from taskdock.domain.caller import Caller
from taskdock.domain.errors import TaskdockError, TemporarilyUnavailable
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import Changes, Put
from taskdock.use_cases.tasks.task_attachments import (
    UPLOAD_TIME,
    Document,
    add_attachment,
    fetch_content,
    list_attachments,
    remove_attachment,
)
from taskdock.use_cases.tasks.task_records import RecordContext

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.faults import Fault, answer_lost, breaking, refused, unreachable
from tests.support.in_memory_people import InMemoryContents
from tests.support.object_stores import a_bucket, names_in, s3_client
from tests.support.tables import Table

VISIT = RecordContext(
    task_id=TaskId("t1"),
    caller=Caller("mary", (), frozenset()),
    now=Instant(CREATED + MINUTE),
)
DOCUMENT = Document(id="a1", texts={"name": "Invoice"}, content=b"%PDF")
REQUESTS = ("GetItem", "PutItem", "GetItem", "TransactWriteItems")
"""The requests to the table: the task, the note, the task again, the transaction."""


@pytest.fixture
def table(dynoxide_table: Table) -> Iterator[Table]:
    """The table with one task in it."""
    dynoxide_table.store().commit(Changes([Put(a_task("t1"))]))
    yield dynoxide_table


def known_contents(table: Table) -> set[str]:
    """The contents that the table names."""
    store = table.store()
    return {
        record.content["contentId"]
        for kind in ("attachment", "upload")
        for record in store.records(VISIT.task_id, kind)
        if record.content is not None
    }


def version(table: Table) -> int:
    stored = table.store().get(VISIT.task_id)
    assert stored is not None
    return stored.version


def test_adding_asks_just_this_of_the_table(table: Table) -> None:
    contents = InMemoryContents()

    with breaking(table.client, unreachable, call=99) as sent:
        add_attachment(table.store(), contents, VISIT, DOCUMENT)

    assert tuple(sent) == REQUESTS
    assert known_contents(table) == {"a1"}
    assert list(table.store().records(VISIT.task_id, "upload")) == []


@pytest.mark.parametrize(
    "fault",
    [unreachable, answer_lost, refused("ThrottlingException"), refused("InternalError", 500)],
    ids=["unreachable", "answer lost", "throttled", "failing"],
)
@pytest.mark.parametrize("call", range(1, len(REQUESTS) + 1))
def test_wherever_the_table_fails_no_content_is_unknown(
    table: Table, fault: Fault, call: int
) -> None:
    contents = InMemoryContents()

    with breaking(table.client, fault, call=call), pytest.raises(TemporarilyUnavailable):
        add_attachment(table.store(), contents, VISIT, DOCUMENT)

    assert set(contents.kept) <= known_contents(table)
    added = [each["id"] for each in list_attachments(table.store(), VISIT)]
    assert version(table) == 1 + len(added)
    for attachment_id in added:
        assert fetch_content(table.store(), contents, VISIT, attachment_id) == b"%PDF"


@pytest.mark.parametrize("arrived", [True, False])
def test_a_bucket_that_fails_leaves_a_note_and_no_attachment(
    table: Table, moto_endpoint: str, arrived: bool
) -> None:
    client = s3_client(moto_endpoint)
    bucket = a_bucket(client)
    broken = BreakingContents(S3Contents(lambda: client, bucket), arrived=arrived)

    with pytest.raises(TemporarilyUnavailable):
        add_attachment(table.store(), broken, VISIT, DOCUMENT)

    assert names_in(client, bucket) == (["a1"] if arrived else [])
    assert known_contents(table) == {"a1"}
    assert list_attachments(table.store(), VISIT) == []
    assert version(table) == 1


def test_a_note_runs_out_a_day_later(table: Table) -> None:
    broken = BreakingContents(InMemoryContents(), arrived=True)

    with pytest.raises(TemporarilyUnavailable):
        add_attachment(table.store(), broken, VISIT, DOCUMENT)

    [note] = [item for item in table.items() if item["SK"]["S"] == "UPLOAD#a1"]
    assert int(note["expires"]["N"]) == (VISIT.now + UPLOAD_TIME) // 1000


def test_a_request_that_broke_off_can_be_sent_again(table: Table) -> None:
    contents = InMemoryContents()
    again = Document(id="a2", texts=DOCUMENT.texts, content=DOCUMENT.content)
    record_context = RecordContext(
        task_id=VISIT.task_id, caller=VISIT.caller, now=VISIT.now, idempotency_key="k1"
    )
    with breaking(table.client, unreachable, call=4), pytest.raises(TaskdockError):
        add_attachment(table.store(), contents, record_context, DOCUMENT)

    added = add_attachment(table.store(), contents, record_context, again)

    assert added["id"] == "a2"
    assert [each["id"] for each in list_attachments(table.store(), record_context)] == ["a2"]
    assert known_contents(table) == {"a1", "a2"}


def test_an_answer_that_was_lost_is_found_by_its_key(table: Table) -> None:
    contents = InMemoryContents()
    again = Document(id="a2", texts=DOCUMENT.texts, content=DOCUMENT.content)
    record_context = RecordContext(
        task_id=VISIT.task_id, caller=VISIT.caller, now=VISIT.now, idempotency_key="k1"
    )

    with breaking(table.client, answer_lost, call=4):
        first = add_attachment(table.store(), contents, record_context, DOCUMENT)

    assert first["id"] == "a1"
    assert add_attachment(table.store(), contents, record_context, again)["id"] == "a1"
    assert [each["id"] for each in list_attachments(table.store(), record_context)] == ["a1"]
    assert known_contents(table) == {"a1", "a2"}, "the second upload has its note"


@pytest.mark.parametrize("fault", [unreachable, answer_lost], ids=["unreachable", "answer lost"])
@pytest.mark.parametrize("call", [1, 2, 3])
def test_wherever_removing_fails_content_is_there_as_long_as_it_is_named(
    table: Table, fault: Fault, call: int
) -> None:
    contents = InMemoryContents()
    add_attachment(table.store(), contents, VISIT, DOCUMENT)

    with breaking(table.client, fault, call=call), pytest.raises(TemporarilyUnavailable):
        remove_attachment(table.store(), VISIT, "a1")

    assert known_contents(table) <= set(contents.kept)


class BreakingContents(InMemoryContents):
    """Contents that are out of reach, before or after what is put has arrived."""

    def __init__(self, contents: InMemoryContents | S3Contents, *, arrived: bool) -> None:
        super().__init__()
        self._contents = contents
        self._arrived = arrived

    def put(self, name: str, content: bytes) -> None:
        if self._arrived:
            self._contents.put(name, content)
        raise TemporarilyUnavailable("out of reach") from ConnectTimeoutError(endpoint_url="x")
