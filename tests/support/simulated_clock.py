"""A clock that moves only when everybody waits: callers at the same time, without any waiting.

Each caller is a thread, and one of them runs at a time. A thread that sleeps lets those that
wake earlier run, so the order is the same in every run.
"""

import heapq
from collections.abc import Callable, Sequence
from itertools import count
from threading import Event, Thread


class SimulatedClock:
    """Seconds since the start."""

    def __init__(self) -> None:
        self.now = 0.0
        self._sleeping: list[tuple[float, int, Event]] = []
        self._numbers = count()
        self._problems: list[BaseException] = []

    def run(self, callers: Sequence[Callable[[], None]]) -> None:
        """Let all of them begin now, until the last has ended; raises what the first raised."""
        over = Event()
        left = len(callers)

        def live(caller: Callable[[], None], turn: Event) -> None:
            nonlocal left
            turn.wait()
            try:
                caller()
            except BaseException as problem:  # noqa: BLE001 - it is raised again by `run`
                self._problems.append(problem)
            left -= 1
            if left:
                self._wake_next()
            else:
                over.set()

        threads = [Thread(target=live, args=(each, self._bed(0)), daemon=True) for each in callers]
        for thread in threads:
            thread.start()
        self._wake_next()
        over.wait()
        for thread in threads:
            thread.join()
        if self._problems:
            raise self._problems[0]

    def sleep(self, seconds: float) -> None:
        """Let time pass; others run meanwhile."""
        if not self._sleeping:  # nobody else is there
            self.now += seconds
            return
        turn = self._bed(seconds)
        self._wake_next()
        turn.wait()

    def _bed(self, seconds: float) -> Event:
        turn = Event()
        heapq.heappush(self._sleeping, (self.now + seconds, next(self._numbers), turn))
        return turn

    def _wake_next(self) -> None:
        moment, _, turn = heapq.heappop(self._sleeping)
        self.now = max(self.now, moment)
        turn.set()
