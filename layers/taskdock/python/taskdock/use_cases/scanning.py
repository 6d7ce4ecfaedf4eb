"""Reading what a plan names, within a budget of read units and of time.

A query that does not fit its budget is to be refused for as little of it as possible. What a page
will cost shows only in reading it, so the budget is kept from three sides: what the plan costs at
the least is held against it before anything is read; no page may ask for more than is left; and
where a hash spreads tasks evenly over partitions, the first of them tells of the others.
"""

import threading
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from taskdock.domain.access import Access, ByIds, ByIndex, Index
from taskdock.domain.errors import OutOfTime, QueryTooExpensive
from taskdock.domain.query.paths import LEAST_READ_UNITS
from taskdock.domain.task import Task
from taskdock.use_cases.ports import TaskStore

_SIDE_BY_SIDE: Final = 4
"""How many partitions are read at once; a client keeps more connections than that."""

_FULL_PAGE: Final = 128.0
"""Read units of the largest page that an index hands out (1 MB)."""

_UNSEEN: Final = 0.5
"""Read units an entry is taken to cost before any was read: 4 KB, a very large task."""

_LIGHT: Final = 0.025
"""Read units of a small entry, 200 bytes: what partitions not read yet are estimated with."""

_LARGEST: Final = 50.0
"""Read units of the largest entry that there can be (400 KB): chance, not a sign of others."""

_MARGIN: Final = 1.25
"""By how much an estimate has to pass the budget: chance spreads tasks only about evenly."""


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
        self._spent = spent
        self._set_aside = 0.0

    @property
    def spent(self) -> Spent:
        """The figures so far."""
        return self._spent

    def is_tight(self, requests: int) -> bool:
        """Whether so many full pages would go over the budget."""
        limit = self._limits.read_units
        return limit is not None and limit < requests * _FULL_PAGE

    def check_least(self, accesses: Sequence[Access]) -> None:
        """Raise `QueryTooExpensive` when one request for each key is more than the budget."""
        limit = self._limits.read_units
        least = LEAST_READ_UNITS * sum(map(_requests, accesses))
        if limit is not None and least > limit:
            raise self._too_expensive(f"its keys take {least:g} at the least")

    def set_aside(
        self, wanted: int | None, least_each: float, most: int | None
    ) -> tuple[int | None, float]:
        """How many entries a request may ask for, of those wanted, and the read units kept for it.

        None is a page full. An entry is taken to cost what entries cost so far. Raises
        `QueryTooExpensive` and `OutOfTime` when no further request may be made.
        """
        self._check_time()
        limit = self._limits.read_units
        if limit is None:
            return wanted, 0.0
        wanted = min((each for each in (wanted, most) if each is not None), default=None)
        with self._lock:
            each = max(self._mean or _UNSEEN, least_each)
            cost = _FULL_PAGE if wanted is None else min(_FULL_PAGE, wanted * each)
            left = limit - self._spent.read_units - self._set_aside
            if cost > left:
                # One more than there is room for: else a page that just fits has another behind
                # it, empty, to be paid for.
                fitting = int(max(left, 0.0) / each) + 1
                wanted = fitting if wanted is None else min(wanted, fitting)
                cost = wanted * each
            self._set_aside += cost
        return wanted, cost

    def count(self, page: Spent, set_aside: float) -> None:
        """Count a page; raise `QueryTooExpensive` when it went over the budget."""
        with self._lock:
            self._spent += page
            self._set_aside -= set_aside
        limit = self._limits.read_units
        if limit is not None and self._spent.read_units > limit:
            raise self._too_expensive(f"it stopped at {self._spent.read_units:g}")

    def most_of_one(self, alike: int) -> int | None:
        """How many entries of one of so many partitions alike say that all are too expensive, so
        that no more of it need be asked for at once; None for any number."""
        limit = self._limits.read_units
        return None if limit is None or alike == 1 else ceil(_MARGIN * limit / alike / _LIGHT) + 1

    def check_others(self, read: Spent, alike: int) -> None:
        """Raise `QueryTooExpensive` when what was read of one partition, which has more to come,
        says that the budget will not do for all of those alike."""
        limit = self._limits.read_units
        if limit is None or alike == 1:
            return
        by_number = read.items * min(self._mean or _LIGHT, _LIGHT)
        expected = alike * max(by_number, read.read_units - _LARGEST)
        if expected > _MARGIN * limit:
            stopped = f"it stopped at {self._spent.read_units:g}"
            raise self._too_expensive(f"{stopped}, with {read.items} tasks in one of {alike} parts")

    @property
    def _mean(self) -> float | None:
        spent = self._spent
        return spent.read_units / spent.items if spent.items and spent.read_units else None

    def _check_time(self) -> None:
        left = self._limits.seconds_left
        if left is not None and left() <= 0:
            raise OutOfTime(
                f"The query would take longer than the gateway waits. {self._limits.advice}",
                read_units=self._spent.read_units,
            )

    def _too_expensive(self, because: str) -> QueryTooExpensive:
        return QueryTooExpensive(
            f"The query would read more than the budget of {self._limits.read_units:g} read units "
            f"({because}). {self._limits.advice}".rstrip(),
            read_units=self._spent.read_units,
        )


