"""What can be wrong with columns, as a test brings it about."""

import zlib
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any, Final, NamedTuple

from taskdock.domain.columns.manifest import (
    Manifest,
    Part,
    read_manifest,
    written_manifest,
    written_object,
)
from taskdock.domain.errors import TemporarilyUnavailable

from tests.support.builders import a_task
from tests.support.column_worlds import ColumnWorld, Moment

_DAY: Final = 24 * 60 * 60_000


class Fault(NamedTuple):
    """Something that keeps columns from answering."""

    name: str
    surround: Callable[[ColumnWorld], AbstractContextManager[None]]
    """Brings it about; what it returns surrounds the question."""
    reason: str
    """What the log says of it."""
    anew: bool = False
    """Whether columns have to be made anew."""


def manifest_of(world: ColumnWorld) -> Manifest:
    """What the head of the tasks without a tenant names."""
    return read_manifest(world.store.kept[world.store.by_tenant[None].manifest])


def _before(damage: Callable[[ColumnWorld], None]) -> Any:
    def surround(world: ColumnWorld) -> AbstractContextManager[None]:
        damage(world)
        return nullcontext()

    return surround


def _at(moment: Moment, damage: Callable[[ColumnWorld], None]) -> Any:
    return lambda world: world.interrupted(moment, lambda: damage(world))


def _segments(damage: Callable[[bytes], bytes]) -> Any:
    def damaged(world: ColumnWorld) -> None:
        for name in manifest_of(world).names:
            world.store.kept[name] = damage(world.store.kept[name])

    return damaged


def _manifest(damage: Callable[[bytes], bytes]) -> Any:
    def damaged(world: ColumnWorld) -> None:
        name = world.store.by_tenant[None].manifest
        world.store.kept[name] = damage(world.store.kept[name])

    return damaged


def _flipped(content: bytes) -> bytes:
    return bytes(each ^ 1 for each in content)


def _segments_gone(world: ColumnWorld) -> None:
    for name in manifest_of(world).names:
        del world.store.kept[name]


def _manifest_gone(world: ColumnWorld) -> None:
    del world.store.kept[world.store.by_tenant[None].manifest]


def _everything_gone(world: ColumnWorld) -> None:
    world.store.kept.clear()


def _head_names_another(world: ColumnWorld) -> None:
    world.store.by_tenant[None] = replace(world.store.by_tenant[None], manifest="None/other")


def _named(world: ColumnWorld, content: bytes) -> None:
    """Have the head name a manifest of this content."""
    name = world.store.put(None, content)
    head = world.store.by_tenant[None]
    world.store.by_tenant[None] = replace(head, manifest=name, checksum=zlib.crc32(content))


def _of_another_form(world: ColumnWorld) -> None:
    _named(world, zlib.compress(b'{"form":2,"segments":[]}'))


def _of_another_kind(world: ColumnWorld) -> None:
    """Columns as a later version may write them, with the right checksums."""
    manifest = manifest_of(world)
    _named(world, written_manifest(replace(manifest, parts=[_other(world, *manifest.parts)])))


def _other(world: ColumnWorld, part: Part) -> Part:
    content = world.store.kept[part.name]
    columns = {}
    for address, place in part.places.items():
        body = zlib.decompress(content[place.offset : place.offset + place.length])
        columns[address] = zlib.compress(bytes([200]) + body[1:])
    changed, places = written_object(columns)
    return replace(part, name=world.store.put(None, changed), places=places)


def _too_old(world: ColumnWorld) -> None:
    world.wait(31 * _DAY)


def _changes_from_now_on(world: ColumnWorld) -> None:
    now, tasks = world.now, _any(world.tasks)
    tasks.kept_from = lambda: now


def _no_changes(world: ColumnWorld) -> None:
    _any(world.tasks).kept_from = lambda: None


def _out_of_reach(name: str) -> Any:
    def damage(world: ColumnWorld) -> None:
        def fail(*_: Any) -> Any:
            raise TemporarilyUnavailable("no store")

        setattr(world.store, name, fail)

    return damage


def _grown(world: ColumnWorld) -> None:
    """So many tasks within a moment that reading them beside the columns is of no use."""
    world.put(*(a_task(f"y{at:03}", name=f"n{at}") for at in range(200)))


def _any(what: Any) -> Any:
    """The same without its type: its methods can be replaced."""
    return what


_BROKEN: Final = (
    ("a segment that is gone", _before(_segments_gone), "object gone"),
    ("a segment cut short", _before(_segments(lambda it: it[:20])), "object too short"),
    ("an empty segment", _before(_segments(lambda _: b"")), "object too short"),
    ("a segment with flipped bits", _before(_segments(_flipped)), "object changed"),
    ("a segment of an unknown encoding", _before(_of_another_kind), "unknown encoding"),
    ("a segment deleted before its reader", _at(Moment.HEADS, _segments_gone), "object gone"),
    ("a segment deleted under its reader", _at(Moment.OBJECTS, _segments_gone), "object gone"),
    ("all objects deleted under a reader", _at(Moment.TAIL, _everything_gone), "object gone"),
    ("a manifest that is gone", _before(_manifest_gone), "object gone"),
    ("a manifest cut short", _before(_manifest(lambda it: it[:-1])), "object changed"),
    ("a manifest with flipped bits", _before(_manifest(_flipped)), "object changed"),
    ("a manifest of an unknown form", _before(_of_another_form), "unknown encoding"),
    ("a head that names what is gone", _before(_head_names_another), "object gone"),
)
_OF_NO_USE: Final = (
    ("a head that is too old", _before(_too_old), "too old"),
    ("changes kept again since a moment", _before(_changes_from_now_on), "changes not kept"),
    ("changes not kept", _before(_no_changes), "changes not kept"),
    ("a bucket out of reach", _before(_out_of_reach("read")), "out of reach"),
    ("heads out of reach", _before(_out_of_reach("heads")), "out of reach"),
    ("a table that grew in a moment", _before(_grown), "tail too long"),
)

FAULTS: Final = (
    *(Fault(name, surround, reason, anew=True) for name, surround, reason in _BROKEN),
    *(Fault(name, surround, reason) for name, surround, reason in _OF_NO_USE),
)
"""Of columns of a hundred tasks without a tenant, in one segment, whose tail may have a hundred
entries."""
