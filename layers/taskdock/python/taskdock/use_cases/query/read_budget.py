"""A budget of read units and of time, and what was spent of it.

Documents are stored packed, and a small packed text can be a large document. So a read unit also
stands for a number of unpacked bytes, and a query that unpacks more than its budget is stopped.

What a page will cost shows only in reading it. So the least that a plan can cost is compared with
the budget before anything is read, and no page asks for more than is left.
"""

import threading
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final

from taskdock.domain.errors import OutOfTime, QueryTooExpensive, TemporarilyUnavailable
from taskdock.domain.query.read_specs import LEAST_READ_UNITS, ByIndex, Index, ReadSpec, Tenant

SIDE_BY_SIDE: Final = 8
"""How many partitions are read at once: half of an index that is spread over all shards."""

_FULL_PAGE: Final = 128.0
"""Read units of the largest page that an index hands out (1 MB)."""

BYTES_PER_UNIT: Final = 128 * 1024
"""Unpacked bytes that a read unit stands for. Tasks as people write them take a quarter of it."""

FREE_BYTES: Final = 1024 * 1024
"""Unpacked bytes that count for nothing: a few large tasks, whatever the budget."""

_UNSEEN: Final = 0.125
"""Read units an entry is taken to cost before any was read: a kilobyte, a large task."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How far a query may go."""

    read_units: float | None = None
    seconds_left: Callable[[], float] | None = None
    """Time until the answer has to be on its way."""
    advice: str = ""
    """What would make the query cheaper, for the message when it is stopped."""
    tells_figures: bool = True
    """Whether the message says what was read."""


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
        self._unpacked = 0
        self._given_up = False
        self.met: Counter[Tenant] = Counter()
        """How many entries of the index of open tasks were read, by tenant."""

    @property
    def spent(self) -> ReadCost:
        """The figures so far."""
        return self._spent

    def give_up(self) -> None:
        """Let nobody read any further: the query has failed."""
        self._given_up = True

    @property
    def is_tight(self) -> bool:
        """Whether full pages, read side by side, would go over the budget."""
        limit = self._limits.read_units
        return limit is not None and limit < SIDE_BY_SIDE * _FULL_PAGE

    def allows(self, read_units: float) -> bool:
        """Whether so many read units are within the limit."""
        limit = self._limits.read_units
        return limit is None or read_units <= limit

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
        if self._given_up:
            raise TemporarilyUnavailable("Another part of the query failed; try again.")
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

    def count(self, page: ReadCost, reserved: float, of: ReadSpec | None = None) -> None:
        """Count a page of a spec; raise `QueryTooExpensive` when it went over the budget."""
        with self._lock:
            if isinstance(of, ByIndex) and of.index is Index.OPEN and len(of.tenants) == 1:
                self.met[of.tenants[0]] += page.items
            self._spent += page
            self._reserved -= reserved
        self._check_units()

    def count_unpacked(self, size: int) -> None:
        """Count so many bytes of unpacked documents; raise `QueryTooExpensive` when they are more
        than the budget, and `OutOfTime` when the time is up.
        """
        with self._lock:
            self._unpacked += size
        self._check_time()
        self._check_units()

    def _check_units(self) -> None:
        limit = self._limits.read_units
        if limit is not None and self._counted > limit:
            raise self._too_expensive(
                f"it stopped at {self._spent.read_units:g},"
                f" with {self._unpacked / 1e6:.1f} MB of documents unpacked"
            )

    @property
    def _counted(self) -> float:
        units = self._spent.read_units - self._rounding
        return max(units, (self._unpacked - FREE_BYTES) / BYTES_PER_UNIT)

    @property
    def _mean(self) -> float | None:
        spent = self._spent
        return spent.read_units / spent.items if spent.items and spent.read_units else None

    def _check_time(self) -> None:
        left = self._limits.seconds_left
        if left is not None and left() <= 0:
            raise OutOfTime(
                f"The query would take longer than the gateway waits. {self._limits.advice}",
                read_units=self._told,
            )

    @property
    def _told(self) -> float | None:
        return self._spent.read_units if self._limits.tells_figures else None

    def _too_expensive(self, because: str) -> QueryTooExpensive:
        told = ""
        if self._limits.tells_figures:
            told = f" of {self._limits.read_units:g} read units ({because})"
        message = f"The query would read more than the budget{told}. {self._limits.advice}"
        return QueryTooExpensive(message.rstrip(), read_units=self._told)
