"""What every task store promises of its indexes: who is in, in which order, in which pages."""

from collections.abc import Iterable
from itertools import pairwise

import pytest
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import (
    BY_FIELD,
    OPEN_SHARDS,
    ByIds,
    ByIndex,
    EndedTasks,
    Inbox,
    Index,
    Partition,
)
from taskdock.domain.tasks.task import Task, TaskId, changed
from taskdock.use_cases.ports import Changes, Put, Remove, StoredTask, TaskStore
from taskdock.use_cases.query.page_reading import every_task

from tests.support.builders import CREATED, MINUTE, a_task, noise, to_group, to_user
from tests.support.pages import pages_of, tasks_on

SHARDS = tuple(range(OPEN_SHARDS))
ODD_NAMES = [
    "",
    " ",
    "a#b",
    "=",
    "~",
    "\u00e4\U0001f600",
    "x" * 5000,
    "\ud800",
    "UNASSIGNED#GROUP#",
]


def create(store: TaskStore, *tasks: Task) -> None:
    for task in tasks:
        store.commit(Changes([Put(task)]))


def stored(store: TaskStore, name: str = "t1") -> StoredTask:
    found = store.get(TaskId(name))
    assert found is not None
    return found


def change(store: TaskStore, name: str, /, **fields: object) -> None:
    before = stored(store, name)
    store.commit(Changes([Put(changed(before.task, **fields), before)]))


def tasks_in(store: TaskStore, index: Index, *partitions: Partition) -> list[Task]:
    return list(every_task(store, ByIndex(index, partitions)))


def ids(tasks: Iterable[Task]) -> list[str]:
    return [task["id"] for task in tasks]


def at(minute: int) -> Instant:
    return Instant(CREATED + minute * MINUTE)


@pytest.mark.parametrize(("index", "field"), BY_FIELD.items(), ids=BY_FIELD.values())
def test_a_task_is_found_by_each_indexed_field(store: TaskStore, index: Index, field: str) -> None:
    with_value, with_other = a_task("t1", **{field: "one"}), a_task("t2", **{field: "two"})
    create(store, with_value, with_other, a_task("t3"))

    assert tasks_in(store, index, "one") == [with_value]
    assert tasks_in(store, index, "two") == [with_other]
    assert tasks_in(store, index, "three") == []


@pytest.mark.parametrize(("index", "field"), BY_FIELD.items(), ids=BY_FIELD.values())
def test_a_changed_field_moves_the_task(store: TaskStore, index: Index, field: str) -> None:
    create(store, a_task(**{field: "one"}))

    change(store, "t1", **{field: "two"})
    assert ids(tasks_in(store, index, "one")) == []
    assert ids(tasks_in(store, index, "two")) == ["t1"]

    change(store, "t1", **{field: None})
    assert ids(tasks_in(store, index, "two")) == []


@pytest.mark.parametrize("name", ODD_NAMES, ids=ascii)
def test_no_value_is_too_odd_to_be_found_by(store: TaskStore, name: str) -> None:
    create(store, a_task(assignee=name, service=name, groups=[name], users=[name]))
    create(store, a_task("t2", assignee="other", groups=["other"]))

    assert ids(tasks_in(store, Index.ASSIGNEE, name)) == ["t1"]
    assert ids(tasks_in(store, Index.SERVICE, name)) == ["t1"]
    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("group", name, assigned=True))) == ["t1"]
    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("user", name, assigned=True))) == ["t1"]


def test_an_open_task_is_in_one_of_the_open_shards(store: TaskStore) -> None:
    names = [f"t{number:02}" for number in range(40)]
    create(store, *(a_task(name) for name in names))

    shards = [ids(tasks_in(store, Index.OPEN, shard)) for shard in SHARDS]

    assert sorted(name for shard in shards for name in shard) == names
    assert sum(1 for shard in shards if shard) > OPEN_SHARDS / 2


