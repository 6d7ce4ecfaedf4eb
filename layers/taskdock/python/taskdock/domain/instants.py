"""Instants: milliseconds since 1970 in UTC, read and written as docs/api.md, D7, says."""

import calendar
import re
from datetime import date, datetime
from functools import lru_cache
from typing import Final, NewType

Instant = NewType("Instant", int)
"""Milliseconds since 1970-01-01T00:00:00Z."""

# One grammar for Camunda 7's `yyyy-MM-dd'T'HH:mm:ss.SSSZ` and for ISO 8601 with an offset.
_WRITTEN: Final = re.compile(
    r"(\d{4})-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:\.(\d{1,9}))?(?:Z|([+-])(\d\d):?(\d\d))",
    re.ASCII,
)

EARLIEST: Final = Instant(calendar.timegm((1, 1, 1, 0, 0, 0)) * 1000)
LATEST: Final = Instant(calendar.timegm((9999, 12, 31, 23, 59, 59)) * 1000 + 999)
"""The first and last instants that four year digits can write."""


def parse(text: str) -> Instant | None:
    """The instant that `text` names, or None when it is not a date in an accepted form.

    An offset is required; fractions are decimal and cut to milliseconds; nothing rolls over
    and nothing may follow (docs/api.md, D7).
    """
    match = _WRITTEN.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second, fraction, sign, hours, minutes = match.groups()
    try:
        moment = datetime(  # noqa: DTZ001 - the offset is applied below, where no year can overflow
            int(year), int(month), int(day), int(hour), int(minute), int(second)
        )
    except ValueError:
        return None
    offset = 0
    if sign is not None:
        if int(hours) > 23 or int(minutes) > 59:
            return None
        offset = (int(hours) * 60 + int(minutes)) * 60 * (-1 if sign == "-" else 1)
    milliseconds = int((fraction or "0").ljust(3, "0")[:3])
    return Instant((calendar.timegm(moment.timetuple()) - offset) * 1000 + milliseconds)


def write(instant: Instant) -> str:
    """`instant` as `yyyy-MM-dd'T'HH:mm:ss.SSS+0000`, the form of every date we answer."""
    minutes, milliseconds = divmod(instant, 60_000)
    seconds, milliseconds = divmod(milliseconds, 1000)
    return f"{_to_the_minute(minutes)}:{seconds:02d}.{milliseconds:03d}+0000"


@lru_cache(maxsize=4096)
def _to_the_minute(minutes: int) -> str:
    # Writing dates is most of the work of showing a task, and many tasks share their minutes.
    days, minutes = divmod(minutes, 24 * 60)
    day = date.fromordinal(date(1970, 1, 1).toordinal() + days)
    return f"{day.isoformat()}T{minutes // 60:02d}:{minutes % 60:02d}"


def can_be_written(instant: int) -> bool:
    """Whether `instant` lies in the years 0001 to 9999, the only ones that an answer can show."""
    return EARLIEST <= instant <= LATEST
