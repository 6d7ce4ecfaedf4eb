"""What the use cases need of the outside, as Protocols; `adapters` has the real ones."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ReadSpec, Sizes
from taskdock.domain.tasks.task import Task, TaskId

if TYPE_CHECKING:
    # Doors that announce nothing need not load it.
    from taskdock.domain.events.task_events import TaskEvent
    from taskdock.domain.people import Group, Person


@dataclass(frozen=True, slots=True)
class StoredTask:
    """A task as it was read, with the version a change of it must name."""

    task: Task
    version: int


@dataclass(frozen=True, slots=True)
class Page:
    """One round trip's worth of tasks, as read and unfiltered."""

    tasks: Sequence[Task]
    read_units: float
    """Capacity the store accounted for this page; 0 where it accounts none."""
    next: object | None = None
    """Where the following page starts, for `TaskStore.page`; None when there is none."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The first answer to a request that carried an idempotency key."""

    owner: str
    """Whose key it is: keys of different callers never meet."""
    key: str
    fingerprint: str
    """A digest of the request; another request under the same key is a mismatch."""
    answer: Mapping[str, Any]
    issued: Instant
    """When the request came; a receipt under the same key that had expired by then gives way."""
    expires: Instant


@dataclass(frozen=True, slots=True)
class Put:
    """Write `task`: as a new one when `before` is None, else over exactly that version."""

    task: Task
    before: StoredTask | None = None


@dataclass(frozen=True, slots=True)
class Remove:
    """Delete the task, given it still has that version."""

    before: StoredTask


@dataclass(frozen=True, slots=True)
class Changes:
    """Writes that happen together or not at all; each task and each record at most once."""

    writes: Sequence[Put | Remove]
    receipt: Receipt | None = None
    extra: Sequence["Record"] = field(default=())
    """Each beside a task that is put in the same commit: the task's version guards them too."""

    def __post_init__(self) -> None:
        put = {write.task["id"] for write in self.writes if isinstance(write, Put)}
        if any(record.task_id not in put for record in self.extra):
            raise ValueError("a record is written along with its task")


@dataclass(frozen=True, slots=True)
class Record:
    """Something kept beside a task in its item collection: a comment, an attachment.

    `content` None deletes it. A task that has records says so in `comments` or `attachments`;
    its store looks for none otherwise.
    """

    task_id: TaskId
    kind: str
    """`comment`, `attachment` or, of an attachment that is on its way, `upload`."""
    id: str
    """Sorts within its kind; for comments a time comes first."""
    content: Mapping[str, Any] | None


class VersionConflict(Exception):
    """A task that was to be changed or removed has another version by now, or is gone."""

    def __init__(self, task_id: str, *, gone: bool = False) -> None:
        super().__init__(task_id)
        self.task_id = task_id
        self.gone = gone
        """The task no longer exists: reading it again is pointless."""


class TaskStore(Protocol):
    """The table. Threads may share one.

    Whatever is asked of it, `TemporarilyUnavailable` says that the store is throttled or out of
    reach; a commit that ends so may have happened.
    """

    def get(self, task_id: TaskId) -> StoredTask | None:
        """The task as it is now (a consistent read), open or ended; None when unknown."""
        ...

    def get_many(self, task_ids: Sequence[TaskId]) -> Mapping[TaskId, StoredTask]:
        """Those of these tasks that exist, read consistently."""
        ...

    def page(self, spec: ReadSpec, start: object | None = None, limit: int | None = None) -> Page:
        """The tasks of one round trip: the first of the spec, or those that start at `start`.

        At most `limit` entries are read; without a limit, as many as a page holds. `start` is
        the `next` of the page before.

        `ByIds` reads all kinds of tasks; an index has open tasks only, `EndedTasks` apart.
        Several partitions of a `ByIndex` follow one another; to read them side by side, ask for
        each in a thread of its own. A task may come more than once when it is in several.
        Reads are eventually consistent.
        """
        ...

    def sizes(self) -> Sizes:
        """How many entries the indexes had some hours ago; nothing where that cannot be told."""
        ...

    def check(self, changes: Changes) -> None:
        """Raises `InvalidRequest` where `commit` would; nothing is written, no version is asked."""
        ...

    def commit(self, changes: Changes) -> None:
        """Write all or nothing, queue entries included; a written task's version counts by one.

        A removed task takes its records along; those of a task that ends run out with it.

        Raises `AlreadyExists` when the id of a new task is taken, `VersionConflict` when a task
        changed since it was read, `ReceiptTaken` when the receipt's key is in use and not
        expired, and
        `InvalidRequest` when a task, its candidates or all of it are more than the store takes.
        """
        ...

    def note(self, record: Record, until: Instant) -> None:
        """Write a record without its task; it runs out at `until` unless a commit deletes it.

        Raises `InvalidRequest` for more than the store takes.
        """
        ...

    def receipt(self, owner: str, key: str, now: Instant) -> Receipt | None:
        """The receipt under that key unless it has expired."""
        ...

    def records(self, task_id: TaskId, kind: str) -> Sequence[Record]:
        """The records of a kind beside a task, in ascending order of their ids."""
        ...


