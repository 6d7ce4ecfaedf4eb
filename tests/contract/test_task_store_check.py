"""What every task store says beforehand: whether it would take a change at all."""

from collections.abc import Callable

import pytest
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import Changes, Put, Record, StoredTask, TaskStore

from tests.support.builders import a_task, noise

TOO_MUCH: dict[str, Callable[[], Changes]] = {
    "a document over the limit": lambda: Changes([Put(a_task(description="x" * 300 * 1024))]),
    "a number that JSON has no word for": lambda: Changes([Put(a_task(priority=float("inf")))]),
    "too many items": lambda: Changes([Put(a_task(groups=map(str, range(101))))]),
    "too many records": lambda: Changes(
        [Put(a_task())],
        extra=[Record(TaskId("t1"), "attachment", str(n), {"n": n}) for n in range(100)],
    ),
    "too many bytes": lambda: Changes(
        [Put(a_task(description=noise(280 * 1024), groups=map(str, range(20))))]
    ),
}


@pytest.mark.parametrize("what", TOO_MUCH)
def test_what_a_commit_would_refuse_is_refused_beforehand(store: TaskStore, what: str) -> None:
    with pytest.raises(InvalidRequest) as beforehand:
        store.check(TOO_MUCH[what]())
    with pytest.raises(InvalidRequest) as committed:
        store.commit(TOO_MUCH[what]())
    assert beforehand.value.message == committed.value.message


def test_checking_writes_nothing_and_asks_for_no_version(store: TaskStore) -> None:
    store.check(Changes([Put(a_task())]))
    store.check(Changes([Put(a_task(), StoredTask(a_task(), 7))]))
    assert store.get(TaskId("t1")) is None
