"""Task events and the form in which they are published (docs/events.md)."""

import json
from dataclasses import dataclass, fields
from typing import Any, ClassVar, Final

from taskdock.domain import instants
from taskdock.domain.instants import Instant
from taskdock.domain.services.lists import MergedItem
from taskdock.domain.tasks.task import TaskId

SOURCE: Final = "taskdock"
"""`source` of all our events on the bus."""


@dataclass(frozen=True, slots=True)
class EventMetadata:
    """What every event says: which task, which version of it, and when."""

    record: str
    tid: TaskId
    href: str
    version: int
    occurred_at: Instant
    service: str | None
    type: str | None
    tenant_id: str | None
    actor: str | None = None
    """Who did it: the id of a user, or the client id of a program."""


@dataclass(frozen=True, slots=True)
class TaskEvent:
    """Something that happened to a task; the name of the class is the event's `detail-type`."""

    COVERED_FIELDS: ClassVar[frozenset[str]] = frozenset()
    """The document's fields whose change this event covers."""

    metadata: EventMetadata

    @property
    def name(self) -> str:
        """The event's `detail-type`."""
        return type(self).__name__

    @property
    def event_id(self) -> str:
        """An id that is the same in every delivery of the event, and different for every other
        event."""
        return f"{self.metadata.record}.{self.name}"

    def detail(self) -> dict[str, Any]:
        """The event's `detail` as plain JSON; null values are left out."""
        said = {
            "eventId": self.event_id,
            "tid": self.metadata.tid,
            "href": self.metadata.href,
            "service": self.metadata.service,
            "type": self.metadata.type,
            "tenantId": self.metadata.tenant_id,
            "actor": self.metadata.actor,
            "version": self.metadata.version,
            "occurredAt": instants.write(self.metadata.occurred_at),
        }
        own = {
            in_camel_case(field.name): getattr(self, field.name)
            for field in fields(self)
            if field.name != "metadata"
        }
        return {key: value for key, value in (said | own).items() if value is not None}


@dataclass(frozen=True, slots=True)
class TaskCreated(TaskEvent):
    """A task was created."""


@dataclass(frozen=True, slots=True)
class TaskUpdated(TaskEvent):
    """Fields changed that no other event of the same change covers."""

    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TaskDelegated(TaskEvent):
    """The task was delegated; its owner waits for it to be resolved."""

    COVERED_FIELDS = frozenset({"delegationState", "owner", "assignee"})

    owner: str | None
    assignee: str | None


@dataclass(frozen=True, slots=True)
class TaskResolved(TaskEvent):
    """A delegated task went back to its owner."""

    COVERED_FIELDS = frozenset({"delegationState", "assignee"})

    assignee: str | None


@dataclass(frozen=True, slots=True)
class TaskAssigned(TaskEvent):
    """The task has a new assignee, whichever request set it."""

    COVERED_FIELDS = frozenset({"assignee"})

    assignee: str
    previous_assignee: str | None


@dataclass(frozen=True, slots=True)
class TaskUnassigned(TaskEvent):
    """The task has lost its assignee."""

    COVERED_FIELDS = frozenset({"assignee"})

    previous_assignee: str


@dataclass(frozen=True, slots=True)
class TaskStarted(TaskEvent):
    """The task was started: the service is to work on these items."""

    COVERED_FIELDS = frozenset({"state"})

    item_count: int
    items: tuple[MergedItem, ...] | None
    left_out: str | None
    """`items` when they would not fit into an event: the service reads the task instead."""


@dataclass(frozen=True, slots=True)
class TaskEnded(TaskEvent):
    """The task has ended: what its three kinds of end have in common."""

    COVERED_FIELDS = frozenset({"state", "ended", "endReason"})

    previous_state: str


@dataclass(frozen=True, slots=True)
class TaskCompleted(TaskEnded):
    """The task was done, by its service or by a person."""


@dataclass(frozen=True, slots=True)
class TaskFailed(TaskEnded):
    """The service could not do the task."""


@dataclass(frozen=True, slots=True)
class TaskCanceled(TaskEnded):
    """The task was canceled."""


@dataclass(frozen=True, slots=True)
class TaskDeleted(TaskEvent):
    """The task and its record were deleted."""

    state: str


EVENTS: Final[tuple[type[TaskEvent], ...]] = (
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
"""Every kind of event; the events of one change come in this order."""


def as_json(value: object) -> str:
    """`value` as compact JSON that UTF-8 can carry: half a surrogate pair becomes `?`."""
    text = json.dumps(value, ensure_ascii=False, separators=(",", ":"))
    return text.encode("utf-8", "replace").decode("utf-8")


def in_camel_case(name: str) -> str:
    """The name of a field as JSON has it."""
    first, *others = name.split("_")
    return first + "".join(other.capitalize() for other in others)
