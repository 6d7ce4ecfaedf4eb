"""Retries after a version conflict."""

from collections.abc import Callable
from typing import Final

from taskdock.domain.errors import ConcurrentChange
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import VersionConflict

TRIES: Final = 3
"""Tries of a change before the caller gets a 409 (docs/architecture.md, Changing a task)."""


def retry_on_conflict[Outcome](task_id: TaskId, attempt: Callable[[], Outcome]) -> Outcome:
    """The result of `attempt`. After a version conflict `attempt` is called again, three times in
    all, so it has to read everything that it depends on. Raises `ConcurrentChange` when every try
    had a conflict (docs/api.md, D4), and what `attempt` raises.
    """
    for _ in range(TRIES):
        try:
            return attempt()
        except VersionConflict:
            continue
    raise ConcurrentChange(f"Task '{task_id}' was changed by others at the same time. Try again.")
