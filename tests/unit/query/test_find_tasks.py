"""Answers: windows, orders, how much is read for them, and where reading ends."""

from collections.abc import Mapping
from contextlib import nullcontext
from dataclasses import replace
from functools import partial
from itertools import chain, permutations, repeat
from random import Random
from time import sleep
from typing import Any, Final

import pytest
from taskdock.api.queries.reading import read_body
from taskdock.domain import instants
from taskdock.domain.caller import Caller
from taskdock.domain.errors import (
    OutOfTime,
    QueryTooExpensive,
    ResponseTooLarge,
    TemporarilyUnavailable,
)
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIndex, ReadSpec
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import Page
from taskdock.use_cases.query import query_tasks
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.query_tasks import Answer, QueryRequest, count_tasks, find_tasks
from taskdock.use_cases.query.read_budget import NOTHING, Limits, ReadBudget, ReadCost

from tests.support.builders import CREATED, a_task
from tests.support.in_memory_store import InMemoryTaskStore
from tests.unit.query.asking import DEMO, NOW, UNLIMITED, keep, query_request
from tests.unit.query.watched_store import WatchedStore

BY_CREATED: Final = [{"sortBy": "created", "sortOrder": "asc"}]
LATEST_FIRST: Final = [{"sortBy": "created", "sortOrder": "desc"}]
BY_PRIORITY: Final = [{"sortBy": "priority", "sortOrder": "asc"}]
BY_DUE: Final = [{"sortBy": "dueDate", "sortOrder": "asc"}]


ALONE: Final = replace(DEMO, tenants=frozenset())
"""A caller whose tasks are in one partition for each key."""

asked = partial(query_request, caller=ALONE)


def a_store(*tasks: Task, page_size: int = 50) -> WatchedStore:
    store = WatchedStore(page_size)
    keep(store, *tasks)
    return store


def numbered(count: int, **fields: Any) -> list[Task]:
    """Tasks created one after the other, their priorities going down."""
    return [
        a_task(f"{place:04}", created=CREATED + place, priority=-place, **fields)
        for place in range(count)
    ]


def ask(
    body: Mapping[str, Any],
    store: WatchedStore,
    maximum: int = 2**31 - 1,
    first: int = 0,
    limits: Limits = UNLIMITED,
) -> Answer:
    return find_tasks(asked(body, limits=limits), store, Window(first, maximum))


def ids(answer: Answer) -> list[str]:
    return [task["id"] for task in answer.tasks]


# Windows.


@pytest.mark.parametrize("sorting", [BY_CREATED, BY_PRIORITY, []])
@pytest.mark.parametrize(
    ("first", "maximum"),
    [
        (0, 3),
        (3, 3),
        (8, 2),
        (9, 5),
        (10, 5),
        (50, 5),
        (0, 10),
        (0, 11),
        (0, 0),
        (5, 0),
        (2, 2**31 - 1),
    ],
)
def test_a_window_is_a_slice_of_the_ordered_answer(
    sorting: list[Any], first: int, maximum: int
) -> None:
    store = a_store(*numbered(10), page_size=3)
    whole = ids(ask({"sorting": sorting}, store))
    assert sorted(whole) == [f"{place:04}" for place in range(10)]
    answer = ask({"sorting": sorting}, store, maximum, first)
    assert ids(answer) == whole[first : first + maximum]
    assert (answer.next is not None) is (maximum > 0 and first + maximum < 10)


def test_a_page_of_nothing_reads_nothing_but_still_finds_mistakes() -> None:
    store = a_store(*numbered(3))
    assert ask({}, store, maximum=0).tasks == []
    assert store.page_sizes == []
    with pytest.raises(Exception, match="yields null"):
        ask({"assigneeExpression": "${null}"}, store, maximum=0)


