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
    segments = _segments(pattern.upper() if ignoring_case else pattern)
    if segments is None:
        return lambda _text: False
    if _is_one_part(segments):
        # Most searches are like this and test every value: one call for each instead of two.
        part = _literal(segments[1])
        return (lambda text: part in text.upper()) if ignoring_case else lambda text: part in text
    with_any = any("_" in segment for segment in segments)
    test = _with_any_character(segments) if with_any else _of_literals(segments)
    return (lambda text: test(text.upper())) if ignoring_case else test


type _Segment = list[str]
"""What stands between two `%`: characters, escaped ones with their backslash."""


def _segments(pattern: str) -> list[_Segment] | None:
    """The segments of a pattern, at least two; None for one that matches nothing."""
    tokens = _TOKENS.findall(pattern)
    if sum(map(len, tokens)) < len(pattern):
        return None
    segments: list[_Segment] = [[]]
    for each in tokens:
        if each == "%":
            segments.append([])
        else:
            segments[-1].append(each)
    return [[], segments[0], []] if len(segments) == 1 else segments


def _is_one_part(segments: list[_Segment]) -> bool:
    """Whether one run of literal characters is looked for anywhere."""
    return len(segments) == 3 and not segments[0] and not segments[2] and "_" not in segments[1]


def _literal(segment: _Segment) -> str:
    return "".join(each[-1] for each in segment)


def _of_literals(segments: list[_Segment]) -> TextTest:
    """The test for segments that stand for themselves alone."""
    first, *between, last = map(_literal, segments)
    between = [segment for segment in between if segment]
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


def _with_any_character(segments: list[_Segment]) -> TextTest:
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
