"""What every task store promises of single tasks: reading, writing, versions, all or nothing."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from taskdock.domain.errors import AlreadyExists, InvalidRequest
from taskdock.domain.query.read_specs import ByIds, ByIndex, Inbox, Index
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.documents import version_of, whole_task
from taskdock.use_cases.ports import (
    Changes,
    Put,
    Remove,
    StoredTask,
    TaskStore,
    VersionConflict,
)
from taskdock.use_cases.query.page_reading import every_task

from tests.support.builders import CREATED, a_task, noise

KIB = 1024


def create(store: TaskStore, *tasks: Task) -> None:
    for task in tasks:
        store.commit(Changes([Put(task)]))


def stored(store: TaskStore, name: str = "t1") -> StoredTask:
    found = store.get(TaskId(name))
    assert found is not None
    return found


def read_ids(store: TaskStore, *names: str) -> list[str]:
    spec = ByIds(tuple(TaskId(name) for name in names))
    return [task["id"] for task in every_task(store, spec)]


def test_an_unknown_task_is_none(store: TaskStore) -> None:
    assert store.get(TaskId("t1")) is None


def test_a_created_task_has_version_one(store: TaskStore) -> None:
    create(store, a_task())

    assert stored(store) == StoredTask(a_task(), 1)


def test_a_task_comes_back_exactly_as_it_was_written(store: TaskStore) -> None:
    task = a_task(
        name='"quoted"\n\u0000 \u00e4 \U0001f600',
        description="",
        variables={
            "long": {"type": "Long", "value": 2**63 - 1},
            "beyond": {"type": "Json", "value": str(2**70)},
            "double": {"type": "Double", "value": 0.1},
            "whole": {"type": "Double", "value": 3.0},
            "tiny": {"type": "Double", "value": 5e-324},
            "none": {"type": "Null", "value": None},
            "nested": {"type": "Json", "value": '{"a":[1,2,{}]}'},
        },
        somethingNewer={"list": [1, None, True, {"deep": []}]},
    )
    create(store, task)

    found = stored(store).task

    assert found == task
    assert list(found) == list(task)
    assert list(found["variables"]) == list(task["variables"])
    assert isinstance(found["variables"]["whole"]["value"], float)


def test_half_a_surrogate_pair_is_kept(store: TaskStore) -> None:
    task = a_task(name="\ud83d", assignee="\udc00", groups=["\ud800"])
    create(store, task)

    assert stored(store).task == task


def test_what_a_caller_does_to_a_task_later_is_not_stored(store: TaskStore) -> None:
    links = [*a_task(groups=["sales"])["links"]]
    create(store, a_task(links=links))

    links.clear()

    assert stored(store).task == a_task(groups=["sales"])


def test_a_taken_id_is_refused_and_the_task_left_alone(store: TaskStore) -> None:
    create(store, a_task(name="first", groups=["sales", "legal"]))

    with pytest.raises(AlreadyExists, match="t1"):
        create(store, a_task(name="second"))
    with pytest.raises(AlreadyExists, match="t1"):
        create(store, a_task(name="second", groups=["support", "sales"]))

    assert stored(store) == StoredTask(a_task(name="first", groups=["sales", "legal"]), 1)


def test_the_very_same_task_cannot_be_created_twice(store: TaskStore) -> None:
    create(store, a_task())

    with pytest.raises(AlreadyExists):
        create(store, a_task())


def test_every_change_counts_the_version_by_one(store: TaskStore) -> None:
    create(store, a_task())
    for priority in (1, 2, 3):
        before = stored(store)
        store.commit(Changes([Put(changed(before.task, priority=priority), before)]))

    assert stored(store) == StoredTask(a_task(priority=3), 4)


def test_a_change_that_changes_nothing_is_a_change(store: TaskStore) -> None:
    create(store, a_task(groups=["sales"]))
    before = stored(store)

    store.commit(Changes([Put(before.task, before)]))

    assert stored(store) == StoredTask(before.task, 2)


@pytest.mark.parametrize("groups", [[], ["sales"], ["sales", "support"]], ids=len)
def test_a_change_over_an_older_version_loses(store: TaskStore, groups: list[str]) -> None:
    create(store, a_task(groups=groups))
    before = stored(store)
    store.commit(Changes([Put(changed(before.task, priority=1), before)]))

    with pytest.raises(VersionConflict) as lost:
        store.commit(Changes([Put(changed(before.task, priority=2), before)]))

    assert (lost.value.task_id, lost.value.gone) == ("t1", False)
    assert stored(store) == StoredTask(a_task(groups=groups, priority=1), 2)


@pytest.mark.parametrize("groups", [[], ["sales"], ["sales", "support"]], ids=len)
def test_a_change_of_a_removed_task_loses_and_says_that_it_is_gone(
    store: TaskStore, groups: list[str]
) -> None:
    create(store, a_task(groups=groups))
    before = stored(store)
    store.commit(Changes([Remove(before)]))

    with pytest.raises(VersionConflict) as lost:
        store.commit(Changes([Put(before.task, before)]))

    assert lost.value.gone
    assert store.get(TaskId("t1")) is None


@pytest.mark.parametrize("groups", [[], ["sales"], ["sales", "support"]], ids=len)
def test_a_removal_over_an_older_version_loses(store: TaskStore, groups: list[str]) -> None:
    create(store, a_task(groups=groups))
    before = stored(store)
    store.commit(Changes([Put(before.task, before)]))

    with pytest.raises(VersionConflict) as lost:
        store.commit(Changes([Remove(before)]))

    assert not lost.value.gone
    assert stored(store).version == 2


def test_a_second_removal_loses_and_says_that_it_is_gone(store: TaskStore) -> None:
    create(store, a_task())
    before = stored(store)
    store.commit(Changes([Remove(before)]))

    with pytest.raises(VersionConflict) as lost:
        store.commit(Changes([Remove(before)]))

    assert lost.value.gone


def test_a_removed_id_can_be_created_anew(store: TaskStore) -> None:
    create(store, a_task())
    store.commit(Changes([Remove(stored(store))]))

    create(store, a_task(name="again"))

    # The removed one was the second version: no reader of changes takes the new one for older.
    assert stored(store) == StoredTask(a_task(name="again"), 3)


def test_several_writes_happen_together(store: TaskStore) -> None:
    create(store, a_task("changed"), a_task("removed"))
    before = stored(store, "changed")

    store.commit(
        Changes(
            [
                Put(a_task("new")),
                Put(changed(before.task, priority=1), before),
                Remove(stored(store, "removed")),
            ]
        )
    )

    assert stored(store, "new").version == 1
    assert stored(store, "changed") == StoredTask(a_task("changed", priority=1), 2)
    assert store.get(TaskId("removed")) is None


def test_nothing_is_written_when_one_of_several_writes_is_refused(store: TaskStore) -> None:
    create(store, a_task("t1"), a_task("t2"))
    fresh, stale = stored(store, "t1"), stored(store, "t2")
    store.commit(Changes([Put(stale.task, stale)]))

    with pytest.raises(VersionConflict) as lost:
        store.commit(
            Changes(
                [
                    Put(changed(fresh.task, priority=1), fresh),
                    Put(changed(stale.task, priority=1), stale),
                    Put(a_task("t3")),
                ]
            )
        )

    assert lost.value.task_id == "t2"
    assert stored(store, "t1") == fresh
    assert stored(store, "t2") == StoredTask(stale.task, 2)
    assert store.get(TaskId("t3")) is None


def test_no_writes_are_no_error(store: TaskStore) -> None:
    store.commit(Changes([]))


def test_a_document_up_to_the_limit_is_taken(store: TaskStore) -> None:
    create(store, a_document_of(300 * KIB))

    assert len(stored(store).task["description"]) > 299 * KIB


@pytest.mark.parametrize("letter", ["x", "\u00e4"], ids=["of one byte", "of two bytes"])
def test_a_document_over_the_limit_is_refused_with_size_and_limit(
    store: TaskStore, letter: str
) -> None:
    task = a_document_of(300 * KIB + len(letter.encode()), letter)

    with pytest.raises(InvalidRequest, match=r"301 KiB.*300 KiB"):
        create(store, task)

    assert store.get(TaskId("t1")) is None


def test_a_task_that_outgrows_the_limit_is_left_as_it_was(store: TaskStore) -> None:
    create(store, a_task())
    before = stored(store)

    with pytest.raises(InvalidRequest, match="300 KiB"):
        store.commit(Changes([Put(changed(before.task, description="x" * 300 * KIB), before)]))

    assert stored(store) == before


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
def test_a_number_that_json_cannot_write_is_refused(store: TaskStore, number: float) -> None:
    with pytest.raises(InvalidRequest, match="number"):
        create(store, a_task(variables={"x": {"type": "Double", "value": number}}))

    assert store.get(TaskId("t1")) is None


def test_100_candidates_fit_and_101_do_not(store: TaskStore) -> None:
    create(store, a_task("t1", groups=[f"g{number}" for number in range(100)]))

    with pytest.raises(InvalidRequest, match=r"101 items.*limit is 100"):
        create(store, a_task("t2", groups=[f"g{number}" for number in range(101)]))

    assert store.get(TaskId("t2")) is None


def test_gained_and_lost_candidates_count_alike(store: TaskStore) -> None:
    create(store, a_task(groups=[f"g{number}" for number in range(60)]))
    before = stored(store)
    replaced = a_task(users=[f"u{number}" for number in range(60)])

    with pytest.raises(InvalidRequest, match=r"119 items"):
        store.commit(Changes([Put(replaced, before)]))

    assert stored(store) == before


def test_a_large_document_for_many_candidates_is_refused(store: TaskStore) -> None:
    task = a_task(description=noise(290 * KIB), groups=[f"g{number}" for number in range(19)])

    with pytest.raises(InvalidRequest, match=r"4\.\d MB.*4 MB"):
        create(store, task)

    assert store.get(TaskId("t1")) is None


def test_many_tasks_are_found_at_once_and_unknown_ones_left_out(store: TaskStore) -> None:
    names = [f"t{number:03}" for number in range(120)]
    create(store, *(a_task(name) for name in names))

    found = store.get_many([TaskId(name) for name in (*names, "unknown", "t000")])

    assert dict(found) == {name: StoredTask(a_task(name), 1) for name in names}
    assert store.get_many([]) == {}


def test_ids_are_read_once_each_in_pages_ended_tasks_too(store: TaskStore) -> None:
    names = [f"t{number:03}" for number in range(120)]
    create(store, *(a_task(name) for name in names), a_task("ended", ended=CREATED))

    found = read_ids(store, *names, "unknown", "ended", "t000")

    assert sorted(found) == sorted([*names, "ended"])
    assert read_ids(store) == []


def test_an_id_that_no_task_can_have_is_unknown(store: TaskStore) -> None:
    for name in ("", "x" * 5000, "\ud800", "a/b#c"):
        assert store.get(TaskId(name)) is None
        assert read_ids(store, name) == []


@pytest.mark.parametrize("store", ["in_memory", "dynoxide"], indirect=True)  # moto loses some
def test_no_change_of_several_threads_is_lost(store: TaskStore) -> None:
    create(store, a_task(priority=0))

    def count_up(_: int) -> None:
        while True:
            before = stored(store)
            after = changed(before.task, priority=before.task["priority"] + 1)
            try:
                store.commit(Changes([Put(after, before)]))
            except VersionConflict:
                continue
            return

    with ThreadPoolExecutor(4) as threads:
        list(threads.map(count_up, range(12)))

    assert stored(store) == StoredTask(a_task(priority=12), 13)


def a_document_of(size: int, letter: str = "x") -> Task:
    """A task whose compact JSON is that many bytes of UTF-8."""
    empty = (
        '{"id":"t1","name":"Task t1","priority":50,"created":1769172162000,'
        '"taskState":"Created","state":"created","description":""}'
    )
    room = size - len(empty)
    whole, rest = divmod(room, len(letter.encode()))
    return a_task(description=letter * whole + "x" * rest)


def test_documents_say_the_versions_of_their_tasks_where_that_is_asked_for(
    store: TaskStore,
) -> None:
    create(store, a_task("t1", groups=["a", "b"]), a_task("t2", groups=["a", "b"]))
    before = stored(store, "t1")
    store.commit(Changes([Put(changed(before.task, name="new"), before)]))
    groups = [Inbox("group", name, assigned=False) for name in ("a", "b")]
    ids = (TaskId("t1"), TaskId("t2"))
    specs: list[ByIds | ByIndex] = [ByIds(ids, frozenset()), ByIds(ids)]
    specs += [ByIndex(Index.CANDIDATE, (group,)) for group in groups]

    for spec in specs:
        asking = replace(spec, versions=True)
        documents = store.page(asking).documents
        versions = {whole_task(each)["id"]: version_of(each) for each in documents}
        assert versions == {"t1": 2, "t2": 1}, spec
        assert version_of(documents[0]) in {1, 2}
        assert {version_of(each) for each in store.page(spec).documents} == {None}
