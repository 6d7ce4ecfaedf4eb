"""JSON read strictly: what is refused, and what is kept that a plain reader loses."""

import json

import pytest
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.json_text import DEEPEST, WrittenFloat, read_json, refuse_nul


def test_every_kind_of_value_is_read() -> None:
    text = '{"a": [1, -2.5, "ä", true, false, null], "b": {}}'

    assert read_json(text) == {"a": [1, -2.5, "ä", True, False, None], "b": {}}


def test_bytes_are_utf_8() -> None:
    assert read_json('"Grüße 😀"'.encode()) == "Grüße 😀"


@pytest.mark.parametrize(
    ("text", "line", "column"),
    [
        ('{"name":}', 1, 9),
        ('{"a": 1,\n "b": }', 2, 7),
        ("", 1, 1),
        ("nonsense", 1, 1),
        ("[1, 2", 1, 6),
        ('"a\tb"', 1, 3),
    ],
)
def test_malformed_text_is_refused_with_line_and_column(text: str, line: int, column: int) -> None:
    with pytest.raises(InvalidRequest, match=f"malformed JSON at line {line}, column {column}:"):
        read_json(text)


@pytest.mark.parametrize("name", ["NaN", "Infinity", "-Infinity"])
def test_numbers_that_json_does_not_have_are_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match=f"{name} is not a number"):
        read_json(f'{{"priority": {name}}}')


def test_a_fraction_too_large_for_a_double_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="too large: 1e999"):
        read_json("[1e999]")


@pytest.mark.parametrize(
    "text", ['"\\ud800"', '{"\\udc00": 1}', '[["\\ud800\\ud800"]]', "\ud800", b'"\xff"']
)
def test_text_that_is_no_unicode_is_refused(text: str | bytes) -> None:
    with pytest.raises(InvalidRequest, match="malformed JSON"):
        read_json(text)


def test_an_escaped_surrogate_pair_is_one_character() -> None:
    assert read_json('"\\ud83d\\ude00"') == "😀"


@pytest.mark.parametrize(
    "text", ["[" * 1000 + "]" * 1000, "[" * 1_000_000, '{"a":' * 1000 + "1" + "}" * 1000]
)
def test_deep_nesting_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match="nested more than 100 deep"):
        read_json(text)


def test_the_deepest_nesting_is_read() -> None:
    text = "[" * DEEPEST + "]" * DEEPEST

    assert json.dumps(read_json(text)) == text


def test_brackets_side_by_side_or_in_strings_are_not_deep() -> None:
    flat: list[object] = [[]] * 200 + ["[" * 200, '"' + "{" * 200, "\\"]

    assert read_json(json.dumps(flat)) == flat


def test_an_integer_of_a_thousand_digits_is_exact() -> None:
    assert read_json("9" * 1000) == 10**1000 - 1


def test_an_integer_longer_than_any_use_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="5000 digits is too long"):
        read_json("9" * 5000)


def test_a_fraction_keeps_its_text() -> None:
    number = read_json("5.70")

    assert isinstance(number, WrittenFloat)
    assert number == 5.7
    assert str(number) == number.text == "5.70"


def test_a_fraction_is_written_as_any_number() -> None:
    assert json.dumps(read_json("[5.70, 1E2]")) == "[5.7, 100.0]"


def test_the_last_value_of_a_repeated_key_holds_in_its_place() -> None:
    entries = read_json('{"due": 1, "name": "x", "due": 2}')

    assert isinstance(entries, dict)
    assert list(entries.items()) == [("name", "x"), ("due", 2)]


def test_what_follows_the_value_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="line 1, column 4"):
        read_json("{} x")


def test_what_follows_the_value_can_be_ignored() -> None:
    assert read_json(' {"a": 1} }} junk', trailing_junk_allowed=True) == {"a": 1}


@pytest.mark.parametrize("value", ["\0", ["a", {"b": "c\0"}], {"\0": 1}])
def test_a_nul_is_found_wherever_it_is(value: object) -> None:
    with pytest.raises(InvalidRequest, match="x: text must not contain the NUL character"):
        refuse_nul(value, "x")


@pytest.mark.parametrize("value", [None, 0, "", ["a"], {"b": None}])
def test_other_values_hold_no_nul(value: object) -> None:
    refuse_nul(value, "x")
