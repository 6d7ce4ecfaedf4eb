"""A store in memory with concurrent writers, who write right before its user does."""

from collections.abc import Callable, Iterable
from typing import Self

from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put, Remove

from tests.support.in_memory_store import InMemoryTaskStore

Rival = Callable[[InMemoryTaskStore], None]
"""A write of a concurrent writer."""


class BusyStore(InMemoryTaskStore):
    """A store with these tasks, and rivals who each write before one commit, in their order.
    `commits` has the user's successful commits.
    """

    def __init__(self, tasks: Iterable[Task], *rivals: Rival) -> None:
        super().__init__()
        for task in tasks:
            super().commit(Changes([Put(task)]))
        self._rivals = list(rivals)
        self.commits: list[Changes] = []

    def and_then(self, *rivals: Rival) -> Self:
        """The store, with rivals from now on."""
        self._rivals += rivals
        return self

    def commit(self, changes: Changes) -> None:
        """See `TaskStore.commit`."""
        if self._rivals:
            (rival, *later), own = self._rivals, list(self.commits)
            self._rivals = []
            rival(self)
            self._rivals, self.commits = later, own
        super().commit(changes)
        self.commits.append(changes)

    def task(self, task_id: str) -> Task:
        """The task as it is; there must be one."""
        stored = self.get(TaskId(task_id))
        assert stored is not None, task_id
        return stored.task


def changing(task_id: str, change: Callable[[Task], Task]) -> Rival:
    """A rival who changes a task."""

    def act(store: InMemoryTaskStore) -> None:
        stored = store.get(TaskId(task_id))
        assert stored is not None
        store.commit(Changes([Put(change(stored.task), stored)]))

    return act


def removing(task_id: str) -> Rival:
    """A rival who deletes a task."""

    def act(store: InMemoryTaskStore) -> None:
        stored = store.get(TaskId(task_id))
        assert stored is not None
        store.commit(Changes([Remove(stored)]))

    return act


def idle(_: InMemoryTaskStore) -> None:
    """A rival who lets this commit pass."""
