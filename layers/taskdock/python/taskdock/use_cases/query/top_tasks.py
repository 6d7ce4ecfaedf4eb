"""Keeps the first tasks of an order, from tasks that come in any order."""

from collections.abc import Iterable
from operator import itemgetter
from threading import Lock

from taskdock.domain.query.sorting import Key, Order
from taskdock.domain.tasks.task import Task, TaskId

_Placed = tuple[Key, Task]
"""A task with its sort position."""


class TopTasks:
    """The tasks that come first in an order, each of them once. Threads may share one.

    Tasks are gathered up to twice the number needed and cut back, which costs less per task than
    a heap and holds no more than two pages of them.
    """

    def __init__(self, order: Order, needed: int) -> None:
        self._order = order
        self._needed = needed
        self._lock = Lock()
        self._kept: dict[TaskId, _Placed] = {}
        self._last: Key | None = None

    def add(self, tasks: Iterable[Task]) -> None:
        """Add tasks; those that cannot be among the first are dropped."""
        for task in tasks:
            place = self._order.key(task)
            last = self._last
            if last is None or not last < place:
                with self._lock:
                    self._keep(place, task)

    def in_order(self) -> list[Task]:
        """The first tasks."""
        return [task for _, task in self._sorted()]

    def _keep(self, place: Key, task: Task) -> None:
        known = self._kept.get(task["id"])
        # A task that changes while tasks are read keeps its first place. If it moved back, # tasks
        # that were dropped because of it would be missing.
        if known is not None and not place < known[0]:
            return
        self._kept[task["id"]] = place, task
        if len(self._kept) >= 2 * self._needed:
            best = self._sorted()
            self._kept = {placed[1]["id"]: placed for placed in best}
            self._last = best[-1][0]

    def _sorted(self) -> list[_Placed]:
        return sorted(self._kept.values(), key=itemgetter(0))[: self._needed]
