"""A store that tells what was read of it, and lets others change it meanwhile."""

from collections.abc import Callable, Iterator
from typing import Any

from taskdock.domain.query.read_specs import ByIds, ByIndex, Index, Ration, unrationed
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Page, Put, Remove

from tests.support.in_memory_store import InMemoryTaskStore


class WatchedStore(InMemoryTaskStore):
    """As its parent; each page is made when it is asked for, of what is there by then."""

    def __init__(self, page_size: int = 50) -> None:
        super().__init__(page_size)
        self.page_sizes: list[int] = []
        """How many tasks each page had that was read."""
        self.after_a_page: Callable[[], None] = lambda: None
        """What happens when a page was read, before the next."""

    def read(self, access: ByIds | ByIndex, ration: Ration = unrationed) -> Iterator[Page]:
        """See `TaskStore.read`."""
        if isinstance(access, ByIds):
            pages = super().read(access, ration)
        else:
            pages = self._lazily(access, ration)
        for page in pages:
            self.page_sizes.append(len(page.tasks))
            yield page
            self.after_a_page()

    def put(self, task: Task) -> None:
        """Put or replace a task."""
        self.commit(Changes([Put(task, self.get(task["id"]))]))

    def remove(self, task_id: str) -> None:
        """Remove a task, if it is there."""
        found = self.get(TaskId(task_id))
        if found is not None:
            self.commit(Changes([Remove(found)]))

    def _lazily(self, access: ByIndex, ration: Ration) -> Iterator[Page]:
        for partition in access.partitions:
            last: tuple[int, str] | None = None
            while True:
                single = ByIndex(access.index, (partition,), access.low, access.high)
                tasks = sorted(
                    (task for page in super().read(single) for task in page.tasks),
                    key=lambda task: self._place(access, task),
                    reverse=access.descending,
                )
                wanted = access.page_size or self._page_size
                size = ration(wanted) or wanted
                rest = [task for task in tasks if self._is_behind(access, task, last)]
                if not rest and last is not None:
                    break
                yield _page_of(rest[:size])
                if len(rest) <= size:
                    break
                last = self._place(access, rest[size - 1])

    def _is_behind(self, access: ByIndex, task: Task, last: tuple[int, str] | None) -> bool:
        if last is None:
            return True
        place = self._place(access, task)
        return place < last if access.descending else place > last

    @staticmethod
    def _place(access: ByIndex, task: Task) -> tuple[int, str]:
        value: Any = task["due"] if access.index is Index.DUE else task["created"]
        # Among equal values there is no order to rely on: here it is that of ids turned round.
        return value, task["id"][::-1]


def _page_of(tasks: list[Task]) -> Page:
    return Page(tasks, 0.5 * len(tasks))
