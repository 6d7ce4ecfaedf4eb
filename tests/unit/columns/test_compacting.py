"""Compactions: what they read, who wins, what they leave behind, and what is made anew."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from taskdock.domain.columns.manifest import read_manifest
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.use_cases.columns import segments
from taskdock.use_cases.columns.column_store import Work
from taskdock.use_cases.columns.compacting import Outcome

from tests.support.builders import CREATED, a_task
from tests.support.column_worlds import MINUTE, ColumnWorld, Moment, every_query_is_broad

DAY = 24 * 60 * MINUTE


@pytest.fixture(autouse=True)
def _every_query_is_broad() -> Iterator[None]:
    with every_query_is_broad():
        yield


def a_world(tasks: int = 100) -> ColumnWorld:
    """A world with columns of so many tasks."""
    world = ColumnWorld()
    world.put(*(a_task(f"{at:03}", name=f"n{at}", priority=at) for at in range(tasks)))
    world.wait(20 * MINUTE)
    assert world.compact(None) == [Outcome.MADE]
    world.wait(20 * MINUTE)
    return world


def _any(what: Any) -> Any:
    """The same without its type: its methods can be replaced."""
    return what


def parts(world: ColumnWorld) -> list[int]:
    """How many live rows each segment has."""
    return [part.live for part in read_manifest(world.store.kept[_head(world)]).parts]


def _head(world: ColumnWorld) -> str:
    return world.store.by_tenant[None].manifest


# What a compaction does.


def test_the_cut_is_three_minutes_before_the_compaction_began() -> None:
    world = a_world()
    world.compact(None)

    assert world.store.by_tenant[None].cut == world.now - 3 * MINUTE


def test_a_compaction_takes_what_changed_and_leaves_the_rest() -> None:
    world = a_world()
    world.put(a_task("003", name="new"), a_task("004", ended=CREATED), a_task("x"))
    world.wait(20 * MINUTE)
    world.compact(None)
    world.wait(20 * MINUTE)

    assert parts(world) == [98, 2]
    answer = world.ask({})
    assert answer.found.spent.items == 0 or answer.found.columns is not None
    assert answer.tasks == world.expected({}).tasks


def test_small_segments_are_merged_when_they_are_many_beside_the_rest() -> None:
    world = a_world()
    for at in range(11):
        world.put(a_task(f"x{at}"))
        world.wait(20 * MINUTE)
        world.compact(None)
        world.wait(20 * MINUTE)

    assert sum(parts(world)) == 111
    assert len(parts(world)) <= 9
    assert world.ask({}).tasks == world.expected({}).tasks


def test_full_segments_stay_when_small_ones_are_merged(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(segments, "ROWS", 40)
    world = a_world()
    before = read_manifest(world.store.kept[_head(world)]).names
    world.put(*(a_task(f"x{at:02}") for at in range(30)))
    world.wait(20 * MINUTE)
    world.compact(None)

    assert before & read_manifest(world.store.kept[_head(world)]).names
    assert sum(parts(world)) == 130
    assert world.ask({}).tasks == world.expected({}).tasks


def test_an_entry_that_an_index_had_late_is_taken_by_the_next_compaction() -> None:
    world = a_world()
    late = a_task("late")
    entries = world.tasks.entries

    def without_late(*args: Any) -> Any:
        page = entries(*args)
        return page._replace(
            entries=[each for each in page.entries if b'"id":"late"' not in each.document]
        )

    world.put(late)
    world.wait(10 * MINUTE)
    _any(world.tasks).entries = without_late
    world.compact(None)
    _any(world.tasks).entries = entries
    world.wait(5 * MINUTE)
    world.compact(None)
    world.wait(20 * MINUTE)

    assert world.count({}).count == 101


def test_a_version_that_an_index_shows_late_does_not_replace_a_later_one() -> None:
    world = a_world()
    entries = world.tasks.entries
    world.put(a_task("t", name="first"))
    world.put(a_task("t", name="second"))
    before = world.tasks.entries
    old = _entries_of(world, "t")
    world.put(a_task("t", name="third"))
    world.wait(2 * MINUTE)
    world.compact(None)

    def with_old(*args: Any) -> Any:
        page = before(*args)
        return page._replace(
            entries=[old if b'"id":"t"' in each.document else each for each in page.entries]
        )

    _any(world.tasks).entries = with_old
    world.wait(2 * MINUTE)
    world.compact(None)
    _any(world.tasks).entries = entries
    world.wait(20 * MINUTE)

    assert [task["name"] for task in world.ask({"taskId": "t"}).tasks] == ["third"]
    counts = [world.count({"name": name}).count for name in ("first", "second", "third")]
    assert counts == [0, 0, 1]


def _entries_of(world: ColumnWorld, task_id: str) -> Any:
    from taskdock.use_cases.columns.tail import specs_since

    wanted = f'"id":"{task_id}"'.encode()
    [entry, *_] = [
        entry
        for spec in specs_since(None, world.now)
        for entry in world.tasks.entries(spec).entries
        if wanted in entry.document
    ]
    return entry


# Who makes columns.


def test_two_compactions_do_not_run_at_once() -> None:
    world = a_world()
    world.store.begin(None, Work("other", world.now), world.now)
    assert world.compact(None) == [Outcome.MADE]

    world.store.begin(None, Work("other", type(world.now)(world.now + MINUTE)), world.now)
    assert world.compact(None) == [Outcome.BUSY]


def test_the_head_decides_between_two_and_the_loser_leaves_nothing() -> None:
    world = a_world()
    world.put(a_task("x"))
    put = world.store.put

    def and_another(*args: Any) -> str:
        _any(world.store).put = put
        world.store.works.clear()
        assert world.compact(None) == [Outcome.MADE]
        objects.update(world.store.kept)
        return put(*args)

    objects: dict[str, bytes] = {}
    _any(world.store).put = and_another

    assert world.compact(None) == [Outcome.LOST]
    assert world.store.kept == objects
    assert world.count({}).count == 101


def test_what_was_replaced_stays_for_an_hour() -> None:
    world = a_world()
    before = set(world.store.kept)
    for at in range(3):
        world.put(*(a_task(f"x{at}{each}") for each in range(90)))
        world.wait(20 * MINUTE)
        world.compact(None)
    assert before <= world.store.kept.keys()

    for _ in range(2):
        world.wait(61 * MINUTE)
        world.compact(None)
    assert not before & world.store.kept.keys()
    assert world.ask({}).tasks == world.expected({}).tasks


@pytest.mark.parametrize("anew", [False, True])
def test_a_reader_who_began_before_finds_all_objects(anew: bool) -> None:
    world = a_world()
    world.wait(2 * 60 * MINUTE)
    world.put(a_task("x"))

    with world.interrupted(Moment.OBJECTS, lambda: world.compact(None, anew=anew)):
        answer = world.ask({"nameLike": "n9%"})

    assert answer.found.fallback is None
    assert answer.tasks == world.expected({"nameLike": "n9%"}).tasks


def test_objects_that_nobody_names_are_swept() -> None:
    world = a_world()
    world.store.put(None, b"left by a compaction that ended in the middle")
    world.store.put("t1", b"another tenant's")
    world.wait(61 * MINUTE)
    world.compact(None)

    assert not any(b"left by" in content for content in world.store.kept.values())
    assert any(b"another" in content for content in world.store.kept.values())


def test_a_compaction_that_runs_out_of_time_is_gone_on_with(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(segments, "ROWS", 20)
    world = ColumnWorld(page_size=10)
    world.put(*(a_task(f"{at:03}") for at in range(200)))
    world.wait(20 * MINUTE)
    outcomes: list[Outcome] = []
    while not outcomes or outcomes[-1] is not Outcome.MADE:
        outcomes += _compacted(world, _seconds(7))
        world.put(a_task(f"meanwhile{len(outcomes)}"))
        world.wait(MINUTE)
        assert len(outcomes) < 9

    assert Outcome.UNFINISHED in outcomes
    assert world.ask({}).tasks == world.expected({}).tasks
    assert world.ask({}).found.columns is not None
    assert not world.store.works


def _seconds(looks: int) -> Callable[[], float]:
    """Enough time at so many looks, and none after them."""
    left = iter([900.0] * looks)
    return lambda: next(left, 0.0)


def _compacted(world: ColumnWorld, seconds_left: Callable[[], float]) -> list[Outcome]:
    from taskdock.use_cases.columns.compacting import Compactor

    compactor = Compactor(world.store, world.tasks, world.tasks, world.time, 90)
    return [compactor.compact(None, seconds_left)]


def test_a_failing_store_leaves_the_columns_as_they_were() -> None:
    world = a_world()
    world.put(a_task("x"))
    put = world.store.put

    def fail(*_: Any) -> str:
        raise TemporarilyUnavailable("no store")

    _any(world.store).put = fail
    with pytest.raises(TemporarilyUnavailable):
        world.compact(None)
    _any(world.store).put = put

    assert not world.store.works
    assert world.count({}).count == 101


def test_without_changes_kept_nothing_is_made() -> None:
    world = ColumnWorld()
    world.put(a_task("a"))
    _any(world.tasks).kept_from = lambda: None

    assert world.compact(None) == [Outcome.OFF]
    assert not world.store.kept


# Who asks for compactions.


def test_a_long_tail_asks_for_a_compaction() -> None:
    world = a_world()
    world.put(*(a_task(f"y{at:04}") for at in range(1001)))

    assert world.count({}).count == 1101
    assert world.asked.asked == [(None, False)]
    world.count({})
    assert len(world.asked.asked) == 1


def test_a_tenant_with_many_tasks_and_no_columns_asks_for_some() -> None:
    world = ColumnWorld(page_size=5000)
    world.put(*(a_task(f"{at:05}") for at in range(5001)))

    assert world.count({}).count == 5001
    assert world.asked.asked == [(None, False)]


def test_small_tenants_get_none() -> None:
    world = ColumnWorld(page_size=5000)
    world.put(*(a_task(f"{at:05}") for at in range(4999)))

    assert world.count({}).count == 4999
    assert world.asked.asked == []


def test_tenants_that_have_many_tasks_together_get_some_each_but_the_smallest() -> None:
    world = ColumnWorld(page_size=5000)
    sizes = {None: 499, "t1": 2_500, "t2": 2_500}
    for tenant, size in sizes.items():
        world.put(*(a_task(f"{tenant}{at:05}", tenantId=tenant) for at in range(size)))

    assert world.count({}).count == 5_499
    assert world.asked.asked == [("t1", False), ("t2", False)]


def test_a_tenant_that_has_grown_gets_some_beside_one_that_has() -> None:
    world = ColumnWorld(page_size=5000)
    world.put(*(a_task(f"{at:05}", tenantId="t1") for at in range(2_000)))
    world.put(*(a_task(f"x{at:05}") for at in range(501)))
    world.wait(20 * MINUTE)
    world.compact("t1")

    assert world.count({}).count == 2_501
    assert world.asked.asked == [(None, False)]


def test_no_object_holds_two_tenants_tasks() -> None:
    world = ColumnWorld()
    world.put(a_task("a"), a_task("b", tenantId="t1"), a_task("c", tenantId="t2"))
    world.wait(20 * MINUTE)
    world.compact(None, "t1", "t2")

    for tenant, head in world.store.by_tenant.items():
        for name in {head.manifest, *read_manifest(world.store.kept[head.manifest]).names}:
            assert name.startswith(f"{tenant}/")
    assert world.count({}).count == 3