@pytest.mark.parametrize("maximum", [0, 5, 2**31 - 1])
@pytest.mark.parametrize("sorting", [[], BY_CREATED, BY_PRIORITY])
def test_bounds_that_exclude_each_other_read_nothing(maximum: int, sorting: list[Any]) -> None:
    store = a_store(*numbered(3))
    body = {"createdAfter": 9, "createdBefore": 5, "sorting": sorting}
    assert ids(ask(body, store, maximum)) == []
    inside = {"createdAfter": 9, "orQueries": [{"createdBefore": 5}], "sorting": sorting}
    assert ids(ask(inside, store, maximum)) == []
    assert count_tasks(asked({"dueAfter": 9, "dueBefore": 5}), store).count == 0
    assert store.page_sizes == []


# How much is read.


@pytest.mark.parametrize("sorting", [BY_CREATED, LATEST_FIRST])
def test_a_page_in_the_order_of_one_partition_takes_one_round_trip(sorting: list[Any]) -> None:
    store = a_store(*numbered(500, assignee="demo"), page_size=1000)
    answer = ask({"assignee": "demo", "sorting": sorting}, store, maximum=20)
    assert len(answer.tasks) == 20
    assert len(store.page_sizes) == 1
    assert sum(store.page_sizes) <= 22
    assert answer.found.stopped_early
    assert answer.found.spent.items == sum(store.page_sizes)
    assert answer.found.spent.pages == 1


def test_a_page_of_all_tasks_in_their_order_takes_one_round_trip_of_each_shard() -> None:
    store = a_store(*numbered(2000), page_size=1000)
    answer = ask({"sorting": LATEST_FIRST}, store, maximum=20)
    assert ids(answer) == [f"{place:04}" for place in range(1999, 1979, -1)]
    assert len(store.page_sizes) == 4
    assert sum(store.page_sizes) <= 4 * 22


def test_reading_goes_on_while_the_filter_lets_little_through() -> None:
    tasks = [
        a_task(f"{place:03}", created=CREATED + place, assignee="demo", priority=place % 100)
        for place in range(300)
    ]
    store = a_store(*tasks)
    body = {"assignee": "demo", "priority": 99, "sorting": BY_CREATED}
    assert ids(ask(body, store, maximum=2)) == ["099", "199"]
    assert len(store.page_sizes) > 1
    assert sum(store.page_sizes) == 300


def test_a_run_of_equal_keys_is_read_to_its_end_before_it_is_sorted() -> None:
    """Among equal keys an index has no order, so the first by id may come last."""
    tasks = [a_task(f"{place:02}", assignee="demo") for place in range(60)]
    store = a_store(*tasks, a_task("later", assignee="demo", created=CREATED + 1), page_size=4)
    answer = ask({"assignee": "demo", "sorting": BY_CREATED}, store, maximum=5)
    assert ids(answer) == ["00", "01", "02", "03", "04"]


def test_a_sort_by_another_field_keeps_no_more_than_is_wanted_and_reads_all() -> None:
    store = a_store(*numbered(300, assignee="demo"))
    answer = ask({"assignee": "demo", "sorting": BY_PRIORITY}, store, maximum=3)
    assert ids(answer) == ["0299", "0298", "0297"]
    assert sum(store.page_sizes) == 300
    assert not answer.found.stopped_early


def test_a_task_on_several_paths_is_found_and_counted_once() -> None:
    task = a_task("a", groups=["sales", "accounting"], users=["demo"], assignee=None)
    store = a_store(task, a_task("b", groups=["sales"]))
    for body in (
        {"candidateUser": "demo"},
        {"candidateGroups": ["sales", "accounting"]},
        {"orQueries": [{"candidateGroup": "sales", "taskId": "a", "candidateUser": "demo"}]},
    ):
        for sorting in ([], BY_CREATED, BY_PRIORITY):
            assert ids(ask({**body, "sorting": sorting}, store)) == ["a", "b"]
            assert ids(ask({**body, "sorting": sorting}, store, maximum=1)) == ["a"]
        assert count_tasks(asked(body), store).count == 2


def test_a_count_is_the_length_of_the_list_and_knows_no_order() -> None:
    store = a_store(*numbered(120))
    body = {"minPriority": -49, "sorting": BY_CREATED}
    counted = count_tasks(asked(body), store)
    assert counted.count == len(ask(body, store).tasks) == 50
    assert counted.found.matched == 50
    assert counted.found.spent.items == 120


