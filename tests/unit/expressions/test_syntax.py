"""What the grammar takes and what it refuses, with the place of the mistake
(docs/api.md, D12, D13)."""

import pytest

from tests.unit.expressions.evaluated import refused_by_parse, shown, text


@pytest.mark.parametrize(
    ("expression", "position", "reason"),
    [
        ("${", 2, "expected a value, found the end"),
        ("${}", 2, "expected a value, found '}'"),
        ("#{ }", 3, "expected a value, found '}'"),
        ("${currentUser()", 15, "expected '}', found the end"),
        ("a${currentUser()", 16, "expected '}', found the end"),
        ("${1+}", 4, "expected a value, found '}'"),
        ("${+1}", 2, "expected a value, found '+'"),
        ("${1 2}", 4, "expected '}', found '2'"),
        ("${1 == }", 7, "expected a value, found '}'"),
        ("${(1}", 4, "expected ')', found '}'"),
        ("${1)}", 3, "expected '}', found ')'"),
        ("${()}", 3, "expected a value, found ')'"),
        ("${currentUserGroups()[0}", 23, "expected ']', found '}'"),
        ("${currentUserGroups()[]}", 22, "expected a value, found ']'"),
        ("${true ? 1}", 10, "expected ':', found '}'"),
        ("${true ? 1 : }", 13, "expected a value, found '}'"),
        ("${'a'.concat('b',)}", 17, "expected a value, found ')'"),
        ("${'a'.concat(,)}", 13, "expected a value, found ','"),
        ("${'a'.concat('b'}", 16, "expected ')', found '}'"),
        ("${'a'.}", 6, "expected the name of a method, found '}'"),
        ("${'a'.'b'}", 6, "expected the name of a method, found ''b''"),
        ("${'a'.empty}", 6, "expected the name of a method, found 'empty'"),
        ("${1 instanceof 2}", 4, "expected '}', found 'instanceof'"),
        ("${1..5}", 4, "expected '}', found '.5'"),
        ("${1e}", 3, "expected '}', found 'e'"),
    ],
)
def test_a_syntax_error_names_what_was_expected(
    expression: str, position: int, reason: str
) -> None:
    message = refused_by_parse(expression)
    assert message == f"Expression '{expression}' at position {position}: {reason}"


@pytest.mark.parametrize(
    ("expression", "position"),
    [
        ("${[1,2]}", 2),
        ("${{'a':1}}", 2),
        ("${x -> x}", 2),
        ("${x = 5}", 4),
        ("${1; 2}", 3),
        ("${1 += 2}", 5),
        ("${a:b()}", 2),
        ("${1 & 2}", 4),
        ("${1 | 2}", 4),
        ("${1 ^ 2}", 4),
        ("${1 ** 2}", 5),
        ("${1 // 2}", 5),
        ("${`a`}", 2),
        ("${@x}", 2),
        ("${ä}", 2),
        ("${\u00a01}", 2),
        ("${1\u0000}", 3),
        ("${'a'}}${", 9),
        ("${${1}}", 3),
        ("${currentUserGroups()['get'](0)}", 28),
    ],
)
def test_what_the_language_has_not_is_a_syntax_error(expression: str, position: int) -> None:
    assert f"'{expression}' at position {position}: " in refused_by_parse(expression)


@pytest.mark.parametrize(
    ("expression", "position"),
    [
        ("${'a}", 2),
        ("${'a\"}", 2),
        ("${'}", 2),
        ("${'a\\'}", 2),
        ("${'\\n'}", 2),
        ("${'\\u0041'}", 2),
        ('${"\\\'"}', 2),
        ("${1 + 'a}", 6),
    ],
)
def test_an_open_or_wrongly_escaped_string_is_refused(expression: str, position: int) -> None:
    message = refused_by_parse(expression)
    assert f"at position {position}: the string does not end, or escapes something" in message


@pytest.mark.parametrize("name", ["x", "task", "execution", "currentUser", "now", "__import__"])
def test_there_are_no_variables(name: str) -> None:
    message = refused_by_parse(f"${{{name}}}")
    assert f"position 2: unknown name '{name}', known are currentUser()," in message


@pytest.mark.parametrize("name", ["nonsense", "CurrentUser", "eval", "authenticatedUserId", "$"])
def test_an_unknown_function_is_refused(name: str) -> None:
    assert f"position 2: unknown name '{name}'" in refused_by_parse(f"${{{name}()}}")


def test_an_unknown_function_is_refused_even_where_it_would_not_be_called() -> None:
    assert "unknown name 'nonsense'" in refused_by_parse("${true ? 'a' : nonsense()}")


