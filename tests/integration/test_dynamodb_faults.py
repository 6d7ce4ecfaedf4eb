"""Failing requests: all or nothing is written, and the caller gets the right error."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import pytest
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.exceptions import ClientError
from botocore.httpsession import URLLib3Session
from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.documents import unpacked
from taskdock.adapters.dynamodb.task_items import attributes
from taskdock.adapters.dynamodb.task_store import DynamoDbTaskStore
from taskdock.domain.errors import AlreadyExists, TemporarilyUnavailable
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIds, ByIndex, Index
from taskdock.domain.tasks.task import TaskId, changed
from taskdock.use_cases.ports import (
    Changes,
    Put,
    Receipt,
    ReceiptTaken,
    Record,
    Remove,
    Service,
    StoredTask,
    VersionConflict,
)
from taskdock.use_cases.query.page_reading import every_task

from tests.support.builders import CREATED, MINUTE, a_task
from tests.support.faults import Fault, answer_lost, breaking, refused, retry_at_once, unreachable
from tests.support.tables import Table, dynamodb_client, new_table

T1 = TaskId("t1")
RECEIPT = Receipt("mary", "k1", "f", {}, issued=CREATED, expires=Instant(CREATED + MINUTE))
UNTIL = Instant(CREATED + 90 * 24 * 60 * MINUTE)
COMMENT = Record(T1, "comment", "1", {"message": "x"})

REFUSING = {
    "throttled": refused("ThrottlingException"),
    "throughput exceeded": refused("ProvisionedThroughputExceededException"),
    "too many requests": refused("RequestLimitExceeded"),
    "failing": refused("InternalServerError", 500),
    "closed": refused("ServiceUnavailable", 503),
    "out of reach": unreachable,
}
"""The table does nothing."""

PASSING = {**REFUSING, "not answering": answer_lost}


@dataclass(frozen=True)
class Scenario:
    """A commit, and what is there before."""

    given: Callable[[DynamoDbTaskStore], None]
    commit: Callable[[DynamoDbTaskStore], Changes]


def nothing(_: DynamoDbTaskStore) -> None:
    """An empty table."""


def a_task_in_two_inboxes(store: DynamoDbTaskStore) -> None:
    store.commit(Changes([Put(a_task(groups=["sales", "support"]))]))


def stored(store: DynamoDbTaskStore, name: TaskId = T1) -> StoredTask:
    found = store.get(name)
    assert found is not None
    return found


def lying_in(table: Table) -> list[dict[str, Any]]:
    return sorted(table.items(), key=lambda item: (item["PK"]["S"], item["SK"]["S"]))


def change(store: DynamoDbTaskStore, **fields: Any) -> Changes:
    before = stored(store)
    return Changes([Put(changed(before.task, **fields), before)])


SCENARIOS = {
    "create alone": Scenario(nothing, lambda _: Changes([Put(a_task())])),
    "create with all there is": Scenario(
        nothing,
        lambda _: Changes(
            [Put(a_task(groups=["a", "b"], comments=1)), Put(a_task("t2"))], RECEIPT, [COMMENT]
        ),
    ),
    "change inboxes": Scenario(
        a_task_in_two_inboxes,
        lambda store: change(store, links=a_task(groups=["legal", "support"])["links"]),
    ),
    "end": Scenario(a_task_in_two_inboxes, lambda store: change(store, ended=CREATED)),
    "remove": Scenario(a_task_in_two_inboxes, lambda store: Changes([Remove(stored(store))])),
}


@pytest.fixture
def own_client(dynoxide_table: Table) -> Iterator[Table]:
    """The table, with a client of its own."""
    client = dynamodb_client(dynoxide_table.endpoint)
    yield replace(dynoxide_table, client=client)
    client.close()


@pytest.mark.parametrize("fault", REFUSING.values(), ids=REFUSING)
@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_commit_that_does_not_get_through_writes_nothing(
    dynoxide_table: Table, scenario: Scenario, fault: Fault
) -> None:
    store = dynoxide_table.store()
    scenario.given(store)
    before = lying_in(dynoxide_table)
    changes = scenario.commit(store)

    with (
        breaking(dynoxide_table.client, fault),
        pytest.raises(TemporarilyUnavailable, match="try again"),
    ):
        store.commit(changes)
    assert lying_in(dynoxide_table) == before

    store.commit(changes)
    assert lying_in(dynoxide_table) != before


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_commit_whose_answer_is_lost_wrote_all_of_it(
    dynoxide_table: Table, dynoxide_endpoint: str, scenario: Scenario
) -> None:
    with new_table(dynoxide_endpoint) as undisturbed:
        store = undisturbed.store()
        scenario.given(store)
        store.commit(scenario.commit(store))
        expected = lying_in(undisturbed)

    store = dynoxide_table.store()
    scenario.given(store)
    changes = scenario.commit(store)
    with breaking(dynoxide_table.client, answer_lost), pytest.raises(TemporarilyUnavailable):
        store.commit(changes)

    assert lying_in(dynoxide_table) == expected


def with_comments(table: Table, number: int) -> Sequence[Record]:
    """Comments beside a task that has ended."""
    comments = [Record(T1, "comment", f"{n:03}", {"n": n}) for n in range(number)]
    table.store().commit(Changes([Put(a_task(comments=number))], extra=comments))
    table.store().commit(change(table.store(), ended=CREATED))
    return comments


def test_records_that_an_outage_left_without_an_expiry_get_one_the_next_time(
    dynoxide_table: Table,
) -> None:
    with_comments(dynoxide_table, 5)
    store = dynoxide_table.store()

    with (
        breaking(dynoxide_table.client, unreachable, call=4),
        pytest.raises(TemporarilyUnavailable),
    ):
        store.expire_records(T1, UNTIL)
    assert len([item for item in dynoxide_table.items() if "expires" not in item]) == 3
    with breaking(dynoxide_table.client, unreachable, call=99) as sent:
        store.expire_records(T1, UNTIL)

    assert sent == ["Query", *["UpdateItem"] * 3]
    assert all("expires" in item for item in dynoxide_table.items())


def test_a_record_that_is_deleted_while_it_is_to_expire_stays_deleted(
    dynoxide_table: Table, own_client: Table
) -> None:
    comments = with_comments(dynoxide_table, 3)

    def meanwhile(request: AWSPreparedRequest) -> AWSResponse:
        ended = stored(dynoxide_table.store())
        task = changed(ended.task, comments=2)
        gone = Record(T1, "comment", "002", None)
        dynoxide_table.store().commit(Changes([Put(task, ended)], extra=[gone]))
        return URLLib3Session().send(request)

    with breaking(own_client.client, meanwhile, call=2) as sent:
        own_client.store().expire_records(T1, UNTIL)

    assert sent == ["Query", *["UpdateItem"] * 3]
    assert list(own_client.store().records(T1, "comment")) == comments[:2]


READS: dict[str, Callable[[Table], object]] = {
    "get": lambda table: table.store().get(T1),
    "get many": lambda table: table.store().get_many([T1]),
    "read ids": lambda table: list(every_task(table.store(), ByIds((T1,)))),
    "read an index": lambda table: list(every_task(table.store(), ByIndex(Index.OPEN, (0,)))),
    "receipt": lambda table: table.store().receipt("mary", "k1", CREATED),
    "records": lambda table: table.store().records(T1, "comment"),
    "service": lambda table: table.services().get("printer"),
    "services": lambda table: table.services().list(),
    "register": lambda table: table.services().put(Service("printer", "Printer")),
    "unregister": lambda table: table.services().remove("printer"),
}


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_whatever_is_asked_a_passing_fault_says_to_try_again(
    dynoxide_table: Table, read: Callable[[Table], object]
) -> None:
    for fault in PASSING.values():
        with (
            breaking(dynoxide_table.client, fault),
            pytest.raises(TemporarilyUnavailable, match="try again"),
        ):
            read(dynoxide_table)


@pytest.mark.parametrize("read", READS.values(), ids=READS)
def test_a_mistake_of_ours_is_no_passing_fault(
    dynoxide_table: Table, read: Callable[[Table], object]
) -> None:
    with (
        breaking(dynoxide_table.client, refused("AccessDeniedException")),
        pytest.raises(ClientError, match="AccessDenied"),
    ):
        read(dynoxide_table)


@pytest.fixture
def retrying(dynoxide_table: Table) -> Iterator[Table]:
    """The table by a client that tries twice, as the deployed one does on a lost answer."""
    client = dynamodb_client(dynoxide_table.endpoint, attempts=2)
    retry_at_once(client)
    yield replace(dynoxide_table, client=client)
    client.close()


@pytest.mark.parametrize("scenario", SCENARIOS.values(), ids=SCENARIOS)
def test_a_commit_whose_first_answer_is_lost_happens_once(
    retrying: Table, scenario: Scenario
) -> None:
    store = retrying.store()
    scenario.given(store)
    changes = scenario.commit(store)

    with breaking(retrying.client, answer_lost) as sent:
        store.commit(changes)

    assert len(sent) == 2
    write = changes.writes[0]
    version = 1 if write.before is None else write.before.version + 1
    assert store.get(T1) == (None if isinstance(write, Remove) else StoredTask(write.task, version))


@pytest.mark.parametrize("groups", [["sales"], ["sales", "support"]], ids=len)
def test_a_retry_that_meets_the_write_of_another_loses(
    dynoxide_table: Table, retrying: Table, groups: list[str]
) -> None:
    store = retrying.store()
    store.commit(Changes([Put(a_task(groups=groups))]))
    mine, theirs = change(store, assignee="mary"), change(store, assignee="john")

    def meanwhile(request: AWSPreparedRequest) -> AWSResponse:
        dynoxide_table.store().commit(theirs)
        return unreachable(request)

    with breaking(retrying.client, meanwhile), pytest.raises(VersionConflict):
        store.commit(mine)

    assert stored(store) == StoredTask(a_task(groups=groups, assignee="john"), 2)


def test_a_retry_that_meets_the_creation_of_another_is_refused(
    dynoxide_table: Table, retrying: Table
) -> None:
    def meanwhile(request: AWSPreparedRequest) -> AWSResponse:
        dynoxide_table.store().commit(Changes([Put(a_task(name="theirs"))]))
        return unreachable(request)

    with breaking(retrying.client, meanwhile), pytest.raises(AlreadyExists):
        retrying.store().commit(Changes([Put(a_task(name="mine"))]))

    assert stored(dynoxide_table.store()).task["name"] == "theirs"


def canceled(*codes: str) -> Fault:
    """A transaction that is refused for these reasons, in the order of its items."""
    return refused(
        "TransactionCanceledException", CancellationReasons=[{"Code": code} for code in codes]
    )


CONFLICTS: dict[str, tuple[Fault, type[Exception]]] = {
    "another transaction holds the task": (
        canceled("TransactionConflict", "None"),
        VersionConflict,
    ),
    "another transaction holds an entry": (
        canceled("None", "TransactionConflict"),
        VersionConflict,
    ),
    "the task changed, an entry is held": (
        canceled("ConditionalCheckFailed", "TransactionConflict"),
        VersionConflict,
    ),
    "the retry met the first attempt": (
        refused("TransactionInProgressException"),
        TemporarilyUnavailable,
    ),
    "an item is no item": (canceled("ValidationError", "None"), ClientError),
    "the request is no request": (refused("ValidationException"), ClientError),
}


@pytest.mark.parametrize(("fault", "expected"), CONFLICTS.values(), ids=CONFLICTS)
def test_a_refused_transaction_says_why(
    dynoxide_table: Table, fault: Fault, expected: type[Exception]
) -> None:
    store = dynoxide_table.store()
    a_task_in_two_inboxes(store)
    changes = change(store, priority=1)

    with breaking(dynoxide_table.client, fault), pytest.raises(expected):
        store.commit(changes)


THROTTLED = {
    "an entry": canceled("None", "ThrottlingError"),
    "an index": canceled("ProvisionedThroughputExceeded", "None"),
}


@pytest.mark.parametrize("which", THROTTLED)
def test_a_throttled_transaction_is_tried_again_after_pauses(
    dynoxide_table: Table, which: str
) -> None:
    pauses: list[float] = []
    store = dynoxide_table.store(sleep=pauses.append)
    a_task_in_two_inboxes(store)

    changes = change(store, priority=1)
    with breaking(dynoxide_table.client, THROTTLED[which], times=3) as sent:
        store.commit(changes)

    assert stored(store).task["priority"] == 1
    assert sent.count("TransactWriteItems") == 4
    assert len(pauses) == 3
    assert all(0 <= pause <= 0.2 * 2**tried for tried, pause in enumerate(pauses))


@pytest.mark.parametrize("which", THROTTLED)
def test_a_transaction_that_stays_throttled_writes_nothing(
    dynoxide_table: Table, which: str
) -> None:
    store = dynoxide_table.store(sleep=lambda _: None)
    a_task_in_two_inboxes(store)
    changes = change(store, priority=1)

    with (
        breaking(dynoxide_table.client, THROTTLED[which], times=99) as sent,
        pytest.raises(TemporarilyUnavailable),
    ):
        store.commit(changes)

    assert sent == ["TransactWriteItems"] * 4
    assert stored(store).version == 1


def test_a_plain_change_loses_to_a_transaction_that_holds_the_task(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    store.commit(Changes([Put(a_task())]))
    changes = change(store, priority=1)

    with (
        breaking(dynoxide_table.client, refused("TransactionConflictException")),
        pytest.raises(VersionConflict) as lost,
    ):
        store.commit(changes)

    assert not lost.value.gone


@pytest.mark.parametrize(
    ("codes", "expected"),
    [
        (("TransactionConflict", "None", "None"), TemporarilyUnavailable),
        (("None", "TransactionConflict", "None"), TemporarilyUnavailable),
        (("ConditionalCheckFailed", "ConditionalCheckFailed", "None"), ReceiptTaken),
        (("TransactionConflict", "ConditionalCheckFailed", "None"), AlreadyExists),
    ],
)
def test_a_refused_creation_says_why(
    dynoxide_table: Table, codes: tuple[str, ...], expected: type[Exception]
) -> None:
    changes = Changes([Put(a_task(groups=["a", "b"]))], RECEIPT)

    with breaking(dynoxide_table.client, canceled(*codes)), pytest.raises(expected):
        dynoxide_table.store().commit(changes)


def test_what_a_batch_left_undone_is_asked_for_again(own_client: Table) -> None:
    pauses: list[float] = []
    store = own_client.store(pauses.append)
    names = [TaskId(f"t{number}") for number in range(6)]
    for name in names:
        store.commit(Changes([Put(a_task(name))]))
    do_at_most(own_client, 4)

    assert sorted(store.get_many(names)) == names
    assert pauses == [0.05]
    found = [task["id"] for task in every_task(store, ByIds(tuple(names)))]
    assert sorted(found) == names


def test_a_batch_that_makes_no_progress_is_given_up(own_client: Table) -> None:
    pauses: list[float] = []
    store = own_client.store(pauses.append)
    store.commit(Changes([Put(a_task())]))
    do_at_most(own_client, 0)

    with pytest.raises(TemporarilyUnavailable):
        store.get_many([T1])

    assert pauses == [0.1, 0.2, 0.4, 0.8]


def do_at_most(table: Table, most: int) -> None:
    """Have every batch leave all but so many of its items undone."""

    def leave_the_rest(parsed: dict[str, Any], **_: object) -> None:
        items = parsed["Responses"][table.name]
        parsed["Responses"][table.name] = items[:most]
        undone = [unpacked(item["doc"])["id"] for item in items[most:]]
        if undone:
            keys_left = [attributes(keys.task_key(TaskId(name))) for name in undone]
            parsed["UnprocessedKeys"] = {table.name: {"Keys": keys_left}}

    table.client.meta.events.register("after-call.dynamodb.BatchGetItem", leave_the_rest)
