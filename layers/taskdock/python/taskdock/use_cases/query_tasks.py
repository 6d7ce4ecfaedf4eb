"""Answering a task query: plan, read, filter, sort, page."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from heapq import merge
from itertools import chain, groupby, islice
from typing import Any, Final

from taskdock.domain.access import Access, ByIndex, Index
from taskdock.domain.caller import Caller
from taskdock.domain.expressions import Scope
from taskdock.domain.instants import Instant
from taskdock.domain.query.binding import GroupsOf, bind
from taskdock.domain.query.comparisons import Predicate
from taskdock.domain.query.matching import matcher
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.planning import Plan, partitions, plan
from taskdock.domain.query.sorting import Key, Order
from taskdock.domain.task import Task, TaskId
from taskdock.use_cases.paging import Cursor, Window
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.scanning import Limits, Meter, Spent, side_by_side, tasks_of


@dataclass(frozen=True, slots=True)
class Question:
    """A query with everything its answer depends on besides the table."""

    query: TaskQuery
    caller: Caller
    now: Instant
    groups_of: GroupsOf
    """Candidate groups of a user other than the caller."""
    limits: Limits


@dataclass(frozen=True, slots=True)
class Answer:
    """The tasks of a page in order, and how they were found."""

    tasks: Sequence[Task]
    next: Cursor | None
    """Where the next page starts; None when this one is the last."""
    plan: Plan
    spent: Spent


@dataclass(frozen=True, slots=True)
class Count:
    """How many tasks match, and how they were found."""

    count: int
    plan: Plan
    spent: Spent


def find_tasks(question: Question, store: TaskStore, window: Window) -> Answer:
    """The tasks of the window, in the query's order.

    Raises `InvalidRequest` for an expression that yields nothing usable, `QueryTooExpensive`
    and `OutOfTime` at the question's limits.
    """
    bound, matches = _bound(question)
    needed = window.needed
    chosen = plan(bound, needed)
    order = Order(bound.sorting)
    meter = Meter(_advised(question.limits, chosen))
    if needed == 0:
        return Answer((), None, chosen, meter.spent)
    if window.after is not None:
        start = order.place(window.after.values, window.after.task_id)
        matches = _behind(matches, order, start)
        chosen = _from(chosen, window.after)
    if needed is not None and chosen.delivers_order:
        found = _first_in_order(chosen, store, meter, (matches, order, needed))
    else:
        found = _best(chosen, store, meter, (matches, order, needed))
    tasks = found[window.first : None if window.maximum is None else window.first + window.maximum]
    more = needed is not None and len(found) == needed and bool(tasks)
    following = Cursor.at(tasks[-1], order) if more else None
    return Answer(tasks, following, chosen, meter.spent)


def count_tasks(question: Question, store: TaskStore) -> Count:
    """How many tasks match, paging left aside."""
    bound, matches = _bound(question)
    chosen = plan(replace(bound, sorting=()))
    meter = Meter(_advised(question.limits, chosen))
    if chosen.may_repeat:

        def ids(access: Access) -> set[TaskId]:
            return {task["id"] for task in _matching(store, access, meter, matches)}

        count = len(set().union(*side_by_side(ids, partitions(chosen))))
    else:

        def number(access: Access) -> int:
            return sum(1 for _ in _matching(store, access, meter, matches))

        count = sum(side_by_side(number, partitions(chosen)))
    return Count(count, chosen, meter.spent)


def _bound(question: Question) -> tuple[TaskQuery, Predicate]:
    caller = question.caller

    def groups_of(user: str) -> tuple[str, ...]:
        return caller.groups if user == caller.user else question.groups_of(user)

    scope = Scope(question.now, caller.user, caller.groups)
    bound = bind(question.query, scope, groups_of)
    return bound, matcher(bound, caller.tenants)


_HELPFUL: Final = (
    "assignee, candidateUser, candidateGroup, processInstanceId, processInstanceBusinessKey, "
    "service, taskDefinitionKey or a range of dueDate or created dates"
)


def _advised(limits: Limits, chosen: Plan) -> Limits:
    served = f"only {', '.join(chosen.serves)}" if chosen.serves else "nothing"
    return replace(
        limits,
        advice=f"An index serves {served} of it; add a filter such as {_HELPFUL}.",
    )


def _matching(store: TaskStore, access: Access, meter: Meter, matches: Predicate) -> Iterator[Task]:
    for tasks in tasks_of(store, access, meter):
        yield from filter(matches, tasks)


def _behind(matches: Predicate, order: Order, start: Key) -> Predicate:
    """What matches and stands behind a place in the order."""
    return lambda task: matches(task) and order.key(task) > start


def _from(chosen: Plan, after: Cursor) -> Plan:
    """The plan without the part of its range that lies before the cursor."""
    value = after.values[0] if after.values else None
    if not chosen.delivers_order or not isinstance(value, int):
        return chosen
    return replace(chosen, accesses=tuple(_cut(each, value) for each in chosen.accesses))


def _cut(access: Access, value: int) -> Access:
    if not isinstance(access, ByIndex):
        return access
    if access.descending:
        high = value if access.high is None else min(access.high, value)
        return replace(access, high=Instant(high))
    low = value if access.low is None else max(access.low, value)
    return replace(access, low=Instant(low))


Wanted = tuple[Predicate, Order, int]


def _first_in_order(chosen: Plan, store: TaskStore, meter: Meter, wanted: Wanted) -> list[Task]:
    """The first tasks of a plan that delivers the order of the first sort key.

    Partitions are merged by that key, so reading stops with the page. Among equal keys an index
    has no order: such a run of tasks is read to its end and sorted by the whole order.
    """
    matches, order, needed = wanted
    first = _path_value(chosen)
    accesses = [
        replace(each, page_size=needed) for each in partitions(chosen) if isinstance(each, ByIndex)
    ]
    descending = accesses[0].descending if accesses else False

    def opened(access: Access) -> Iterator[Task]:
        """The partition's tasks, its first page read already."""
        pages = tasks_of(store, access, meter)
        head = next(pages, ())
        return chain(head, chain.from_iterable(pages))

    merged = merge(*side_by_side(opened, accesses), key=first, reverse=descending)
    found: list[Task] = []
    for _, run in groupby(merged, key=first):
        found += sorted(_once(filter(matches, run)), key=order.key)
        if len(found) >= needed:
            break
    return found[:needed]


