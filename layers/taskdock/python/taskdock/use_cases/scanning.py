"""Reading what a plan names, within a budget of read units and of time."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from taskdock.domain.access import Access, ByIndex
from taskdock.domain.errors import OutOfTime, QueryTooExpensive
from taskdock.domain.task import Task
from taskdock.use_cases.ports import Page, TaskStore

_SIDE_BY_SIDE = 8
"""How many partitions are read at once; a client keeps more connections than that."""

_FULL_PAGE = 128
"""Read units of the largest page that an index hands out (1 MB)."""

_CAREFUL_PAGE = 25
"""How many tasks to ask for at first under a tight budget; further pages grow."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a query may go."""

    read_units: float | None = None
    seconds_left: Callable[[], float] | None = None
    """Time until the answer has to be on its way."""
    advice: str = ""
    """What would make the query cheaper, for the message when it is stopped."""


@dataclass(frozen=True, slots=True)
class Spent:
    """What reading took."""

    items: int
    pages: int
    read_units: float

    def __add__(self, other: "Spent") -> "Spent":
        """What both took together."""
        return Spent(
            self.items + other.items,
            self.pages + other.pages,
            self.read_units + other.read_units,
        )


NOTHING: Final = Spent(0, 0, 0.0)


class Meter:
    """Counts what is read, and stops the reading at the limits. Safe to share by threads.

    It goes on from what was spent before.
    """

    def __init__(self, limits: Limits, spent: Spent = NOTHING) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._items = spent.items
        self._pages = spent.pages
        self._read_units = spent.read_units

    @property
    def spent(self) -> Spent:
        """The figures so far."""
        with self._lock:
            return Spent(self._items, self._pages, self._read_units)

    @property
    def is_tight(self) -> bool:
        """Whether full pages, read side by side, could go far over the budget."""
        limit = self._limits.read_units
        return limit is not None and limit < _SIDE_BY_SIDE * _FULL_PAGE

    def before_page(self) -> None:
        """Raise `QueryTooExpensive` or `OutOfTime` where no further page may be read."""
        self._check_budget()
        left = self._limits.seconds_left
        if left is not None and left() <= 0:
            raise OutOfTime(
                "The query would take longer than the gateway waits. " + self._limits.advice
            )

    def after_page(self, page: Page) -> None:
        """Count a page that was read; raise `QueryTooExpensive` when it went over the budget.

        Which page is the last one shows only in reading it: a query is stopped behind the page
        that goes over the budget, never before one that may not come.
        """
        with self._lock:
            self._items += len(page.tasks)
            self._pages += 1
            self._read_units += page.read_units
        self._check_budget()

    def _check_budget(self) -> None:
        limit, spent = self._limits.read_units, self._read_units
        if limit is not None and spent > limit:
            raise QueryTooExpensive(
                f"The query would read more than the budget of {limit:g} read units "
                f"(it stopped at {spent:g}). {self._limits.advice}".rstrip()
            )


def tasks_of(store: TaskStore, access: Access, meter: Meter) -> Iterator[Sequence[Task]]:
    """The pages of one access, metered."""
    if isinstance(access, ByIndex) and access.page_size is None and meter.is_tight:
        access = replace(access, page_size=_CAREFUL_PAGE)
    pages = store.read(access)
    while True:
        meter.before_page()
        page = next(pages, None)
        if page is None:
            return
        meter.after_page(page)
        yield page.tasks


def side_by_side[Path: Access, Result](
    work: Callable[[Path], Result], accesses: Sequence[Path]
) -> list[Result]:
    """The results of `work` on each access, in their order; several at once where it pays."""
    if len(accesses) < 2:
        return [work(access) for access in accesses]
    # Imported here: most queries read a single partition.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(accesses))) as pool:
        return list(pool.map(work, accesses))
