"""Creating tasks: for whom, under which parent, and once for each idempotency key."""

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import pytest
from taskdock.api.requests.service_tasks import Origin, new_service_task
from taskdock.api.requests.standalone_tasks import new_standalone_task
from taskdock.domain.caller import Caller
from taskdock.domain.errors import (
    AlreadyExists,
    ConcurrentChange,
    IdempotencyMismatch,
    InvalidRequest,
    NotAuthorized,
    NotFound,
    TaskSuspended,
    TemporarilyUnavailable,
)
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ALL_SHARDS, ByIndex, Index, everywhere
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put, ReceiptTaken, Service, TaskStore
from taskdock.use_cases.query.page_reading import every_task
from taskdock.use_cases.services.known_services import KnownServices
from taskdock.use_cases.tasks.create_task import Order, create_service_task, create_standalone_task
from taskdock.use_cases.tasks.idempotency import REMEMBERED

from tests.support.builders import CREATED, a_task
from tests.support.in_memory_services import InMemoryServiceRegistry
from tests.support.in_memory_store import InMemoryTaskStore

DEMO = Caller("demo", (), frozenset({"t1", "t2"}))
SID = "operator-p4"
SERVICES = KnownServices(InMemoryServiceRegistry(Service(SID, "Printer")))

Create = Callable[[TaskStore, "Asked"], Task]


@dataclass(frozen=True)
class Asked:
    """A request to create a task."""

    body: dict[str, Any]
    task_id: TaskId
    key: str | None
    caller: Caller = DEMO
    now: Instant = CREATED

    def order(self, new_task: Callable[[], Task]) -> Order:
        return Order(
            caller=self.caller,
            new_task=new_task,
            content=self.body,
            now=self.now,
            idempotency_key=self.key,
        )


def for_service(store: TaskStore, asked: Asked, sid: str = SID) -> Task:
    origin = Origin(task_id=asked.task_id, creator=asked.caller.user, now=asked.now)
    order = asked.order(partial(new_service_task, asked.body, sid, origin))
    return create_service_task(store, SERVICES, order, sid=sid)


def standalone(store: TaskStore, asked: Asked) -> Task:
    new_task = partial(new_standalone_task, asked.body, asked.task_id, asked.now)
    return create_standalone_task(store, asked.order(new_task))


EITHER_WAY = pytest.mark.parametrize("create", [for_service, standalone])


def an_order(task_id: str = "new", key: str | None = None, /, **properties: Any) -> Asked:
    return Asked({"name": "My Task", **properties}, TaskId(task_id), key)


def a_store(*tasks: Task) -> InMemoryTaskStore:
    store = InMemoryTaskStore()
    store.commit(Changes([Put(task) for task in tasks]))
    return store


def ids_in(store: TaskStore) -> set[str]:
    tenants = everywhere(store.tenants())
    everything = ByIndex(Index.OPEN, ALL_SHARDS, tenants)
    return {task["id"] for task in every_task(store, everything)}


@EITHER_WAY
def test_what_is_created_is_stored_in_its_first_version(create: Create) -> None:
    store = a_store()

    task = create(store, an_order())

    stored = store.get(TaskId("new"))
    assert stored is not None
    assert (stored.task, stored.version) == (task, 1)


def test_the_owner_of_a_service_task_is_its_creator() -> None:
    assert for_service(a_store(), an_order())["owner"] == "demo"
    assert "owner" not in standalone(a_store(), an_order())


def test_a_service_must_exist() -> None:
    store = a_store()

    with pytest.raises(NotFound, match="nowhere"):
        for_service(store, an_order(), sid="nowhere")

    assert ids_in(store) == set()


def test_an_id_that_is_taken_is_named() -> None:
    store = a_store(a_task("taken", name="first"))

    with pytest.raises(AlreadyExists, match="taken"):
        standalone(store, an_order(id="taken"))

    stored = store.get(TaskId("taken"))
    assert stored is not None
    assert stored.task["name"] == "first"


@EITHER_WAY
def test_only_members_create_in_a_tenant(create: Create) -> None:
    store = a_store()

    assert create(store, an_order(tenantId="t1"))["tenantId"] == "t1"
    with pytest.raises(NotAuthorized, match="t3"):
        create(store, an_order("other", tenantId="t3"))

    assert ids_in(store) == {"new"}


@EITHER_WAY
@pytest.mark.parametrize("tenant", ["t1", None])
def test_a_sub_task_is_in_its_parents_tenant(create: Create, tenant: str | None) -> None:
    store = a_store(a_task("parent", tenantId=tenant))

    assert create(store, an_order(parentTaskId="parent")).get("tenantId") == tenant


@EITHER_WAY
@pytest.mark.parametrize("parents", ["t1", None])
def test_a_sub_task_in_another_tenant_is_refused(create: Create, parents: str | None) -> None:
    store = a_store(a_task("parent", tenantId=parents))

    with pytest.raises(InvalidRequest, match="'t2' is not the tenant of task 'parent'"):
        create(store, an_order(parentTaskId="parent", tenantId="t2"))

    assert ids_in(store) == {"parent"}