def test_a_task_that_moves_on_while_it_is_read_is_not_shown_twice() -> None:
    """The first task gets a later due date when the first page of its shard was read."""
    same_shard = ["".join(each) for each in permutations("abcd")]
    tasks = [a_task(each, due=100 + 10 * place) for place, each in enumerate(same_shard)]
    store = a_store(*tasks)
    store.after_a_page = lambda: store.put(a_task(same_shard[0], due=125))
    answer = ask({"dueAfter": 0, "sorting": BY_DUE}, store, maximum=6)
    assert ids(answer) == same_shard[:6]


def test_a_task_that_moves_on_while_it_is_read_takes_no_other_ones_place() -> None:
    """Sorted by priority, the task that is read twice leaves room for as many as are wanted."""
    same_shard = ["".join(each) for each in permutations("abcd")]
    tasks = [a_task(each, due=100 + 10 * place) for place, each in enumerate(same_shard)]
    store = a_store(*tasks, page_size=2)
    dues = iter(range(105, 400, 10))
    store.after_a_page = lambda: store.put(a_task(same_shard[0], due=next(dues)))
    one_after_another = Limits(read_units=500)
    answer = ask({"dueAfter": 0, "sorting": BY_PRIORITY}, store, 3, limits=one_after_another)
    assert ids(answer) == sorted(same_shard)[:3]
    assert answer.next is not None


def test_tasks_that_move_behind_others_while_they_are_read_hide_none_of_them() -> None:
    """Read in one inbox they come first; by the time the other is read they are last."""
    both = {"groups": ["accounting", "sales"]}
    moving = [a_task(each, priority=1, **both) for each in ("m1", "m2")]
    staying = [a_task(f"n{place}", priority=2 + place, groups=["accounting"]) for place in range(8)]
    store = a_store(*moving, *staying)

    def move_on() -> None:
        store.after_a_page = lambda: None
        for task in moving:
            store.put({**task, "priority": 99})

    store.after_a_page = move_on
    request = asked(
        {"candidateGroups": ["accounting", "sales"], "sorting": BY_PRIORITY},
        limits=Limits(read_units=200),  # one inbox after the other
    )
    seen, window = [], Window(0, 2)
    while True:
        answer = find_tasks(request, store, window)
        seen += ids(answer)
        if answer.next is None:
            break
        window = Window(0, 2, answer.next)
    stayed = [each for each in seen if each.startswith("n")]
    assert stayed == [task["id"] for task in staying]


# Who is asked for groups.


def test_a_user_without_groups_has_an_inbox_too() -> None:
    alone = Caller("john", (), frozenset())
    inbox = {
        "assigneeExpression": "${currentUser()}",
        "candidateGroupsExpression": "${currentUserGroups()}",
        "includeAssignedTasks": True,
    }
    store = a_store(
        a_task("mine", assignee="john"),
        a_task("of a group", links=[{"type": "candidate", "userId": None, "groupId": "sales"}]),
    )

    def found(body: Mapping[str, Any]) -> list[str]:
        query = QueryRequest(read_body(body), alone, CREATED, lambda _: (), Limits())
        tasks = find_tasks(query, store, Window()).tasks
        assert count_tasks(query, store).count == len(tasks)
        return [task["id"] for task in tasks]

    assert found({"orQueries": [inbox]}) == ["mine"]
    assert found({"candidateGroupsExpression": "${currentUserGroups()}"}) == []


def test_the_directory_is_asked_for_others_only_and_only_if_need_be() -> None:
    asked: list[str] = []

    def groups_of(user: str) -> tuple[str, ...]:
        asked.append(user)
        return ("sales",)

    def find(body: Mapping[str, Any], caller: Caller = DEMO) -> list[str]:
        store = a_store(a_task("a", groups=["sales"]), a_task("b", users=["mary"]))
        return ids(
            find_tasks(
                QueryRequest(read_body(body), caller, NOW, groups_of, UNLIMITED), store, Window()
            )
        )

    assert find({"candidateGroup": "sales"}) == ["a"]
    assert find({"candidateUser": "demo"}) == ["a"]
    assert find({"candidateUserExpression": "${currentUser()}"}) == ["a"]
    assert asked == []
    assert find({"candidateUser": "mary"}) == ["a", "b"]
    assert asked == ["mary"]


