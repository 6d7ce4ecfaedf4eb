"""No text can hold a function hostage: length, depth, stack and strings are bounded."""

import sys
from collections.abc import Callable

import pytest
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.expressions.evaluation import evaluate_text
from taskdock.domain.expressions.grammar import MAX_DEPTH, parse
from taskdock.domain.expressions.refusals import MAX_LENGTH
from taskdock.domain.expressions.values import MAX_STRING

from tests.unit.expressions.evaluated import refused, refused_by_parse, scope, shown, text

STACK = 400
"""Frames left to an expression; Python gives 1,000 to everything together."""


def filled(start: str, unit: str, end: str) -> str:
    """As many units between start and end as an expression may hold."""
    return start + unit * ((MAX_LENGTH - len(start) - len(end)) // len(unit)) + end


def test_the_longest_text_is_still_taken() -> None:
    assert text("x" * MAX_LENGTH) == "x" * MAX_LENGTH


def test_a_longer_text_is_refused_and_only_its_start_is_shown() -> None:
    message = refused_by_parse("x" * (MAX_LENGTH + 1))
    assert message == (
        f"Expression '{'x' * 100}…' at position {MAX_LENGTH}: "
        f"{MAX_LENGTH + 1} characters are too long, {MAX_LENGTH} are allowed"
    )


def test_a_huge_text_is_refused() -> None:
    assert "too long" in refused_by_parse("${" + "(" * 1_000_000)


@pytest.mark.parametrize(
    ("opening", "closing"),
    [
        ("(", ")"),
        ("-(", ")"),
        ("'a'.concat(", ")"),
        ("currentUserGroups()[", "]"),
        ("true ? ", " : 1"),
        ("true ? 1 : ", ""),
    ],
)
def test_nesting_is_allowed_to_a_depth_and_refused_beyond(opening: str, closing: str) -> None:
    def nested(levels: int) -> str:
        return "${" + opening * levels + "1" + closing * levels + "}"

    assert parse(nested(MAX_DEPTH - 1)).text == nested(MAX_DEPTH - 1)
    assert f"nested deeper than {MAX_DEPTH}" in refused_by_parse(nested(MAX_DEPTH))


def test_depth_counts_what_is_open_and_not_what_is_closed() -> None:
    assert shown("+".join(["(1)"] * 300)) == "300"


@pytest.mark.parametrize(
    "expression",
    [
        filled("${", "(", ""),
        filled("${", "((1)+", ""),
        filled("${", "1?", ""),
        filled("${", "1?1:", "1}"),
        filled("${", "-(", ""),
        filled("${", "''.concat(", ""),
        filled("${", "currentUserGroups()[", ""),
    ],
)
def test_endless_nesting_is_refused_before_it_fills_the_stack(expression: str) -> None:
    refused_by_parse(expression)


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (filled("=${1", "+1", "}"), "=998"),
        (filled("=${true", "&&true", "}"), "=true"),
        (filled("=${", "--", "1}"), "=1"),
        (filled("=${", "!!", "true}"), "=true"),
        (filled("=${'a'", ".trim()", "}"), "=a"),
        (filled("", "${1}", ""), "1" * 500),
    ],
)
def test_what_only_repeats_is_no_nesting(expression: str, expected: str) -> None:
    assert text(expression) == expected


def run_with_little_stack(run: Callable[[], object]) -> None:
    depth = 0
    frame = sys._getframe()
    while frame.f_back is not None:
        frame, depth = frame.f_back, depth + 1
    limit = sys.getrecursionlimit()
    sys.setrecursionlimit(depth + STACK)
    try:
        run()
    finally:
        sys.setrecursionlimit(limit)


def test_the_deepest_expression_needs_a_small_part_of_the_stack() -> None:
    levels = MAX_DEPTH - 1
    opening, closing = "false||true&&true==0<1+1*-'1'.concat(", ").length()"
    deepest = "=${" + opening * levels + "1" + closing * levels + "}"

    def run() -> None:
        assert evaluate_text(parse(deepest), scope()) == "=false"

    run_with_little_stack(run)


def test_the_stack_of_the_deepest_expression_is_really_measured() -> None:
    def endless(levels: int) -> int:
        return endless(levels + 1)

    with pytest.raises(RecursionError):
        run_with_little_stack(lambda: endless(0))


ALMOST_FULL = "'" + "a" * 1000 + "'.replace('a', 'aaaa')"


@pytest.mark.parametrize(
    "growing",
    [
        f"{ALMOST_FULL}.concat('a')",
        f"{ALMOST_FULL}.replace('', 'a')",
        f"{ALMOST_FULL}.replace('a', 'bb')",
        f"{ALMOST_FULL}.replace('a', 'ß').toUpperCase()",
        f"{ALMOST_FULL}.replace('a', 'İ').toLowerCase()",
    ],
)
def test_no_string_grows_beyond_its_limit(growing: str) -> None:
    message = refused(f"${{{growing}}}")
    assert f"the resulting string is longer than {MAX_STRING} characters" in message


def test_mixed_text_does_not_grow_beyond_the_limit_either() -> None:
    assert len(text(f"${{{ALMOST_FULL}}}${{''}}")) == MAX_STRING
    message = refused(f"${{{ALMOST_FULL}}}x")
    assert f"at position 0: the resulting string is longer than {MAX_STRING}" in message


def test_a_list_has_a_text_only_as_long_as_a_string_may_be() -> None:
    tens = ("1234567890",) * 333
    expression = "${''.concat(currentUserGroups())}"
    assert len(text(expression, scope(groups=(*tens, "xx")))) == MAX_STRING
    assert "longer than" in refused(expression, within=scope(groups=(*tens, "xxx")))


def test_a_replacement_that_shrinks_is_measured_after_it() -> None:
    assert shown(f"{ALMOST_FULL}.replace('a', '').length()") == "0"


@pytest.mark.parametrize("user", ["9" * 5_000, "1." + "9" * 5_000, "x" * 100_000])
def test_a_callers_name_of_any_length_breaks_no_arithmetic(user: str) -> None:
    try:
        evaluate_text(parse("=${currentUser() + 1}"), scope(user=user))
    except InvalidRequest as refusal:
        assert "position 17" in refusal.message
    else:
        assert user.startswith("1.")
