"""Answering a task query: plan, read, filter, sort, page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from threading import Lock
from typing import Final

from taskdock.domain.caller import Caller
from taskdock.domain.errors import ResponseTooLarge
from taskdock.domain.expressions.expression import Scope
from taskdock.domain.instants import Instant
from taskdock.domain.query.binding import GroupsOf, bind
from taskdock.domain.query.comparisons import Predicate
from taskdock.domain.query.matching import matcher
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.paths import Span
from taskdock.domain.query.planning import Plan, partitions, plan
from taskdock.domain.query.read_specs import ByIndex, ReadSpec
from taskdock.domain.query.sorting import Order
from taskdock.domain.tasks.task import Task, TaskId, is_visible
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.merge_partitions import first_in_order
from taskdock.use_cases.query.page_reading import each_spec, tasks_of
from taskdock.use_cases.query.paging import Bookmark, Cursor, Window
from taskdock.use_cases.query.read_budget import (
    NOTHING,
    Limits,
    ReadBudget,
    ReadCost,
)
from taskdock.use_cases.query.top_tasks import TopTasks


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query with everything its answer depends on besides the table."""

    query: TaskQuery
    caller: Caller
    now: Instant
    groups_of: GroupsOf
    """Candidate groups of a user other than the caller."""
    limits: Limits


@dataclass(frozen=True, slots=True)
class QueryStatistics:
    """How an answer was found."""

    plan: Plan
    spent: ReadCost
    matched: int
    """Tasks that met the query, as far as was read."""
    stopped_early: bool = False
    """Whether reading ended with the page, the order of the path being the one asked for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The tasks of a page in order, and how they were found."""

    tasks: Sequence[Task]
    next: Cursor | None
    """Where the next page starts; None when this one is the last."""
    found: QueryStatistics


@dataclass(frozen=True, slots=True)
class Count:
    """How many tasks match, and how they were found."""

    count: int
    found: QueryStatistics


MOST_TASKS: Final = 100_000
"""More tasks than this fit into no answer, however well they compress."""


def find_tasks(query_request: QueryRequest, store: TaskStore, window: Window) -> Answer:
    """The tasks of the window, in the query's order.

    Raises `InvalidRequest` for an expression that yields nothing usable and for a bookmark that
    is lost, `QueryTooExpensive` and `OutOfTime` at the question's limits, `ResponseTooLarge` for
    more than `MOST_TASKS`.
    """
    bound, matches = _bound(query_request)
    order = Order(bound.sorting)
    needed = min(window.needed, MOST_TASKS + 1)
    chosen = plan(bound, needed if needed <= MOST_TASKS else None, store.sizes)
    search = _Search(store, ReadBudget(_advised(query_request.limits, chosen)), chosen, matches)
    if window.after is not None:
        search = search.behind(_cursor(window.after, order, store, query_request.caller), order)
    if needed == 0:
        return Answer((), None, search.found())
    if search.plan.delivers_order and needed <= MOST_TASKS:
        tasks, stopped_early = search.first_in_order(order, needed)
    else:
        tasks, stopped_early = search.best(order, needed), False
    if len(tasks) > MOST_TASKS:
        raise ResponseTooLarge(
            too_many(search.matches.number), read_units=search.found().spent.read_units
        )
    shown = tasks[window.first : window.end]
    more = len(tasks) == needed and bool(shown)
    following = Cursor.at(shown[-1], order) if more else None
    return Answer(shown, following, search.found(stopped_early))


def _cursor(place: Cursor | Bookmark, order: Order, store: TaskStore, caller: Caller) -> Cursor:
    if isinstance(place, Cursor):
        return place
    stored = store.get(TaskId(place.task_id))
    seen = stored is not None and is_visible(stored.task, caller.tenants)
    return place.cursor(stored.task if stored is not None and seen else None, order)


def too_many(matched: int) -> str:
    """What to say when the tasks that match are more than an answer holds."""
    return f"{matched} tasks match, more than one answer holds: page with maxResults or pageToken."


def count_tasks(query_request: QueryRequest, store: TaskStore, spent: ReadCost = NOTHING) -> Count:
    """How many tasks match, paging left aside; what was `spent` before counts towards the budget
    and the statistics."""
    bound, matches = _bound(query_request)
    chosen = plan(replace(bound, sorting=()), None, store.sizes)
    search = _Search(
        store, ReadBudget(_advised(query_request.limits, chosen), spent), chosen, matches
    )
    search.count()
    return Count(search.matches.number, search.found())


