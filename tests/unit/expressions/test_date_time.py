"""Dates as Joda's DateTime has them, in UTC."""

import calendar
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.expressions.evaluation import evaluate_instant
from taskdock.domain.expressions.expression import Scope
from taskdock.domain.expressions.grammar import parse

from tests.unit.expressions.evaluated import moment, refused, shown


@pytest.mark.parametrize(
    ("chain", "expected"),
    [
        ("plusMillis(1)", "2026-03-15T12:00:00.001"),
        ("plusSeconds(1)", "2026-03-15T12:00:01.000"),
        ("plusMinutes(1)", "2026-03-15T12:01:00.000"),
        ("plusHours(1)", "2026-03-15T13:00:00.000"),
        ("plusDays(1)", "2026-03-16T12:00:00.000"),
        ("plusWeeks(2)", "2026-03-29T12:00:00.000"),
        ("plusMonths(2)", "2026-05-15T12:00:00.000"),
        ("plusYears(1)", "2027-03-15T12:00:00.000"),
        ("minusMillis(1)", "2026-03-15T11:59:59.999"),
        ("minusSeconds(1)", "2026-03-15T11:59:59.000"),
        ("minusMinutes(1)", "2026-03-15T11:59:00.000"),
        ("minusHours(1000)", "2026-02-01T20:00:00.000"),
        ("minusDays(30)", "2026-02-13T12:00:00.000"),
        ("minusWeeks(6).withHourOfDay(8)", "2026-02-01T08:00:00.000"),
        ("minusMonths(3)", "2025-12-15T12:00:00.000"),
        ("minusYears(26)", "2000-03-15T12:00:00.000"),
        ("plusDays(-1)", "2026-03-14T12:00:00.000"),
        ("minusDays(-1)", "2026-03-16T12:00:00.000"),
        ("plusMonths(-3)", "2025-12-15T12:00:00.000"),
        ("plusMonths(0)", "2026-03-15T12:00:00.000"),
        ("minusDays(50).toDate()", "2026-01-24T12:00:00.000"),
        ("withTimeAtStartOfDay()", "2026-03-15T00:00:00.000"),
        ("withTimeAtStartOfDay().minusMillis(1)", "2026-03-14T23:59:59.999"),
        ("withTimeAtStartOfDay().plusDays(1)", "2026-03-16T00:00:00.000"),
        ("withTimeAtStartOfDay().minusMonths(1)", "2026-02-15T00:00:00.000"),
        ("withHourOfDay(0)", "2026-03-15T00:00:00.000"),
        ("withHourOfDay(23)", "2026-03-15T23:00:00.000"),
        ("minusMonths(2).plusMinutes(30).minusSeconds(1)", "2026-01-15T12:29:59.000"),
        (
            "plusMonths(1).minusDays(2).plusHours(3).minusMinutes(5).plusSeconds(7)",
            "2026-04-13T14:55:07.000",
        ),
    ],
)
def test_a_chain_moves_the_moment(chain: str, expected: str) -> None:
    assert moment(f"${{dateTime().{chain}}}") == f"{expected}+0000"


@pytest.mark.parametrize(
    ("at", "chain", "expected"),
    [
        ("2026-01-31", "plusMonths(1)", "2026-02-28"),
        ("2024-01-31", "plusMonths(1)", "2024-02-29"),
        ("2026-03-31", "plusMonths(1)", "2026-04-30"),
        ("2026-03-31", "minusMonths(1)", "2026-02-28"),
        ("2024-03-31", "minusMonths(1)", "2024-02-29"),
        ("2026-01-31", "plusMonths(1).plusMonths(1)", "2026-03-28"),
        ("2026-01-31", "plusMonths(2)", "2026-03-31"),
        ("2024-02-29", "plusYears(1)", "2025-02-28"),
        ("2024-02-29", "plusYears(4)", "2028-02-29"),
        ("2024-02-29", "minusYears(124)", "1900-02-28"),
        ("2024-02-29", "minusYears(24)", "2000-02-29"),
        ("2024-02-29", "plusMonths(12)", "2025-02-28"),
        ("2026-12-31", "plusMonths(2)", "2027-02-28"),
        ("2026-11-30", "plusMonths(1)", "2026-12-30"),
        ("2026-01-31", "minusMonths(2)", "2025-11-30"),
        ("2026-12-15", "plusMonths(1)", "2027-01-15"),
        ("2026-01-15", "minusMonths(1)", "2025-12-15"),
        ("2024-02-28", "plusDays(1)", "2024-02-29"),
        ("2026-02-28", "plusDays(1)", "2026-03-01"),
        ("2026-12-31", "plusDays(1)", "2027-01-01"),
        ("0002-01-31", "minusMonths(11)", "0001-02-28"),
        ("9998-12-31", "plusMonths(2)", "9999-02-28"),
    ],
)
def test_months_and_years_are_clipped_to_the_last_valid_day(
    at: str, chain: str, expected: str
) -> None:
    result = moment(f"${{dateTime().{chain}}}", at=f"{at}T23:59:58.007Z")
    assert result == f"{expected}T23:59:58.007+0000"


