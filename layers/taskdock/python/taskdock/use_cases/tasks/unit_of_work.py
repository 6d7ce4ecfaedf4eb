"""Several tasks that change together, each written only over the version that was read."""

from collections.abc import Callable, Iterable, Iterator
from typing import Final

from taskdock.domain.errors import ChangeTooLarge, InvalidRequest
from taskdock.domain.query.read_specs import ByIndex
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put, StoredTask, TaskStore
from taskdock.use_cases.query.page_reading import every_task

_ID: Final = frozenset(("id",))


MOST_TASKS: Final = 200
"""Tasks that a unit of work takes in. One transaction writes a hundred items, and some of the tasks
may turn out to be as they should be."""

_TOO_MANY: Final = (
    "The change concerns more tasks than one transaction holds (100 items, 4 MB). Nothing was"
    " written. Change or end some of these tasks first, or set variables of the task alone."
)


class UnitOfWork:
    """Tasks as they were read, and their changes; nothing is written before `commit`, which writes
    all or nothing in one transaction.
    """

    def __init__(self, store: TaskStore, first: StoredTask) -> None:
        self._store = store
        self._before: dict[TaskId, StoredTask] = {}
        self._after: dict[TaskId, Task] = {}
        self._take_in(first.task["id"], first)

    def __getitem__(self, task_id: TaskId) -> Task:
        """The task with its changes so far; raises `KeyError` for one that was not added."""
        return self._after[task_id]

    def read(self, task_ids: Iterable[TaskId]) -> list[Task]:
        """Read and add the existing ones of these tasks; one that was added before stays as it
        is. Raises `ChangeTooLarge` for more than `MOST_TASKS`, and reads no further."""
        wanted: dict[TaskId, None] = {}
        missing: list[TaskId] = []
        for task_id in task_ids:
            if task_id not in wanted and task_id not in self._before:
                missing.append(task_id)
                self._check_number(len(self._before) + len(missing))
            wanted[task_id] = None
        for task_id, stored in self._store.get_many(missing).items():
            self._take_in(task_id, stored)
        return [self._after[task_id] for task_id in wanted if task_id in self._after]

    def read_index(self, access: ByIndex) -> list[Task]:
        """Find tasks by an index, then read and add them.

        An index follows the table with a short delay, so a new task may be missing, and one may no
        longer match.
        """
        return self.read(task["id"] for task in every_task(self._store, access, _ID))

    def tasks(self) -> list[Task]:
        """The tasks with their changes so far, in the order they were added."""
        return list(self._after.values())

    def change(self, task_id: TaskId, change: Callable[[Task], Task]) -> None:
        """Replace the task by the result of `change`."""
        self._after[task_id] = change(self[task_id])

    def commit(self) -> None:
        """Write the tasks that changed, all or none.

        Raises `ChangeTooLarge` when they do not fit into one transaction, `InvalidRequest` when one
        of them alone is more than the store takes, and otherwise as `TaskStore.commit`.
        """
        writes = list(self._writes())
        try:
            self._store.commit(Changes(writes))
        except InvalidRequest as error:
            if len(writes) < 2:
                raise
            for write in writes:
                self._store.check(Changes([write]))
            raise ChangeTooLarge(_TOO_MANY) from error

    def version(self, task_id: TaskId) -> int:
        """The version that the task has once all is written."""
        before = self._before[task_id]
        return before.version + (self._after[task_id] != before.task)

    def _take_in(self, task_id: TaskId, stored: StoredTask) -> None:
        self._before[task_id] = stored
        self._after[task_id] = stored.task

    def _check_number(self, tasks: int) -> None:
        if tasks > MOST_TASKS:
            raise ChangeTooLarge(_TOO_MANY)

    def _writes(self) -> Iterator[Put]:
        # The task that the request names comes last: of several conflicts, another's is told.
        for task_id, before in reversed(self._before.items()):
            task = self._after[task_id]
            if task != before.task:
                yield Put(task, before)
