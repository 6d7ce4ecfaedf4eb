"""Change many tasks, each by a write of its own."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from taskdock.domain.errors import TaskdockError
from taskdock.domain.tasks.task import TaskId

MOST_TASKS: Final = 100
"""Tasks that one request may change (docs/api.md, Limits)."""

_LONGEST_CHANGE: Final = 4.0
"""Seconds that the tries of one change may take (`conflicts.py`)."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """A task to change, and the version that it is expected to have; None for any."""

    task_id: TaskId
    version: int | None


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one task."""

    task_id: TaskId
    result: int | TaskdockError
    """The task's new version, or why it was not changed."""


def change_each(
    tasks: Sequence[Wanted], change: Callable[[Wanted], int], seconds_left: Callable[[], float]
) -> list[Outcome]:
    """What became of the tasks, in their order, as far as the time allowed.

    `change` returns the new version of a task, or raises; a refusal of one task leaves the others
    alone. A task for which there is no time is not begun, nor are those behind it.
    """
    outcomes: list[Outcome] = []
    for wanted in tasks:
        if seconds_left() < _LONGEST_CHANGE:
            break
        try:
            outcomes.append(Outcome(wanted.task_id, change(wanted)))
        except TaskdockError as refusal:
            outcomes.append(Outcome(wanted.task_id, refusal))
    return outcomes
