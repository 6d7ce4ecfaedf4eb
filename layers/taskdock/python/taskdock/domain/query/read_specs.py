"""Read specs: what a plan asks a store to read.

A path only narrows. Its tasks are filtered by the whole query afterwards, so a path is
right as long as it leaves nothing out.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId


class Index(StrEnum):
    """The indexes over tasks, a row each; the template declares them. All but `ENDED` and `CHANGES`
    are over open tasks, partitions of `EndedTasks` and `EndedOf` apart.

    A row names the index, its key attributes, the task's field that fills the partition
    attribute, and how many open tasks usually share a value of that field. Without a field the
    index is filled in another way: `CANDIDATE` by inboxes, `DUE`, `OPEN`, `ENDED` and `CHANGES` by
    shards.
    """

    ASSIGNEE = "by_assignee", "assignee", "created", "assignee", 100
    CANDIDATE = "by_candidate", "candidate", "created", None, 1_000
    PROCESS_INSTANCE = "by_process_instance", "processInstance", "created", "processInstanceId", 3
    BUSINESS_KEY = "by_business_key", "businessKey", "created", "processInstanceBusinessKey", 4
    CASE_INSTANCE = "by_case_instance", "caseInstance", "created", "caseInstanceId", 6
    SERVICE = "by_service", "service", "created", "service", 10_000
    TASK_DEFINITION = "by_task_definition", "taskDefinition", "created", "taskDefinitionKey", 5_000
    PROCESS_DEFINITION = (
        "by_process_definition", "processDefinition", "created", "processDefinitionKey", 20_000
    )  # fmt: skip
    PARENT = "by_parent", "parent", "created", "parentTaskId", 5
    DUE = "by_due", "dueShard", "due", None, 900_000
    OPEN = "open", "openShard", "created", None, 1_000_000
    ENDED = "ended", "endedShard", "ended", None, 1_000_000
    CHANGES = "changes", "changesShard", "changed", None, 1_000_000

    partition_key: str
    """The attribute that says in which partition an entry is."""
    sort_key: str
    """The attribute that the entries of a partition are in order of: a field of the task, but for
    `CHANGES`, whose stamps are beside the document."""
    field: str | None
    """The task's field whose values are the partitions; its filter has the same name."""
    usual_tasks: int
    """How many open tasks a value usually has, in order of magnitude; of shards, all together."""

    def __new__(cls, name: str, *row: str | int | None) -> "Index":
        """The member of a row."""
        index = str.__new__(cls, name)
        index._value_ = name
        index.partition_key, index.sort_key, index.field, index.usual_tasks = row  # type: ignore[assignment]
        return index


BY_FIELD: Final[Mapping[Index, str]] = {each: each.field for each in Index if each.field}
"""The indexes that a field of the task fills, with that field."""

ENDED_BY: Final = (Index.ASSIGNEE, Index.PROCESS_INSTANCE)
"""The indexes that have partitions of ended tasks (`EndedOf`)."""

LEAST_READ_UNITS: Final = 0.5
"""What a request costs that finds little or nothing: 4 KB, eventually consistent."""

OPEN_SHARDS = 4
"""How many partitions each index of `SHARDED` is spread over in each tenant, by a hash of the
task's id."""

type Tenant = str | None
"""A tenant, or None for the tasks without one."""

ALL_SHARDS: Final = tuple(range(OPEN_SHARDS))


def everywhere(tenants: Iterable[str]) -> tuple[Tenant, ...]:
    """Where all tasks are: in each of the tenants, and in none."""
    return (None, *sorted(tenants))


SHARDED = frozenset({Index.OPEN, Index.DUE, Index.ENDED, Index.CHANGES})
"""The indexes whose partitions are such shards; a task stays in its own."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The tasks offered to one group or one user, those assigned already kept apart."""

    kind: str
    """`group`, `user`, or `linked` for tasks that a user owns or is linked to otherwise; where
    only participants see a task, such users need to find it."""
    name: str
    assigned: bool

    @classmethod
    def of_links(cls, user: str) -> "Inbox":
        """The tasks that the user owns, or is linked to without being a candidate."""
        return cls("linked", user, assigned=False)


@dataclass(frozen=True, slots=True)
class EndedTasks:
    """A service's tasks that have ended, the deleted ones apart (a partition of `SERVICE`)."""

    service: str


@dataclass(frozen=True, slots=True)
class EndedOf:
    """The tasks that have ended with this value of the index's field, for history (a partition of
    `ASSIGNEE` or of `PROCESS_INSTANCE`)."""

    value: str


@dataclass(frozen=True, slots=True)
class ByIds:
    """Exactly these tasks, open ones and ended ones, as far as `tenants` may see them; None for
    all."""

    ids: tuple[TaskId, ...]
    tenants: frozenset[str] | None = None
    versions: bool = False
    """Whether each document says the version of its task."""

    @property
    def keys(self) -> int:
        """How many keys are read, each of which is paid for even if nothing is there."""
        return len(self.ids)


Partition = str | int | Inbox | EndedTasks | EndedOf


@dataclass(frozen=True, slots=True)
class ByIndex:
    """Every entry of these partitions, within each of the tenants, whose sort value lies in the
    range.

    `low` and `high` are inclusive. Each partition is read in the index's order, ascending
    unless `descending`; entries with equal sort values come in no particular order.
    """

    index: Index
    partitions: tuple[Partition, ...]
    """Values of the indexed field; inboxes for `CANDIDATE`; numbers for what is sharded."""
    tenants: tuple[Tenant, ...] = (None,)
    """Tenants have partitions of their own: of all others nothing is read, so nothing is told."""
    low: Instant | None = None
    high: Instant | None = None
    descending: bool = False
    versions: bool = False
    """Whether each document says the version of its task."""

    @property
    def keys(self) -> int:
        """How many keys are read, each of which is paid for even if nothing is there."""
        return len(self.partitions) * len(self.tenants)

    @property
    def singles(self) -> tuple["ByIndex", ...]:
        """The same, one partition of one tenant at a time."""
        return tuple(
            replace(self, partitions=(partition,), tenants=(tenant,))
            for tenant in self.tenants
            for partition in self.partitions
        )


ReadSpec = ByIds | ByIndex
