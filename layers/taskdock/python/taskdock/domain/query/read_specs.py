"""Ways into the table: what a plan asks a store to read.

A path only narrows. Whatever it yields is filtered by the whole query afterwards, so a path is
right as long as it leaves nothing out.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId


class Index(StrEnum):
    """The indexes over open tasks. All but `DUE` are in order of creation; `DUE` by due date."""

    ASSIGNEE = "by_assignee"
    CANDIDATE = "by_candidate"
    PROCESS_INSTANCE = "by_process_instance"
    BUSINESS_KEY = "by_business_key"
    CASE_INSTANCE = "by_case_instance"
    SERVICE = "by_service"
    TASK_DEFINITION = "by_task_definition"
    PROCESS_DEFINITION = "by_process_definition"
    PARENT = "by_parent"
    DUE = "by_due"
    OPEN = "open"


OPEN_SHARDS = 16
"""How many partitions `OPEN` and `DUE` are spread over, by a hash of the task's id."""

SHARDED = frozenset({Index.OPEN, Index.DUE})
"""The indexes whose partitions are such shards; a task stays in its own."""


@dataclass(frozen=True, slots=True)
class Inbox:
    """The tasks offered to one group or one user, those assigned already kept apart."""

    kind: str
    """`group` or `user`."""
    name: str
    assigned: bool


@dataclass(frozen=True, slots=True)
class EndedTasks:
    """A service's tasks that have ended; they are in no other index (a partition of `SERVICE`)."""

    service: str


@dataclass(frozen=True, slots=True)
class ByIds:
    """Exactly these tasks, open ones and ended ones."""

    ids: tuple[TaskId, ...]

    @property
    def keys(self) -> int:
        """How many keys are read, each of which is paid for even if nothing is there."""
        return len(self.ids)


Partition = str | int | Inbox | EndedTasks


@dataclass(frozen=True, slots=True)
class ByIndex:
    """Every entry of these partitions of one index whose sort value lies in the range.

    `low` and `high` are inclusive. Each partition is read in the index's order, ascending
    unless `descending`; entries with equal sort values come in no particular order.
    """

    index: Index
    partitions: tuple[Partition, ...]
    """Values of the indexed field; inboxes for `CANDIDATE`; shard numbers for `OPEN` and `DUE`."""
    low: Instant | None = None
    high: Instant | None = None
    descending: bool = False
    page_size: int | None = None
    """The most entries worth reading in the first round trip; None for a full page."""

    @property
    def keys(self) -> int:
        """How many keys are read, each of which is paid for even if nothing is there."""
        return len(self.partitions)


ReadSpec = ByIds | ByIndex

Sizes = Mapping[Index, int]
"""How many entries each index has, about; nothing of an index where that is not known."""
