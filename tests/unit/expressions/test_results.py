"""What a property gets from its expression, and what it never gets (docs/api.md, D13)."""

import pytest
from taskdock.domain import instants
from taskdock.domain.expressions.evaluation import evaluate_instant, evaluate_text, evaluate_texts
from taskdock.domain.expressions.grammar import parse

from tests.unit.expressions.evaluated import SUNDAY_NOON, moment, refused, scope, text, texts

NOBODY = scope(user=None, groups=())


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("mary", "mary"),
        ("", ""),
        ("  two words ", "  two words "),
        ("${currentUser()}", "mary"),
        ("#{currentUser()}", "mary"),
        ("${'b'}", "b"),
        ('${"b"}', "b"),
        ("${'%'.concat(currentUser())}", "%mary"),
        ("${'ma'.concat('ry')}", "mary"),
        ("%${currentUser()}%", "%mary%"),
        ("#{currentUser()}-${currentUser()}", "mary-mary"),
        ("${currentUserGroups().get(0)}", "sales"),
        ("${currentUserGroups()[1]}", "support"),
        ("${ \t\n currentUser ( ) }", "mary"),
    ],
)
def test_a_string_property_gets_the_string(expression: str, expected: str) -> None:
    assert text(expression) == expected


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("${null}", "null"),
        ("${1}", "a number"),
        ("${1.5}", "a number"),
        ("${4/2}", "a number"),
        ("${true}", "a boolean"),
        ("${now()}", "a Date"),
        ("${dateTime()}", "a DateTime"),
        ("${dateTime().toDate()}", "a Date"),
        ("${dateTime().dayOfWeek()}", "a dayOfWeek property"),
        ("${currentUserGroups()}", "a list"),
        ("${currentUserGroups()[2]}", "null"),
    ],
)
def test_a_string_property_takes_nothing_but_a_string(expression: str, found: str) -> None:
    message = refused(expression, evaluate_text)
    assert expression in message
    assert f"position 2: yields {found}, but a string is needed" in message


@pytest.mark.parametrize("expression", ["${now()}", "${dateTime()}", "#{dateTime().toDate()}"])
def test_a_date_property_takes_both_kinds_of_date(expression: str) -> None:
    assert moment(expression) == SUNDAY_NOON


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("", "a string"),
        ("tomorrow", "a string"),
        ("2026-03-15T12:00:00.000Z", "a string"),
        ("${now()} ", "a string"),
        (" ${now()}", "a string"),
        ("${currentUser()}", "a string"),
        ("${null}", "null"),
        ("${1}", "a number"),
        ("${now().time}", "a number"),
        ("${true}", "a boolean"),
        ("${dateTime().dayOfMonth()}", "a dayOfMonth property"),
        ("${currentUserGroups()}", "a list"),
    ],
)
def test_a_date_property_takes_nothing_but_a_date(expression: str, found: str) -> None:
    message = refused(expression, evaluate_instant)
    assert f"yields {found}, but a date is needed" in message


def test_an_empty_expression_is_an_empty_string() -> None:
    message = refused("", evaluate_instant)
    assert message == "Expression '' at position 0: yields a string, but a date is needed here"


def test_a_list_property_gets_the_groups_in_their_order() -> None:
    within = scope(groups=("Sales", "accounting", "management"))
    assert texts("${currentUserGroups()}", within) == ("Sales", "accounting", "management")


@pytest.mark.parametrize(
    ("expression", "found"),
    [
        ("", "a string"),
        ("sales", "a string"),
        ("${'a'}", "a string"),
        ("${currentUserGroups()},x", "a string"),
        ("${null}", "null"),
        ("${currentUserGroups().size()}", "a number"),
        ("${now()}", "a Date"),
    ],
)
def test_a_list_property_takes_nothing_but_a_list(expression: str, found: str) -> None:
    message = refused(expression, evaluate_texts)
    assert f"yields {found}, but a list is needed" in message