def _path_value(chosen: Plan) -> Callable[[Task], Any]:
    """What the plan's partitions are in order of."""
    by_due = any(isinstance(each, ByIndex) and each.index is Index.DUE for each in chosen.accesses)
    if by_due:
        return lambda task: task["due"]
    return lambda task: task["created"]


def _once(tasks: Iterable[Task]) -> Iterable[Task]:
    return {task["id"]: task for task in tasks}.values()


def _best(
    chosen: Plan,
    store: TaskStore,
    meter: Meter,
    wanted: tuple[Predicate, Order, int | None],
) -> list[Task]:
    """The first tasks in order, all of the plan read; memory grows with the page wanted."""
    matches, order, needed = wanted

    def best_of(access: Access) -> list[Task]:
        return _smallest(_matching(store, access, meter, matches), order, needed)

    parts = side_by_side(best_of, partitions(chosen))
    return sorted(_once(chain.from_iterable(parts)), key=order.key)[:needed]


def _smallest(tasks: Iterable[Task], order: Order, needed: int | None) -> list[Task]:
    """The `needed` tasks that come first; all of them when None.

    Tasks are gathered up to twice that number and cut back, which costs less per task than a
    heap and holds no more than a page's worth of them.
    """
    if needed is None:
        return list(tasks)
    rest = iter(tasks)
    kept: list[Task] = []
    while True:
        batch = list(islice(rest, max(needed, 256)))
        if not batch:
            return kept
        kept = sorted(chain(kept, batch), key=order.key)[:needed]
