"""Instants: read in every accepted form, written in one."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from taskdock.domain import instants
from taskdock.domain.instants import EARLIEST, LATEST, Instant

AT = Instant(1_358_944_965_546)
"""2013-01-23T12:42:45.546Z."""


@pytest.mark.parametrize(
    "text",
    [
        "2013-01-23T14:42:45.546+0200",
        "2013-01-23T14:42:45.546+02:00",
        "2013-01-23T12:42:45.546Z",
        "2013-01-23T12:42:45.546999Z",
        "2013-01-23T07:12:45.546-0530",
    ],
)
def test_every_accepted_form_names_the_same_instant(text: str) -> None:
    assert instants.parse(text) == AT


@pytest.mark.parametrize(("fraction", "milliseconds"), [("", 0), (".5", 500), (".05", 50)])
def test_a_fraction_is_decimal(fraction: str, milliseconds: int) -> None:
    assert instants.parse(f"1970-01-01T00:00:00{fraction}Z") == milliseconds


@pytest.mark.parametrize(
    "text",
    [
        "",
        "2013-01-23",
        "2013-01-23T12:42:45.546",
        "2013-01-23 12:42:45.546Z",
        "2013-13-23T12:42:45Z",
        "2013-02-29T12:42:45Z",
        "2013-01-23T24:00:00Z",
        "2013-01-23T12:42:60Z",
        "2013-01-23T12:42:45.1234567890Z",
        "2013-01-23T12:42:45GMT",
        "2013-01-23T12:42:45+24:00",
        "2013-01-23T12:42:45+02:60",
        "2013-01-23T12:42:45Zjunk",
        "0000-01-01T00:00:00Z",
        "\uff12013-01-23T12:42:45Z",
    ],
)
def test_nothing_else_is_a_date(text: str) -> None:
    assert instants.parse(text) is None


@pytest.mark.parametrize(
    ("instant", "text"),
    [
        (0, "1970-01-01T00:00:00.000+0000"),
        (-1, "1969-12-31T23:59:59.999+0000"),
        (AT, "2013-01-23T12:42:45.546+0000"),
        (EARLIEST, "0001-01-01T00:00:00.000+0000"),
        (LATEST, "9999-12-31T23:59:59.999+0000"),
    ],
)
def test_an_instant_is_written_in_utc(instant: int, text: str) -> None:
    assert instants.write(Instant(instant)) == text


@given(st.integers(EARLIEST, LATEST))
def test_what_is_written_is_read_again_and_means_the_same_elsewhere(instant: int) -> None:
    text = instants.write(Instant(instant))

    assert instants.parse(text) == instant
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%S.%f%z")
    assert moment == datetime(1970, 1, 1, tzinfo=UTC) + timedelta(milliseconds=instant)


def test_only_years_of_four_digits_can_be_written() -> None:
    assert instants.can_be_written(EARLIEST)
    assert instants.can_be_written(LATEST)
    assert not instants.can_be_written(EARLIEST - 1)
    assert not instants.can_be_written(LATEST + 1)
