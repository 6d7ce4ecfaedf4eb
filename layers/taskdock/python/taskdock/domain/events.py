"""Events: the facts that a change of a task document amounts to (docs/events.md).

A fact is found by comparing the document before and after; nobody says what they meant to do.
So every way to change a task is announced alike, and nothing has to be written twice.
"""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Final
from urllib.parse import quote

from taskdock.domain import instants
from taskdock.domain.instants import Instant
from taskdock.domain.service_actions import state_of
from taskdock.domain.service_lists import MergedItem, merged_items
from taskdock.domain.task import DelegationState, State, Task, TaskId, is_open

SOURCE: Final = "taskdock"
"""The source of every event of ours on the bus."""

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


@dataclass(frozen=True, slots=True)
class About:
    """What every event says: which task, which version of it, and when."""

    record: str
    tid: TaskId
    href: str
    version: int
    occurred_at: Instant
    service: str | None
    type: str | None
    tenant_id: str | None


@dataclass(frozen=True, slots=True)
class Fact:
    """Something that happened to a task; the name of the class is the event's `detail-type`."""

    TELLS: ClassVar[frozenset[str]] = frozenset()
    """The document's fields whose change this fact tells of."""

    about: About

    @property
    def name(self) -> str:
        """The event's `detail-type`."""
        return type(self).__name__

    @property
    def event_id(self) -> str:
        """The same for every delivery of the same fact, and of no other fact."""
        return f"{self.about.record}.{self.name}"

    def detail(self) -> dict[str, Any]:
        """The event's `detail` as plain JSON; what there is nothing to say about is absent."""
        said = {
            "eventId": self.event_id,
            "tid": self.about.tid,
            "href": self.about.href,
            "service": self.about.service,
            "type": self.about.type,
            "tenantId": self.about.tenant_id,
            "version": self.about.version,
            "occurredAt": instants.write(self.about.occurred_at),
        }
        own = {
            _in_camel_case(field.name): getattr(self, field.name)
            for field in fields(self)
            if field.name != "about"
        }
        return {key: value for key, value in (said | own).items() if value is not None}


@dataclass(frozen=True, slots=True)
class TaskCreated(Fact):
    """There is a new task."""


@dataclass(frozen=True, slots=True)
class TaskUpdated(Fact):
    """Fields changed of which no other fact of the same change tells."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskDelegated(Fact):
    """The task's owner handed it on and waits for it to be resolved."""

    TELLS = frozenset({"delegationState", "owner", "assignee"})

    owner: str | None
    assignee: str | None


@dataclass(frozen=True, slots=True)
class TaskResolved(Fact):
    """A delegated task went back to its owner."""

    TELLS = frozenset({"delegationState", "assignee"})

    assignee: str | None


@dataclass(frozen=True, slots=True)
class TaskAssigned(Fact):
    """The task has an assignee it did not have before, whatever brought that about."""

    TELLS = frozenset({"assignee"})

    assignee: str
    previous_assignee: str | None


@dataclass(frozen=True, slots=True)
class TaskUnassigned(Fact):
    """The task has lost its assignee."""

    TELLS = frozenset({"assignee"})

    previous_assignee: str


@dataclass(frozen=True, slots=True)
class TaskStarted(Fact):
    """The service is to work on the task now, on these items."""

    TELLS = frozenset({"state"})

    item_count: int
    items: tuple[MergedItem, ...] | None
    left_out: str | None
    """`items` when they would not fit into an event: the service reads the task instead."""


@dataclass(frozen=True, slots=True)
class TaskEnded(Fact):
    """The task's life is over: what the three ends have in common."""

    TELLS = frozenset({"state", "ended", "endReason"})

    previous_state: str


@dataclass(frozen=True, slots=True)
class TaskCompleted(TaskEnded):
    """The task was done, by its service or by a person."""


@dataclass(frozen=True, slots=True)
class TaskFailed(TaskEnded):
    """The service could not do the task."""


@dataclass(frozen=True, slots=True)
class TaskCanceled(TaskEnded):
    """The task is not wanted any more."""


@dataclass(frozen=True, slots=True)
class TaskDeleted(Fact):
    """The task is gone, with its record."""

    state: str


EVENTS: Final[tuple[type[Fact], ...]] = (
    TaskCreated,
    TaskUpdated,
    TaskDelegated,
    TaskResolved,
    TaskAssigned,
    TaskUnassigned,
    TaskStarted,
    TaskCompleted,
    TaskFailed,
    TaskCanceled,
    TaskDeleted,
)
"""Every kind of event; facts of one change come in this order."""

_ENDS: Final[dict[str, type[TaskEnded]]] = {
    State.COMPLETED: TaskCompleted,
    State.FAILED: TaskFailed,
    State.CANCELED: TaskCanceled,
}


def facts(change: Change) -> tuple[Fact, ...]:
    """What is to be announced of `change`, in the order of `EVENTS`; often nothing.

    An import is announced to nobody, nor is an ended task whose time to live is over. Documents
    of any age are understood: what a document does not have, it had not.
    """
    before, after = change.before, change.after
    if after is None:
        return () if before is None else _farewell(change, before)
    if before == after or _is_imported(before, after):
        return ()
    about = _about(change, after)
    if before is None:
        return (TaskCreated(about), *_told(about, _UNBORN, after))
    told = tuple(_told(about, before, after))
    rest = _untold(before, after, told)
    return (TaskUpdated(about, rest), *told) if rest else told


def as_json(value: object) -> str:
    """`value` as compact JSON that UTF-8 can carry: half a surrogate pair becomes `?`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")


def _told(about: About, before: Task, after: Task) -> Iterator[Fact]:
    yield from _of_people(about, before, after)
    state, previous = state_of(after), state_of(before)
    if state == previous:
        return
    if state == State.STARTED:
        yield _started(about, after)
    elif state in _ENDS:
        yield _ENDS[state](about, previous_state=previous)


def _of_people(about: About, before: Task, after: Task) -> Iterator[Fact]:
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


def _untold(before: Task, after: Task, told: Iterable[Fact]) -> tuple[str, ...]:
    """The names of changed fields that no fact tells of."""
    old: dict[str, object] = {**before}
    new: dict[str, object] = {**after}
    differing = {key for key in old.keys() | new.keys() if old.get(key) != new.get(key)}
    told_of = frozenset[str]().union(*(fact.TELLS for fact in told))
    noteworthy = differing - told_of - _BOOKKEEPING
    if noteworthy or told_of:
        return tuple(sorted(noteworthy))
    return tuple(sorted(differing))


def _farewell(change: Change, last: Task) -> tuple[Fact, ...]:
    if change.expired and not is_open(last):
        return ()
    return (TaskDeleted(_about(change, last), state=state_of(last)),)


def _is_imported(before: Task | None, after: Task) -> bool:
    name = after.get("importId")
    return name is not None and (before is None or before.get("importId") != name)


def _about(change: Change, task: Task) -> About:
    return About(
        record=change.record,
        tid=task["id"],
        href=_href(task),
        version=change.version,
        occurred_at=_moment(change),
        service=task.get("service"),
        type=task.get("taskDefinitionKey"),
        tenant_id=task.get("tenantId"),
    )


def _href(task: Task) -> str:
    service = task.get("service")
    path = "/task" if service is None else f"/v1/services/{quote(service, safe='')}/tasks"
    return f"{path}/{quote(task['id'], safe=':')}"


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


def _started(about: About, task: Task) -> TaskStarted:
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


def _in_camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