@pytest.mark.parametrize(
    ("at", "chain", "expected"),
    [
        ("2026-03-15", "dayOfWeek().withMinimumValue()", "2026-03-09"),
        ("2026-03-15", "dayOfWeek().withMaximumValue()", "2026-03-15"),
        ("2026-03-16", "dayOfWeek().withMinimumValue()", "2026-03-16"),
        ("2026-03-16", "dayOfWeek().withMaximumValue()", "2026-03-22"),
        ("2026-03-18", "dayOfWeek().withMinimumValue()", "2026-03-16"),
        ("2026-03-21", "dayOfWeek().withMaximumValue()", "2026-03-22"),
        ("2026-01-01", "dayOfWeek().withMinimumValue()", "2025-12-29"),
        ("2025-12-31", "dayOfWeek().withMaximumValue()", "2026-01-04"),
        ("1969-12-31", "dayOfWeek().withMinimumValue()", "1969-12-29"),
        ("2026-03-15", "dayOfWeek().withMinimumValue().minusDays(14)", "2026-02-23"),
        ("2026-03-15", "dayOfMonth().withMinimumValue()", "2026-03-01"),
        ("2026-03-15", "dayOfMonth().withMaximumValue()", "2026-03-31"),
        ("2026-04-30", "dayOfMonth().withMaximumValue()", "2026-04-30"),
        ("2026-02-01", "dayOfMonth().withMaximumValue()", "2026-02-28"),
        ("2024-02-10", "dayOfMonth().withMaximumValue()", "2024-02-29"),
        ("1900-02-10", "dayOfMonth().withMaximumValue()", "1900-02-28"),
        ("2000-02-10", "dayOfMonth().withMaximumValue()", "2000-02-29"),
    ],
)
def test_the_ends_of_week_and_month_keep_the_time_of_day(
    at: str, chain: str, expected: str
) -> None:
    result = moment(f"${{dateTime().{chain}}}", at=f"{at}T23:59:58.007Z")
    assert result == f"{expected}T23:59:58.007+0000"


def test_the_hour_keeps_minutes_seconds_and_milliseconds() -> None:
    result = moment("${dateTime().withHourOfDay(8)}", at="1969-12-31T23:59:58.007Z")
    assert result == "1969-12-31T08:59:58.007+0000"


@pytest.mark.parametrize(
    ("argument", "days"),
    [
        ("'2'", 2),
        ("'-2'", -2),
        ("'+2'", 2),
        ("1.5", 1),
        ("-1.5", -1),
        ("1 + 1", 2),
        ("4 / 2", 2),
        ("null", 0),
        ("''", 0),
        ("currentUserGroups().size()", 2),
    ],
)
def test_an_argument_becomes_an_integer(argument: str, days: int) -> None:
    result = moment(f"${{dateTime().plusDays({argument})}}")
    assert result == f"2026-03-{15 + days}T12:00:00.000+0000"


@pytest.mark.parametrize(
    ("argument", "reason"),
    [
        ("'x'", "expected an integer, got a string that reads as none"),
        ("'1.5'", "expected an integer, got a string that reads as none"),
        ("' 1'", "expected an integer, got a string that reads as none"),
        ("true", "expected an integer, got a boolean"),
        ("now()", "expected an integer, got a Date"),
        ("currentUserGroups()", "expected an integer, got a list"),
        ("2147483648", "the integer does not fit into 32 bits"),
        ("-2147483649", "the integer does not fit into 32 bits"),
        ("1e300", "the integer does not fit into 32 bits"),
        ("2147483647", "the date lies outside the years 1 to 9999"),
    ],
)
def test_what_is_no_amount_is_refused(argument: str, reason: str) -> None:
    message = refused(f"${{dateTime().plusDays({argument})}}", evaluate_instant)
    assert f"at position 13: {reason}" in message


@pytest.mark.parametrize("hour", [-1, 24])
def test_an_hour_that_no_day_has_is_refused(hour: int) -> None:
    message = refused(f"${{dateTime().withHourOfDay({hour})}}", evaluate_instant)
    assert f"at position 13: the hour of the day is 0 to 23, not {hour}" in message


