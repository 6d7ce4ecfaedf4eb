"""The port that tells which tasks were created and changed since a moment."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIndex
from taskdock.use_cases.documents import Document


class Entry(NamedTuple):
    """A task as an index has it."""

    at: Instant
    """What the index is in order of: for `Index.CHANGES` the stamp of the last write, for
    `Index.OPEN` when the task was created."""
    version: int
    document: Document
    """An erased task's says only that (`taskdock.domain.tasks.task.Task.erased`)."""


class EntryPage(NamedTuple):
    """The entries of one round trip, in the order of the index."""

    entries: Sequence[Entry]
    read_units: float
    next: object | None = None
    """Where the following page starts; None when there is none."""


class ChangeLog(Protocol):
    """What the indexes say of times. Threads may share one.

    Every method raises `TemporarilyUnavailable` when the table is throttled or out of reach.
    """

    def entries(
        self, spec: ByIndex, start: object | None = None, limit: int | None = None
    ) -> EntryPage:
        """The entries of one round trip, as `TaskStore.page` reads them: partition after partition,
        each in its order and range, eventually consistent."""
        ...

    def kept_from(self) -> Instant | None:
        """From when on every change is in the index of changes, and 0 where it always was; None
        while it is not. As it is now: read it with every look that relies on it.
        """
        ...
