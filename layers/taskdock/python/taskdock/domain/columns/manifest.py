"""The manifest of a tenant's segments: which there are, and where each column lies in its object.

It is never changed; a compaction writes a new one. The head names the one that counts.
"""

import base64
import json
import zlib
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from taskdock.domain.columns.column import Address, Unreadable
from taskdock.domain.columns.masks import Mask, every, of_rows
from taskdock.domain.instants import Instant

_FORM: Final = 1
"""The number of this form of a manifest."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where a column lies in its object."""

    offset: int
    length: int
    checksum: int


@dataclass(frozen=True, slots=True)
class Part:
    """A segment as the manifest names it."""

    name: str
    """The name of its object."""
    rows: int
    made: Instant
    places: Mapping[Address, Place]
    dead: frozenset[int] = frozenset()
    """Rows of tasks that have ended since, or that a later segment has."""

    @property
    def live(self) -> int:
        """How many rows count."""
        return self.rows - len(self.dead)

    @property
    def live_rows(self) -> Mask:
        """The rows that count."""
        everything = every(self.rows)
        return everything & ~of_rows(self.dead, self.rows) if self.dead else everything


@dataclass(frozen=True, slots=True)
class Manifest:
    """A tenant's segments."""

    parts: Sequence[Part] = ()
    replaced: Mapping[str, Instant] = field(default_factory=dict)
    """Objects that are named no more, and since when: a reader may have begun before."""

    @property
    def tasks(self) -> int:
        """How many tasks there are in all."""
        return sum(part.live for part in self.parts)

    @property
    def names(self) -> frozenset[str]:
        """The objects that are still needed."""
        return frozenset(part.name for part in self.parts)


@dataclass(frozen=True, slots=True)
class Head:
    """What the table says of a tenant's columns."""

    manifest: str
    """The name of the manifest's object."""
    checksum: int
    cut: Instant
    """What has an earlier stamp is in the segments; what is later has to be read beside them."""
    number: int = 1
    """Counts the heads: the next is written only over the one that it was made from."""


def written_object(columns: Mapping[Address, bytes]) -> tuple[bytes, dict[Address, Place]]:
    """The bytes of an object with these columns, and where each of them is."""
    places, offset = {}, 0
    for address, content in columns.items():
        places[address] = Place(offset, len(content), zlib.crc32(content))
        offset += len(content)
    return b"".join(columns.values()), places


def written_manifest(manifest: Manifest) -> bytes:
    """The bytes of a manifest."""
    content = {
        "form": _FORM,
        "parts": [
            {
                "name": part.name,
                "rows": part.rows,
                "made": part.made,
                "dead": _written_rows(part.dead),
                "places": [
                    [list(address), place.offset, place.length, place.checksum]
                    for address, place in part.places.items()
                ],
            }
            for part in manifest.parts
        ],
        "replaced": manifest.replaced,
    }
    return zlib.compress(json.dumps(content, separators=(",", ":")).encode())


def read_manifest(content: bytes) -> Manifest:
    """The manifest in these bytes; raises `Unreadable`."""
    try:
        read = json.loads(zlib.decompress(content))
        if read["form"] != _FORM:
            raise Unreadable(f"a manifest of the unknown form {read['form']}")
        parts = tuple(map(_part, read["parts"]))
        return Manifest(parts, read["replaced"])
    except (zlib.error, ValueError, LookupError, TypeError) as error:
        raise Unreadable(f"bytes that are no manifest: {error}") from error


def _part(read: Mapping[str, Any]) -> Part:
    places = {tuple(address): Place(*place) for address, *place in read["places"]}
    return Part(read["name"], read["rows"], read["made"], places, _read_rows(read["dead"]))


def _written_rows(rows: frozenset[int]) -> str:
    return base64.b64encode(zlib.compress(array("I", sorted(rows)).tobytes())).decode()


def _read_rows(text: str) -> frozenset[int]:
    return frozenset(array("I", zlib.decompress(base64.b64decode(text))))
