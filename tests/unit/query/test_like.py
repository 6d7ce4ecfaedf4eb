"""LIKE patterns (docs/api.md, D5): what they match, and that none of them is slow."""

from itertools import product
from typing import Final

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.like import like


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        # without % a substring
        ("two", ["two", "one two three", "twofold"], ["tw", "Two", "t wo", ""]),
        ("", ["", "a"], []),
        (" ", ["a b", " "], ["ab", ""]),
        # with % the whole value
        ("two%", ["two", "two three"], ["one two", ""]),
        ("%two", ["two", "one two"], ["two three"]),
        ("%two%", ["two", "one two three"], ["tw o"]),
        ("t%o", ["to", "two", "t--o"], ["ton", "ato", "t"]),
        ("%", ["", "a"], []),
        ("%%", ["", "a"], []),
        ("a%a", ["aa", "aba"], ["a", "aab"]),
        ("ab%ba", ["abba", "ab ba"], ["aba", "ab"]),
        ("%a%a%", ["aa", "bab a"], ["a", "b"]),
        # _ is one character
        ("_", ["a", "ab", "\n", "\U0001f600"], [""]),
        ("a_c", ["abc", "xabcx", "a\nc"], ["ac", "abbc"]),
        ("___", ["abc", "abcd"], ["ab"]),
        ("_%", ["a", "ab"], [""]),
        ("%_", ["a", "ab"], [""]),
        ("a_%", ["ab", "abc"], ["a", "ba"]),
        ("%_b_%", ["abc", "xabcx"], ["ab", "bc"]),
        ("a%_c", ["abc", "a--c"], ["ac"]),
        # \ escapes
        (r"100\%", ["100%", "at 100% now"], ["100", "1000"]),
        (r"a\_b", ["a_b", "xa_bx"], ["axb"]),
        (r"a\\b", ["a\\b"], ["ab", "a\\\\b"]),
        (r"\%%", ["%", "% more"], ["a%"]),
        (r"%\%", ["%", "a%"], ["%a"]),
        (r"\\%", ["\\", "\\a"], ["a\\"]),
        # and before anything else makes the pattern match nothing
        (r"\a", [], ["a", "\\a", ""]),
        (r"a%\b%", [], ["ab", "a\\b"]),
        ("a\\", [], ["a", "a\\"]),
        ("%\\", [], ["\\", ""]),
        ("\\\\\\", [], ["\\", "\\\\"]),
        # nothing else means anything
        ("a.c", ["a.c"], ["abc"]),
        ("[a-z]*", ["[a-z]*"], ["a"]),
        ("(", ["("], ["a"]),
        ("?", ["?"], ["a"]),
        ("_.", ["a."], ["ab"]),
        ("*_", ["*a"], ["a"]),
        ("a\n_", ["a\nb"], ["ab"]),
    ],
)
def test_what_a_pattern_matches(pattern: str, matching: list[str], others: list[str]) -> None:
    test = like(pattern)
    assert [text for text in matching if not test(text)] == []
    assert [text for text in others if test(text)] == []


@pytest.mark.parametrize(
    ("pattern", "matching", "others"),
    [
        ("two", ["TWO", "a Two b"], ["too"]),
        ("T%O", ["to", "tWo"], ["at"]),
        ("straße", ["STRASSE", "Straße", "strasse"], ["strase"]),
        ("s_", ["ß"], ["s"]),  # upper-cased it is two characters
        ("äö", ["ÄÖ"], ["ao"]),
        (r"\ä", [], ["Ä"]),
        (r"A\%", ["a%"], ["ab"]),
    ],
)
def test_ignoring_case_both_sides_are_upper_cased(
    pattern: str, matching: list[str], others: list[str]
) -> None:
    test = like(pattern, ignoring_case=True)
    assert [text for text in matching if not test(text)] == []
    assert [text for text in others if test(text)] == []


# Against an evaluator that follows the definition and knows nothing of speed.

Token = str | None
"""A literal character, `%` as the empty text, `_` as None."""


