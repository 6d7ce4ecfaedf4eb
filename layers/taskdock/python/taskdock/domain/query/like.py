"""LIKE patterns, matched in linear time (contract D5).

`%` stands for any run of characters, `_` for one; `\\` takes the meaning from `%`, `_` and `\\`
and before anything else makes the pattern match nothing. A pattern without an unescaped `%` is
looked for anywhere in the value.

A pattern is cut at its `%` into segments of fixed length. The first is anchored at the start of
the value, the last at its end, and each one between is taken at its leftmost place: no choice
ever has to be undone, so no pattern can make matching slow.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby
from typing import Final

TextTest = Callable[[str], bool]

_REGEX_LIMIT: Final = 64
"""Segments up to this length are found by `re` (length x value steps); longer ones bit by bit."""

_FIRST_PLACES: Final = 256
"""How many places a search bit by bit tries first."""


@dataclass(frozen=True, slots=True)
class _Segment:
    """A run of the pattern between two `%`: its length and its literal pieces by offset."""

    length: int
    pieces: tuple[tuple[int, str], ...]

    def stands_at(self, text: str, position: int) -> bool:
        return all(text.startswith(piece, position + offset) for offset, piece in self.pieces)

    def search(self) -> Callable[[str, int], int]:
        """A function giving the leftmost place at or after a position, or -1."""
        if not self.pieces:
            length = self.length
            return lambda text, start: start if start + length <= len(text) else -1
        if len(self.pieces) == 1 and self.length == len(self.pieces[0][1]):
            literal = self.pieces[0][1]
            return lambda text, start: text.find(literal, start)
        if self.length <= _REGEX_LIMIT:
            return self._search_by_regex()
        return self._search_by_bits

    def _search_by_regex(self) -> Callable[[str, int], int]:
        parts: list[str] = []
        at = 0
        for offset, piece in self.pieces:
            parts += ["." * (offset - at), re.escape(piece)]
            at = offset + len(piece)
        parts.append("." * (self.length - at))
        search = re.compile("".join(parts), re.DOTALL).search

        def leftmost(text: str, start: int) -> int:
            found = search(text, start)
            return -1 if found is None else found.start()

        return leftmost

    def _search_by_bits(self, text: str, start: int) -> int:
        """Leftmost place, looked for in ever larger parts of the text.

        What is looked at is no more than twice what lies before the place, and that is never
        looked at again: a pattern of many segments costs no more than one long segment.
        """
        places = max(self.length, _FIRST_PLACES)
        while start + self.length <= len(text):
            found = self._first_place(text[start : start + places + self.length - 1])
            if found >= 0:
                return start + found
            start += places
            places *= 2
        return -1

    def _first_place(self, text: str) -> int:
        """Leftmost place found with one bit per position of the text.

        Every literal character shifts and narrows the set of possible starts, so the cost is
        the segment's length times the text's length in machine words, whatever they contain.
        """
        possible = (1 << len(text) - self.length + 1) - 1
        occurrences = _Occurrences(text)
        for offset, piece in self.pieces:
            for index, character in enumerate(piece, offset):
                possible &= occurrences.of(character) >> index
                if not possible:
                    return -1
        return (possible & -possible).bit_length() - 1


class _Occurrences:
    """Where each character stands in a text, as numbers whose bit i speaks of place i."""

    _KEPT: Final = 1024
    """How many of these numbers are kept; a text's frequent characters are fewer than that."""

    def __init__(self, text: str) -> None:
        self._bytes = len(text) // 8 + 1
        self._places: dict[str, list[int]] = {}
        for place, character in enumerate(text):
            self._places.setdefault(character, []).append(place)
        self._frequent = len(text) // self._KEPT
        self._numbers: dict[str, int] = {}

    def of(self, character: str) -> int:
        number = self._numbers.get(character)
        if number is None:
            places = self._places.get(character, [])
            bits = bytearray(self._bytes)
            for place in places:
                bits[place >> 3] |= 1 << (place & 7)
            number = int.from_bytes(bits, "little")
            if len(places) > self._frequent:
                self._numbers[character] = number
        return number


def like(pattern: str, *, ignoring_case: bool = False) -> TextTest:
    """A test whether a value is LIKE `pattern`.

    Ignoring case, both sides are upper-cased as Unicode does without a locale.
    """
    segments = _segments(pattern.upper() if ignoring_case else pattern)
    test = _never if segments is None else _matcher(segments)
    return (lambda text: test(text.upper())) if ignoring_case else test


def _never(_text: str) -> bool:
    return False


def _segments(pattern: str) -> list[_Segment] | None:
    """The pattern cut at its unescaped `%`; None when an escape in it means nothing."""
    runs: list[list[str | None]] = [[]]
    characters = iter(pattern)
    for character in characters:
        if character == "\\":
            escaped = next(characters, None)
            if escaped is None or escaped not in "%_\\":
                return None
            runs[-1].append(escaped)
        elif character == "%":
            runs.append([])
        else:
            runs[-1].append(None if character == "_" else character)
    if len(runs) == 1:
        runs = [[], runs[0], []]
    return [_segment(run) for run in runs]


def _segment(run: list[str | None]) -> _Segment:
    """`run` with None for each wildcard, as a segment."""
    pieces: list[tuple[int, str]] = []
    offset = 0
    for is_wild, group in groupby(run, key=lambda each: each is None):
        piece = list(group)
        if not is_wild:
            pieces.append((offset, "".join(each for each in piece if each is not None)))
        offset += len(piece)
    return _Segment(offset, tuple(pieces))


def _matcher(segments: list[_Segment]) -> TextTest:
    first, *between, last = segments
    searches = [(segment.search(), segment.length) for segment in between if segment.length]
    if not first.length and not last.length and len(searches) == 1:
        only = searches[0][0]
        return lambda text: only(text, 0) >= 0

    def matches(text: str) -> bool:
        end = len(text) - last.length
        if end < first.length or not first.stands_at(text, 0) or not last.stands_at(text, end):
            return False
        position = first.length
        for search, length in searches:
            position = search(text, position)
            if position < 0:
                return False
            position += length
        return position <= end

    return matches
