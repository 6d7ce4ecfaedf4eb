"""The clock that stamps changes, held against the table's own with every answer."""

import time
from collections.abc import Callable, Mapping
from email.utils import mktime_tz, parsedate_tz
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from taskdock.domain.changes.keeping import MOST_SKEW
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.domain.instants import Instant

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

_MOST_SKEW: Final = MOST_SKEW / 1000

_LONG: Final = 2.0
"""Seconds; an answer that took longer says little about the clock."""

_JUMP: Final = 1.0
"""Seconds by which the two clocks of this machine may part before the table is asked again."""

_SENT: Final = "taskdock_sent"


class _Comparison(NamedTuple):
    ahead: float
    """Seconds that the clock is ahead of the table's at least; negative when it may be behind."""
    behind: float
    """Seconds that it is behind at least; negative when it may be ahead."""
    offset: float
    """The clock's time less the machine's running time, which nobody sets."""


class WriterClock:
    """The real time of this machine, as long as it agrees with the table's.

    The header `Date` of each answer of `client` is compared with the clock. It has whole seconds,
    so a difference is certain only beyond one second and the time that the answer took.
    """

    def __init__(
        self,
        client: "DynamoDBClient",
        wall: Callable[[], float] = time.time,
        steady: Callable[[], float] = time.monotonic,
    ) -> None:
        self._wall = wall
        self._steady = steady
        self._last: _Comparison | None = None
        events = client.meta.events
        events.register("request-created.dynamodb", self._note_sent)
        events.register("response-received.dynamodb", self._compare)

    @property
    def is_compared(self) -> bool:
        """Whether it was compared with the table's and nobody has set it since."""
        last = self._last
        return last is not None and abs(self._offset() - last.offset) <= _JUMP

    def now(self) -> Instant:
        """The time; raises `TemporarilyUnavailable` when it is more than `MOST_SKEW` off."""
        last = self._last
        if last is not None and max(last.ahead, last.behind) > _MOST_SKEW:
            seconds = max(last.ahead, last.behind)
            raise TemporarilyUnavailable(
                f"The clock of this instance is {seconds:.0f} seconds off the task table's, and "
                "changes are kept by time; nothing was written. Please try again."
            )
        return Instant(int(self._wall() * 1000))

    def _offset(self) -> float:
        return self._wall() - self._steady()

    def _note_sent(self, request: Any, **_: object) -> None:
        request.context[_SENT] = self._wall()

    def _compare(
        self, response_dict: Mapping[str, Any] | None, context: Mapping[str, Any], **_: object
    ) -> None:
        sent: float | None = context.get(_SENT)
        table = _seconds((response_dict or {}).get("headers", {}).get("date"))
        if sent is None or table is None:
            return
        received = self._wall()
        if received - sent <= _LONG or self._last is None:
            self._last = _Comparison(sent - table - 1, table - received, self._offset())


@lru_cache(maxsize=4)
def _seconds(date: str | None) -> int | None:
    """The seconds that a header says; None for one that is missing or says something else."""
    parsed = None if date is None else parsedate_tz(date)
    return None if parsed is None else mktime_tz(parsed)
