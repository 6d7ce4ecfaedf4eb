"""Looking at the pages that a task store hands out."""

from collections.abc import Iterator

from taskdock.domain.query.read_specs import ReadSpec
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.documents import whole_task
from taskdock.use_cases.ports import Page, TaskStore


def pages_of(store: TaskStore, spec: ReadSpec) -> Iterator[Page]:
    """Every page of a spec, each read when it is asked for."""
    page = store.page(spec)
    yield page
    while page.next is not None:
        page = store.page(spec, page.next)
        yield page


def tasks_on(page: Page) -> list[Task]:
    """The whole tasks of a page."""
    return [whole_task(document) for document in page.documents]
