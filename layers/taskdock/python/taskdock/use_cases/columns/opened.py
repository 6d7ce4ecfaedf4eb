"""Opening columns: what the heads name, read from the store as far as a query needs it."""

import zlib
from collections import OrderedDict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from threading import Lock
from typing import Final

from taskdock.domain.columns.column import (
    Address,
    Column,
    ListColumn,
    Unreadable,
    read_column,
    read_lists,
)
from taskdock.domain.columns.manifest import Head, Manifest, Part, Place, read_manifest
from taskdock.domain.columns.segment import Segment, is_of_lists
from taskdock.use_cases.columns.column_store import ColumnStore
from taskdock.use_cases.query.page_reading import side_by_side

_CACHED: Final = 192 * 2**20
"""About how many bytes of columns a process keeps."""

_WHOLE: Final = 8
"""From this many columns of one object on, the object is read in one piece."""


class Unusable(Exception):
    """The columns cannot answer now; the message says why, in a word or two."""


class Broken(Unusable):
    """What the columns are read from is damaged: they have to be made anew."""


class ColumnCache:
    """The columns and manifests that were read last. Objects never change, so neither do these.
    Threads may share one."""

    def __init__(self, limit: int = _CACHED) -> None:
        self._limit = limit
        self._size = 0
        self._lock = Lock()
        self._columns: OrderedDict[tuple[str, Address], Column | ListColumn] = OrderedDict()
        self._manifests: OrderedDict[str, Manifest] = OrderedDict()

    def column(self, name: str, address: Address) -> Column | ListColumn | None:
        """The column at an address of an object, if it is here."""
        with self._lock:
            found = self._columns.get((name, address))
            if found is not None:
                self._columns.move_to_end((name, address))
            return found

    def keep(self, name: str, address: Address, column: Column | ListColumn) -> None:
        """Keep a column, and let go what was not used for the longest time."""
        with self._lock:
            if (name, address) not in self._columns:
                self._size += column.size
            self._columns[name, address] = column
            while self._size > self._limit and len(self._columns) > 1:
                _, dropped = self._columns.popitem(last=False)
                self._size -= dropped.size

    def manifest(self, name: str, read: Callable[[], Manifest]) -> Manifest:
        """The manifest of that name, read when it is not here."""
        with self._lock:
            found = self._manifests.get(name)
        if found is None:
            found = read()
            with self._lock:
                self._manifests[name] = found
                while len(self._manifests) > _MANIFESTS:
                    self._manifests.popitem(last=False)
        return found


_MANIFESTS: Final = 100


@dataclass(frozen=True, slots=True)
class Opened:
    """A segment that can be asked."""

    part: Part
    segment: Segment


class Opener:
    """Reads what heads name, for one query. Every method raises `Broken` where an object is
    gone, too short or changed."""

    def __init__(self, store: ColumnStore, cache: ColumnCache) -> None:
        self._store = store
        self._cache = cache
        self._held: dict[tuple[str, Address], Column | ListColumn] = {}
        self.bytes_read = 0
        """How many bytes were fetched from the store."""

    def manifest(self, head: Head) -> Manifest:
        """The manifest that a head names."""

        def read() -> Manifest:
            content = self._store.read(head.manifest)
            if content is None:
                raise Broken("object gone")
            if zlib.crc32(content) != head.checksum:
                raise Broken("object changed")
            self.bytes_read += len(content)
            return _readable(read_manifest, content)

        return self._cache.manifest(head.manifest, read)

    def opened(self, part: Part) -> Opened:
        """A segment, whose columns have to be fetched before they are asked for."""

        def fetch(address: Address) -> Column | ListColumn:
            found = self._held.get((part.name, address))
            if found is None:
                self.fetch([(part, (address,))])
                found = self._held[part.name, address]
            return found

        return Opened(part, Segment(part.rows, frozenset(part.places), fetch))

    def fetch(self, wanted: Iterable[tuple[Part, Iterable[Address]]]) -> None:
        """Read these columns of these segments, side by side, unless they are here."""
        reads: list[tuple[Part, Sequence[Address]]] = []
        for part, addresses in wanted:
            missing = [each for each in addresses if not self._is_held(part, each)]
            if len(missing) >= _WHOLE:
                reads.append((part, missing))
            else:
                reads += [(part, (each,)) for each in missing]
        for columns in side_by_side(self._read, reads):
            self._held.update(columns)

    def _is_held(self, part: Part, address: Address) -> bool:
        key = part.name, address
        if key not in self._held:
            found = self._cache.column(*key)
            if found is None:
                return False
            self._held[key] = found
        return True

    def _read(
        self, wanted: tuple[Part, Sequence[Address]]
    ) -> Mapping[tuple[str, Address], Column | ListColumn]:
        part, addresses = wanted
        places = [part.places[each] for each in addresses]
        start = min(place.offset for place in places)
        end = max(place.offset + place.length for place in places)
        content = self._store.read(part.name, start, end - start)
        if content is None:
            raise Broken("object gone")
        self.bytes_read += len(content)
        found = {}
        for address, place in zip(addresses, places, strict=True):
            column = _column(content[place.offset - start :][: place.length], address, place)
            found[part.name, address] = column
            self._cache.keep(part.name, address, column)
        return found


def _column(content: bytes, address: Address, place: Place) -> Column | ListColumn:
    if len(content) != place.length:
        raise Broken("object too short")
    if zlib.crc32(content) != place.checksum:
        raise Broken("object changed")
    if is_of_lists(address):
        return _readable(read_lists, content)
    return _readable(read_column, content)


def _readable[Read](read: Callable[[bytes], Read], content: bytes) -> Read:
    try:
        return read(content)
    except Unreadable as error:
        raise Broken("unknown encoding") from error
