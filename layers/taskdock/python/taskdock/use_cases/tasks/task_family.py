"""The tasks around a task: those above it, whose variables it sees, and those below it.

Only open tasks that the caller may see count: a caller can name any id as the parent of a task, and
must not reach another tenant's task that way (docs/api.md, D23).
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Final

from taskdock.domain.access import Access
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.query.read_specs import ByIndex, Index
from taskdock.domain.tasks.task import Task, TaskId, is_open
from taskdock.domain.variables.scopes import parent_in_sight
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.tasks.unit_of_work import UnitOfWork

DEEPEST: Final = 50
"""Ancestors that a task may have. Of a longer line, which imports can make, the nearest count."""

type Reader = Callable[[Sequence[TaskId]], Iterable[Task]]
"""Reads those of some tasks that exist."""


def ancestors(tasks: Iterable[Task], read: Reader, access: Access) -> "Lines":
    """The nearest fifty ancestors of these tasks, read generation by generation, each task once.
    Nothing is read for tasks that see no parent, which are most.
    """
    known: dict[TaskId, Task] = {}
    asked: set[TaskId] = set()
    wanted = _parents(tasks)
    for _ in range(DEEPEST):
        if not wanted:
            break
        asked |= wanted
        found = [task for task in read(sorted(wanted)) if _counts(task, access)]
        known |= {task["id"]: task for task in found}
        wanted = _parents(found) - asked
    return Lines(known)


def must_fit_below(
    store: TaskStore, task_id: str, parent_id: str | None, access: Access, *, above: int = 0
) -> None:
    """Raises `InvalidRequest` when the task would be its own ancestor with that parent, or would
    have more than `DEEPEST` ancestors: `above` are known already, the parent's are read.
    """
    while parent_id is not None:
        if parent_id == task_id:
            raise InvalidRequest(f"parentTaskId: task '{task_id}' would be its own ancestor")
        above += 1
        if above > DEEPEST:
            raise InvalidRequest(f"parentTaskId: the task would have more than {DEEPEST} ancestors")
        stored = store.get(TaskId(parent_id)) if is_identifier(parent_id) else None
        if stored is None or not _counts(stored.task, access):
            return
        parent_id = stored.task.get("parentTaskId")


def read_ancestors(store: TaskStore, task: Task, access: Access) -> list[Task]:
    """The current ancestors of one task; see `Lines.above`."""

    def read(task_ids: Sequence[TaskId]) -> list[Task]:
        return [stored.task for stored in store.get_many(task_ids).values()]

    return ancestors([task], read, access).above(task)


class Lines:
    """Tasks and their ancestors."""

    def __init__(self, known: Mapping[TaskId, Task]) -> None:
        self._known = known

    def above(self, task: Task) -> list[Task]:
        """The task's parent, that one's parent and so on, as far as their variables are seen and
        at most `DEEPEST`.

        In a circle of parents, each comes once.
        """
        line: dict[TaskId, Task] = {task["id"]: task}
        parent = parent_in_sight(task)
        for _ in range(DEEPEST):
            if parent is None or parent not in self._known or parent in line:
                break
            line[parent] = self._known[parent]
            parent = parent_in_sight(line[parent])
        return list(line.values())[1:]


def descendants(unit: UnitOfWork, task_id: TaskId, access: Access) -> list[TaskId]:
    """The task's sub tasks, their sub tasks and so on, each once, read into the unit of work.

    Parents come before their children. A task that is created at the same moment may be missing.
    """
    found: list[TaskId] = []
    generation = [task_id]
    while generation:
        parents = {task_id, *found}
        children = [
            child["id"]
            for child in unit.read_index(ByIndex(Index.PARENT, tuple(generation), access.reach))
            if _counts(child, access) and child.get("parentTaskId") in parents
        ]
        generation = [child for child in children if child not in parents]
        found += generation
    return found


def _parents(tasks: Iterable[Task]) -> set[TaskId]:
    return {parent for task in tasks if (parent := parent_in_sight(task)) is not None}


def _counts(task: Task, access: Access) -> bool:
    return is_open(task) and access.sees(task)
