"""Asks taskdock what clients asked the old server, in the same order, beside the clients' way."""

import time
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from threading import Condition, Thread
from typing import Final, NamedTuple

from migration.http_client import Trouble
from migration.shadow.exchange import Exchange, Kind
from migration.shadow.following import Following
from migration.shadow.reading import Reading, Recheck
from migration.shadow.report import UNDONE, Report
from migration.shadow.writing import Writing

READS: Final = 2000
"""Reads that wait at most; what comes beyond is not asked."""

WRITES: Final = 10_000
"""Writes that wait at most; the tasks of those beyond are copied again."""

BYTES: Final = 64 * 1024 * 1024
"""Bytes of requests and answers that wait at most."""

LARGEST: Final = 8 * 1024 * 1024
"""Bytes of an exchange that is taken."""

NO_ROOM: Final = "too much is waiting, or it is too large"
"""Why the report says that a read was not asked."""

_ASKERS: Final = 4
_LAST: Final = 5.0


class Turn(NamedTuple):
    """An exchange whose turn it is, and what is known of a read that was compared before."""

    exchange: Exchange
    again: Recheck | None


@dataclass(slots=True)
class Waiting:
    """Exchanges in the order in which the old server answered; never more than is said above."""

    _queue: deque[Turn] = field(default_factory=deque)
    _reads: int = 0
    _bytes: int = 0
    _changed: Condition = field(default_factory=Condition)

    def offer(self, exchange: Exchange, again: Recheck | None = None) -> bool:
        """Take an exchange if there is room for it, without waiting; whether it was taken."""
        size = len(exchange.body) + len(exchange.answer)
        is_read = exchange.kind is Kind.READ
        with self._changed:
            is_full = len(self._queue) - self._reads >= WRITES
            if is_read:
                is_full = self._reads >= READS
            if is_full or size > LARGEST or self._bytes + size > BYTES:
                return False
            self._queue.append(Turn(exchange, again))
            self._reads += is_read
            self._bytes += size
            self._changed.notify()
        return True

    def take(self, seconds: float) -> Turn | None:
        """The next one; None when none comes in that time."""
        with self._changed:
            if not self._queue:
                self._changed.wait(seconds)
            if not self._queue:
                return None
            turn = self._queue.popleft()
            self._reads -= turn.exchange.kind is Kind.READ
            self._bytes -= len(turn.exchange.body) + len(turn.exchange.answer)
            return turn

    def __len__(self) -> int:
        return len(self._queue)


class Mirror:
    """A thread that repeats writes one by one, and has reads between two writes asked together."""

    def __init__(
        self,
        reading: Reading,
        writing: Writing,
        following: Following,
        report: Report,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.waiting = Waiting()
        self._reading, self._writing, self._following = reading, writing, following
        self._report, self._clock = report, clock
        self._rechecks: list[Recheck] = []
        self._asked: set[Future[Recheck | None]] = set()
        self._is_stopping = self._is_over = False
        self._thread = Thread(target=self._run, name="mirror", daemon=True)

    def start(self) -> None:
        """Begin."""
        self._thread.start()

    def stop(self, seconds: float) -> None:
        """Do what waits, for that time at most; what is under way then gets a little longer."""
        self._is_stopping = True
        self._thread.join(seconds)
        self._is_over = True
        self._thread.join(_LAST)

    def offer(self, exchange: Exchange) -> None:
        """Take what the old server has answered. Never waits, never raises."""
        if exchange.kind is Kind.ELSEWHERE:
            self._report.elsewhere(exchange.route)
            if not exchange.changes:
                return
        if not self._thread.is_alive():
            self._report.not_asked("the mirror has ended; the console says why")
            return
        if self.waiting.offer(exchange):
            return
        if exchange.kind is Kind.READ:
            self._report.not_asked(NO_ROOM)
        elif exchange.changes:
            self._report.wrote(UNDONE)
            self._following.lost(exchange.task_id)

    def _run(self) -> None:
        with ThreadPoolExecutor(_ASKERS, thread_name_prefix="asker") as askers:
            while not self._is_over:
                turn = self.waiting.take(0.2)
                self._step(turn, askers)
                if turn is None and self._is_stopping:
                    self._settled()
                    if not self._rechecks and not self._waits():
                        break

    def _step(self, turn: Turn | None, askers: ThreadPoolExecutor) -> None:
        if turn is None or turn.exchange.kind is not Kind.READ:
            self._settled()
        if turn is not None:
            exchange = turn.exchange
            if exchange.kind is Kind.READ:
                # As many as can be asked; the others wait here, not in memory.
                if len(self._asked) >= 4 * _ASKERS:
                    self._settled()
                self._asked.add(askers.submit(self._reading.compare, *turn))
            elif exchange.changes:
                self._do(lambda: self._writing.repeat(exchange), exchange.task_id)
        now = self._clock()
        due = [each for each in self._rechecks if each.at <= now or self._is_stopping]
        self._rechecks = [each for each in self._rechecks if each not in due]
        self._asked.update(askers.submit(self._ask_again, each) for each in due)
        if not self._waits():
            self._do(self._following.look, "")

    def _ask_again(self, again: Recheck) -> None:
        """Ask the old server, and have taskdock asked when it has done what came before that."""
        exchange = self._reading.asked_again(again)
        if exchange is not None and not self.waiting.offer(exchange, again):
            self._report.not_asked(NO_ROOM)

    def _waits(self) -> bool:
        return len(self.waiting) > 0

    def _do(self, what: Callable[[], None], task_id: str) -> None:
        try:
            what()
        except Trouble as problem:
            self._report.not_asked("no answer while the engine was followed; tried again later")
            self._report.differed("following the engine", "", [str(problem)])
            if task_id:
                self._following.lost(task_id)

    def _settled(self) -> None:
        """Wait for all reads that were asked, so that what comes next sees them done."""
        done, _ = wait(self._asked)
        self._asked.clear()
        for each in done:
            again = each.result()
            if again is not None:
                self._rechecks.append(again)
