"""Answering a task query: plan, read, filter, sort, page."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import Final

from taskdock.domain.caller import Caller
from taskdock.domain.errors import ResponseTooLarge
from taskdock.domain.expressions.expression import Scope
from taskdock.domain.instants import Instant
from taskdock.domain.query.binding import GroupsOf, bind
from taskdock.domain.query.matching import Matcher, matcher
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.participation import participation
from taskdock.domain.query.paths import Span
from taskdock.domain.query.planning import Plan, partitions, plan
from taskdock.domain.query.read_specs import ByIndex, ReadSpec
from taskdock.domain.query.sorting import Order
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.documents import Document, decoded, whole_task
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.merge_partitions import Wanted, first_in_order, index_value
from taskdock.use_cases.query.page_reading import PageReader, documents_of, each_spec, tasks_of
from taskdock.use_cases.query.paging import Bookmark, Cursor, Window
from taskdock.use_cases.query.read_budget import (
    NOTHING,
    Limits,
    ReadBudget,
    ReadCost,
)
from taskdock.use_cases.query.top_tasks import Placed, TopTasks


@dataclass(frozen=True, slots=True)
class QueryRequest:
    """A query with everything its answer depends on besides the table."""

    query: TaskQuery
    caller: Caller
    now: Instant
    groups_of: GroupsOf
    """Candidate groups of a user other than the caller."""
    limits: Limits
    versions: bool = False
    """Whether the documents that are found say the versions of their tasks."""


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

    documents: Sequence[Document]
    next: Cursor | None
    """Where the next page starts; None when this one is the last."""
    found: QueryStatistics

    @property
    def tasks(self) -> list[Task]:
        """The tasks with all of their fields."""
        return [whole_task(document) for document in self.documents]


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
    bound = _bound(query_request)
    order = Order(bound.sorting)
    needed = min(window.needed, MOST_TASKS + 1)
    chosen = plan(
        bound, needed if needed <= MOST_TASKS else None, query_request.caller.access.reach
    )
    budget = ReadBudget(_advised(query_request.limits, chosen))
    matches = _matcher(bound, query_request, chosen)
    search = _Search(store, budget, chosen, matches, versions=query_request.versions)
    if window.after is not None:
        search = search.behind(_cursor(window.after, order, store, query_request.caller), order)
    if needed == 0:
        return Answer((), None, search.found())
    if search.plan.delivers_order and needed <= MOST_TASKS:
        documents, stopped_early = search.first_in_order(order, needed)
    else:
        documents, stopped_early = search.best(order, needed), False
    if len(documents) > MOST_TASKS:
        raise ResponseTooLarge(too_many(search.matched), read_units=search.found().spent.read_units)
    page = documents[window.first : window.end]
    more = len(documents) == needed and bool(page)
    following = Cursor.at(whole_task(page[-1]), order) if more else None
    return Answer(page, following, search.found(stopped_early))


def _cursor(place: Cursor | Bookmark, order: Order, store: TaskStore, caller: Caller) -> Cursor:
    if isinstance(place, Cursor):
        return place
    stored = store.get(TaskId(place.task_id))
    seen = stored is not None and caller.access.sees(stored.task)
    return place.cursor(stored.task if stored is not None and seen else None, order)


def too_many(matched: int) -> str:
    """What to say when the tasks that match are more than an answer holds."""
    return f"{matched} tasks match, more than one answer holds: page with maxResults or pageToken."


def count_tasks(query_request: QueryRequest, store: TaskStore, spent: ReadCost = NOTHING) -> Count:
    """How many tasks match, paging left aside; what was `spent` before counts towards the budget
    and the statistics."""
    bound = _bound(query_request)
    chosen = plan(replace(bound, sorting=()), None, query_request.caller.access.reach)
    budget = ReadBudget(_advised(query_request.limits, chosen), spent)
    search = _Search(store, budget, chosen, _matcher(bound, query_request, chosen))
    search.count()
    return Count(search.matched, search.found())


def _bound(query_request: QueryRequest) -> TaskQuery:
    caller = query_request.caller

    def groups_of(user: str) -> tuple[str, ...]:
        return caller.groups if user == caller.user else query_request.groups_of(user)

    scope = Scope(query_request.now, caller.user, caller.groups)
    bound = bind(query_request.query, scope, groups_of)
    seen = participation(caller.access)
    return bound if seen is None else replace(bound, or_queries=(*bound.or_queries, seen))


def _matcher(bound: TaskQuery, query_request: QueryRequest, chosen: Plan) -> Matcher:
    return matcher(bound, query_request.caller.tenants, chosen.meets)


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


class _Search:
    """The reading of a plan: what it yields, filtered by what the plan does not meet already."""

    def __init__(
        self,
        store: TaskStore,
        budget: ReadBudget,
        plan: Plan,
        matches: Matcher,
        *,
        versions: bool = False,
    ) -> None:
        self.plan = plan
        self.matched = 0
        """How many tasks met the query, each counted once."""
        self._store = store
        self._budget = budget
        self._test, self._fields = matches
        self._versions = versions

    def found(self, stopped_early: bool = False) -> QueryStatistics:
        return QueryStatistics(self.plan, self._budget.spent, self.matched, stopped_early)

    def behind(self, after: Cursor, order: Order) -> "_Search":
        """The same search for the tasks behind a cursor."""
        test, start = self._test, order.place(after.values, after.task_id)
        matches = Matcher(
            lambda task: test(task) and order.key(task) > start, self._fields | order.fields
        )
        plan = _from(self.plan, after)
        return _Search(self._store, self._budget, plan, matches, versions=self._versions)

    def count(self) -> None:
        """Count what matches. Ids are looked at only where a task may come more than once."""
        test, once = self._test, not self.plan.may_repeat

        def count(spec: ReadSpec) -> int:
            tasks = tasks_of(self._store, spec, self._budget, self._fields)
            return sum(1 for _ in filter(test, tasks))

        def ids(spec: ReadSpec) -> set[TaskId]:
            tasks = tasks_of(self._store, spec, self._budget, self._fields | _ID)
            return {task["id"] for task in filter(test, tasks)}

        if once:
            self.matched = sum(each_spec(count, self._partitions(), self._budget))
        else:
            found = each_spec(ids, self._partitions(), self._budget)
            self.matched = len(set[TaskId]().union(*found))

    def best(self, order: Order, needed: int) -> list[Document]:
        """The first tasks in order, all of the plan read; memory grows with the page wanted."""

        first = TopTasks(needed)
        test, key, fields = self._test, order.key, self._fields | order.fields

        def matching(spec: ReadSpec, found: list[TaskId]) -> Iterator[Placed]:
            for documents in documents_of(self._store, spec, self._budget):
                for document, task in decoded(documents, fields):
                    if test(task):
                        found.append(task["id"])
                        yield key(task), document

        def read(spec: ReadSpec) -> list[TaskId]:
            found: list[TaskId] = []
            first.add(matching(spec, found))
            return found

        found = each_spec(read, self._partitions(), self._budget)
        repeated = self.plan.may_repeat
        self.matched = len(set(chain(*found))) if repeated else sum(map(len, found))
        return first.in_order()

    def first_in_order(self, order: Order, needed: int) -> tuple[list[Document], bool]:
        """The first tasks of a plan that delivers the order of the first sort key, and whether
        reading ended before the plan did."""
        singles = [each for each in self._partitions() if isinstance(each, ByIndex)]
        if not singles:
            return [], False
        wanted = Wanted(
            self._fields | order.fields,
            self._test,
            order.key,
            lets_all_through=self.plan.meets_all,
        )
        readers = [PageReader(self._store, each, self._budget) for each in singles]
        documents, self.matched, stopped_early = first_in_order(
            readers, index_value(singles), wanted, needed, self._budget
        )
        return documents, stopped_early

    def _partitions(self) -> tuple[ReadSpec, ...]:
        """Everything there is to read, given that the budget may do for it."""
        self._budget.check_least(self.plan.accesses)
        found = partitions(self.plan)
        return tuple(replace(each, versions=True) for each in found) if self._versions else found


_ID: Final = frozenset(("id",))


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
