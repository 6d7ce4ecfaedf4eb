"""Protocols for what the use cases need from outside; `adapters` implements them."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ReadSpec
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.documents import Document

if TYPE_CHECKING:
    from taskdock.domain.people import Group, Person


class StoredTask(NamedTuple):
    """A task as it was read, with its version; a write is conditional on it."""

    task: Task
    version: int


class Page(NamedTuple):
    """The tasks of one round trip, unfiltered."""

    documents: Sequence[Document]
    """Each is unpacked when one comes to it."""
    read_units: float
    """Read units of this page; 0 where the store does not count them."""
    next: object | None = None
    """Where the following page starts, for `TaskStore.page`; None when there is none."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """The first answer to a request with an idempotency key."""

    owner: str
    """The caller: each caller has keys of their own."""
    key: str
    fingerprint: str
    """A digest of the request; another request under the same key is a mismatch."""
    answer: Mapping[str, Any]
    issued: Instant
    """When the request came; an expired receipt under the same key is replaced."""
    expires: Instant


class Put(NamedTuple):
    """Write `task`: a new one when `before` is None, else only over that version."""

    task: Task
    before: StoredTask | None = None
    operation: Mapping[str, Any] | None = None
    """Who did what; kept beside the task, for the reader of the stream."""


class Remove(NamedTuple):
    """Delete the task if it still has that version."""

    before: StoredTask


@dataclass(frozen=True, slots=True)
class Changes:
    """Writes of one transaction; each task and each record at most once."""

    writes: Sequence[Put | Remove]
    receipt: Receipt | None = None
    extra: Sequence["Record"] = field(default=())
    """Each belongs to a task that the same commit writes: the task's version guards them too."""

    def __post_init__(self) -> None:
        put = {write.task["id"] for write in self.writes if isinstance(write, Put)}
        if any(record.task_id not in put for record in self.extra):
            raise ValueError("a record is written along with its task")


@dataclass(frozen=True, slots=True)
class Record:
    """A record beside a task, in its item collection: a comment or an attachment.

    `content` None deletes it. A task that has records says so in `comments` or `attachments`;
    its store looks for none otherwise.
    """

    task_id: TaskId
    kind: str
    """`comment`, `attachment`, `upload` for the note of an upload; of history `operation` and
    `variable`."""
    id: str
    """Sorts within its kind; for comments a time comes first."""
    content: Mapping[str, Any] | None


class VersionConflict(Exception):
    """The task to change or remove has another version, or no longer exists."""

    def __init__(self, task_id: str, *, gone: bool = False) -> None:
        super().__init__(task_id)
        self.task_id = task_id
        self.gone = gone
        """The task no longer exists: reading it again is pointless."""


class TaskStore(Protocol):
    """The table. Threads may share one.

    Every method raises `TemporarilyUnavailable` when the store is throttled or out of reach; a
    commit that raises it may have happened.
    """

    def get(self, task_id: TaskId) -> StoredTask | None:
        """The current task (a consistent read), open or ended; None when unknown."""
        ...

    def get_many(self, task_ids: Sequence[TaskId]) -> Mapping[TaskId, StoredTask]:
        """The existing ones of these tasks, read consistently."""
        ...

    def page(self, spec: ReadSpec, start: object | None = None, limit: int | None = None) -> Page:
        """The tasks of one round trip: the first of the spec, or those that start at `start`.

        At most `limit` entries are read; without a limit, as many as a page holds. `start` is
        the `next` of the page before.

        `ByIds` reads all kinds of tasks, and counts for a task that its tenants do not see what it
        counts for one that is not there; an index has open tasks only, `EndedTasks` apart.
        Several partitions of a `ByIndex` follow one another; to read them side by side, ask for
        each in a thread of its own. A task may come more than once when it is in several.
        Reads are eventually consistent.
        """
        ...

    def tenants(self) -> Sequence[str]:
        """Every tenant that a task has had."""
        ...

    def check(self, changes: Changes) -> None:
        """Raises `InvalidRequest` where `commit` would; nothing is read or written."""
        ...

    def commit(self, changes: Changes) -> None:
        """Write all or nothing, queue entries included; a written task's version counts by one.

        Records that are written beside an ended task expire with it; `expire_records` sees to those
        that were there before. A task is removed without its records: they go before it.

        Raises `AlreadyExists` when the id of a new task is taken, `VersionConflict` when a task
        changed since it was read, `ReceiptTaken` when the receipt's key is in use and not
        expired, and `InvalidRequest` when a task, its candidates or the transaction are too large.
        """
        ...

    def note(self, record: Record, until: Instant | None) -> None:
        """Write a record without its task; it expires at `until`, if ever, unless a commit deletes
        it. Raises `InvalidRequest` when it is too large.
        """
        ...

    def expire_records(self, task_id: TaskId, until: Instant) -> None:
        """Have every record beside a task that never expires expire at `until`. Broken off by
        `TemporarilyUnavailable`, it goes on where it was when it is called again.
        """
        ...

    def forget_records(self, task_id: TaskId) -> int:
        """Delete every record beside a task, whatever its kind; returns how many there were. Broken
        off by `TemporarilyUnavailable`, it goes on where it was when it is called again.
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
    """A registered service."""

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

    Pages are read on demand. Every method raises `TemporarilyUnavailable` when the directory is
    throttled or out of reach.
    """

    def person(self, user: str) -> "Person | None":
        """The user of that id."""
        ...

    def people(self) -> "Iterator[Sequence[Person]]":
        """All users."""
        ...

    def members(self, group: str) -> "Iterator[Sequence[Person]]":
        """The users in a group; none for an unknown group."""
        ...

    def groups(self) -> "Iterator[Sequence[Group]]":
        """All groups, those that stand for tenants included."""
        ...

    def client_exists(self, client_id: str) -> bool:
        """Whether there is an app client of that id."""
        ...

    def groups_of(self, user: str) -> "Iterator[Sequence[Group]]":
        """The groups of a user; none for an unknown user."""
        ...


class Contents(Protocol):
    """The contents of attachments. Every method raises `TemporarilyUnavailable` when the storage is
    out of reach.
    """

    def put(self, name: str, content: bytes) -> None:
        """Store the content under a name that was never used before."""
        ...

    def get(self, name: str) -> bytes | None:
        """The content of that name; None when there is none."""
        ...

    def remove(self, name: str) -> None:
        """Remove the content of that name; a missing one is no error."""
        ...
