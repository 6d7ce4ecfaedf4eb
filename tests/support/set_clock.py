"""A clock for stamps that tests set."""

import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Self

from taskdock.domain.instants import Instant


@dataclass(slots=True)
class SetClock:
    """`Clock`, whose time is asked of a function; it agrees with the table's."""

    time: Callable[[], int]
    is_compared: bool = True

    @classmethod
    def real(cls) -> Self:
        """The real time."""
        return cls(lambda: time.time_ns() // 1_000_000)

    @classmethod
    def at(cls, instant: int) -> Self:
        """A stopped one."""
        return cls(lambda: instant)

    def now(self) -> Instant:
        """See `Clock.now`."""
        return Instant(self.time())
