"""A store that records what was read, and lets tests change it meanwhile."""

from typing import TYPE_CHECKING, Any

from taskdock.domain.query.read_specs import ReadSpec
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Page, Put, Remove

from tests.support.in_memory_store import InMemoryTaskStore

if TYPE_CHECKING:
    from collections.abc import Callable


class WatchedStore(InMemoryTaskStore):
    """As its parent; every entry of a page costs half a read unit."""

    def __init__(self, page_size: int = 50) -> None:
        super().__init__(page_size)
        self.page_sizes: list[int] = []
        """How many tasks each page had that was read."""
        self.after_a_page: Callable[[], None] = lambda: None
        """What happens when a page was read, before the next."""

    def page(self, spec: ReadSpec, start: Any | None = None, limit: int | None = None) -> Page:
        """See `TaskStore.page`."""
        if start is not None:
            self.after_a_page()
        page = super().page(spec, start, limit)
        self.page_sizes.append(len(page.documents))
        return Page(page.documents, 0.5 * len(page.documents), page.next)

    def put(self, task: Task) -> None:
        """Put or replace a task."""
        self.commit(Changes([Put(task, self.get(task["id"]))]))

    def remove(self, task_id: str) -> None:
        """Remove a task, if it is there."""
        found = self.get(TaskId(task_id))
        if found is not None:
            self.commit(Changes([Remove(found)]))
