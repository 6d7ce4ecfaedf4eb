"""Compactions that are killed at any step, or overtaken by another one: answers stay exact, the
next compaction goes on, and nothing stays behind."""

import zlib
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import count
from typing import Any, Final

import pytest
from taskdock.domain.columns.manifest import read_manifest
from taskdock.use_cases.columns import segments
from taskdock.use_cases.columns.compacting import Outcome
from taskdock.use_cases.columns.forgetting import forget_columns

from tests.support.builders import a_task
from tests.support.column_worlds import MINUTE, ColumnWorld, every_query_is_broad

pytestmark = pytest.mark.exhaustive

BODY: Final = {"nameLike": "n%", "sorting": [{"sortBy": "priority", "sortOrder": "asc"}]}


@pytest.fixture(autouse=True)
def _every_query_is_broad(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(segments, "ROWS", 20)
    with every_query_is_broad():
        yield


class Killed(BaseException):
    """The process is gone: nothing is tidied up."""


class Steps:
    """Counts what a compaction asks of the table and of the store, and acts before one of it."""

    def __init__(self, world: ColumnWorld, number: int, act: Callable[[], None]) -> None:
        self._left = number
        self._act = act
        names = (
            *("heads", "swap", "begin", "go_on", "end"),
            *("put", "read", "objects", "remove"),
        )
        for place, name in (*((world.store, name) for name in names), (world.tasks, "entries")):
            setattr(place, name, self._counted(getattr(place, name)))

    def have_come(self) -> bool:
        """Whether there were as many; from now on there is nothing to wait for."""
        is_done, self._left = self._left <= 0, 0
        return is_done

    def _counted(self, method: Callable[..., Any]) -> Callable[..., Any]:
        def counted(*args: Any) -> Any:
            self._left -= 1
            if self._left == 0:
                self._act()
            return method(*args)

        return counted


def never_made() -> ColumnWorld:
    """Sixty tasks without columns."""
    world = ColumnWorld(page_size=10)
    world.put(*(a_task(f"{at:03}", name=f"n{at}", priority=at % 9) for at in range(60)))
    world.wait(20 * MINUTE)
    return world


def with_changes() -> ColumnWorld:
    """The same with columns, and with changes since; so many that segments are written anew."""
    world = never_made()
    assert world.compact(None) == [Outcome.MADE]
    world.wait(70 * MINUTE)
    world.put(*(a_task(f"{at:03}", name="n-later", priority=3) for at in range(0, 60, 4)))
    world.put(*(a_task(f"x{at}", name="n-new", priority=4) for at in range(5)))
    world.erase("001")
    world.wait(20 * MINUTE)
    return world


def _must_be_exact(world: ColumnWorld) -> None:
    world.columns = world.new_process()
    expected = world.expected(BODY).tasks
    assert world.ask(BODY).tasks == expected
    assert world.count(BODY).count == len(expected)


def _must_become_whole(world: ColumnWorld) -> None:
    """After the next compaction columns answer, and after two hours nothing else is kept."""
    for _ in range(3):
        world.wait(61 * MINUTE)
        assert world.compact(None) == [Outcome.MADE]
        _must_be_exact(world)
        assert world.ask(BODY).found.columns is not None
    head = world.store.by_tenant[None]
    manifest = read_manifest(world.store.kept[head.manifest])
    assert world.store.kept.keys() == {head.manifest, *manifest.names, *manifest.replaced}
    assert not world.store.works


BEGINNINGS: Final = (never_made, with_changes)


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("begun", BEGINNINGS, ids=lambda each: each.__name__)
def test_a_compaction_that_is_killed_at_any_step_does_no_harm(
    begun: Callable[[], ColumnWorld], anew: bool
) -> None:
    def kill() -> None:
        raise Killed

    for step in count(1):
        world = begun()
        steps = Steps(world, step, kill)
        with suppress(Killed):
            world.compact(None, anew=anew)
        if not steps.have_come():
            assert step > 10
            return
        _must_be_exact(world)
        world.put(a_task("005", name="n-while", priority=1))
        _must_be_exact(world)
        _must_become_whole(world)


@pytest.mark.parametrize("anew", [False, True])
@pytest.mark.parametrize("begun", BEGINNINGS, ids=lambda each: each.__name__)
def test_a_compaction_that_is_overtaken_at_any_step_does_no_harm(
    begun: Callable[[], ColumnWorld], anew: bool
) -> None:
    """The first one takes longer than its lease."""
    for step in count(1):
        world = begun()

        def overtake(world: ColumnWorld = world) -> None:
            world.store.works.clear()
            world.put(a_task("005", name="n-while", priority=1))
            world.wait(17 * MINUTE)
            assert world.compact(None) == [Outcome.MADE]
            _must_be_exact(world)

        steps = Steps(world, step, overtake)
        [outcome] = world.compact(None, anew=anew)
        assert outcome in (Outcome.MADE, Outcome.LOST, Outcome.BUSY)
        if not steps.have_come():
            assert step > 10
            return
        _must_be_exact(world)
        _must_become_whole(world)


@pytest.mark.parametrize("seconds", [900, 0])
@pytest.mark.parametrize("begun", BEGINNINGS, ids=lambda each: each.__name__)
def test_what_is_erased_during_any_step_of_a_compaction_is_kept_in_no_object(
    begun: Callable[[], ColumnWorld], seconds: float
) -> None:
    for step in count(1):
        world = begun()

        def erase(world: ColumnWorld = world) -> None:
            world.erase("007")
            forget_columns(world.store, [None])

        steps = Steps(world, step, erase)
        world.compact(None, seconds=seconds)
        if not steps.have_come():
            assert step > 4
            return
        assert not any(b'"007"' in zlib.decompress(each) for each in _columns(world))
        _must_be_exact(world)


def _columns(world: ColumnWorld) -> Iterator[bytes]:
    """Every column of ids that is kept."""
    for content in world.store.kept.values():
        rest = content
        while rest:
            reader = zlib.decompressobj()
            reader.decompress(rest)
            yield rest[: len(rest) - len(reader.unused_data)]
            rest = reader.unused_data
