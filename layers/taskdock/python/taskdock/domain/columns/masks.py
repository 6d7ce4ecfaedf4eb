"""Masks: which rows of a segment are meant, as one whole number with a byte for each row.

Whole numbers of any length are joined by one machine's loop, and a byte for each row is what
`bytes.translate` and `compress` take.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import compress
from typing import Final

type Mask = int
"""A byte for each row, the first row's the least: 1 where the row is meant, 0 elsewhere."""

NOTHING: Final[Mask] = 0

_FEW: Final = 8
"""Where less than one row in so many is left, each of these is looked at by itself."""


def every(rows: int) -> Mask:
    """All of so many rows."""
    return int.from_bytes(b"\1" * rows, "little")


def chosen(codes: Sequence[int], wanted: Sequence[int]) -> Mask:
    """The rows whose number of a value is wanted: `wanted` has 0 or 1 for each number."""
    return int.from_bytes(selected(codes, wanted), "little")


def among(codes: Sequence[int], wanted: Sequence[int], left: Mask) -> Mask:
    """The same of some rows alone."""
    rows = len(codes)
    if isinstance(codes, bytes) or count(left) * _FEW >= rows:
        return chosen(codes, wanted) & left
    return of_rows((row for row in rows_of(left, rows) if wanted[codes[row]]), rows)


def selected(codes: Sequence[int], wanted: Sequence[int]) -> bytes:
    """For each number 1 where it is wanted, else 0."""
    if isinstance(codes, bytes):
        table = bytes(wanted)
        return codes.translate(table + bytes(256 - len(table)))
    return bytes(map(wanted.__getitem__, codes))


def of_rows(rows: Iterable[int], count: int) -> Mask:
    """These rows of so many."""
    mask = bytearray(count)
    for row in rows:
        mask[row] = 1
    return int.from_bytes(mask, "little")


def from_row(mask: Mask, row: int) -> Mask:
    """The rows that are meant from this one on."""
    return mask >> 8 * row << 8 * row


def count(mask: Mask) -> int:
    """How many rows are meant."""
    return mask.bit_count()


def rows_of(mask: Mask, rows: int) -> Iterator[int]:
    """The rows that are meant of so many, in ascending order."""
    return compress(range(rows), mask.to_bytes(rows, "little"))
