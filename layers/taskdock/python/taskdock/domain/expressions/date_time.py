"""The two kinds of date an expression can hold, and the calendar arithmetic on one of them.

`Date` stands for `java.util.Date`, `DateTime` for Joda's class of that name. All is UTC and the
proleptic Gregorian calendar; every value lies in the years 1 to 9999.
"""

import calendar
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Final

from taskdock.domain import instants
from taskdock.domain.expressions.refusals import Unsuitable
from taskdock.domain.instants import Instant

_DAY: Final = 86_400_000
_HOUR: Final = 3_600_000
_EPOCH: Final = date(1970, 1, 1).toordinal()

UNITS_IN_MILLISECONDS: Final = {
    "Millis": 1,
    "Seconds": 1_000,
    "Minutes": 60_000,
    "Hours": _HOUR,
    "Days": _DAY,
    "Weeks": 7 * _DAY,
}
UNITS_IN_MONTHS: Final = {"Months": 1, "Years": 12}

_WEEKDAYS: Final = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
_MONTHS: Final = (
    *("Jan", "Feb", "Mar", "Apr", "May", "Jun"),
    *("Jul", "Aug", "Sep", "Oct", "Nov", "Dec"),
)


@dataclass(frozen=True, slots=True)
class Date:
    """A bare instant. Raises `Unsuitable` outside the years 1 to 9999."""

    instant: Instant

    def __post_init__(self) -> None:
        _check_range(self.instant)

    def __str__(self) -> str:
        """As Java writes it: `Sun Mar 15 12:00:00 UTC 2026`."""
        day, time = _split(self.instant)
        weekday, month = _WEEKDAYS[day.weekday()], _MONTHS[day.month - 1]
        return f"{weekday} {month} {day.day:02d} {_clock(time)} UTC {day.year}"


@dataclass(frozen=True, slots=True)
class DateTime:
    """An instant with a calendar. Raises `Unsuitable` outside the years 1 to 9999."""

    instant: Instant

    def __post_init__(self) -> None:
        _check_range(self.instant)

    def __str__(self) -> str:
        """As Joda writes it: `2026-03-15T12:00:00.000Z`."""
        day, time = _split(self.instant)
        return f"{day.isoformat()}T{_clock(time)}.{time % 1000:03d}Z"

    def to_date(self) -> Date:
        """The same instant without the calendar."""
        return Date(self.instant)

    def plus_milliseconds(self, amount: int) -> "DateTime":
        """That much later; every day has 24 hours."""
        return DateTime(Instant(self.instant + amount))

    def plus_months(self, amount: int) -> "DateTime":
        """The same day and time of another month, or that month's last day when it is shorter."""
        day, time = _split(self.instant)
        year, month = divmod(day.year * 12 + day.month - 1 + amount, 12)
        if not date.min.year <= year <= date.max.year:
            raise _out_of_range()
        last = calendar.monthrange(year, month + 1)[1]
        return _join(date(year, month + 1, min(day.day, last)), time)

    def at_start_of_day(self) -> "DateTime":
        """Midnight of the same day."""
        return DateTime(Instant(self.instant - self.instant % _DAY))

    def with_hour(self, hour: int) -> "DateTime":
        """The same day, minute, second and millisecond at that hour, 0 to 23."""
        if not 0 <= hour <= 23:
            raise Unsuitable(f"the hour of the day is 0 to 23, not {hour}")
        time = self.instant % _DAY
        return self.plus_milliseconds((hour - time // _HOUR) * _HOUR)

    def day_of_week(self) -> "DayField":
        """The day as a part of its week."""
        return DayField(self, DayName.OF_WEEK)

    def day_of_month(self) -> "DayField":
        """The day as a part of its month."""
        return DayField(self, DayName.OF_MONTH)


class DayName(StrEnum):
    """The parts of a date that can be set to their lowest or highest value."""

    OF_WEEK = "dayOfWeek"
    OF_MONTH = "dayOfMonth"


@dataclass(frozen=True, slots=True)
class DayField:
    """A day within its week (Monday to Sunday) or its month; what it yields keeps the time."""

    moment: DateTime
    name: DayName

    def __str__(self) -> str:
        return f"Property[{self.name}]"

    def with_minimum_value(self) -> DateTime:
        """Monday of the week, or the first of the month."""
        index, _ = self._index_and_last()
        return self.moment.plus_milliseconds(-index * _DAY)

    def with_maximum_value(self) -> DateTime:
        """Sunday of the week, or the last of the month."""
        index, last = self._index_and_last()
        return self.moment.plus_milliseconds((last - index) * _DAY)

    def _index_and_last(self) -> tuple[int, int]:
        day, _ = _split(self.moment.instant)
        if self.name is DayName.OF_WEEK:
            return day.weekday(), 6
        return day.day - 1, calendar.monthrange(day.year, day.month)[1] - 1


def _split(instant: Instant) -> tuple[date, int]:
    """The day, and the milliseconds since its midnight."""
    days, time = divmod(instant, _DAY)
    return date.fromordinal(_EPOCH + days), time


def _join(day: date, time: int) -> DateTime:
    return DateTime(Instant((day.toordinal() - _EPOCH) * _DAY + time))


def _clock(time: int) -> str:
    hours, minutes, seconds = time // _HOUR, time // 60_000 % 60, time // 1_000 % 60
    return f"{hours:02d}:{minutes:02d}:{seconds:02d}"


def _check_range(instant: Instant) -> None:
    if not instants.can_be_written(instant):
        raise _out_of_range()


def _out_of_range() -> Unsuitable:
    return Unsuitable("the date lies outside the years 1 to 9999")
