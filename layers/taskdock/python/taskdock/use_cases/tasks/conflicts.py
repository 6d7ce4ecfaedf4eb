"""What is tried anew when somebody else was faster."""

from collections.abc import Callable
from typing import Final

from taskdock.domain.errors import ConcurrentChange
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import VersionConflict

TRIES: Final = 3
"""How often a change is made anew before the caller hears of the others (architecture)."""


def retry_on_conflict[Outcome](task_id: TaskId, attempt: Callable[[], Outcome]) -> Outcome:
    """What `attempt` answers. It is made anew when it loses a race, up to three times in all, and
    so has to read everything it depends on.

    Raises `ConcurrentChange` when others were faster each time (docs/api.md, D4), and whatever
    `attempt` raises.
    """
    for _ in range(TRIES):
        try:
            return attempt()
        except VersionConflict:
            continue
    raise ConcurrentChange(f"Task '{task_id}' was changed by others at the same time. Try again.")
