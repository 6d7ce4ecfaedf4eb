"""What every task store promises of receipts: one answer for one idempotency key."""

from dataclasses import replace

import pytest
from taskdock.domain.errors import AlreadyExists, InvalidRequest
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import Changes, Put, Receipt, ReceiptTaken, StoredTask, TaskStore

from tests.support.builders import CREATED, a_task

DAY = 24 * 60 * 60 * 1000
EXPIRES = Instant(CREATED + DAY)
RECEIPT = Receipt(
    owner="mary",
    key="k1",
    fingerprint="f1",
    answer={"status": 201, "body": {"tid": "t1", "list": [1, 2.5, None]}, "text": "\u00e4\n"},
    issued=CREATED,
    expires=EXPIRES,
)


def create(store: TaskStore, name: str, receipt: Receipt) -> None:
    store.commit(Changes([Put(a_task(name))], receipt))


def test_a_receipt_is_kept_with_the_task(store: TaskStore) -> None:
    create(store, "t1", RECEIPT)

    assert store.receipt("mary", "k1", CREATED) == RECEIPT
    assert store.get(TaskId("t1")) == StoredTask(a_task(), 1)


def test_a_key_without_a_receipt_has_none(store: TaskStore) -> None:
    assert store.receipt("mary", "k1", CREATED) is None


def test_keys_of_different_callers_never_meet(store: TaskStore) -> None:
    create(store, "t1", RECEIPT)

    assert store.receipt("john", "k1", CREATED) is None
    assert store.receipt("mary", "k2", CREATED) is None
    create(store, "t2", replace(RECEIPT, owner="john"))
    create(store, "t3", replace(RECEIPT, owner="mar", key="yk1"))


@pytest.mark.parametrize("key", ["", "k" * 5000, "\ud800", "#", "a b"], ids=ascii)
def test_no_key_is_too_odd(store: TaskStore, key: str) -> None:
    receipt = replace(RECEIPT, key=key)
    create(store, "t1", receipt)

    assert store.receipt("mary", key, CREATED) == receipt


def test_a_receipt_counts_until_it_expires_to_the_millisecond(store: TaskStore) -> None:
    odd = replace(RECEIPT, expires=Instant(EXPIRES + 1))
    create(store, "t1", odd)

    assert store.receipt("mary", "k1", EXPIRES) == odd
    assert store.receipt("mary", "k1", Instant(EXPIRES + 1)) is None


def test_a_taken_key_is_refused_and_nothing_written(store: TaskStore) -> None:
    create(store, "t1", RECEIPT)

    with pytest.raises(ReceiptTaken):
        create(store, "t2", replace(RECEIPT, fingerprint="f2", issued=Instant(EXPIRES - 1)))

    assert store.receipt("mary", "k1", CREATED) == RECEIPT
    assert store.get(TaskId("t2")) is None


def test_an_expired_receipt_gives_way(store: TaskStore) -> None:
    create(store, "t1", RECEIPT)
    later = replace(RECEIPT, fingerprint="f2", issued=EXPIRES, expires=Instant(EXPIRES + DAY))

    create(store, "t2", later)

    assert store.receipt("mary", "k1", EXPIRES) == later
    assert store.get(TaskId("t2")) is not None


def test_a_repeated_request_gets_its_receipt_before_any_other_error(store: TaskStore) -> None:
    create(store, "t1", RECEIPT)

    with pytest.raises(ReceiptTaken):
        create(store, "t1", RECEIPT)


def test_a_refused_commit_leaves_no_receipt(store: TaskStore) -> None:
    store.commit(Changes([Put(a_task())]))

    with pytest.raises(AlreadyExists):
        create(store, "t1", RECEIPT)

    assert store.receipt("mary", "k1", CREATED) is None


def test_a_receipt_can_be_left_alone(store: TaskStore) -> None:
    store.commit(Changes([], RECEIPT))

    with pytest.raises(ReceiptTaken):
        store.commit(Changes([], RECEIPT))
    assert store.receipt("mary", "k1", CREATED) == RECEIPT


def test_an_answer_too_large_to_remember_is_refused(store: TaskStore) -> None:
    with pytest.raises(InvalidRequest, match="390 KiB"):
        create(store, "t1", replace(RECEIPT, answer={"body": "x" * 400 * 1024}))

    assert store.get(TaskId("t1")) is None