def tasks_of(
    store: TaskStore, access: Access, meter: Meter, alike: int = 1
) -> Iterator[Sequence[Task]]:
    """The pages of one access, metered.

    It is one of so many that are `alike`: a hash spreads over them what is to be read.
    """
    least_each = LEAST_READ_UNITS if isinstance(access, ByIds) else 0.0
    most = meter.most_of_one(alike)
    read, set_aside = NOTHING, 0.0

    def ration(wanted: int | None) -> int | None:
        nonlocal set_aside
        meter.check_others(read, alike)
        granted, set_aside = meter.set_aside(wanted, least_each, most)
        return granted

    for page in store.read(access, ration):
        one = Spent(len(page.tasks), 1, page.read_units)
        read += one
        meter.count(one, set_aside)
        yield page.tasks


_SPREAD: Final = (Index.OPEN, Index.DUE)
"""The indexes whose partitions are shards."""


def everywhere[Single: Access, Result](
    work: Callable[[Single, int], Result], accesses: Sequence[Single], meter: Meter
) -> list[Result]:
    """The results of `work` on each access and how many there are alike, in any order.

    Of those that are alike one is read before the others: it tells of them. On a tight budget
    they all follow one another, so that each may ask for whatever is left.
    """

    def one(part: tuple[Single, int]) -> Result:
        return work(*part)

    parts = sorted(_alike(accesses), key=lambda part: part[1], reverse=True)
    if meter.is_tight(len(parts)):
        return [one(part) for part in parts]
    telling = 1 if parts and parts[0][1] > 1 else 0
    return [*map(one, parts[:telling]), *side_by_side(one, parts[telling:])]


def _alike[Single: Access](accesses: Sequence[Single]) -> list[tuple[Single, int]]:
    """Each access with how many there are that hold as much, itself included."""
    ranges = [
        (each.index, each.low, each.high)
        if isinstance(each, ByIndex) and each.index in _SPREAD
        else None
        for each in accesses
    ]
    numbers = [1 if each is None else ranges.count(each) for each in ranges]
    return list(zip(accesses, numbers, strict=True))


def side_by_side[Way, Result](work: Callable[[Way], Result], ways: Sequence[Way]) -> list[Result]:
    """The results of `work` on each way, in their order; several at once where it pays."""
    if len(ways) < 2:
        return [work(way) for way in ways]
    # Imported here: most queries read a single partition.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(ways))) as pool:
        return list(pool.map(work, ways))


def _requests(access: Access) -> int:
    return len(access.ids if isinstance(access, ByIds) else access.partitions)
