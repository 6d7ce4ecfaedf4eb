"""The events that a change of a task causes (docs/events.md).

An event follows from the document before and after the change. So every way to change a task causes
the same events, and no use case has to announce anything.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from taskdock.domain.events.task_events import (
    EventMetadata,
    TaskAssigned,
    TaskCanceled,
    TaskCompleted,
    TaskCreated,
    TaskDelegated,
    TaskDeleted,
    TaskEnded,
    TaskEvent,
    TaskFailed,
    TaskResolved,
    TaskStarted,
    TaskUnassigned,
    TaskUpdated,
    as_json,
)
from taskdock.domain.history.erasure import ERASE
from taskdock.domain.instants import Instant
from taskdock.domain.services.actions import state_of
from taskdock.domain.services.lists import MergedItem, merged_items
from taskdock.domain.tasks.task import DelegationState, State, Task, TaskId, is_deleted, is_open

MAX_ITEMS_BYTES: Final = 224 * 1024
"""Bytes of JSON for the items of a `TaskStarted`; an event may have 256 KB in all."""

_BOOKKEEPING: Final = frozenset(
    {"lastUpdated", "taskState", "importId", "formerLinks", "variableTimes"}
)
# Fields that every update writes: an event names them only when nothing else changed.

_NEW: Final[Task] = {
    "id": TaskId(""),
    "priority": 0,
    "created": Instant(0),
    "state": State.CREATED.value,
}
# A new task is compared with this one: unassigned, not started.

_ENDS: Final[dict[str, type[TaskEnded]]] = {
    State.COMPLETED: TaskCompleted,
    State.FAILED: TaskFailed,
    State.CANCELED: TaskCanceled,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one task, as the table recorded it."""

    record: str
    """Id of the stream record; the same in every delivery."""
    recorded: Instant
    version: int
    """Version of the document after the change; of the last document when the task is gone."""
    before: Task | None
    after: Task | None
    expired: bool = False
    """The table removed the task because its time to live had passed."""
    operation: Mapping[str, Any] | None = None
    """Who changed it how, as far as the change says."""


def is_erasure(change: Change) -> bool:
    """Whether the change only took a person out: there is no event and no entry in the log."""
    return change.operation is not None and change.operation.get("type") == ERASE


def task_events(change: Change, base_path: str = "") -> tuple[TaskEvent, ...]:
    """The events of `change`, in the order of `EVENTS`; often none.

    An import and the erasure of a person cause no events, and neither does the removal of an ended
    task when its time to live has passed. Documents written by older versions are read too: an
    absent field counts as null.
    Addresses start with `base_path`, as the API's do.
    """
    before, after = change.before, change.after
    if after is None:
        return () if before is None else _deletion(change, before, base_path)
    if _is_imported(before, after) or is_erasure(change):
        return ()
    if is_deleted(after):
        return () if before is None or is_deleted(before) else _deletion(change, before, base_path)
    metadata = _metadata(change, after, base_path)
    if before is None:
        return (TaskCreated(metadata), *_specific_events(metadata, _NEW, after))
    specific = tuple(_specific_events(metadata, before, after))
    rest = _other_fields(before, after, specific)
    return (TaskUpdated(metadata, rest), *specific) if rest else specific


def _specific_events(metadata: EventMetadata, before: Task, after: Task) -> Iterator[TaskEvent]:
    yield from _of_people(metadata, before, after)
    state, previous = state_of(after), state_of(before)
    if state == previous:
        return
    if state == State.STARTED:
        yield _started(metadata, after)
    elif state in _ENDS:
        yield _ENDS[state](metadata, previous_state=previous)


def _of_people(metadata: EventMetadata, before: Task, after: Task) -> Iterator[TaskEvent]:
    assignee, previous = after.get("assignee"), before.get("assignee")
    delegation = after.get("delegationState")
    if delegation != before.get("delegationState"):
        if delegation == DelegationState.PENDING:
            yield TaskDelegated(metadata, owner=after.get("owner"), assignee=assignee)
        elif delegation == DelegationState.RESOLVED:
            yield TaskResolved(metadata, assignee=assignee)
    if assignee == previous:
        return
    if assignee is not None:
        yield TaskAssigned(metadata, assignee=assignee, previous_assignee=previous)
    elif previous is not None:
        yield TaskUnassigned(metadata, previous_assignee=previous)


def _other_fields(before: Task, after: Task, specific: Iterable[TaskEvent]) -> tuple[str, ...]:
    """The names of changed fields that no other event covers."""
    old: dict[str, object] = {**before}
    new: dict[str, object] = {**after}
    differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    covered = frozenset[str]().union(*(event.COVERED_FIELDS for event in specific))
    other = differing - covered - _BOOKKEEPING
    if other or covered:
        return tuple(sorted(other))
    return tuple(sorted(differing))


def _deletion(change: Change, last: Task, base_path: str) -> tuple[TaskEvent, ...]:
    if (change.expired or is_deleted(last)) and not is_open(last):
        return ()
    return (TaskDeleted(_metadata(change, last, base_path), state=state_of(last)),)


def _is_imported(before: Task | None, after: Task) -> bool:
    name = after.get("importId")
    return name is not None and (before is None or before.get("importId") != name)


def _metadata(change: Change, task: Task, base_path: str) -> EventMetadata:
    return EventMetadata(
        record=change.record,
        tid=task["id"],
        href=f"{base_path}{_path(task)}",
        version=change.version,
        occurred_at=_moment(change),
        service=task.get("service"),
        type=task.get("taskDefinitionKey"),
        tenant_id=task.get("tenantId"),
        actor=None if change.operation is None else change.operation.get("user"),
    )


def _path(task: Task) -> str:
    service = task.get("service")
    collection = "/task" if service is None else f"/v1/services/{quote(service, safe='')}/tasks"
    return f"{collection}/{quote(task['id'], safe=':')}"


def _moment(change: Change) -> Instant:
    """When the change happened: the document's own time, or else when the table recorded it."""
    if change.after is None:
        return change.recorded
    if is_deleted(change.after):
        return change.after.get("ended", change.recorded)
    if change.before is None:
        return change.after.get("created", change.recorded)
    for moment, earlier in (
        (change.after.get("ended"), change.before.get("ended")),
        (change.after.get("lastUpdated"), change.before.get("lastUpdated")),
    ):
        if moment is not None and moment != earlier:
            return moment
    return change.recorded


def _started(metadata: EventMetadata, task: Task) -> TaskStarted:
    items = _if_they_fit(merged_items(task))
    return TaskStarted(
        metadata,
        item_count=len(task.get("input", ())),
        items=items,
        left_out="items" if items is None else None,
    )


def _if_they_fit(items: Iterable[MergedItem]) -> tuple[MergedItem, ...] | None:
    """All items; None as soon as their JSON passes `MAX_ITEMS_BYTES`."""
    fitting = []
    room = MAX_ITEMS_BYTES
    for item in items:
        room -= len(as_json(item).encode()) + 1
        if room < 0:
            return None
        fitting.append(item)
    return tuple(fitting)
