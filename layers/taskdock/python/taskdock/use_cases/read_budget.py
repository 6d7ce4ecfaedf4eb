"""Reading what a plan names, within a budget of read units and of time.

A query that does not fit its budget is to be refused for as little of it as possible. What a page
will cost shows only in reading it, so the budget is kept from three sides: what the plan costs at
the least is held against it before anything is read; no page may ask for more than is left; and
where a hash spreads tasks evenly over partitions, the first of them tells of the others.
"""

import threading
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Final

from taskdock.domain.errors import OutOfTime, QueryTooExpensive
from taskdock.domain.query.paths import LEAST_READ_UNITS
from taskdock.domain.query.read_specs import SHARDED, ByIds, ByIndex, ReadSpec
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import TaskStore

_SIDE_BY_SIDE: Final = 4
"""How many partitions are read at once: decoding what comes takes longer than waiting for it."""

_FULL_PAGE: Final = 128.0
"""Read units of the largest page that an index hands out (1 MB)."""

_UNSEEN: Final = 0.125
"""Read units an entry is taken to cost before any was read: a kilobyte, a large task."""

_LIGHT: Final = 0.025
"""Read units of a small entry, 200 bytes: what partitions not read yet are estimated with."""

_CHANCE: Final = 150.0
"""Read units of the three largest entries that there can be (400 KB each): that one partition has
them is chance, and no sign of others."""

_SAMPLE: Final = 100
"""Fewer entries than this say nothing of how large others are."""

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
class ReadCost:
    """What reading took."""

    items: int
    pages: int
    read_units: float

    def __add__(self, other: "ReadCost") -> "ReadCost":
        """What both took together."""
        return ReadCost(
            self.items + other.items,
            self.pages + other.pages,
            self.read_units + other.read_units,
        )


NOTHING: Final = ReadCost(0, 0, 0.0)


class ReadBudget:
    """Counts what is read, and stops the reading at the limits. Safe to share by threads.

    It goes on from what was spent before.
    """

    def __init__(self, limits: Limits, spent: ReadCost = NOTHING) -> None:
        self._limits = limits
        self._lock = threading.Lock()
        self._spent = spent
        self._reserved = 0.0
        self._rounding = 0.0

    @property
    def spent(self) -> ReadCost:
        """The figures so far."""
        return self._spent

    @property
    def is_tight(self) -> bool:
        """Whether full pages, read side by side, would go over the budget."""
        limit = self._limits.read_units
        return limit is not None and limit < _SIDE_BY_SIDE * _FULL_PAGE

    def check_least(self, accesses: Sequence[ReadSpec]) -> None:
        """Raise `QueryTooExpensive` when one request for each key is more than the budget."""
        limit = self._limits.read_units
        least = LEAST_READ_UNITS * sum(access.keys for access in accesses)
        if limit is not None and least > limit:
            raise self._too_expensive(f"its keys take {least:g} at the least")

    def reserve(
        self, wanted: int | None, least_each: float, *, after_a_part: bool
    ) -> tuple[int | None, float]:
        """How many entries a request may ask for, of those wanted, and the units reserved for it.

        None is a page full. An entry is taken to cost what entries cost so far. `after_a_part`
        says that the request is for what the one before it was not allowed to ask for: the half
        unit that this may cost by rounding is not held against the budget. Raises
        `OutOfTime`; a budget that is used up shows when the page is counted.
        """
        self._check_time()
        limit = self._limits.read_units
        if limit is None:
            return wanted, 0.0
        with self._lock:
            self._rounding += LEAST_READ_UNITS if after_a_part else 0.0
            each = max(self._mean or _UNSEEN, least_each)
            cost = _FULL_PAGE if wanted is None else min(_FULL_PAGE, wanted * each)
            left = limit - self._counted - self._reserved
            if cost > left:
                # A unit's worth at the least: less would be read for its rounding alone. And one
                # more: else a page that just fits has another behind it, empty, to be paid for.
                fitting = int(max(left, 1.0) / each) + 1
                wanted = fitting if wanted is None else min(wanted, fitting)
                cost = wanted * each
            self._reserved += cost
        return wanted, cost

    def count(self, page: ReadCost, reserved: float) -> None:
        """Count a page; raise `QueryTooExpensive` when it went over the budget."""
        with self._lock:
            self._spent += page
            self._reserved -= reserved
        limit = self._limits.read_units
        if limit is not None and self._counted > limit:
            raise self._too_expensive(f"it stopped at {self._spent.read_units:g}")

    def most_of_one(self, alike: int) -> int | None:
        """How many entries of one of so many partitions alike say that all are too expensive, so
        that no more of it need be asked for at once; None for any number."""
        limit = self._limits.read_units
        return None if limit is None or alike == 1 else ceil(_MARGIN * limit / alike / _LIGHT) + 1

    def check_others(self, read: ReadCost, alike: int) -> None:
        """Raise `QueryTooExpensive` when what was read of one partition, which has more to come,
        says that the budget will not do for all of those alike."""
        limit = self._limits.read_units
        if limit is None or alike == 1:
            return
        # A page costs up to half a unit more than what is on it.
        on_pages = max(read.read_units - LEAST_READ_UNITS * read.pages, 0.0)
        by_number = min(on_pages, read.items * _LIGHT)
        by_size = read.read_units - _CHANCE if read.items >= _SAMPLE else 0.0
        expected = alike * max(by_number, by_size)
        if expected > _MARGIN * limit:
            stopped = f"it stopped at {self._spent.read_units:g}"
            raise self._too_expensive(f"{stopped}, with {read.items} tasks in one of {alike} parts")

    @property
    def _counted(self) -> float:
        return self._spent.read_units - self._rounding

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
    store: TaskStore, access: ReadSpec, meter: ReadBudget, *, alike: int = 1
) -> Iterator[Sequence[Task]]:
    """The pages of one access, metered.

    It is one of so many that are `alike`: a hash spreads over them what is to be read.
    """
    least_each = LEAST_READ_UNITS if isinstance(access, ByIds) else 0.0
    most = meter.most_of_one(alike)
    read, reserved, in_part = NOTHING, 0.0, False

    def ration(wanted: int | None) -> int | None:
        nonlocal reserved, in_part
        meter.check_others(read, alike)
        useful = wanted if most is None else min(most, most if wanted is None else wanted)
        granted, reserved = meter.reserve(useful, least_each, after_a_part=in_part)
        in_part = granted != wanted
        return granted

    for page in store.read(access, ration):
        one = ReadCost(len(page.tasks), 1, page.read_units)
        read += one
        meter.count(one, reserved)
        reserved = 0.0  # a store may need several pages for what it asked for once
        yield page.tasks


