"""Retries after a version conflict."""

from collections.abc import Callable
from time import sleep
from typing import Final

from taskdock.domain.errors import ConcurrentChange
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.backoff import pause
from taskdock.use_cases.ports import VersionConflict

TRIES: Final = 12
"""Tries of a change before the caller gets a 409 (docs/architecture.md, Changing a task)."""

_FIRST_PAUSE: Final = 0.02
_LONGEST_PAUSE: Final = 0.6
"""Seconds, see `pause`."""


def retry_on_conflict[Outcome](task_id: TaskId, attempt: Callable[[], Outcome]) -> Outcome:
    """The result of `attempt`. After a version conflict `attempt` is called again, a dozen times in
    all, so it has to read everything that it depends on.

    Before each further try it waits for a random time, so that callers who lost the same race do
    not meet again: two seconds in all on average, four at most. Raises `ConcurrentChange` when
    every try had a conflict (docs/api.md, D4), and what `attempt` raises.
    """
    for lost in range(TRIES):
        if lost:
            pause_before(lost)
        try:
            return attempt()
        except VersionConflict:
            continue
    raise ConcurrentChange(f"Task '{task_id}' was changed by others at the same time. Try again.")


def pause_before(retry: int) -> None:
    """Wait before the retry of that number, the first being 1."""
    sleep(pause(retry, _FIRST_PAUSE, _LONGEST_PAUSE))