def test_a_list_property_takes_an_empty_list() -> None:
    assert evaluate_texts(parse("${currentUserGroups()}"), NOBODY) == ()


def test_without_a_caller_there_is_no_current_user() -> None:
    assert "yields null" in refused("${currentUser()}", evaluate_text, NOBODY)


def test_without_a_caller_mixed_text_keeps_its_literal_part() -> None:
    assert text("%${currentUser()}%", NOBODY) == "%%"


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("=${null}", "="),
        ("=${1}", "=1"),
        ("=${-7}", "=-7"),
        ("=${true}${false}", "=truefalse"),
        ("=${4/2}", "=2.0"),
        ("=${0.001}", "=0.001"),
        ("=${0.0001}", "=1.0E-4"),
        ("=${1234567.25}", "=1234567.25"),
        ("=${10000000.0}", "=1.0E7"),
        ("=${12345678.5}", "=1.23456785E7"),
        ("=${-2.5e300}", "=-2.5E300"),
        ("=${0.0}", "=0.0"),
        ("=${now()}", "=Sun Mar 15 12:00:00 UTC 2026"),
        ("=${dateTime().plusMillis(7)}", "=2026-03-15T12:00:00.007Z"),
        ("=${dateTime().dayOfWeek()}", "=Property[dayOfWeek]"),
        ("=${currentUserGroups()}", "=[sales, support]"),
        ("${1}${2}", "12"),
        ("${currentUser()} ", "mary "),
    ],
)
def test_mixed_text_is_a_string_made_of_each_parts_text(expression: str, expected: str) -> None:
    assert text(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"\${currentUser()}", "${currentUser()}"),
        (r"\#{x}", "#{x}"),
        (r"\${a}${'b'}", "${a}b"),
        (r"\\${a}", r"\${a}"),
        (r"50\%", r"50\%"),
        (r"a\_b\\c", r"a\_b\\c"),
        ("a\\", "a\\"),
        ("$", "$"),
        ("$5 #1 {x} }", "$5 #1 {x} }"),
        ("$$${'x'}", "$$x"),
        (r"$\${", "$${"),
    ],
)
def test_a_backslash_escapes_an_opening_and_nothing_else(expression: str, expected: str) -> None:
    assert text(expression) == expected


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        (r"${'it\'s'}", "it's"),
        (r'${"say \"x\""}', 'say "x"'),
        (r"${'\\'}", "\\"),
        ("${'\"'}", '"'),
        ('${"\'"}', "'"),
        ("${'}${'}", "}${"),
        ("${''}", ""),
        ("${'ä\nß😀'}", "ä\nß😀"),
    ],
)
def test_a_string_literal_escapes_its_quote_and_the_backslash(
    expression: str, expected: str
) -> None:
    assert text(expression) == expected


def test_an_expression_keeps_its_text() -> None:
    assert parse("%${currentUser()}%").text == "%${currentUser()}%"


def test_an_expression_can_be_evaluated_again_in_another_scope() -> None:
    expression = parse("${currentUser()}")
    assert evaluate_text(expression, scope(user="mary")) == "mary"
    assert evaluate_text(expression, scope(user="john")) == "john"


def test_dates_follow_the_clock_that_is_passed_in() -> None:
    expression = parse("${dateTime().plusDays(1)}")
    later = evaluate_instant(expression, scope("1999-12-31T23:59:59.999Z"))
    assert instants.write(later) == "2000-01-01T23:59:59.999+0000"


@pytest.mark.parametrize("function", ["now()", "dateTime()"])
@pytest.mark.parametrize("now", [instants.EARLIEST - 1, instants.LATEST + 1, 10**30])
def test_a_clock_outside_of_the_calendar_is_refused(function: str, now: int) -> None:
    within = scope()
    beyond = type(within)(instants.Instant(now), within.user, within.groups)
    message = refused(f"${{{function}}}", evaluate_instant, beyond)
    assert "outside the years 1 to 9999" in message
