"""Columns: the values that one field or one variable has in every row of a segment.

A value is written once; a row has its number. So a predicate is asked once for each value, however
many rows have it. A column is kept as bytes that say how they are to be read.
"""

import json
import struct
import zlib
from array import array
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, chain, pairwise, repeat
from typing import Any, Final

type Address = tuple[str, ...]
"""Which column: a field of the task, or a scope of variables and a variable's name."""

ABSENT: Final = 0
"""The number of no value; the first value has 1."""

_TEXTS: Final = 1
_NUMBERS: Final = 2
_LISTS: Final = 3
_MIXED: Final = 4

_HEADER: Final = struct.Struct("<BcII")
"""How it is kept, the type of the numbers of values, rows, and bytes before the values."""

_LARGEST: Final = 2**62


class Unreadable(Exception):
    """Bytes that are no column, or one of a kind that this version does not know."""


@dataclass(frozen=True, slots=True)
class Column:
    """A value for each row, or none."""

    codes: Sequence[int]
    """For each row the number of its value, or `ABSENT`."""
    values: Sequence[Any]
    """The values, each once; the value of number n is at n - 1."""
    size: int = 0
    """About how many bytes it takes in memory."""
    ascending: bool = False
    """Whether the values are in ascending order, so that their numbers are, too."""

    def value(self, row: int) -> Any:
        """The row's value; None where it has none."""
        code = self.codes[row]
        return None if code == ABSENT else self.values[code - 1]


@dataclass(frozen=True, slots=True)
class ListColumn:
    """A list of values for each row."""

    starts: Sequence[int]
    """Where in `codes` the list of each row starts, and at last where the last one ends."""
    owners: Sequence[int]
    """For each of `codes` its row."""
    codes: Sequence[int]
    values: Sequence[Any]
    size: int = 0
    """About how many bytes it takes in memory."""

    def of_row(self, row: int) -> list[Any]:
        """The list of a row."""
        codes = self.codes[self.starts[row] : self.starts[row + 1]]
        return [self.values[code - 1] for code in codes]


def written_column(rows: int, given: Mapping[int, Any]) -> bytes:
    """The bytes of a column with these values of `given` rows, of so many rows."""
    kind, values, numbers = _numbered(given.values())
    codes = _zeros(len(values), rows)
    for row, code in zip(given, numbers, strict=True):
        codes[row] = code
    return _packed(kind, codes, rows, b"", values)


def written_lists(rows: int, given: Mapping[int, Sequence[Any]]) -> bytes:
    """The bytes of a column of lists, empty where a row is not `given`."""
    lists = [given.get(row, ()) for row in range(rows)]
    texts = [_text(each) for each in chain.from_iterable(lists)]
    numbers = {text: code for code, text in enumerate(dict.fromkeys(texts), 1)}
    codes = array(_typecode(len(numbers)), [numbers[text] for text in texts])
    lengths = array("I", [len(each) for each in lists]).tobytes()
    return _packed(_LISTS, codes, rows, lengths, list(numbers))


def read_column(content: bytes) -> Column:
    """The column in these bytes; raises `Unreadable`."""
    kind, codes, rows, _, values, size = _unpacked(content, lists=False)
    if len(codes) != rows or max(codes, default=0) > len(values):
        raise Unreadable(f"a column of kind {kind} that contradicts itself")
    return Column(codes, values, size, ascending=kind != _MIXED)


def read_lists(content: bytes) -> ListColumn:
    """The column of lists in these bytes; raises `Unreadable`."""
    _, codes, rows, extra, values, size = _unpacked(content, lists=True)
    lengths = array("I", extra)
    starts = array("I", accumulate(lengths, initial=0))
    if len(lengths) != rows or starts[-1] != len(codes) or max(codes, default=0) > len(values):
        raise Unreadable("a column of lists that contradicts itself")
    owners = array("I", chain.from_iterable(map(repeat, range(rows), lengths)))
    return ListColumn(starts, owners, codes, values, size + 4 * (rows + len(codes)))


def _numbered(given: Iterable[Any]) -> tuple[int, Sequence[Any], list[int]]:
    """How the values are kept, each of them once, and the number of each one given.

    Texts and numbers are in ascending order: neighbours have much in common, and shrink.
    """
    all_given = list(given)
    kinds = set(map(type, all_given))
    if kinds <= {int} and all(abs(each) < _LARGEST for each in all_given):
        numbers = sorted(set(all_given))
        place = {each: code for code, each in enumerate(numbers, 1)}
        return _NUMBERS, numbers, [place[each] for each in all_given]
    if kinds <= {str}:
        texts = sorted(set(all_given))
        place = {each: code for code, each in enumerate(texts, 1)}
        return _TEXTS, [_text(each) for each in texts], [place[each] for each in all_given]
    # 1, 1.0 and true are equal in Python; their texts are not.
    written = list(map(_text, all_given))
    place = {each: code for code, each in enumerate(dict.fromkeys(written), 1)}
    return _MIXED, list(place), [place[each] for each in written]


def _text(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _typecode(values: int) -> str:
    if values < 2**8:
        return "B"
    return "H" if values < 2**16 else "I"


def _zeros(values: int, rows: int) -> "array[int]":
    return array(_typecode(values), bytes(array(_typecode(values)).itemsize * rows))


def _packed(
    kind: int, codes: "array[int]", rows: int, extra: bytes, values: Sequence[Any]
) -> bytes:
    if kind == _NUMBERS:
        steps = [after - before for before, after in pairwise([0, *values])]
        kept = array("q", steps).tobytes()
    else:
        kept = f"[{','.join(values)}]".encode("utf-8", "surrogatepass")
    before = codes.tobytes() + extra
    header = _HEADER.pack(kind, codes.typecode.encode(), rows, len(before))
    sizes = struct.pack("<I", len(extra))
    return zlib.compress(header + sizes + before + kept)


def _unpacked(
    content: bytes, *, lists: bool
) -> tuple[int, Sequence[int], int, bytes, Sequence[Any], int]:
    try:
        body = zlib.decompress(content)
        kind, typecode, rows, length = _HEADER.unpack_from(body)
        (extra,) = struct.unpack_from("<I", body, _HEADER.size)
        start = _HEADER.size + 4
        if kind not in (_TEXTS, _NUMBERS, _LISTS, _MIXED) or lists is not (kind == _LISTS):
            raise Unreadable(f"a column of the unknown kind {kind}")
        codes = array(typecode.decode(), body[start : start + length - extra])
        rest = body[start + length - extra : start + length]
        values = _values(kind, body[start + length :])
    except (zlib.error, struct.error, ValueError, RecursionError) as error:
        raise Unreadable(f"bytes that are no column: {error}") from error
    # One byte a row can be translated as a whole, which nothing else can.
    plain: Sequence[int] = codes.tobytes() if codes.typecode == "B" else codes
    return kind, plain, rows, rest, values, _size(codes, body, values)


def _values(kind: int, kept: bytes) -> Sequence[Any]:
    if kind == _NUMBERS:
        return list(accumulate(array("q", kept)))
    values: list[Any] = json.loads(kept)
    return values


def _size(codes: "array[int]", body: bytes, values: Sequence[Any]) -> int:
    """What Python needs for it: an object for each value, and several for an object in JSON."""
    each = 5 if values and isinstance(values[0], dict) else 1
    return len(codes) * codes.itemsize + each * (len(body) + 60 * len(values))