# Limits.


@pytest.mark.parametrize("page_size", [1, 7, 50, 500])
def test_a_query_that_costs_no_more_than_its_budget_is_answered(page_size: int) -> None:
    """A page costs half a unit a task here; 100 tasks cost 50 units."""
    store = a_store(*numbered(100, assignee="demo"), page_size=page_size)
    for body in ({"assignee": "demo"}, {}):
        within = Limits(read_units=50)
        assert len(ask(body, store, limits=within).tasks) == 100
        assert count_tasks(asked(body, limits=within), store).count == 100
        for exceeded in (49.5, 10, 0):
            with pytest.raises(QueryTooExpensive):
                ask(body, store, limits=Limits(read_units=exceeded))
            with pytest.raises(QueryTooExpensive):
                count_tasks(asked(body, limits=Limits(read_units=exceeded)), store)


def rounded(number: int = 2000, page_size: int = 5000) -> InMemoryTaskStore:
    """A store that counts as the table does, half a unit for every 4 KB begun."""
    store = InMemoryTaskStore(page_size)
    keep(store, *(a_task(f"{place:04}", assignee="demo", description=_noise(f"{place}", 200))
                  for place in range(number)))  # fmt: skip
    return store


@pytest.mark.parametrize("budget", [8, 12, 20, 50])
@pytest.mark.parametrize("sorting", [[], BY_CREATED, BY_PRIORITY])
def test_hardly_more_than_the_budget_is_spent(budget: float, sorting: list[Any]) -> None:
    body = {"assignee": "demo", "sorting": sorting}
    store = rounded()
    with pytest.raises(QueryTooExpensive) as stopped:
        find_tasks(asked(body, limits=Limits(read_units=budget)), store, Window())
    assert budget < (stopped.value.read_units or 0) <= budget + 4


@pytest.mark.parametrize("body", [{"assignee": "demo"}, {}, {"sorting": BY_CREATED},
                                  {"assigneeIn": ["demo", "mary"]}])  # fmt: skip
@pytest.mark.parametrize("number", [20, 100, 700])
def test_what_costs_its_whole_budget_is_answered(body: Mapping[str, Any], number: int) -> None:
    """Though the pages are smaller under a budget, and each is rounded up."""
    store = rounded(number)
    for maximum in (20, 1000):
        cost = find_tasks(asked(body), store, Window(0, maximum)).found.spent.read_units
        # What DynamoDB charges for a key at the least; the store charges nothing for no tasks.
        least = 0.5 * (4 if "assignee" not in body and "assigneeIn" not in body else 2)
        limits = Limits(read_units=max(cost, least))
        answer = find_tasks(asked(body, limits=limits), store, Window(0, maximum))
        assert len(answer.tasks) == min(maximum, number)


def test_each_id_is_taken_to_cost_half_a_unit_however_little_entries_cost() -> None:
    meter = ReadBudget(Limits(read_units=10))
    meter.count(ReadCost(100, 1, 4.5), 0.0)
    granted, reserved = meter.reserve(100, 0.0, after_a_part=False)
    assert (granted, round(reserved, 6)) == (100, 4.5)
    meter.count(NOTHING, reserved)
    granted, reserved = meter.reserve(100, 0.5, after_a_part=False)
    assert (granted, reserved) == (12, 6.0)


def test_partitions_of_different_sizes_are_answered_within_exactly_their_cost() -> None:
    """Of two assignees the first has many tasks, the second none."""
    store = rounded(1000)
    body = {"assigneeIn": ["demo", "mary"]}
    cost = count_tasks(asked(body), store).found.spent.read_units
    for budget in (cost, cost + 0.5):
        within = Limits(read_units=budget)
        assert count_tasks(asked(body, limits=within), store).count == 1000


