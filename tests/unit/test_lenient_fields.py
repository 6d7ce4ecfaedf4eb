"""Objects read as leniently as Camunda 7 reads them."""

from collections.abc import Callable
from typing import Any

import pytest
from taskdock.api.requests.lenient_fields import LenientFields
from taskdock.domain.errors import InvalidRequest


def fields(value: Any) -> LenientFields:
    return LenientFields({"x": value}, "")


@pytest.mark.parametrize(("value", "text"), [("a", "a"), (5, "5"), (True, "true"), (None, None)])
def test_scalars_are_taken_for_text(value: Any, text: str | None) -> None:
    assert fields(value).text("x") == text


@pytest.mark.parametrize(("value", "number"), [(5, 5), (5.7, 5), (" 5 ", 5), ("", None)])
def test_text_and_fractions_are_taken_for_whole_numbers(value: Any, number: int | None) -> None:
    assert fields(value).integer("x") == number


@pytest.mark.parametrize(
    ("value", "flag"), [(True, True), ("TRUE", True), (1, True), (0, False), (None, False)]
)
def test_text_and_numbers_are_taken_for_truth_values(value: Any, flag: bool) -> None:
    assert fields(value).flag("x") is flag


@pytest.mark.parametrize(
    ("value", "instant"),
    [("1970-01-01T00:00:01Z", 1000), (1000, 1000), (" ", None), ("null", None)],
)
def test_a_date_is_text_or_a_number(value: Any, instant: int | None) -> None:
    assert fields(value).instant("x") == instant


def test_a_delegation_state_may_have_any_case() -> None:
    assert fields("pending").delegation_state("x") == "PENDING"
    assert fields(None).delegation_state("x") is None


REFUSED: list[tuple[Callable[[LenientFields], object], Any, str]] = [
    (lambda each: each.text("x"), [], "x: expected a string, got a list"),
    (lambda each: each.text("x"), "a\0", "x: text must not contain the NUL character"),
    (lambda each: each.name("x"), "n" * 256, "x: expected at most 255 characters, got 256"),
    (lambda each: each.integer("x"), "abc", 'x: expected an integer, got "abc"'),
    (lambda each: each.flag("x"), "yes", 'x: expected true or false, got "yes"'),
    (lambda each: each.instant("x"), "tomorrow", "x: expected a date such as"),
    (lambda each: each.instant("x"), 10**17, "x: expected a date in the years 0001 to 9999"),
    (lambda each: each.delegation_state("x"), "foo", "'PENDING' or 'RESOLVED', but was 'foo'"),
    (lambda each: list(each.entries("x")), {"a\0": 1}, "x: text must not contain the NUL"),
    (lambda each: list(each.entries("x")), [], "x: expected an object, got a list"),
]


@pytest.mark.parametrize(("read", "value", "message"), REFUSED)
def test_what_cannot_be_meant_is_refused_with_its_place(
    read: Callable[[LenientFields], object], value: Any, message: str
) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read(fields(value))
    assert message in refused.value.message


@pytest.mark.parametrize("body", [None, [], "x", 5])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(InvalidRequest, match="the body: expected an object"):
        LenientFields(body, "")