@pytest.mark.parametrize(
    "method", ["plusDays(1)", "minusDays(1)", "toDate()", "withTimeAtStartOfDay()", "dayOfWeek()"]
)
def test_a_bare_date_has_no_calendar(method: str) -> None:
    for date in ("now()", "dateTime().toDate()"):
        assert "a Date has no method" in refused(f"${{{date}.{method}}}", evaluate_instant)


def test_a_date_has_its_milliseconds() -> None:
    assert shown("now().time") == shown("now().getTime()") == "1773576000000"
    assert shown("dateTime().plusMillis(5).toDate().time") == "1773576000005"


@pytest.mark.parametrize(
    ("at", "chain"),
    [
        ("9999-12-31T23:59:59.999Z", "plusMillis(1)"),
        ("9999-12-01T00:00:00.000Z", "plusMonths(1)"),
        ("9999-01-01T00:00:00.000Z", "plusYears(1)"),
        ("9999-12-31T00:00:00.000Z", "dayOfWeek().withMaximumValue()"),
        ("0001-01-01T00:00:00.000Z", "minusMillis(1)"),
        ("0001-01-31T00:00:00.000Z", "minusMonths(1)"),
        ("2026-03-15T12:00:00.000Z", "plusYears(2147483647)"),
        ("2026-03-15T12:00:00.000Z", "minusYears(2147483647)"),
        ("2026-03-15T12:00:00.000Z", "minusWeeks(-2147483648)"),
        ("2026-03-15T12:00:00.000Z", "plusYears(8000).minusYears(8000)"),
    ],
)
def test_a_date_that_cannot_be_written_is_refused(at: str, chain: str) -> None:
    with pytest.raises(InvalidRequest, match="outside the years 1 to 9999"):
        moment(f"${{dateTime().{chain}}}", at=at)


@pytest.mark.parametrize(
    ("at", "date", "date_time"),
    [
        (
            "1999-12-31T23:59:59.999Z",
            "Fri Dec 31 23:59:59 UTC 1999",
            "1999-12-31T23:59:59.999Z",
        ),
        (
            "2024-02-09T01:02:03.004Z",
            "Fri Feb 09 01:02:03 UTC 2024",
            "2024-02-09T01:02:03.004Z",
        ),
    ],
)
def test_the_text_of_a_date(at: str, date: str, date_time: str) -> None:
    now = instants.parse(at)
    assert now is not None
    within = Scope(now, "mary", ())
    assert shown("now()", within) == date
    assert shown("dateTime()", within) == date_time


MOMENTS = st.integers(-2_000_000_000_000, 7_000_000_000_000).map(
    lambda instant: datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)
)


def milliseconds(moment: datetime) -> instants.Instant:
    since = moment - datetime(1970, 1, 1, tzinfo=UTC)
    return instants.Instant(since // timedelta(milliseconds=1))


def evaluated(chain: str, now: datetime) -> instants.Instant:
    return evaluate_instant(parse(f"${{dateTime().{chain}}}"), Scope(milliseconds(now), None, ()))


@settings(deadline=None)
@given(MOMENTS, st.integers(-1200, 1200))
def test_months_agree_with_the_calendar_whatever_the_day(now: datetime, months: int) -> None:
    year, month = divmod(now.year * 12 + now.month - 1 + months, 12)
    day = min(now.day, calendar.monthrange(year, month + 1)[1])
    expected = milliseconds(now.replace(year=year, month=month + 1, day=day))
    assert evaluated(f"plusMonths({months})", now) == expected
    assert evaluated(f"minusMonths({-months})", now) == expected


@settings(deadline=None)
@given(
    MOMENTS,
    st.sampled_from(["seconds", "minutes", "hours", "days", "weeks"]),
    st.integers(-1000, 1000),
)
def test_fixed_units_agree_with_plain_arithmetic(now: datetime, unit: str, amount: int) -> None:
    expected = milliseconds(now + timedelta(**{unit: amount}))
    assert evaluated(f"plus{unit.capitalize()}({amount})", now) == expected
    assert evaluated(f"minus{unit.capitalize()}({-amount})", now) == expected


@settings(deadline=None)
@given(MOMENTS)
def test_a_week_starts_on_monday_and_ends_on_sunday(now: datetime) -> None:
    monday = milliseconds(now - timedelta(days=now.isoweekday() - 1))
    sunday = milliseconds(now + timedelta(days=7 - now.isoweekday()))
    assert evaluated("dayOfWeek().withMinimumValue()", now) == monday
    assert evaluated("dayOfWeek().withMaximumValue()", now) == sunday
