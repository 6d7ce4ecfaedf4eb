"""Change or delete one task of a service: its properties, its state, its lists."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any, Final

from taskdock.domain.caller import Caller
from taskdock.domain.errors import TaskNotFound
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.instants import Instant
from taskdock.domain.services import lists as service_lists
from taskdock.domain.services.actions import Action, act, end_along
from taskdock.domain.services.lists import ListName
from taskdock.domain.tasks.changes import delete
from taskdock.domain.tasks.task import ListItem, Task, TaskId, is_open
from taskdock.use_cases.ports import Receipt, StoredTask, TaskStore
from taskdock.use_cases.services.programs import must_work_for
from taskdock.use_cases.tasks.change_task import change_task, must_have_version
from taskdock.use_cases.tasks.conflicts import retry_on_conflict
from taskdock.use_cases.tasks.idempotency import ReceiptOf, Repeatable, answered_once
from taskdock.use_cases.tasks.read_task import read_service_task
from taskdock.use_cases.tasks.task_family import descendants
from taskdock.use_cases.tasks.unit_of_work import UnitOfWork

_OF_THE_SERVICE: Final = frozenset({Action.COMPLETE, Action.FAIL})
"""Of the registered programs, only the service's own do these, and write its output."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ServiceTaskReference:
    """A task as a request of the service API names it, with the caller and the time. Every change
    raises `TaskNotFound` unless the caller may see it and it belongs to the service,
    `PreconditionFailed` when it has another version than expected, and `ConcurrentChange` after a
    conflict in every try.
    """

    sid: str
    tid: str
    caller: Caller
    now: Instant
    expected_version: int | None = None


def change_service_task(
    store: TaskStore, reference: ServiceTaskReference, change: Callable[[Task], Task]
) -> StoredTask:
    """The task after `change`, which is a function of the task alone and may be called again."""
    return _changed(store, reference, change)


def delete_service_task(store: TaskStore, reference: ServiceTaskReference) -> None:
    """Delete the task, open or ended, with its open sub tasks: history alone shows them then."""

    def attempt() -> None:
        unit = _unit(store, reference)
        for each in (reference.tid, *_below(unit, reference)):
            unit.change(TaskId(each), partial(delete, now=reference.now))
        unit.commit()

    retry_on_conflict(TaskId(reference.tid), attempt)


def act_on_service_task(
    store: TaskStore, reference: ServiceTaskReference, action: Action, reason: str | None = None
) -> int:
    """The task's version after the action; its open sub tasks end with it.

    Raises as `services.actions.act` does, and `NotAuthorized` where a registered program of other
    services completes or fails the task.
    """

    if action in _OF_THE_SERVICE:
        must_work_for(reference.caller, reference.sid)

    def attempt() -> int:
        task_id = TaskId(reference.tid)
        unit = _unit(store, reference)
        unit.change(task_id, partial(act, action=action, now=reference.now, reason=reason))
        if not is_open(unit[task_id]):
            for sub_task in _below(unit, reference):
                unit.change(sub_task, partial(end_along, parent=unit[task_id], now=reference.now))
        unit.commit()
        return unit.version(task_id)

    return retry_on_conflict(TaskId(reference.tid), attempt)


@dataclass(frozen=True, slots=True, kw_only=True)
class NewItem:
    """A new item for a list."""

    list: ListName
    item: ListItem
    index: int | None = None
    """Its index; None is the end of the list."""
    idempotency_key: str | None = None


@dataclass(frozen=True, slots=True)
class ListedItem:
    """A current item of a list, and its task's version."""

    index: int
    item: ListItem
    version: int


def add_item(store: TaskStore, reference: ServiceTaskReference, new: NewItem) -> ListedItem:
    """The inserted item; a repeated request under one key gets the first one's.

    Raises as `services.lists.insert` and as `answered_once` do.
    """

    _must_work_on(reference, new.list)

    def insert(task: Task) -> Task:
        return service_lists.insert(task, new.list, new.item, reference.now, index=new.index)

    def kept(after: StoredTask) -> Mapping[str, Any]:
        last = len(service_lists.items(after.task, new.list)) - 1
        return {"index": last if new.index is None else new.index, "version": after.version}

    def attempt(receipt: ReceiptOf) -> Mapping[str, Any]:
        return kept(_changed(store, reference, insert, lambda after: receipt(kept(after))))

    content = (reference.sid, reference.tid, new.list, new.index, new.item)
    request = Repeatable(reference.caller.user, new.idempotency_key, reference.now, content)
    answer = answered_once(store, request, attempt)
    return ListedItem(answer["index"], new.item, answer["version"])


def merge_item(
    store: TaskStore,
    reference: ServiceTaskReference,
    place: tuple[ListName, int],
    metadata: Mapping[str, Any] | None,
) -> ListedItem:
    """The item after `metadata` were merged into its own; None removes all of them.

    Raises as `services.lists.merge_item_metadata` does.
    """
    name, index = place
    _must_work_on(reference, name)

    def merge(task: Task) -> Task:
        patch = metadata
        if patch is None:
            patch = dict.fromkeys(service_lists.item_at(task, name, index).get("metadata", {}))
        return service_lists.merge_item_metadata(task, name, index, patch, reference.now)

    after = _changed(store, reference, merge)
    return ListedItem(index, service_lists.item_at(after.task, name, index), after.version)


def remove_item(
    store: TaskStore, reference: ServiceTaskReference, place: tuple[ListName, int]
) -> int:
    """The task's version without the item; raises as `services.lists.remove` does."""
    name, index = place
    _must_work_on(reference, name)
    after = _changed(
        store,
        reference,
        lambda task: service_lists.remove(task, name, index, reference.now),
    )
    return after.version


def _must_work_on(reference: ServiceTaskReference, name: ListName) -> None:
    if name is ListName.OUTPUT:
        must_work_for(reference.caller, reference.sid)


def _changed(
    store: TaskStore,
    reference: ServiceTaskReference,
    change: Callable[[Task], Task],
    receipt: Callable[[StoredTask], Receipt | None] = lambda _: None,
) -> StoredTask:
    def change_if_of_the_service(task: Task) -> Task:
        if task.get("service") != reference.sid:
            raise TaskNotFound(reference.tid)
        return change(task)

    if not is_identifier(reference.tid):
        raise TaskNotFound(reference.tid)
    return change_task(
        store,
        TaskId(reference.tid),
        reference.caller.access,
        change_if_of_the_service,
        expected_version=reference.expected_version,
        ended_too=True,
        receipt=receipt,
    )


def _unit(store: TaskStore, reference: ServiceTaskReference) -> UnitOfWork:
    stored = read_service_task(store, reference.tid, reference.caller, sid=reference.sid)
    must_have_version(stored, reference.expected_version)
    return UnitOfWork(store, stored)


def _below(unit: UnitOfWork, reference: ServiceTaskReference) -> list[TaskId]:
    return descendants(unit, TaskId(reference.tid), reference.caller.access.of_tenants)
