"""LIKE patterns (docs/api.md, D5).

`%` stands for any run of characters and `_` for one. `\\` escapes `%`, `_` and
`\\`; before any other character, and at the end, it makes the pattern match nothing. A pattern
without an unescaped `%` is looked for anywhere in the value.
"""

import re
from collections.abc import Callable
from typing import Final

from taskdock.domain.errors import InvalidRequest

TextTest = Callable[[str], bool]

LONGEST_PATTERN: Final = 1000
"""Characters. Matching takes at most as many steps as pattern and value have characters,
multiplied; the limit keeps the longest pattern against the longest value below a second."""

_TOKENS: Final = re.compile(r"\\[%_\\]|[^\\]", re.DOTALL)


def like(pattern: str, *, ignoring_case: bool = False) -> TextTest:
    """A test whether a value is LIKE `pattern`.

    Ignoring case, both sides are upper-cased as Unicode does without a locale. Raises
    `InvalidRequest` for a pattern of more than `LONGEST_PATTERN` characters.
    """
    if len(pattern) > LONGEST_PATTERN:
        raise InvalidRequest(
            f"a LIKE pattern has at most {LONGEST_PATTERN} characters, got {len(pattern)}"
        )
    if ignoring_case:
        test = _test(pattern.upper())
        return lambda text: test(text.upper())
    return _test(pattern)


def _test(pattern: str) -> TextTest:
    tokens = _TOKENS.findall(pattern)
    if sum(map(len, tokens)) < len(pattern):
        return lambda _text: False
    segments: list[list[str]] = [[]]
    for each in tokens:
        if each == "%":
            segments.append([])
        else:
            segments[-1].append(each)
    if len(segments) == 1:
        segments = [[], segments[0], []]
    if any("_" in segment for segment in segments):
        return _with_any_character(segments)
    return _of_literals(["".join(each[-1] for each in segment) for segment in segments])


def _of_literals(segments: list[str]) -> TextTest:
    """The test for segments that stand for themselves alone."""
    first, *between, last = segments
    between = [segment for segment in between if segment]
    if not first and not last and len(between) == 1:
        [part] = between
        return lambda text: part in text
    length = len(last)

    def matches(text: str) -> bool:
        end = len(text) - length
        if len(first) > end or not text.startswith(first) or not text.endswith(last):
            return False
        # Each segment takes its leftmost place: it never has to move for a later one.
        at = len(first)
        for segment in between:
            found = text.find(segment, at, end)
            if found < 0:
                return False
            at = found + len(segment)
        return True

    return matches


def _with_any_character(segments: list[list[str]]) -> TextTest:
    """The test for segments of which some have a `_`."""
    first, *between, last = (
        "".join("." if each == "_" else re.escape(each[-1]) for each in segment)
        for segment in segments
    )
    # As above; the group is atomic, so the search does not go back.
    rest = "".join(f"(?>.*?{segment})" for segment in between if segment)
    start, end = re.compile(first + rest, re.DOTALL), re.compile(last, re.DOTALL)
    length = len(segments[-1])

    def matches(text: str) -> bool:
        found, at = start.match(text), len(text) - length
        return found is not None and found.end() <= at and end.match(text, at) is not None

    return matches