@pytest.mark.parametrize("function", ["currentUser", "currentUserGroups", "now", "dateTime"])
def test_no_function_takes_an_argument(function: str) -> None:
    message = refused_by_parse(f"${{{function}('x')}}")
    assert f"position 2: function '{function}' takes no arguments" in message


@pytest.mark.parametrize(
    "method",
    [
        *("foo", "nope", "getClass", "hashCode", "toString", "wait", "matches", "split"),
        *("format", "join", "encode", "__class__", "__init__", "isoformat", "plus_months"),
        *("instant", "getMillis", "compareTo", "setTime", "isBefore", "plusdays", "PlusDays"),
    ],
)
@pytest.mark.parametrize(
    "target", ["''", "currentUser()", "currentUserGroups()", "now()", "dateTime()", "(1)", "null"]
)
def test_a_method_outside_of_the_table_is_refused(target: str, method: str) -> None:
    message = refused_by_parse(f"${{{target}.{method}()}}")
    assert f"position {len(target) + 3}: unknown method '{method}'" in message


@pytest.mark.parametrize("name", ["class", "__class__", "length", "instant", "year", "x"])
def test_a_property_outside_of_the_table_is_refused(name: str) -> None:
    assert f"position 5: unknown property '{name}'" in refused_by_parse(f"${{''.{name}}}")


@pytest.mark.parametrize(
    ("expression", "position", "reason"),
    [
        ("${dateTime().plusDays()}", 13, "'plusDays': 0, expected 1"),
        ("${dateTime().plusDays(1, 2)}", 13, "'plusDays': 2, expected 1"),
        ("${dateTime().toDate(1)}", 13, "'toDate': 1, expected 0"),
        ("${'a'.concat()}", 6, "'concat': 0, expected 1"),
        ("${'a'.substring()}", 6, "'substring': 0, expected 1 or 2"),
        ("${'a'.substring(1,2,3)}", 6, "'substring': 3, expected 1 or 2"),
        ("${'a'.replace('a')}", 6, "'replace': 1, expected 2"),
    ],
)
def test_a_wrong_number_of_arguments_is_refused(
    expression: str, position: int, reason: str
) -> None:
    message = refused_by_parse(expression)
    assert f"position {position}: wrong number of arguments for {reason}" in message


@pytest.mark.parametrize(
    ("inside", "expected"),
    [
        ("1 + 2 * 3", "7"),
        ("(1 + 2) * 3", "9"),
        ("10 - 4 - 3", "3"),
        ("10 - (4 - 3)", "9"),
        ("20 mod 12 * 2", "16"),
        ("2 * 20 mod 12", "4"),
        ("-2 + 3", "1"),
        ("- -2", "2"),
        ("1 - -2", "3"),
        ("-'2'.length()", "-1"),
        ("1 + 1 == 2", "true"),
        ("1 < 2 == true", "true"),
        ("1 == 1 && 2 == 3 || true", "true"),
        ("true || false && false", "true"),
        ("(true || false) && false", "false"),
        ("not false && false", "false"),
        ("not (false && false)", "true"),
        ("!empty 'a'", "true"),
        ("empty '' and not empty 'a'", "true"),
        ("false ? 1 : true ? 2 : 3", "2"),
        ("true ? false ? 1 : 2 : 3", "2"),
        ("1 > 2 ? 'a' : 'b'", "b"),
        ("false or true ? 1 + 1 : 0", "2"),
        ("1 + 2 > 2 and 3 * 2 lt 7", "true"),
    ],
)
def test_operators_bind_as_everywhere(inside: str, expected: str) -> None:
    assert shown(inside) == expected


@pytest.mark.parametrize(
    ("word", "symbol"),
    [
        ("7 div 2", "7 / 2"),
        ("7 mod 2", "7 % 2"),
        ("1 eq 1", "1 == 1"),
        ("1 ne 1", "1 != 1"),
        ("1 lt 2", "1 < 2"),
        ("1 le 1", "1 <= 1"),
        ("1 gt 2", "1 > 2"),
        ("1 ge 1", "1 >= 1"),
        ("true and false", "true && false"),
        ("true or false", "true || false"),
        ("not true", "!true"),
    ],
)
def test_words_and_symbols_mean_the_same(word: str, symbol: str) -> None:
    assert shown(word) == shown(symbol)


def test_operators_need_no_blanks_around_them() -> None:
    assert shown("1+2*3-4") == "3"
    assert shown("1<2&&!(3==4)") == "true"


def test_a_brace_in_a_string_does_not_end_the_expression() -> None:
    assert text("<${'}'}>") == "<}>"
