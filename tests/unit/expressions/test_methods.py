"""The methods of strings and lists, and how arguments are converted."""

import pytest

from tests.unit.expressions.evaluated import refused, scope, shown


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("'a'.concat('b').concat('c')", "abc"),
        ("'a'.concat(1)", "a1"),
        ("'a'.concat(1.5)", "a1.5"),
        ("'a'.concat(true)", "atrue"),
        ("'a'.concat(null)", "a"),
        ("'on '.concat(dateTime())", "on 2026-03-15T12:00:00.000Z"),
        ("'in '.concat(currentUserGroups())", "in [sales, support]"),
        ("'aÄß'.toUpperCase()", "AÄSS"),
        ("'AÄ'.toLowerCase()", "aä"),
        ("' \ta b\n '.trim()", "a b"),
        ("'\u0000!a!\u001f'.trim()", "!a!"),
        ("'\u00a0a'.trim()", "\u00a0a"),
        ("'hello'.substring(1)", "ello"),
        ("'hello'.substring(0)", "hello"),
        ("'hello'.substring(5)", ""),
        ("'hello'.substring(2, 2)", ""),
        ("'hello'.substring(1, 3)", "el"),
        ("'hello'.substring('1', 2.9)", "e"),
        ("'a😀b'.substring(1, 2)", "😀"),
        ("'a.b.c'.replace('.', '-')", "a-b-c"),
        ("'ab'.replace('', '-')", "-a-b-"),
        ("'ab'.replace('b', '')", "a"),
        ("'hello'.length()", "5"),
        ("''.isEmpty()", "true"),
        ("'a'.isEmpty()", "false"),
        ("'hello'.startsWith('he')", "true"),
        ("'hello'.startsWith('lo')", "false"),
        ("'5 days'.startsWith(5)", "true"),
        ("'hello'.endsWith('lo')", "true"),
        ("'hello'.endsWith('he')", "false"),
        ("'hello'.contains('ell')", "true"),
        ("'hello'.contains('xyz')", "false"),
        ("'a'.equals('a')", "true"),
        ("'a'.equals('b')", "false"),
        ("'1'.equals(1)", "false"),
        ("'a'.equals(null)", "false"),
        ("currentUser().toUpperCase().concat('!')", "MARY!"),
        ("('a').concat(('b'))", "ab"),
        ("(true ? 'a' : 'b').concat('!')", "a!"),
    ],
)
def test_methods_of_strings(inside: str, expected: str) -> None:
    assert shown(inside) == expected


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("currentUserGroups().get(1)", "support"),
        ("currentUserGroups().get('0')", "sales"),
        ("currentUserGroups().size()", "2"),
        ("currentUserGroups().isEmpty()", "false"),
        ("currentUserGroups().contains('sales')", "true"),
        ("currentUserGroups().contains('Sales')", "false"),
        ("currentUserGroups().contains(1)", "false"),
        ("currentUserGroups().contains(null)", "false"),
        ("currentUserGroups()[0]", "sales"),
        ("currentUserGroups()[2 - 1]", "support"),
        ("currentUserGroups()['1']", "support"),
        ("currentUserGroups()[1.9]", "support"),
        ("currentUserGroups()[2]", ""),
        ("currentUserGroups()[-1]", ""),
        ("currentUserGroups()[null]", ""),
        ("null[0]", ""),
        ("null.time", ""),
        ("currentUserGroups()[0].concat('!')", "sales!"),
        ("currentUserGroups().contains('sales') ? 'yes' : 'no'", "yes"),
    ],
)
def test_methods_and_elements_of_lists(inside: str, expected: str) -> None:
    assert shown(inside) == expected


def test_an_empty_list_has_neither_size_nor_elements() -> None:
    nobody = scope(user=None, groups=())
    assert shown("currentUserGroups().size()", nobody) == "0"
    assert shown("currentUserGroups().isEmpty()", nobody) == "true"
    assert shown("empty currentUserGroups()[0]", nobody) == "true"


@pytest.mark.parametrize(
    ("inside", "position", "reason"),
    [
        ("currentUserGroups().get(2)", 22, "no element 2 in a list of 2"),
        ("currentUserGroups().get(-1)", 22, "no element -1 in a list of 2"),
        ("currentUserGroups().get('x')", 22, "expected an integer, got a string"),
        ("currentUserGroups()['x']", 22, "expected an integer, got a string"),
        ("currentUserGroups()[true]", 22, "expected an integer, got a boolean"),
        ("'abc'[0]", 8, "a string has no elements"),
        ("1[0]", 4, "a number has no elements"),
        ("'abc'.substring(4)", 8, "no substring from 4 to 3 in a string of 3"),
        ("'abc'.substring(-1)", 8, "no substring from -1"),
        ("'abc'.substring(2, 1)", 8, "no substring from 2 to 1"),
        ("'abc'.substring(0, 4)", 8, "no substring from 0 to 4"),
        ("'abc'.substring(4294967296)", 8, "does not fit into 32 bits"),
        ("'abc'.contains(1)", 8, "expected a string, got a number"),
        ("'abc'.contains(null)", 8, "expected a string, got null"),
        ("'abc'.replace('a', null)", 8, "expected a string, got null"),
        ("'abc'.get(0)", 8, "a string has no method 'get' with 1 argument"),
        ("'abc'.size()", 8, "a string has no method 'size' with 0 arguments"),
        ("currentUserGroups().concat('a')", 22, "a list has no method 'concat'"),
        ("currentUserGroups().length()", 22, "a list has no method 'length'"),
        ("'abc'.time", 8, "a string has no property 'time'"),
        ("dateTime().time", 13, "a DateTime has no property 'time'"),
        ("1.5.length()", 6, "a number has no method 'length'"),
        ("true.isEmpty()", 7, "a boolean has no method 'isEmpty'"),
        ("null.length()", 7, "null has no method 'length'"),
    ],
)
def test_what_a_value_cannot_do_is_refused(inside: str, position: int, reason: str) -> None:
    message = refused(f"=${{{inside}}}")
    assert f"at position {position + 1}: " in message
    assert reason in message


def test_a_method_that_no_value_has_is_refused() -> None:
    message = refused("${currentUser().concat('x')}", within=scope(user=None))
    assert "at position 16: null has no method 'concat'" in message