def test_only_tasks_with_a_due_date_are_in_the_due_shards_by_it(store: TaskStore) -> None:
    create(store, a_task("late", due=at(9)), a_task("never"), a_task("soon", due=at(1)))

    found = list(every_task(store, ByIndex(Index.DUE, SHARDS, low=at(0), high=at(5))))
    change(store, "soon", due=at(7))

    assert ids(found) == ["soon"]
    assert not any(every_task(store, ByIndex(Index.DUE, SHARDS, high=at(5))))
    assert sorted(ids(tasks_in(store, Index.DUE, *SHARDS))) == ["late", "soon"]


def test_an_inbox_is_of_a_candidate_group_or_a_candidate_user(store: TaskStore) -> None:
    create(store, a_task("g", groups=["mary", "sales"]), a_task("u", users=["mary"]))

    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("group", "sales", assigned=False))) == ["g"]
    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("group", "mary", assigned=False))) == ["g"]
    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("user", "mary", assigned=False))) == ["u"]
    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("user", "sales", assigned=False))) == []


def test_only_links_of_candidates_make_an_inbox_and_twins_make_one(store: TaskStore) -> None:
    links = [
        to_group("sales", "participant"),
        to_group("sales", None),
        to_user("mary", "watcher"),
        to_group("support"),
        to_group("support"),
    ]
    create(store, a_task(links=links))

    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("group", "support", assigned=False))) == [
        "t1"
    ]
    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("group", "sales", assigned=False))) == []
    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("user", "mary", assigned=False))) == []


def test_a_link_to_a_user_and_a_group_makes_two_inboxes(store: TaskStore) -> None:
    create(store, a_task(links=[{"type": "candidate", "userId": "mary", "groupId": "sales"}]))

    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("group", "sales", assigned=False))) == ["t1"]
    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("user", "mary", assigned=False))) == ["t1"]


def test_assigning_moves_a_task_within_its_inboxes_and_back(store: TaskStore) -> None:
    unassigned = Inbox("group", "sales", assigned=False)
    assigned = Inbox("group", "sales", assigned=True)
    create(store, a_task(groups=["sales"]))

    change(store, "t1", assignee="")
    assert ids(tasks_in(store, Index.CANDIDATE, unassigned)) == []
    assert ids(tasks_in(store, Index.CANDIDATE, assigned)) == ["t1"]

    change(store, "t1", assignee=None)
    assert ids(tasks_in(store, Index.CANDIDATE, unassigned)) == ["t1"]
    assert ids(tasks_in(store, Index.CANDIDATE, assigned)) == []


def test_a_task_leaves_the_inbox_of_a_candidate_it_loses(store: TaskStore) -> None:
    create(store, a_task(groups=["sales", "support"]))

    change(store, "t1", links=a_task(groups=["support"], users=["mary"])["links"])

    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("group", "sales", assigned=False))) == []
    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("group", "support", assigned=False))) == [
        "t1"
    ]
    assert ids(tasks_in(store, Index.CANDIDATE, Inbox("user", "mary", assigned=False))) == ["t1"]


def test_every_index_shows_the_task_as_it_is_now(store: TaskStore) -> None:
    create(store, a_task(assignee="mary", due=at(3), groups=["sales", "support"]))

    change(store, "t1", name="renamed")

    now = stored(store).task
    assert now["name"] == "renamed"
    assert tasks_in(store, Index.ASSIGNEE, "mary") == [now]
    assert tasks_in(store, Index.OPEN, *SHARDS) == [now]
    assert tasks_in(store, Index.DUE, *SHARDS) == [now]
    inboxes = [Inbox("group", name, assigned=True) for name in ("sales", "support")]
    assert tasks_in(store, Index.CANDIDATE, *inboxes) == [now, now]


@pytest.mark.parametrize("end", ["removed", "ended"])
def test_a_task_leaves_every_index_when_it_goes(store: TaskStore, end: str) -> None:
    fields = dict.fromkeys(BY_FIELD.values(), "one")
    create(store, a_task(**fields, due=at(3), groups=["sales"], users=["mary"]))

    if end == "removed":
        store.commit(Changes([Remove(stored(store))]))
    else:
        change(store, "t1", ended=at(5))

    for index in BY_FIELD:
        assert tasks_in(store, index, "one") == []
    assert tasks_in(store, Index.OPEN, *SHARDS) == []
    assert tasks_in(store, Index.DUE, *SHARDS) == []
    for inbox in (Inbox("group", "sales", assigned=True), Inbox("user", "mary", assigned=True)):
        assert tasks_in(store, Index.CANDIDATE, inbox) == []


