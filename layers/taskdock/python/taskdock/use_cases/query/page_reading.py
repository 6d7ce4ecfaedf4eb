"""Reading what a plan names, page by page, within a budget."""

from collections.abc import Callable, Iterator, Sequence
from typing import Final

from taskdock.domain.query.read_specs import LEAST_READ_UNITS, ByIds, ReadSpec
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import Page, TaskStore
from taskdock.use_cases.query.read_budget import SIDE_BY_SIDE, ReadBudget, ReadCost

_GROWTH: Final = 4
"""How much larger than the one before a further page is, where the first was asked to be small."""

_MORE_THAN_A_PAGE: Final = 100_000
"""More entries than the megabyte of one page ever holds."""


def pages_of(store: TaskStore, spec: ReadSpec) -> Iterator[Page]:
    """Every page of a spec; each is read when it is asked for."""
    page = store.page(spec)
    yield page
    while page.next is not None:
        page = store.page(spec, page.next)
        yield page


def tasks_of(store: TaskStore, spec: ReadSpec, budget: ReadBudget) -> Iterator[Sequence[Task]]:
    """The tasks of every page of a spec; each page is read when it is asked for.

    Raises `QueryTooExpensive` and `OutOfTime` at the budget's limits.
    """
    least_each = LEAST_READ_UNITS if isinstance(spec, ByIds) else 0.0
    wanted = None if isinstance(spec, ByIds) else spec.page_size
    start: object | None = None
    is_rest = False
    while True:
        granted, reserved = budget.reserve(wanted, least_each, after_a_part=is_rest)
        page = store.page(spec, start, granted)
        budget.count(ReadCost(len(page.tasks), 1, page.read_units), reserved)
        yield page.tasks
        if page.next is None:
            return
        start, is_rest = page.next, granted != wanted
        if wanted is not None:  # the first page was not enough: the filter lets little through
            wanted = min(wanted * _GROWTH, _MORE_THAN_A_PAGE)


def each_spec[Single: ReadSpec, Result](
    work: Callable[[Single], Result], specs: Sequence[Single], budget: ReadBudget
) -> list[Result]:
    """The results of `work` on each spec, in their order.

    Under a tight budget the specs follow one another, so that each may ask for all that is left.
    """
    return [work(spec) for spec in specs] if budget.is_tight else side_by_side(work, specs)


def side_by_side[Part, Result](
    work: Callable[[Part], Result], parts: Sequence[Part]
) -> list[Result]:
    """The results of `work` on each part, in their order; several at once where it pays."""
    if len(parts) < 2:
        return [work(part) for part in parts]
    # Imported here: most queries read a single partition.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(SIDE_BY_SIDE, len(parts))) as pool:
        return list(pool.map(work, parts))