@EITHER_WAY
@pytest.mark.parametrize("parent", ["unknown", "ended", "hidden"])
def test_a_parent_must_be_an_open_task_that_the_caller_sees(create: Create, parent: str) -> None:
    store = a_store(a_task("ended", ended=CREATED), a_task("hidden", tenantId="t3"))

    with pytest.raises(InvalidRequest, match=f"Parent task with id '{parent}' does not exist"):
        create(store, an_order(parentTaskId=parent))

    assert store.get(TaskId("new")) is None


def test_a_parent_with_an_impossible_id_does_not_exist() -> None:
    with pytest.raises(InvalidRequest, match="Parent task with id 'a b' does not exist"):
        standalone(a_store(), an_order(parentTaskId="a b"))


@EITHER_WAY
def test_a_suspended_task_gets_no_sub_tasks(create: Create) -> None:
    store = a_store(a_task("parent", suspended=True))

    with pytest.raises(TaskSuspended, match="parent task with id 'parent' is suspended"):
        create(store, an_order(parentTaskId="parent"))


@EITHER_WAY
def test_a_repeated_request_gets_the_first_answer_and_creates_nothing(create: Create) -> None:
    store = a_store()
    first = create(store, an_order("one", "key", metadata=None))

    again = create(store, an_order("two", "key", metadata=None))

    assert again == first
    assert ids_in(store) == {"one"}


def test_a_repeated_request_gets_the_first_answer_whatever_has_become_of_the_task() -> None:
    store = a_store(a_task("parent"))
    order = an_order("new", "key", id="mine", parentTaskId="parent")
    first = standalone(store, order)
    parent = store.get(TaskId("parent"))
    assert parent is not None
    store.commit(Changes([Put(a_task("parent", ended=CREATED), parent)]))

    assert standalone(store, order) == first


@EITHER_WAY
def test_the_same_key_with_another_request_is_a_mismatch(create: Create) -> None:
    store = a_store()
    create(store, an_order("one", "key"))

    with pytest.raises(IdempotencyMismatch, match="Idempotency-Key"):
        create(store, an_order("two", "key", priority=7))

    assert ids_in(store) == {"one"}


def test_the_same_key_on_another_route_is_a_mismatch() -> None:
    store = a_store()
    standalone(store, an_order("one", "key"))

    with pytest.raises(IdempotencyMismatch):
        for_service(store, an_order("two", "key"))


@EITHER_WAY
def test_keys_of_different_callers_never_meet(create: Create) -> None:
    store = a_store()
    create(store, an_order("one", "key"))

    create(
        store, replace(an_order("two", "key", priority=7), caller=Caller("mary", (), DEMO.tenants))
    )

    assert ids_in(store) == {"one", "two"}


@EITHER_WAY
def test_a_key_is_free_again_after_a_day(create: Create) -> None:
    store = a_store()
    create(store, an_order("one", "key"))

    later = Instant(CREATED + REMEMBERED)
    create(store, replace(an_order("two", "key", priority=7), now=later))

    assert ids_in(store) == {"one", "two"}


@EITHER_WAY
def test_a_refused_request_leaves_its_key_free(create: Create) -> None:
    store = a_store()
    with pytest.raises(InvalidRequest):
        create(store, an_order("one", "key", priority="abc"))

    create(store, an_order("two", "key"))

    assert ids_in(store) == {"two"}


@EITHER_WAY
def test_a_write_that_happened_unheard_is_answered_by_its_receipt(create: Create) -> None:
    class Deaf(InMemoryTaskStore):
        def commit(self, changes: Changes) -> None:
            super().commit(changes)
            raise TemporarilyUnavailable("no answer")

    store = Deaf()

    assert create(store, an_order("one", "key"))["id"] == "one"
    with pytest.raises(TemporarilyUnavailable):
        create(store, an_order("two"))


@EITHER_WAY
def test_a_request_that_meets_its_twin_under_way_is_asked_to_come_again(create: Create) -> None:
    class Busy(InMemoryTaskStore):
        def commit(self, changes: Changes) -> None:
            raise ReceiptTaken(changes)

    with pytest.raises(ConcurrentChange, match="under way"):
        create(Busy(), an_order("one", "key"))


@EITHER_WAY
def test_of_two_requests_that_race_one_creates_and_both_get_its_answer(create: Create) -> None:
    store = a_store()
    start = threading.Barrier(2, timeout=10)

    def attempt(task_id: str) -> str:
        start.wait()
        return create(store, an_order(task_id, "key"))["id"]

    with ThreadPoolExecutor(2) as threads:
        answers = set(threads.map(attempt, ("one", "two")))

    assert len(answers) == 1
    assert ids_in(store) == answers