def _bound(query_request: QueryRequest) -> tuple[TaskQuery, Predicate]:
    caller = query_request.caller

    def groups_of(user: str) -> tuple[str, ...]:
        return caller.groups if user == caller.user else query_request.groups_of(user)

    scope = Scope(query_request.now, caller.user, caller.groups)
    bound = bind(query_request.query, scope, groups_of)
    return bound, matcher(bound, caller.tenants)


_HELPFUL: Final = (
    "assignee, candidateUser, candidateGroup, processInstanceId, processInstanceBusinessKey, "
    "service, taskDefinitionKey or a range of dueDate or created dates"
)


def _advised(limits: Limits, chosen: Plan) -> Limits:
    names = dict.fromkeys(each.criterion.name for each in chosen.serves)
    served = f"only {', '.join(names)}" if names else "nothing"
    return replace(
        limits,
        advice=f"An index serves {served} of it; add a filter such as {_HELPFUL}.",
    )


class _Matches:
    """How many tasks matched; where one may come more than once, each is counted once."""

    def __init__(self, may_repeat: bool) -> None:
        self._lock = Lock()
        self._ids: set[TaskId] | None = set() if may_repeat else None
        self._number = 0

    @property
    def number(self) -> int:
        return self._number if self._ids is None else len(self._ids)

    def add(self, ids: Sequence[TaskId]) -> None:
        with self._lock:
            if self._ids is None:
                self._number += len(ids)
            else:
                self._ids.update(ids)


class _Search:
    """The reading of a plan: what it yields, filtered by the whole query."""

    def __init__(
        self, store: TaskStore, budget: ReadBudget, plan: Plan, matches: Predicate
    ) -> None:
        self.plan = plan
        self.matches = _Matches(plan.may_repeat)
        self._store = store
        self._budget = budget
        self._test = matches

    def found(self, stopped_early: bool = False) -> QueryStatistics:
        return QueryStatistics(self.plan, self._budget.spent, self.matches.number, stopped_early)

    def behind(self, after: Cursor, order: Order) -> "_Search":
        """The same search for the tasks behind a cursor."""
        test, start = self._test, order.place(after.values, after.task_id)
        return _Search(
            self._store,
            self._budget,
            _from(self.plan, after),
            lambda task: test(task) and order.key(task) > start,
        )

    def count(self) -> None:
        """Read everything, keeping nothing."""

        def read(spec: ReadSpec) -> None:
            for _ in self._tasks(spec):
                pass

        each_spec(read, self._partitions(), self._budget)

    def best(self, order: Order, needed: int) -> list[Task]:
        """The first tasks in order, all of the plan read; memory grows with the page wanted."""

        first = TopTasks(order, needed)

        def read(spec: ReadSpec) -> None:
            first.add(self._tasks(spec))

        each_spec(read, self._partitions(), self._budget)
        return first.in_order()

    def first_in_order(self, order: Order, needed: int) -> tuple[list[Task], bool]:
        """The first tasks of a plan that delivers the order of the first sort key, and whether
        reading ended before the plan did."""
        singles = [each for each in self._partitions() if isinstance(each, ByIndex)]
        return first_in_order(self._pages, singles, order.key, needed)

    def _partitions(self) -> tuple[ReadSpec, ...]:
        """Everything there is to read, given that the budget may do for it."""
        self._budget.check_least(self.plan.accesses)
        return partitions(self.plan)

    def _tasks(self, spec: ReadSpec) -> Iterator[Task]:
        """What matches, task by task, so that no caller has to hold a page."""
        for tasks in tasks_of(self._store, spec, self._budget):
            ids = []
            for task in filter(self._test, tasks):
                ids.append(task["id"])
                yield task
            self.matches.add(ids)

    def _pages(self, spec: ReadSpec) -> Iterator[Sequence[Task]]:
        """What matches of each page."""
        for tasks in tasks_of(self._store, spec, self._budget):
            matching = list(filter(self._test, tasks))
            self.matches.add([task["id"] for task in matching])
            yield matching


def _from(chosen: Plan, after: Cursor) -> Plan:
    """The plan without the part of its range before the cursor."""
    value = after.values[0] if after.values else None
    if not chosen.delivers_order or not isinstance(value, int):
        return chosen
    cut = (
        (Span(high=value) if each.descending else Span(low=value)).cut(each)
        for each in chosen.accesses
        if isinstance(each, ByIndex)
    )
    return replace(chosen, accesses=tuple(access for access in cut if access is not None))
