"""Which tasks are in the index of changes, and what its readers may rely on
(docs/decisions/0031-what-changed-is-kept-in-an-index.md).

A task that was created and never changed is found in the index of open tasks by its `created`. All
others are in the index of changes, in order of their stamps: the clock of the writer at its last
write.
"""

from typing import Final

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task

MOST_DELAY: Final = 60_000
"""Milliseconds after which a reader sees what has a stamp: a writer takes 29 seconds at most
between its stamp and its commit, its clock and the reader's may be off, and indexes follow the
table."""

MOST_SKEW: Final = 5_000
"""Milliseconds by which a writer's clock may differ from the table's. Beyond, it writes no task."""

_OWN: Final = 10_000
"""Milliseconds within which `created` counts as a stamp of the writer who writes the task."""


def is_kept(created: Instant, stamp: Instant, *, is_new: bool) -> bool:
    """Whether a task that is written at `stamp` belongs into the index of changes.

    A new one does only when readers would look for its `created` in vain: an import's lies in the
    past, that of a stopped clock anywhere.
    """
    return not is_new or not 0 <= stamp - created <= _OWN


def must_keep_tenant(task: Task, before: Task | None) -> None:
    """Raises `InvalidRequest` for a task that would come to another tenant: readers of the one it
    had would not hear of it."""
    if before is not None and task.get("tenantId") != before.get("tenantId"):
        raise InvalidRequest(f"Task '{task['id']}' is of another tenant, and tasks keep theirs.")
