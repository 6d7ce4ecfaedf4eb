"""Create a task: for a service, or a standalone one as Camunda 7 does.

With an idempotency key a request creates once: its receipt is written in the task's transaction, so
one of two concurrent requests creates the task, and the other gets the same answer.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from taskdock.domain.access import SEEN_BY
from taskdock.domain.caller import Caller
from taskdock.domain.errors import InvalidRequest, NotAuthorized, TaskSuspended
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIndex, Index
from taskdock.domain.tasks.task import Task, TaskId, changed, is_open
from taskdock.use_cases.ports import Changes, Put, TaskStore
from taskdock.use_cases.query.page_reading import every_task
from taskdock.use_cases.services.known_services import KnownServices
from taskdock.use_cases.tasks.idempotency import ReceiptOf, Repeatable, answered_once
from taskdock.use_cases.tasks.task_family import must_fit_below


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """A request to create a task."""

    caller: Caller
    new_task: Callable[[], Task]
    """Makes the task from the request; raises `InvalidRequest`."""
    content: object
    """The request's content: a repeated request has the same content under the same key."""
    now: Instant
    idempotency_key: str | None = None


def create_service_task(
    store: TaskStore, services: KnownServices, order: Order, *, sid: str
) -> Task:
    """The new task of the service `sid`, its first version.

    Raises `InvalidRequest` for a request that describes no task and for an unknown parent,
    `NotFound` for an unknown service, `NotAuthorized` for another tenant (docs/api.md, D23),
    `TaskSuspended` for a suspended parent, `IdempotencyMismatch` for a key that was used with
    another request. Nothing is stored then.
    """

    def task() -> Task:
        new = order.new_task()
        services.service(sid, order.now)
        return _placed(store, new, order.caller)

    return _created_once(store, order, task, route=f"service {sid}")


def create_standalone_task(store: TaskStore, order: Order) -> Task:
    """The new standalone task (docs/camunda-behaviour.md, Creating and replacing), its first
    version.

    Raises as `create_service_task` does, and `AlreadyExists` naming the id when it is taken.
    """

    def task() -> Task:
        return _placed(store, order.new_task(), order.caller)

    return _created_once(store, order, task, route="standalone")


def _placed(store: TaskStore, task: Task, caller: Caller) -> Task:
    """The task in its tenant, which is its parent's if it has a parent."""
    tenant = task.get("tenantId")
    if tenant is not None and tenant not in caller.tenants:
        raise NotAuthorized(f"tenantId: you are no member of tenant '{tenant}'")
    if caller.access.participant is not None:
        _must_take_part(store, task, caller)
    parent_id = task.get("parentTaskId")
    if parent_id is None:
        caller.access.must_hold(task)
        return task
    parent = _parent(store, parent_id, caller)
    if tenant is not None and tenant != parent.get("tenantId"):
        raise InvalidRequest(f"tenantId: '{tenant}' is not the tenant of task '{parent_id}'")
    above = parent.get("parentTaskId")
    must_fit_below(store, task["id"], above, caller.access.of_tenants, above=1)
    placed = changed(task, tenantId=parent.get("tenantId"))
    caller.access.must_hold(placed)
    return placed


_INSTANCES: Final = (
    (Index.PROCESS_INSTANCE, "processInstanceId"),
    (Index.CASE_INSTANCE, "caseInstanceId"),
)


def _must_take_part(store: TaskStore, task: Task, caller: Caller) -> None:
    """Raises `NotAuthorized` where the task would join an instance in whose open tasks the caller
    has no part: it would share their variables.
    """
    for index, field in _INSTANCES:
        instance: Any = task.get(field)
        if instance is None:
            continue
        others = ByIndex(index, (instance,), (task.get("tenantId"),))
        seen = [caller.access.sees(each) for each in every_task(store, others, SEEN_BY)]
        if seen and not any(seen):
            raise NotAuthorized(f"{field}: you take part in no task of '{instance}'")


def _parent(store: TaskStore, task_id: str, caller: Caller) -> Task:
    stored = store.get(TaskId(task_id)) if is_identifier(task_id) else None
    if stored is None or not is_open(stored.task) or not caller.access.sees(stored.task):
        raise InvalidRequest(
            f"Could not save task: Parent task with id '{task_id}' does not exist:"
            " parentTask is null"
        )
    if stored.task.get("suspended", False):
        raise TaskSuspended(task_id, role="parent task")
    return stored.task


def _created_once(store: TaskStore, order: Order, task: Callable[[], Task], *, route: str) -> Task:
    """Stores the task; or answers the one that an earlier request under the same key created."""

    def attempt(receipt: ReceiptOf) -> Mapping[str, Any]:
        new = task()
        store.commit(Changes([Put(new)], receipt({"task": new})))
        return {"task": new}

    request = Repeatable(
        order.caller.user, order.idempotency_key, order.now, (route, order.content)
    )
    created: Task = answered_once(store, request, attempt)["task"]
    return created
