"""Numbers, comparisons and logic, by the Unified Expression Language's rules."""

import pytest

from tests.unit.expressions.evaluated import refused, scope, shown

LARGEST = 2**63 - 1


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("1 + 2", "3"),
        ("1 + 2.0", "3.0"),
        ("5 - 7", "-2"),
        ("6 * 7", "42"),
        ("1.5 * 2", "3.0"),
        ("7 / 2", "3.5"),
        ("4 / 2", "2.0"),
        ("7 % 3", "1"),
        ("-7 % 3", "-1"),
        ("7 % -3", "1"),
        ("7.5 % 2", "1.5"),
        ("-7.5 % 2", "-1.5"),
        ("1 + null", "1"),
        ("null + null", "0"),
        ("null - 1", "-1"),
        ("null * 5", "0"),
        ("null / 5", "0.0"),
        ("null / null", "0"),
        ("null % null", "0"),
        ("null % 5", "0"),
        ("-null", "0"),
        ("1 + ''", "1"),
        ("1 + '2'", "3"),
        ("'1' + '2'", "3"),
        ("'+1' + '-3'", "-2"),
        ("1 + '2.5'", "3.5"),
        ("1 + '1e2'", "101.0"),
        ("1 + '.5'", "1.5"),
        ("-'3'", "-3"),
        ("-'3.5'", "-3.5"),
        ("-1.5", "-1.5"),
        ("1.", "1.0"),
        (".5", "0.5"),
        ("1.5e3", "1500.0"),
        ("1E-2", "0.01"),
        ("007", "7"),
        (f"{LARGEST}", f"{LARGEST}"),
        (f"-{LARGEST} - 1", f"-{LARGEST + 1}"),
        ("now().time - now().getTime()", "0"),
    ],
)
def test_arithmetic(inside: str, expected: str) -> None:
    assert shown(inside) == expected


@pytest.mark.parametrize(
    ("inside", "position", "reason"),
    [
        ("'a' + 'b'", 6, "expected an integer, got a string that reads as none"),
        ("'a' + 1", 6, "expected an integer"),
        ("'b.c' + 1", 8, "expected a number"),
        ("' 1' + 1", 7, "expected an integer"),
        ("'1_0' + 1", 8, "expected an integer"),
        ("'٣' + 1", 6, "expected an integer"),
        ("'1e400' + 1", 10, "the number is too large"),
        ("'infinity' + 1", 13, "expected an integer"),
        ("true + 1", 7, "expected an integer, got a boolean"),
        ("true + 1.5", 7, "expected a number, got a boolean"),
        ("now() + 1", 8, "expected an integer, got a Date"),
        ("dateTime() - dateTime()", 13, "expected an integer, got a DateTime"),
        ("currentUserGroups() + 1.5", 22, "expected a number, got a list"),
        ("-true", 2, "expected an integer, got a boolean"),
        ("1 / 0", 4, "division by zero"),
        ("1 / 0.0", 4, "division by zero"),
        ("1 / null", 4, "division by zero"),
        ("1 % 0", 4, "division by zero"),
        ("5 % null", 4, "division by zero"),
        ("1.5 % 0", 6, "division by zero"),
        (f"{LARGEST} + 1", 22, "does not fit into 64 bits"),
        (f"-{LARGEST} - 2", 23, "does not fit into 64 bits"),
        (f"{LARGEST} * 2", 22, "does not fit into 64 bits"),
        (f"-(-{LARGEST} - 1)", 2, "does not fit into 64 bits"),
        (f"'{LARGEST + 1}' - 1", 24, "does not fit into 64 bits"),
        (f"{LARGEST + 1}", 2, "the number is too large"),
        ("1e400", 2, "the number is too large"),
        ("1e308 * 10", 8, "the number is too large"),
    ],
)
def test_impossible_arithmetic_is_refused(inside: str, position: int, reason: str) -> None:
    message = refused(f"${{{inside}}}")
    assert f"at position {position}: " in message
    assert reason in message


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("1 == 1", True),
        ("1 == 1.0", True),
        ("1 == '1'", True),
        ("'1.5' == 1.5", True),
        (f"{LARGEST} == {LARGEST - 1}", False),
        ("'a' == 'a'", True),
        ("'a' == 'A'", False),
        ("'true' == true", True),
        ("'x' == false", True),
        ("null == null", True),
        ("null == ''", False),
        ("0 == null", False),
        ("now() == now()", True),
        ("dateTime() == dateTime()", True),
        ("now() == dateTime()", False),
        ("dateTime() == '2026-03-15T12:00:00.000Z'", True),
        ("currentUserGroups() == currentUserGroups()", True),
        ("currentUserGroups() == now()", False),
        ("1 != 2", True),
        ("'a' ne 'a'", False),
        ("1 < 2", True),
        ("2 <= 2", True),
        ("10 > 9", True),
        ("'10' > '9'", False),
        ("'10' > 9", True),
        ("1.5 >= '1.5'", True),
        ("'a' < 'b'", True),
        ("'B' < 'a'", True),
        ("'2026' < dateTime()", True),
        ("dateTime() < '2026'", False),
        ("true < 'z'", True),
        ("false < true", True),
        ("now() < now()", False),
        ("now() <= now()", True),
        ("dateTime().minusDays(1) < dateTime()", True),
        ("null < 1", False),
        ("null >= 1", False),
        ("1 > null", False),
        ("null <= null", True),
        ("null < null", False),
    ],
)
def test_comparison(inside: str, *, expected: bool) -> None:
    assert shown(inside) == ("true" if expected else "false")