class ReceiptTaken(Exception):
    """The idempotency key of a commit is in use."""


@dataclass(frozen=True, slots=True)
class Service:
    """A provider of the actions that run on its tasks."""

    sid: str
    name: str
    description: str | None = None
    types: tuple[str, ...] = ()


class ServiceRegistry(Protocol):
    """The known services."""

    def get(self, sid: str) -> Service | None:
        """The service of that name."""
        ...

    def list(self) -> Sequence[Service]:
        """All services, by sid."""
        ...

    def put(self, service: Service) -> bool:
        """Register or replace; True when it is new."""
        ...

    def remove(self, sid: str) -> bool:
        """Remove; False when there was none."""
        ...


class Directory(Protocol):
    """The identity provider."""

    def memberships(self, user: str) -> Sequence[str]:
        """Names of the groups the user is in, tenant groups included; none for an unknown user.

        Raises `TemporarilyUnavailable` when the directory cannot be asked.
        """
        ...


class People(Protocol):
    """Users and groups as the identity provider lists them, page after page in no order.

    Nothing is read before it is asked for. Whatever is asked, `TemporarilyUnavailable` says that
    the directory is throttled or out of reach.
    """

    def person(self, user: str) -> "Person | None":
        """The user of that id."""
        ...

    def people(self) -> "Iterator[Sequence[Person]]":
        """All users."""
        ...

    def members(self, group: str) -> "Iterator[Sequence[Person]]":
        """The users in a group; nobody is in an unknown one."""
        ...

    def groups(self) -> "Iterator[Sequence[Group]]":
        """All groups, those that stand for tenants included."""
        ...

    def groups_of(self, user: str) -> "Iterator[Sequence[Group]]":
        """The groups a user is in, likewise; an unknown user is in none."""
        ...


class Contents(Protocol):
    """Where the content of attachments lies.

    Whatever is asked of it, `TemporarilyUnavailable` says that it is out of reach.
    """

    def put(self, name: str, content: bytes) -> None:
        """Keep the content under a name that was never used before."""
        ...

    def get(self, name: str) -> bytes | None:
        """The content of that name; None when there is none."""
        ...

    def remove(self, name: str) -> None:
        """Let nothing be there under the name."""
        ...


@dataclass(frozen=True, slots=True)
class Refused:
    """Why the bus did not take a fact."""

    reason: str
    for_good: bool = False
    """Whether it would refuse the fact every time."""


class EventBus(Protocol):
    """Where facts are announced."""

    def publish(self, facts: "Sequence[TaskEvent]") -> Mapping[str, Refused]:
        """Announce the facts in this order; answers the ids of those refused, each with a reason.

        A bus that cannot be reached refuses them all: nothing is raised.
        """
        ...


@dataclass(frozen=True, slots=True)
class Place:
    """Where a change is recorded in the table's stream, for a day."""

    stream: str
    """The stream's ARN."""
    sequence: str
    subject: str
    """The key of the item that changed."""


class FailureQueue(Protocol):
    """Where somebody is told of changes that can never be announced."""

    def report_failure(self, place: Place, reason: str) -> None:
        """Raises `TemporarilyUnavailable` when nobody can be told at the moment."""
        ...
