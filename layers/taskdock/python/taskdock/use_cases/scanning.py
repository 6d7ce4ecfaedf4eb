"""Reading what a plan names, within a budget of read units and of time."""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from taskdock.domain.access import Access
from taskdock.domain.errors import OutOfTime, QueryTooExpensive
from taskdock.domain.task import Task
from taskdock.use_cases.ports import Page, TaskStore

_SIDE_BY_SIDE = 8
"""How many partitions are read at once; a client keeps ten connections."""


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


class Meter:
    """Counts what is read, and stops the reading at the limits. Safe to share by threads."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._items = 0
        self._pages = 0
        self._read_units = 0.0

    @property
    def spent(self) -> Spent:
        """The figures so far."""
        with self._lock:
            return Spent(self._items, self._pages, self._read_units)

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