def test_shards_of_different_ranges_are_answered_within_exactly_their_cost() -> None:
    """All tasks are of one range; the sixteen shards of the other are empty."""
    store = InMemoryTaskStore(5000)
    keep(store, *(a_task(f"{place:04}", created=CREATED + place) for place in range(1500)))
    late = instants.write(Instant(CREATED + 10**9))
    early = instants.write(Instant(CREATED + 10**6))
    body = {"orQueries": [{"createdAfter": late, "createdBefore": early}]}
    cost = count_tasks(asked(body), store).found.spent.read_units
    within = Limits(read_units=max(cost, 16))
    assert count_tasks(asked(body, limits=within), store).count == 1500


def test_a_page_behind_the_end_of_a_range_is_not_paid_for() -> None:
    store = a_store(*numbered(60), page_size=5)
    body = {"orQueries": [{"createdBefore": instants.write(Instant(CREATED + 20)),
                           "createdAfter": instants.write(Instant(CREATED + 40))}],
            "sorting": BY_CREATED}  # fmt: skip
    first = ask(body, store, maximum=25)
    assert first.next is not None
    within = asked(body, limits=Limits(read_units=30))
    behind = find_tasks(within, store, Window(0, 20, first.next))
    assert ids(behind) == [f"{place:04}" for place in range(46, 60)]
    assert not any(each.high is not None for each in behind.found.plan.accesses
                   if isinstance(each, ByIndex))  # fmt: skip


@pytest.mark.parametrize("budget", [0, 1, 1.5])
def test_a_query_whose_keys_alone_are_over_the_budget_reads_nothing(budget: float) -> None:
    store = a_store(*numbered(40))
    for sorting in ([], BY_CREATED, BY_PRIORITY):
        with pytest.raises(QueryTooExpensive, match="its keys take 2 at the least") as refused:
            ask({"sorting": sorting}, store, limits=Limits(read_units=budget))
        assert refused.value.read_units == 0
    with pytest.raises(QueryTooExpensive, match="its keys take 2 at the least"):
        count_tasks(asked({}, limits=Limits(read_units=budget)), store)
    assert store.page_sizes == []


@pytest.mark.parametrize("budget", [10, 50, 100])
def test_a_query_over_its_budget_is_refused_for_hardly_more_than_it(budget: float) -> None:
    store = InMemoryTaskStore(page_size=1000)
    ids = [f"{place:05}" for place in range(10_000)]
    keep(store, *(a_task(each, description=_noise(each, 80)) for each in ids))
    assert count_tasks(asked({}), store).found.spent.read_units > 100
    with pytest.raises(QueryTooExpensive, match="it stopped at") as stopped:
        count_tasks(asked({}, limits=Limits(read_units=budget)), store)
    # Sixteen partitions, each of whose pages is rounded up to half a unit.
    assert budget < (stopped.value.read_units or 0) <= budget + 16 * 0.5 + 1


def test_a_shard_that_holds_more_than_its_share_does_not_refuse_what_fits() -> None:
    """A hash has put the large tasks into one shard."""
    light = [a_task(f"{place:03}") for place in range(160)]
    permuted = ["".join(each) for each in permutations("abcde")][:30]  # all in one shard
    store = InMemoryTaskStore(page_size=1000)
    keep(store, *light, *(a_task(each, description=_noise(each, 5000)) for each in permuted))
    cost = count_tasks(asked({}), store).found.spent.read_units
    assert cost > 20
    counted = count_tasks(asked({}, limits=Limits(read_units=cost)), store)
    assert counted.count == 190


def _noise(seed: str, size: int) -> str:
    """A text that cannot be deflated to less."""
    return Random(seed).randbytes(size).hex()


def test_a_generous_budget_is_spent_in_full_pages() -> None:
    tasks = numbered(2000, assignee="demo")
    generous, tight = a_store(*tasks, page_size=1000), a_store(*tasks, page_size=1000)
    ask({"assignee": "demo"}, generous, limits=Limits(read_units=10_000))
    assert generous.page_sizes == [1000, 1000]
    ask({"assignee": "demo"}, tight, limits=Limits(read_units=1000))
    assert max(tight.page_sizes) == 1000
    assert len(tight.page_sizes) <= 4