def test_a_service_keeps_its_ended_tasks_apart(store: TaskStore) -> None:
    create(store, a_task("open", service="printer"), a_task("ended", service="printer"))
    change(store, "ended", ended=at(5))

    assert ids(tasks_in(store, Index.SERVICE, "printer")) == ["open"]
    assert ids(tasks_in(store, Index.SERVICE, EndedTasks("printer"))) == ["ended"]
    assert ids(tasks_in(store, Index.SERVICE, EndedTasks("other"))) == []


def test_an_ended_task_stays_out_of_the_indexes_when_it_changes(store: TaskStore) -> None:
    create(store, a_task(service="printer", groups=["sales"], ended=at(5)))

    change(store, "t1", endReason="jammed", assignee="mary")

    assert tasks_in(store, Index.SERVICE, EndedTasks("printer")) == [stored(store).task]
    assert tasks_in(store, Index.ASSIGNEE, "mary") == []
    assert tasks_in(store, Index.CANDIDATE, Inbox("group", "sales", assigned=True)) == []


def test_a_partition_is_read_in_order_of_creation_either_way(store: TaskStore) -> None:
    create(store, *(a_task(f"t{n}", assignee="mary", created=at(n)) for n in (3, 1, 2, -9)))

    ascending = ByIndex(Index.ASSIGNEE, ("mary",))
    descending = ByIndex(Index.ASSIGNEE, ("mary",), descending=True)

    assert ids(list(every_task(store, ascending))) == ["t-9", "t1", "t2", "t3"]
    assert ids(list(every_task(store, descending))) == ["t3", "t2", "t1", "t-9"]


def test_instants_before_1970_are_in_order_too(store: TaskStore) -> None:
    years = {"ancient": -62_135_596_800_000, "old": -1, "epoch": 0, "far": 253_402_300_799_999}
    create(store, *(a_task(name, assignee="mary", created=year) for name, year in years.items()))

    assert ids(tasks_in(store, Index.ASSIGNEE, "mary")) == list(years)
    early = ByIndex(Index.ASSIGNEE, ("mary",), high=Instant(-1))
    assert ids(list(every_task(store, early))) == ["ancient", "old"]


@pytest.mark.parametrize(
    ("low", "high", "expected"),
    [
        (2, 3, ["t2", "t3"]),
        (2, None, ["t2", "t3", "t4"]),
        (None, 3, ["t1", "t2", "t3"]),
        (3, 3, ["t3"]),
        (3, 2, []),
        (9, None, []),
    ],
)
def test_a_range_holds_both_its_ends(
    store: TaskStore, low: int | None, high: int | None, expected: list[str]
) -> None:
    create(store, *(a_task(f"t{n}", assignee="mary", created=at(n)) for n in range(1, 5)))

    access = ByIndex(
        Index.ASSIGNEE,
        ("mary",),
        low=None if low is None else at(low),
        high=None if high is None else at(high),
    )

    assert ids(list(every_task(store, access))) == expected


def test_partitions_follow_one_another_as_they_were_named(store: TaskStore) -> None:
    create(store, *(a_task(name, assignee=name, created=at(n)) for n, name in enumerate("abc")))

    assert ids(tasks_in(store, Index.ASSIGNEE, "b", "unknown", "c", "a")) == ["b", "c", "a"]
    assert ids(tasks_in(store, Index.ASSIGNEE)) == []