def tokens(pattern: str) -> list[Token] | None:
    """The pattern's tokens; None when an escape means nothing."""
    found: list[Token] = []
    rest = iter(pattern)
    for character in rest:
        if character == "\\":
            escaped = next(rest, "")
            if escaped not in ("%", "_", "\\"):
                return None
            found.append(escaped)
        else:
            found.append({"%": "", "_": None}.get(character, character))
    return found if "" in found else ["", *found, ""]


def is_like(pattern: str, text: str) -> bool:
    """The definition: by which places of the text each token can end."""
    wanted = tokens(pattern)
    if wanted is None:
        return False
    ends = {0}
    for token in wanted:
        if token == "":
            ends = set(range(min(ends), len(text) + 1)) if ends else set()
        else:
            ends = {end + 1 for end in ends if end < len(text) and token in (None, text[end])}
    return len(text) in ends


def test_all_short_patterns_mean_what_the_definition_says() -> None:
    texts = ["".join(each) for size in range(5) for each in product("ab\\", repeat=size)]
    for size in range(5):
        for pattern in map("".join, product("ab%_\\", repeat=size)):
            test = like(pattern)
            assert [text for text in texts if test(text) != is_like(pattern, text)] == [], pattern


LETTERS: Final = st.sampled_from("aab%_\\")


@settings(max_examples=300)
@given(st.text(LETTERS, max_size=12), st.text(st.sampled_from("aab%_"), max_size=16))
@example("%a_%_a%", "aaaa")
def test_random_patterns_mean_what_the_definition_says(pattern: str, text: str) -> None:
    assert like(pattern)(text) == is_like(pattern, text)


@settings(max_examples=150)
@given(
    st.lists(st.text("ab_", min_size=60, max_size=90), min_size=1, max_size=3),
    st.text("ab", max_size=400),
    st.data(),
)
def test_so_do_long_ones(segments: list[str], filling: str, data: st.DataObject) -> None:
    pattern = "%".join(["", *segments, ""])
    parts = [data.draw(st.sampled_from([filling, "", "a" * 300])) for _ in segments]
    text = "".join(
        before + segment.replace("_", data.draw(st.sampled_from("ab")))
        for before, segment in zip(parts, segments, strict=True)
    )
    cut = data.draw(st.integers(0, len(text)))
    for each in (text, text[:cut], text[cut:] + text[:cut]):
        assert like(pattern)(each) == is_like(pattern, each)


@given(st.text(max_size=20), st.text(max_size=30))
def test_any_text_is_like_itself_when_escaped(text: str, around: str) -> None:
    escaped = "".join(f"\\{each}" if each in "%_\\" else each for each in text)
    assert like(escaped)(around + text + around)
    assert like(f"{escaped}%")(text + around)
    assert like(escaped, ignoring_case=True)(text.swapcase() if text.isascii() else text)


# The worst that can be asked: the longest patterns, against a text as long as a task can hold.

LONG: Final = 300_000

WORST: Final = {
    "one run of wildcards": ("%" + "_" * 998 + "%", "a" * 997, False),
    "every other a wildcard": ("%" + "_a" * 498 + "b%", "a" * LONG, False),
    "many segments": ("%" + "%".join(["a_b"] * 249) + "%", "aaab" * (LONG // 4), True),
    "many segments, one miss": ("%" + "%".join(["a_a"] * 248) + "%b%", "a" * LONG, False),
    "wildcards before a literal": ("%" + "_" * 900 + "b%", "a" * LONG, False),
    "a literal that nearly fits": ("%" + "a" * 499 + "b" + "a" * 498 + "%", "a" * LONG, False),
    "as many % as allowed": ("%" * 1000, "a" * LONG, True),
    "% between single letters": ("%a" * 500, "a" * LONG, True),
    "an end that never comes": ("%a%a%a%b", "a" * LONG, False),
}


@pytest.mark.parametrize("name", WORST)
def test_no_pattern_makes_matching_hang(name: str) -> None:
    pattern, text, matches = WORST[name]
    assert like(pattern)(text) is matches


def test_a_pattern_longer_than_a_thousand_characters_is_refused() -> None:
    longest = "%" + "a" * 998 + "%"

    assert like(longest)("b" + "a" * 998)
    for ignoring_case in (False, True):
        with pytest.raises(InvalidRequest, match="at most 1000 characters, got 1001"):
            like(longest + "%", ignoring_case=ignoring_case)