def test_a_budget_that_is_spent_says_what_would_help() -> None:
    store = a_store(*numbered(100, assignee="demo"))
    with pytest.raises(QueryTooExpensive) as stopped:
        ask({"owner": "a"}, store, limits=Limits(read_units=10))
    message = stopped.value.message
    assert "budget of 10 read units" in message
    assert "An index serves nothing of it" in message
    assert "candidateGroup" in message
    with pytest.raises(QueryTooExpensive, match="An index serves only assignee of it"):
        ask({"assignee": "demo", "owner": "a"}, store, limits=Limits(read_units=1))


def test_reading_stops_when_time_runs_out() -> None:
    left = iter([5.0, 4.0, 3.0, 2.0, 1.0, 0.0, -1.0])
    store = a_store(*numbered(100, assignee="demo"), page_size=10)
    limits = Limits(seconds_left=lambda: next(left))
    with pytest.raises(OutOfTime, match="An index serves only assignee of it"):
        ask({"assignee": "demo"}, store, limits=limits)
    assert len(store.page_sizes) == 3


def test_time_is_looked_at_inside_a_page_too() -> None:
    left = chain(repeat(1.0, 4), repeat(0.0))
    store = a_store(*numbered(1000, assignee="demo"), page_size=1000)
    limits = Limits(seconds_left=lambda: next(left))
    with pytest.raises(OutOfTime):
        ask({"assignee": "demo"}, store, limits=limits)
    assert store.page_sizes == [1000]


REPETITIVE: Final = "a large text that takes no room " * 4_000
"""128 KB, of which a packed document takes some hundred bytes."""


@pytest.mark.parametrize(("budget", "fits"), [(2_000, True), (60, True), (30, False), (1, False)])
def test_a_budget_counts_what_is_unpacked_of_small_pages(budget: float, fits: bool) -> None:
    tasks = [a_task(f"{n:03}", assignee="d", description=REPETITIVE) for n in range(50)]
    store = InMemoryTaskStore(page_size=100)
    keep(store, *tasks)
    assert count_tasks(asked({"assignee": "d"}), store).found.spent.read_units <= 5
    with nullcontext() if fits else pytest.raises(QueryTooExpensive, match="MB of documents"):
        limits = Limits(read_units=budget)
        assert count_tasks(asked({"assignee": "d", "owner": None}, limits=limits), store).count


def test_a_few_large_tasks_count_by_what_is_read_alone() -> None:
    tasks = [a_task(f"{n}", assignee="d", description=REPETITIVE) for n in range(7)]
    store = InMemoryTaskStore(page_size=100)
    keep(store, *tasks)
    assert count_tasks(asked({"assignee": "d"}, limits=Limits(read_units=1)), store).count == 7


def test_an_answer_of_more_tasks_than_fit_is_refused_with_their_number(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(query_tasks, "MOST_TASKS", 10)
    store = a_store(*numbered(30))
    for sorting in ([], BY_CREATED):
        with pytest.raises(ResponseTooLarge, match=r"30 tasks match.*maxResults or pageToken"):
            ask({"sorting": sorting}, store)
        assert len(ask({"sorting": sorting}, store, maximum=9).tasks) == 9
    assert len(ask({"minPriority": -9}, store).tasks) == 10
    assert count_tasks(asked({}), store).count == 30


def test_when_one_reader_fails_the_others_read_no_further() -> None:
    class Failing(WatchedStore):
        def page(self, spec: ReadSpec, start: Any | None = None, limit: int | None = None) -> Page:
            if isinstance(spec, ByIndex) and spec.partitions == (2,):
                raise TemporarilyUnavailable("throttled")
            sleep(0.01)
            return super().page(spec, start, limit)

    store = Failing(page_size=1)
    keep(store, *numbered(400))

    with pytest.raises(TemporarilyUnavailable, match="throttled"):
        ask({}, store)
    assert sum(store.page_sizes) < 100
