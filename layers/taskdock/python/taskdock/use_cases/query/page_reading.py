"""Reading what a plan names, page by page, within a budget."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final, Protocol, overload

from taskdock.domain.query.comparisons import Fields
from taskdock.domain.query.read_specs import LEAST_READ_UNITS, ByIds, ReadSpec
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.documents import Document, decoded
from taskdock.use_cases.ports import Page, TaskStore
from taskdock.use_cases.query.read_budget import SIDE_BY_SIDE, ReadBudget, ReadCost

_TOLD_EACH: Final = 32
"""Documents between two looks at the time and at what was unpacked."""


def every_task(store: TaskStore, spec: ReadSpec, fields: Fields | None = None) -> Iterator[Task]:
    """The tasks of a spec with at least these fields, None for all; without a budget."""
    page = store.page(spec)
    yield from _tasks(page, fields)
    while page.next is not None:
        page = store.page(spec, page.next)
        yield from _tasks(page, fields)


def _tasks(page: Page, fields: Fields | None) -> Iterator[Task]:
    return (task for _, task in decoded(page.documents, fields))


class Pages(Protocol):
    """Whatever hands out pages of a spec, as `TaskStore.page` does."""

    def page(self, spec: ReadSpec, start: object | None = None, limit: int | None = None) -> Page:
        """See `TaskStore.page`."""
        ...


class PageReader:
    """Reads one spec within a budget, a page whenever one is asked for."""

    def __init__(self, store: Pages, spec: ReadSpec, budget: ReadBudget) -> None:
        self._store = store
        self._spec = spec
        self._budget = budget
        self._least_each = LEAST_READ_UNITS if isinstance(spec, ByIds) else 0.0
        self._next: object | None = None
        self._is_rest = False
        self.is_done = False
        """Whether everything was read."""
        self.entries = 0
        """How many were read so far."""

    def read(self, wanted: int | None = None) -> Sequence[Document]:
        """The next page, with no more entries than wanted.

        Raises `QueryTooExpensive` and `OutOfTime` at the budget's limits, and so does iterating
        over the page.
        """
        budget = self._budget
        granted, reserved = budget.reserve(wanted, self._least_each, after_a_part=self._is_rest)
        page = self._store.page(self._spec, self._next, granted)
        budget.count(ReadCost(len(page.documents), 1, page.read_units), reserved, self._spec)
        self.entries += len(page.documents)
        self._next, self._is_rest = page.next, granted != wanted
        self.is_done = page.next is None
        return _Counted(page.documents, budget)


class _Counted(Sequence[Document]):
    """The documents of a page, which the budget counts as they are unpacked."""

    def __init__(self, documents: Sequence[Document], budget: ReadBudget) -> None:
        self._documents = documents
        self._budget = budget

    def __len__(self) -> int:
        return len(self._documents)

    @overload
    def __getitem__(self, place: int) -> Document: ...
    @overload
    def __getitem__(self, place: slice) -> Sequence[Document]: ...
    def __getitem__(self, place: int | slice) -> Document | Sequence[Document]:
        if isinstance(place, slice):
            return _Counted(self._documents[place], self._budget)
        return self._documents[place]

    def __iter__(self) -> Iterator[Document]:
        # What a query waits for: the budget is told now and then, not for every document.
        size, told_at = 0, _TOLD_EACH
        for number, document in enumerate(self._documents, 1):
            size += len(document)
            if number == told_at:
                self._budget.count_unpacked(size)
                size, told_at = 0, number + _TOLD_EACH
            yield document
        self._budget.count_unpacked(size)


def documents_of(
    store: TaskStore, spec: ReadSpec, budget: ReadBudget
) -> Iterator[Sequence[Document]]:
    """The documents of every page of a spec; each page is read when it is asked for.

    Raises `QueryTooExpensive` and `OutOfTime` at the budget's limits.
    """
    reader = PageReader(store, spec, budget)
    while not reader.is_done:
        yield reader.read()


def tasks_of(
    store: TaskStore, spec: ReadSpec, budget: ReadBudget, fields: Fields | None = None
) -> Iterator[Task]:
    """The tasks of a spec with at least these fields, None for all; pages are read on the way.

    Raises `QueryTooExpensive` and `OutOfTime` at the budget's limits.
    """
    for documents in documents_of(store, spec, budget):
        for _, task in decoded(documents, fields):
            yield task


def each_spec[Single: ReadSpec, Result](
    work: Callable[[Single], Result], specs: Sequence[Single], budget: ReadBudget
) -> list[Result]:
    """The results of `work` on each spec, in their order.

    Under a tight budget the specs follow one another, so that each may ask for all that is left.
    """
    if budget.is_tight:
        return [work(spec) for spec in specs]
    return side_by_side(work, specs, budget)


def side_by_side[Part, Result](
    work: Callable[[Part], Result], parts: Sequence[Part], budget: ReadBudget | None = None
) -> list[Result]:
    """The results of `work` on each part, in their order; several at once where it pays.

    When one fails, its error is raised; the others are not begun, or end with their next page if
    they read within the budget.
    """
    if len(parts) < 2:
        return [work(part) for part in parts]
    # Imported here: most queries read a single partition.
    from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait

    with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(parts))) as pool:
        working = [pool.submit(work, part) for part in parts]
        done, _ = wait(working, return_when=FIRST_EXCEPTION)
        error = next((each.exception() for each in done if each.exception() is not None), None)
        if error is not None:
            if budget is not None:
                budget.give_up()
            pool.shutdown(cancel_futures=True)
            raise error
    return [each.result() for each in working]
