"""Reads JSON strictly; an error says where in the text it is.

Unlike Python's own reader, it keeps how a fraction was written, and integers of many digits. It
raises nothing but `InvalidRequest` (docs/api.md, D2).
"""

import json
import math
import re
from collections.abc import Iterator
from typing import Any, Final, Self

from taskdock.domain.errors import InvalidRequest

DEEPEST: Final = 100
"""How deep objects and lists may be nested."""

_MOST_DIGITS: Final = 4000
# The interpreter itself turns at most 4,300 digits into a number.

_BRACKETS_AND_STRINGS: Final = re.compile(r'[\[{]|[\]}]|"[^"\\]*+(?:\\.[^"\\]*+)*+"?', re.DOTALL)
# A string without an end is taken to the end of the text, so that no place is looked at twice.

_BLANKS: Final = re.compile(r"[ \t\n\r]*+")

_BYTE_ORDER_MARK: Final = "\ufeff"
# Some programs on Windows write it before their JSON.

_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class WrittenFloat(float):
    """A number with a fraction or an exponent; its `str` is its text as it was written.

    Camunda 7 takes `5.70` for a text property as "5.70" (docs/camunda-behaviour.md, JSON bodies).
    """

    text: str

    def __new__(cls, text: str) -> Self:
        number = super().__new__(cls, text)
        number.text = text
        return number

    def __str__(self) -> str:
        return self.text


def read_json(text: str | bytes, *, trailing_junk_allowed: bool = False) -> object:
    """The value that `text` holds; bytes are UTF-8.

    Numbers with a fraction or an exponent are `WrittenFloat`. Of a key given twice the last
    value holds, in the last one's place. With `trailing_junk_allowed` whatever follows the value
    is ignored, as Camunda 7 does. Raises `InvalidRequest` for anything that is not JSON
    (with line and column), for NaN, infinite numbers and numbers of more than 4,000 digits, for
    nesting deeper than `DEEPEST` and for strings that are no valid Unicode.
    """
    text = _decoded(text)
    _refuse_depth(text)
    try:
        value, end = _DECODER.raw_decode(text, _after_blanks(text, 0))
        end = _after_blanks(text, end)
        if end != len(text) and not trailing_junk_allowed:
            raise json.JSONDecodeError("Nothing more expected", text, end)
    except json.JSONDecodeError as error:
        raise InvalidRequest(
            f"malformed JSON at line {error.lineno}, column {error.colno}:"
            f" {error.msg.removesuffix(' at')}"
        ) from None
    if "\\u" in text and any(_SURROGATE.search(each) for each in strings_in(value)):
        raise InvalidRequest("malformed JSON: a string has half a surrogate pair")
    return value


def _decoded(text: str | bytes) -> str:
    try:
        if isinstance(text, bytes):
            text = text.decode()
        text.encode()
    except UnicodeError:
        raise InvalidRequest("malformed JSON: the text is not valid UTF-8") from None
    return text.removeprefix(_BYTE_ORDER_MARK)


def _after_blanks(text: str, start: int) -> int:
    match = _BLANKS.match(text, start)
    return start if match is None else match.end()


def _refuse_depth(text: str) -> None:
    # Looked at before the text is read: both readers and writers of JSON are recursive.
    if text.count("[") + text.count("{") <= DEEPEST:
        return
    depth = 0
    for match in _BRACKETS_AND_STRINGS.finditer(text):
        if match[0] in ("[", "{"):
            depth += 1
            if depth > DEEPEST:
                raise InvalidRequest(f"JSON is nested more than {DEEPEST} deep")
        elif match[0] in ("]", "}"):
            depth -= 1


def refuse_nul(value: object, where: str) -> None:
    """Raise `InvalidRequest` when a string in the value, keys included, holds the NUL character,
    which many programs that read it later cannot handle."""
    if any("\0" in text for text in strings_in(value)):
        raise InvalidRequest(f"{where}: text must not contain the NUL character")


def strings_in(value: object) -> Iterator[str]:
    """Every string in a JSON value, keys included, in no particular order."""
    waiting = [value]
    while waiting:
        match waiting.pop():
            case str() as text:
                yield text
            case list() as elements:
                waiting.extend(elements)
            case dict() as entries:
                yield from entries
                waiting.extend(entries.values())


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    entries = dict(pairs)
    if len(entries) < len(pairs):
        entries = {}
        for key, value in pairs:
            entries.pop(key, None)
            entries[key] = value
    return entries


def _integer(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise InvalidRequest(f"a number of {len(digits)} digits is too long")
    return int(digits)


def _fraction(text: str) -> float:
    number = WrittenFloat(text)
    if not math.isfinite(number):
        raise InvalidRequest(f"a number is too large: {text[:60]}")
    return number


def _constant(name: str) -> object:
    raise InvalidRequest(f"malformed JSON: {name} is not a number in JSON")


_DECODER: Final = json.JSONDecoder(
    object_pairs_hook=_object,
    parse_int=_integer,
    parse_float=_fraction,
    parse_constant=_constant,
)