@pytest.mark.parametrize(
    ("inside", "position", "reason"),
    [
        ("'a' == 1", 6, "expected an integer, got a string"),
        ("1 < 'x'", 4, "expected an integer, got a string"),
        ("true == 1", 7, "expected an integer, got a boolean"),
        ("true == now()", 7, "expected a boolean, got a Date"),
        ("true < now()", 7, "cannot compare a boolean with a Date"),
        ("now() < dateTime()", 8, "cannot compare a Date with a DateTime"),
        ("now() > 1", 8, "expected an integer, got a Date"),
        ("currentUserGroups() < now()", 22, "cannot compare a list with a Date"),
    ],
)
def test_what_has_no_order_is_not_compared(inside: str, position: int, reason: str) -> None:
    message = refused(f"${{{inside}}}")
    assert f"at position {position}: {reason}" in message


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("true and true", True),
        ("true and false", False),
        ("false or true", True),
        ("false or false or true", True),
        ("not null", True),
        ("!''", True),
        ("'TRUE' and true", True),
        ("'yes' or false", False),
        ("empty null", True),
        ("empty ''", True),
        ("empty ' '", False),
        ("empty 0", False),
        ("empty false", False),
        ("empty now()", False),
        ("empty currentUserGroups()", False),
    ],
)
def test_logic(inside: str, *, expected: bool) -> None:
    assert shown(inside) == ("true" if expected else "false")


def test_a_list_without_elements_is_empty() -> None:
    assert shown("empty currentUserGroups()", scope(groups=())) == "true"


def test_what_decides_leaves_the_rest_unasked() -> None:
    assert shown("false and 1/0 > 1") == "false"
    assert shown("true or 1/0 > 1") == "true"
    assert shown("true ? 1 : 1/0") == "1"
    assert "division by zero" in refused("${true and 1/0 > 1}")


@pytest.mark.parametrize(
    ("inside", "position"),
    [
        ("1 and true", 2),
        ("true and 1.5", 11),
        ("false or now()", 11),
        ("1 ? 2 : 3", 2),
        ("!1", 2),
        ("not currentUserGroups()", 2),
    ],
)
def test_what_is_no_boolean_decides_nothing(inside: str, position: int) -> None:
    assert f"at position {position}: expected a boolean, got a" in refused(f"${{{inside}}}")


def test_a_choice_keeps_the_type_of_what_it_chooses() -> None:
    within = scope(user=None)
    assert shown("empty currentUser() ? 'nobody' : currentUser()", within) == "nobody"
    assert shown("empty currentUser() ? 'nobody' : currentUser()") == "mary"
