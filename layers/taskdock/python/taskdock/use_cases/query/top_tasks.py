"""Keeps the first tasks of an order, from tasks that come in any order."""

from collections.abc import Iterable
from operator import itemgetter
from threading import Lock
from typing import TYPE_CHECKING

from taskdock.domain.query.sorting import Key
from taskdock.use_cases.documents import Document

if TYPE_CHECKING:
    from taskdock.domain.tasks.task import TaskId

type Placed = tuple[Key, Document]
"""A document with the sort position of its task, whose last part is the task's id."""


class TopTasks:
    """The tasks that come first in an order, each of them once. Threads may share one.

    They are gathered up to twice the number needed and cut back, which costs less per task than
    a heap and holds no more than two pages of documents.
    """

    def __init__(self, needed: int) -> None:
        self._needed = needed
        self._lock = Lock()
        self._kept: dict[TaskId, Placed] = {}
        self._last: Key | None = None

    def add(self, tasks: Iterable[Placed]) -> None:
        """Add tasks; those that cannot be among the first are dropped."""
        for place, document in tasks:
            last = self._last
            if last is None or not last < place:
                with self._lock:
                    self._keep(place, document)

    def in_order(self) -> list[Document]:
        """The documents of the first tasks."""
        return [document for _, document in self._sorted()]

    def _keep(self, place: Key, document: Document) -> None:
        task_id = place[-1]
        known = self._kept.get(task_id)
        # A task that changes while tasks are read keeps its first place. If it moved back, tasks
        # that were dropped because of it would be missing.
        if known is not None and not place < known[0]:
            return
        self._kept[task_id] = place, document
        if len(self._kept) >= 2 * self._needed:
            best = self._sorted()
            self._kept = {placed[0][-1]: placed for placed in best}
            self._last = best[-1][0]

    def _sorted(self) -> list[Placed]:
        return sorted(self._kept.values(), key=itemgetter(0))[: self._needed]
