"""Which facts a change of a task amounts to (docs/events.md).

A fact is found by comparing the document before and after; nobody says what they meant to do.
So every way to change a task is announced alike, and nothing has to be written twice.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final
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
from taskdock.domain.instants import Instant
from taskdock.domain.services.actions import state_of
from taskdock.domain.services.lists import MergedItem, merged_items
from taskdock.domain.tasks.task import DelegationState, State, Task, TaskId, is_open

MAX_ITEMS_BYTES: Final = 224 * 1024
"""How much JSON the items of a `TaskStarted` may be; an event of 256 KB has room for the rest."""

_BOOKKEEPING: Final = frozenset({"lastUpdated", "taskState", "importId"})
# Fields that every update writes: they are worth a word only when nothing else changed.

_UNBORN: Final[Task] = {
    "id": TaskId(""),
    "priority": 0,
    "created": Instant(0),
    "state": State.CREATED.value,
}
# What a new task is compared with: nobody's, and not started.

_ENDS: Final[dict[str, type[TaskEnded]]] = {
    State.COMPLETED: TaskCompleted,
    State.FAILED: TaskFailed,
    State.CANCELED: TaskCanceled,
}


@dataclass(frozen=True, slots=True)
class Change:
    """One change of one task, as the table recorded it."""

    record: str
    """Names the record of this change; the same in every delivery of it."""
    recorded: Instant
    version: int
    """Of the document after the change; of the last one there was when the task is gone."""
    before: Task | None
    after: Task | None
    expired: bool = False
    """The table itself removed the task, because its time to live was over."""


def facts(change: Change, base_path: str = "") -> tuple[TaskEvent, ...]:
    """What is to be announced of `change`, in the order of `EVENTS`; often nothing.

    An import is announced to nobody, nor is an ended task whose time to live is over. Documents
    of any age are understood: what a document does not have, it had not. Addresses start with
    `base_path`, as the API's do.
    """
    before, after = change.before, change.after
    if after is None:
        return () if before is None else _farewell(change, before, base_path)
    if _is_imported(before, after):
        return ()
    about = _about(change, after, base_path)
    if before is None:
        return (TaskCreated(about), *_told(about, _UNBORN, after))
    told = tuple(_told(about, before, after))
    rest = _untold(before, after, told)
    return (TaskUpdated(about, rest), *told) if rest else told


def _told(about: EventMetadata, before: Task, after: Task) -> Iterator[TaskEvent]:
    yield from _of_people(about, before, after)
    state, previous = state_of(after), state_of(before)
    if state == previous:
        return
    if state == State.STARTED:
        yield _started(about, after)
    elif state in _ENDS:
        yield _ENDS[state](about, previous_state=previous)


def _of_people(about: EventMetadata, before: Task, after: Task) -> Iterator[TaskEvent]:
    assignee, previous = after.get("assignee"), before.get("assignee")
    delegation = after.get("delegationState")
    if delegation != before.get("delegationState"):
        if delegation == DelegationState.PENDING:
            yield TaskDelegated(about, owner=after.get("owner"), assignee=assignee)
        elif delegation == DelegationState.RESOLVED:
            yield TaskResolved(about, assignee=assignee)
    if assignee == previous:
        return
    if assignee is not None:
        yield TaskAssigned(about, assignee=assignee, previous_assignee=previous)
    elif previous is not None:
        yield TaskUnassigned(about, previous_assignee=previous)


def _untold(before: Task, after: Task, told: Iterable[TaskEvent]) -> tuple[str, ...]:
    """The names of changed fields that no fact tells of."""
    old: dict[str, object] = {**before}
    new: dict[str, object] = {**after}
    differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    told_of = frozenset[str]().union(*(fact.COVERED_FIELDS for fact in told))
    noteworthy = differing - told_of - _BOOKKEEPING
    if noteworthy or told_of:
        return tuple(sorted(noteworthy))
    return tuple(sorted(differing))


def _farewell(change: Change, last: Task, base_path: str) -> tuple[TaskEvent, ...]:
    if change.expired and not is_open(last):
        return ()
    return (TaskDeleted(_about(change, last, base_path), state=state_of(last)),)


def _is_imported(before: Task | None, after: Task) -> bool:
    name = after.get("importId")
    return name is not None and (before is None or before.get("importId") != name)


def _about(change: Change, task: Task, base_path: str) -> EventMetadata:
    return EventMetadata(
        record=change.record,
        tid=task["id"],
        href=f"{base_path}{_path(task)}",
        version=change.version,
        occurred_at=_moment(change),
        service=task.get("service"),
        type=task.get("taskDefinitionKey"),
        tenant_id=task.get("tenantId"),
    )


def _path(task: Task) -> str:
    service = task.get("service")
    collection = "/task" if service is None else f"/v1/services/{quote(service, safe='')}/tasks"
    return f"{collection}/{quote(task['id'], safe=':')}"


def _moment(change: Change) -> Instant:
    """When it happened: as the document says where it does, else when the table recorded it."""
    if change.after is None:
        return change.recorded
    if change.before is None:
        return change.after.get("created", change.recorded)
    for moment, earlier in (
        (change.after.get("ended"), change.before.get("ended")),
        (change.after.get("lastUpdated"), change.before.get("lastUpdated")),
    ):
        if moment is not None and moment != earlier:
            return moment
    return change.recorded


def _started(about: EventMetadata, task: Task) -> TaskStarted:
    items = _if_they_fit(merged_items(task))
    return TaskStarted(
        about,
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
