"""Several tasks that change together, each written only over the version that was read."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Final

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.read_specs import ByIndex
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put, Remove, StoredTask, TaskStore
from taskdock.use_cases.query.page_reading import every_task

_ID: Final = frozenset(("id",))


class UnitOfWork:
    """Tasks as they were read, and their changes; nothing is written before `commit`. They are
    written in reverse order: the task that the request names is added first and written last. Where
    everything fits into one transaction, it is all or nothing. Otherwise several are used, and a
    failure in between leaves the first task unchanged, so the same request can be repeated.
    """

    def __init__(self, store: TaskStore, first: StoredTask) -> None:
        self._store = store
        self._before: dict[TaskId, StoredTask] = {}
        self._after: dict[TaskId, Task | None] = {}
        self._take_in(first.task["id"], first)

    def __getitem__(self, task_id: TaskId) -> Task:
        """The task with its changes so far; raises `KeyError` for one that was not added, or is
        removed."""
        task = self._after[task_id]
        if task is None:
            raise KeyError(task_id)
        return task

    def read(self, task_ids: Iterable[TaskId]) -> list[Task]:
        """Read and add the existing ones of these tasks; one that was added before stays as it
        is."""
        wanted = list(dict.fromkeys(task_ids))
        missing = [task_id for task_id in wanted if task_id not in self._before]
        for task_id, stored in self._store.get_many(missing).items():
            self._take_in(task_id, stored)
        return [task for task_id in wanted if (task := self._after.get(task_id)) is not None]

    def read_index(self, access: ByIndex) -> list[Task]:
        """Find tasks by an index, then read and add them.

        An index follows the table with a short delay, so a new task may be missing, and one may no
        longer match.
        """
        return self.read(task["id"] for task in every_task(self._store, access, _ID))

    def tasks(self) -> list[Task]:
        """The tasks with their changes so far, in the order they were added."""
        return [task for task in self._after.values() if task is not None]

    def change(self, task_id: TaskId, change: Callable[[Task], Task]) -> None:
        """Replace the task by the result of `change`."""
        self._after[task_id] = change(self[task_id])

    def remove(self, task_id: TaskId) -> None:
        """Mark the task for deletion."""
        self._after[task_id] = None

    def commit(self) -> None:
        """Write the tasks that changed.

        Raises as `TaskStore.commit`; `InvalidRequest` before anything is written.
        """
        writes = list(self._writes())
        pieces = list(self._pieces(writes))
        if len(pieces) > 1:
            for write in writes:
                self._store.check(Changes([write]))
        for piece in pieces:
            self._store.commit(Changes(piece))

    def version(self, task_id: TaskId) -> int:
        """The version that the task has once all is written."""
        before = self._before[task_id]
        return before.version + (self._after[task_id] != before.task)

    def _take_in(self, task_id: TaskId, stored: StoredTask) -> None:
        self._before[task_id] = stored
        self._after[task_id] = stored.task

    def _writes(self) -> Iterator[Put | Remove]:
        for task_id, before in reversed(self._before.items()):
            task = self._after[task_id]
            if task is None:
                yield Remove(before)
            elif task != before.task:
                yield Put(task, before)

    def _pieces(self, writes: Sequence[Put | Remove]) -> Iterator[Sequence[Put | Remove]]:
        if len(writes) < 2 or self._fit(writes):
            yield writes
            return
        middle = len(writes) // 2
        yield from self._pieces(writes[:middle])
        yield from self._pieces(writes[middle:])

    def _fit(self, writes: Sequence[Put | Remove]) -> bool:
        try:
            self._store.check(Changes(writes))
        except InvalidRequest:
            return False
        return True