@pytest.mark.parametrize("descending", [False, True])
def test_a_page_has_at_most_the_wanted_size_and_all_pages_miss_nothing(
    store: TaskStore, descending: bool
) -> None:
    create(store, *(a_task(f"t{n}", assignee="mary", created=at(n // 3)) for n in range(12)))
    spec = ByIndex(Index.ASSIGNEE, ("mary",), descending=descending)

    sizes, found, start = [], list[Task](), None
    for limit in (1, 2, 5, None):
        page = store.page(spec, start, limit)
        sizes.append(len(page.documents))
        found += tasks_on(page)
        start = page.next

    assert (sizes, start) == ([1, 2, 5, 4], None)
    assert sorted(ids(found)) == sorted(f"t{n}" for n in range(12))
    days = [task["created"] for task in found]
    assert all((a >= b) if descending else (a <= b) for a, b in pairwise(days))


def test_pages_go_from_partition_to_partition(store: TaskStore) -> None:
    create(store, a_task("a", assignee="mary"), a_task("b", assignee="john"))
    spec = ByIndex(Index.ASSIGNEE, ("john", "nobody", "mary"))

    assert ids(tasks_on(store.page(spec))) == ["b"]
    assert [ids(tasks_on(page)) for page in pages_of(store, spec)] == [["b"], [], ["a"]]


def test_a_page_is_of_what_is_there_when_it_is_read(store: TaskStore) -> None:
    spec = ByIndex(Index.ASSIGNEE, ("mary",))
    create(store, a_task("t1", assignee="mary", created=at(1)))
    create(store, a_task("t2", assignee="mary", created=at(2)))
    first = store.page(spec, limit=1)
    create(store, a_task("t3", assignee="mary", created=at(3)))

    assert ids(tasks_on(store.page(spec, first.next))) == ["t2", "t3"]


def test_ids_are_read_in_pages_of_at_most_the_wanted_size(store: TaskStore) -> None:
    names = tuple(TaskId(f"{place:02}") for place in range(9))
    create(store, *(a_task(each) for each in names))

    sizes, start = [], None
    for limit in (1, 3, None):
        page = store.page(ByIds(names), start, limit)
        sizes.append(len(page.documents))
        start = page.next

    assert (sizes, start) == ([1, 3, 5], None)


def test_of_no_ids_there_is_one_empty_page(store: TaskStore) -> None:
    page = store.page(ByIds(()))

    assert (list(page.documents), page.next) == ([], None)


def test_a_range_that_is_upside_down_is_empty(store: TaskStore) -> None:
    create(store, a_task("a", assignee="mary", created=at(2)))

    [page] = pages_of(store, ByIndex(Index.ASSIGNEE, ("mary",), low=at(3), high=at(1)))

    assert list(page.documents) == []


def test_a_tenant_has_partitions_of_its_own(store: TaskStore) -> None:
    create(store, a_task("n", assignee="mary"), *(
        a_task(tenant, assignee="mary", groups=["sales", "support"], due=at(1), tenantId=tenant)
        for tenant in ("t1", "t2", "a|b", "~")
    ))  # fmt: skip

    for index, partition in (
        (Index.ASSIGNEE, "mary"),
        (Index.CANDIDATE, Inbox("group", "support", assigned=True)),
    ):
        for tenants in (("t1",), ("t2", "a|b"), ("~",), ("unknown",)):
            found = list(every_task(store, ByIndex(index, (partition,), tenants)))
            assert ids(found) == [each for each in tenants if each != "unknown"]
    of_all = ByIndex(Index.DUE, SHARDS, (None, "t1", "t2"))
    assert sorted(ids(every_task(store, of_all))) == ["t1", "t2"]
    assert [*store.tenants()] == ["a|b", "t1", "t2", "~"]


def test_a_hidden_task_among_ids_is_as_one_that_is_not_there(store: TaskStore) -> None:
    large = "x" * 20_000
    create(store, a_task("seen"), a_task("mine", tenantId="t1"))
    create(store, a_task("hidden", tenantId="t2", description=noise(20_000)))
    seen = store.page(ByIds(tuple(map(TaskId, ("seen", "mine", "hidden"))), frozenset({"t1"})))
    missing = store.page(ByIds(tuple(map(TaskId, ("seen", "mine", large))), frozenset({"t1"})))

    assert sorted(ids(tasks_on(seen))) == ["mine", "seen"]
    assert (sorted(ids(tasks_on(missing))), missing[1:]) == (["mine", "seen"], seen[1:])
