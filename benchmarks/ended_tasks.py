"""Ended tasks for the benchmarks, as the product leaves them in its table.

Each task of the generated world is created, claimed and completed by the use cases of the API, and
the reader of the stream writes its history. That happens in memory; the items are made by what
makes the writes to the table. The tasks end one after the other over 90 days, two days after they
were created; a thousand people complete a hundred each.
"""

from collections.abc import Iterator
from functools import partial
from typing import Any, Final, cast

from taskdock.adapters.dynamodb.keys import RecordKind
from taskdock.adapters.dynamodb.task_items import Item
from taskdock.adapters.dynamodb.task_writes import TaskWrites
from taskdock.domain.access import Access
from taskdock.domain.history.operation import Operation, Type
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.changes import claim
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.history.authored_store import AuthoredStore
from taskdock.use_cases.ports import Changes, Put
from taskdock.use_cases.tasks.change_task import change_task
from taskdock.use_cases.tasks.complete_task import Completion, complete_task

from benchmarks.world import DAY, NOW, world
from tests.support.in_memory_history import ENDED_TASK_DAYS, catch_up
from tests.support.in_memory_store import InMemoryTaskStore

PEOPLE: Final = 1_000
DAYS: Final = ENDED_TASK_DAYS
"""The last task ended now, the first so many days ago."""

_WRITES: Final = TaskWrites("", ENDED_TASK_DAYS)
_EVERYTHING: Final = Access(frozenset())


def items(size: int) -> Iterator[Item]:
    """What the table holds of `size` ended tasks."""
    for number, task in enumerate(world(size)):
        ended = Instant(NOW - (size - 1 - number) * DAYS * DAY // size)
        yield from _items(_offered(task, Instant(ended - 2 * DAY)), _person(number), ended)


def _person(number: int) -> str:
    return f"person-{number % PEOPLE}"


def _offered(task: Task, created: Instant) -> Task:
    """The task as it was when it was created: nobody's."""
    kept: dict[str, Any] = {**task, "created": created}
    kept.pop("assignee", None)
    return cast(Task, kept)


def _items(task: Task, person: str, ended: Instant) -> Iterator[Item]:
    store = InMemoryTaskStore()
    claimed = Instant(ended - DAY)

    def by(kind: Type, at: Instant) -> AuthoredStore:
        return AuthoredStore(store, Operation(f"{task['id']}-{kind}", kind, person, at), task["id"])

    by(Type.CREATE, task["created"]).commit(Changes([Put(task)]))
    taken = partial(claim, user=person, now=claimed)
    change_task(by(Type.CLAIM, claimed), task["id"], _EVERYTHING, taken)
    completion = Completion(task_id=task["id"], access=_EVERYTHING, variables={}, now=ended)
    complete_task(by(Type.COMPLETE, ended), completion)
    before, after, operation = store.written[-1]
    catch_up(store)
    writes = [*_WRITES.of_put(Put(after.task, before, operation))]
    for kind in RecordKind:
        writes += [_WRITES.of_record(each, after.task) for each in store.records(task["id"], kind)]
    for write in writes:
        if "Put" in write.request:
            yield cast(Item, write.request["Put"]["Item"])