def everywhere[Single: ReadSpec, Result](
    work: Callable[[Single, int], Result], accesses: Sequence[Single], meter: ReadBudget
) -> list[Result]:
    """The results of `work` on each access and how many there are alike, in any order.

    Of shards that are alike one is read before the others: it tells of them. On a tight budget
    all accesses follow one another, so that each may ask for whatever is left.
    """

    def one(part: tuple[Single, int]) -> Result:
        return work(*part)

    telling, others = _split(accesses)
    if meter.is_tight:
        return [one(part) for part in (*telling, *others)]
    return [*map(one, telling), *side_by_side(one, others)]


type _Parts[Single] = list[tuple[Single, int]]


def _split[Single: ReadSpec](accesses: Sequence[Single]) -> tuple[_Parts[Single], _Parts[Single]]:
    """One of all shards that are alike, and the others; each with how many there are alike."""
    groups: dict[object, list[Single]] = defaultdict(list)
    for place, access in enumerate(accesses):
        if isinstance(access, ByIndex) and access.index in SHARDED:
            groups[access.index, access.low, access.high].append(access)
        else:
            groups[place].append(access)
    telling: _Parts[Single] = []
    others: _Parts[Single] = []
    for alike in groups.values():
        numbered = [(access, len(alike)) for access in alike]
        (telling if len(alike) > 1 else others).append(numbered[0])
        others += numbered[1:]
    return telling, others


def side_by_side[Part, Result](
    work: Callable[[Part], Result], parts: Sequence[Part]
) -> list[Result]:
    """The results of `work` on each part, in their order; several at once where it pays."""
    if len(parts) < 2:
        return [work(part) for part in parts]
    # Imported here: most queries read a single partition.
    from concurrent.futures import ThreadPoolExecutor

    with ThreadPoolExecutor(min(_SIDE_BY_SIDE, len(parts))) as pool:
        return list(pool.map(work, parts))
