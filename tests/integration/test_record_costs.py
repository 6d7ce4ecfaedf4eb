"""What comments, attachments and the report cost, in the capacity units that are paid for."""

import pytest
from taskdock.domain.caller import Caller
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import OPEN_SHARDS
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import Changes, Put
from taskdock.use_cases.tasks.task_attachments import (
    Document,
    add_attachment,
    fetch_content,
    remove_attachment,
)
from taskdock.use_cases.tasks.task_comments import add_comment, list_comments, remove_comment
from taskdock.use_cases.tasks.task_records import RecordContext

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.capacity_meter import metered
from tests.support.in_memory_people import InMemoryContents
from tests.support.reports import report
from tests.support.tables import Table

VISIT = RecordContext(
    task_id=TaskId("t1"),
    caller=Caller("mary", (), frozenset()),
    now=Instant(CREATED + MINUTE),
)
WITH_CONTENT = Document(id="a1", content=b"%PDF" * 1_000)
ADDRESS = Document(id="a1", texts={"url": "https://documents.example/terms"})


@pytest.fixture
def table(dynoxide_table: Table) -> Table:
    """The table with one task in it, offered to one group."""
    dynoxide_table.store().commit(Changes([Put(a_task("t1", groups=["sales"]))]))
    return dynoxide_table


def test_a_comment_is_a_transaction_of_two_items(table: Table) -> None:
    store = table.store()
    with metered(table.client) as meter:
        add_comment(store, VISIT, "c1", "Hello")

    assert meter.requests == ["GetItem", "TransactWriteItems"]
    assert (meter.read, meter.of_the_table - meter.read) == (1, 2 * 2)
    assert meter.by_index == {"open": 1, "by_candidate": 1, "changes": 1}


def test_taking_a_comment_back_reads_the_comments(table: Table) -> None:
    store = table.store()
    add_comment(store, VISIT, "c1", "Hello")
    with metered(table.client) as meter:
        remove_comment(store, VISIT, "c1")

    assert meter.requests == ["GetItem", "Query", "TransactWriteItems"]
    assert meter.read == 2


def test_an_attachment_by_its_address_costs_what_a_comment_costs(table: Table) -> None:
    with metered(table.client) as meter:
        add_attachment(table.store(), InMemoryContents(), VISIT, ADDRESS)

    assert meter.requests == ["GetItem", "TransactWriteItems"]
    assert meter.of_the_table - meter.read == 2 * 2


def test_a_content_adds_the_note_and_its_end(table: Table) -> None:
    with metered(table.client) as meter:
        add_attachment(table.store(), InMemoryContents(), VISIT, WITH_CONTENT)

    assert meter.requests == ["GetItem", "PutItem", "GetItem", "TransactWriteItems"]
    assert meter.of_the_table - meter.read == 1 + 2 * 3


def test_no_content_is_in_the_table(table: Table) -> None:
    add_attachment(table.store(), InMemoryContents(), VISIT, WITH_CONTENT)

    assert "%PDF" not in str(table.items())


def test_reading_costs_the_task_and_what_is_beside_it(table: Table) -> None:
    store, contents = table.store(), InMemoryContents()
    add_attachment(store, contents, VISIT, WITH_CONTENT)
    add_comment(store, VISIT, "c1", "Hello")
    with metered(table.client) as meter:
        list_comments(store, VISIT)
        fetch_content(store, contents, VISIT, "a1")

    assert meter.requests == ["GetItem", "Query"] * 2
    assert (meter.read, meter.written) == (4, 0)


def test_an_attachment_is_taken_away_by_one_transaction(table: Table) -> None:
    store = table.store()
    add_attachment(store, InMemoryContents(), VISIT, WITH_CONTENT)
    with metered(table.client) as meter:
        remove_attachment(store, VISIT, "a1")

    assert meter.requests == ["GetItem", "Query", "TransactWriteItems"]


def test_a_report_reads_the_open_index_and_nothing_else(table: Table) -> None:
    store = table.store()
    for number in range(40):
        store.commit(Changes([Put(a_task(f"more-{number}", groups=["sales"]))]))
    with metered(table.client) as meter:
        found = report(store)

    assert found.counts == {"sales": 41}
    assert meter.requests == ["Query"] * OPEN_SHARDS
    assert list(meter.by_index) == ["open"]
    assert meter.read == found.spent.read_units <= OPEN_SHARDS * 0.5
