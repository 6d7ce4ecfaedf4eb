"""Answering a task query: plan, read, filter, sort, page."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, Final

from taskdock.domain.caller import Caller
from taskdock.domain.errors import ResponseTooLarge
from taskdock.domain.expressions.expression import Scope
from taskdock.domain.instants import Instant
from taskdock.domain.query.binding import GroupsOf, bind
from taskdock.domain.query.matching import matcher
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.participation import participation
from taskdock.domain.query.planning import (
    Plan,
    plan,
    prefers_columns,
    read_units_of_columns,
)
from taskdock.domain.query.sorting import Order
from taskdock.domain.tasks.task import NO_LINKS, IdentityLink, Task, TaskId
from taskdock.use_cases.documents import Document, whole_task
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.advice import advised
from taskdock.use_cases.query.paging import Bookmark, Cursor, Window
from taskdock.use_cases.query.plan_search import PlanSearch, QueryStatistics
from taskdock.use_cases.query.read_budget import (
    NOTHING,
    Limits,
    ReadBudget,
    ReadCost,
)

if TYPE_CHECKING:
    # Loaded when a query is broad: most queries are not.
    from taskdock.use_cases.columns.broad_search import BroadSearch
    from taskdock.use_cases.columns.columns import Attempt, Columns


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
    columns: "Callable[[], Columns] | None" = None
    """Gives the open tasks as columns; None where there are none."""


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
    is lost, `QueryTooExpensive` and `OutOfTime` at the question's limits, `ColumnsMissing` where
    columns will do, `ResponseTooLarge` for more than `MOST_TASKS`.
    """
    bound = _bound(query_request)
    order = Order(bound.sorting)
    needed = min(window.needed, MOST_TASKS + 1)
    reach = query_request.caller.access.reach
    chosen = plan(bound, needed if needed <= MOST_TASKS else None, reach)
    if window.after is not None:
        after = _cursor(window.after, order, store, query_request.caller)
        window = replace(window, after=after)
    asked = _Asked(query_request, store, bound, chosen)
    return asked.answered(
        needed, lambda: asked.page_of_columns(order, window), partial(asked.page, order, window)
    )


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
    asked = _Asked(query_request, store, bound, chosen, spent)
    return asked.answered(None, asked.count_of_columns, asked.count)


def tally_links[Value](
    query_request: QueryRequest,
    store: TaskStore,
    values_of: Callable[[Sequence[IdentityLink]], Iterable[Value]],
) -> tuple[Counter[Value], QueryStatistics]:
    """How often each value comes that `values_of` finds in the links of the tasks that match.

    It finds in several links what it finds in each of them alone, and it may find something in
    none. Raises what `count_tasks` raises.
    """
    bound = _bound(query_request)
    chosen = plan(replace(bound, sorting=()), None, query_request.caller.access.reach)
    asked = _Asked(query_request, store, bound, chosen)
    return asked.answered(
        None, lambda: asked.tally_of_columns(values_of), lambda: asked.tally(values_of)
    )


def _bound(query_request: QueryRequest) -> TaskQuery:
    caller = query_request.caller

    def groups_of(user: str) -> tuple[str, ...]:
        return caller.groups if user == caller.user else query_request.groups_of(user)

    scope = Scope(query_request.now, caller.user, caller.groups)
    bound = bind(query_request.query, scope, groups_of)
    seen = participation(caller.access)
    return bound if seen is None else replace(bound, or_queries=(*bound.or_queries, seen))


_LINKS: Final = frozenset(("links",))


class _Asked:
    """A bound query on its way to an answer: of columns, where these take less, or by plan."""

    def __init__(
        self,
        request: QueryRequest,
        store: TaskStore,
        bound: TaskQuery,
        chosen: Plan,
        spent: ReadCost = NOTHING,
    ) -> None:
        self._request = request
        self._store = store
        self._bound = bound
        self._plan = chosen
        self._limits = advised(request.limits, chosen)
        self._budget = ReadBudget(self._limits, spent)
        self._attempt: Attempt | None = None

    def answered[Result](
        self,
        needed: int | None,
        of_columns: Callable[[], Result | None],
        by_plan: Callable[[], Result],
    ) -> Result:
        """What columns answer, or else the plan."""
        reach = self._request.caller.access.reach
        columns = self._request.columns
        if columns is None or needed == 0 or not prefers_columns(self._plan, needed, len(reach)):
            return by_plan()
        least = read_units_of_columns(needed or 0, len(reach))
        self._attempt = columns().attempt(
            self._store,
            reach,
            self._budget,
            least=least,
            otherwise=self._plan.read_units,
            versions=self._request.versions,
        )
        answer = of_columns()
        if answer is not None:
            return answer
        # Where a part of the reading failed, nothing more is read within its budget.
        self._budget = ReadBudget(self._limits, self._budget.spent)
        with self._attempt.without(self._budget):
            return by_plan()

    def page_of_columns(self, order: Order, window: Window) -> Answer | None:
        """The page as columns answer it."""
        after = window.after
        start = order.place(after.values, after.task_id) if isinstance(after, Cursor) else None
        places = range(window.first, min(window.end, MOST_TASKS + 1))
        found = self._of_columns(lambda search: search.page(order, places, start))
        if found is None:
            return None
        (documents, more, matched), statistics = found
        if window.first + len(documents) > MOST_TASKS:
            raise ResponseTooLarge(too_many(matched), read_units=statistics.spent.read_units)
        return _page(documents, order, replace(statistics, matched=matched), more=more)

    def count_of_columns(self) -> Count | None:
        """The count as columns answer it."""
        found = self._of_columns(lambda search: search.count())
        if found is None:
            return None
        number, statistics = found
        return Count(number, replace(statistics, matched=number))

    def page(self, order: Order, window: Window) -> Answer:
        """The page by the plan."""
        needed = min(window.needed, MOST_TASKS + 1)
        search = self._search()
        if isinstance(window.after, Cursor):
            search = search.behind(window.after, order)
        if needed == 0:
            return Answer((), None, search.found())
        if search.plan.delivers_order and needed <= MOST_TASKS:
            documents, stopped_early = search.first_in_order(order, needed)
        else:
            documents, stopped_early = search.best(order, needed), False
        found = self._statistics(search.found(stopped_early))
        if len(documents) > MOST_TASKS:
            raise ResponseTooLarge(too_many(found.matched), read_units=found.spent.read_units)
        page = documents[window.first : window.end]
        return _page(page, order, found, more=len(documents) == needed)

    def count(self) -> Count:
        """The count by the plan."""
        search = self._search()
        search.count()
        return Count(search.matched, self._statistics(search.found()))

    def tally_of_columns[Value](
        self, values_of: Callable[[Sequence[IdentityLink]], Iterable[Value]]
    ) -> tuple[Counter[Value], QueryStatistics] | None:
        """The tally as columns answer it."""
        return self._of_columns(lambda search: search.tally_links(values_of))

    def tally[Value](
        self, values_of: Callable[[Sequence[IdentityLink]], Iterable[Value]]
    ) -> tuple[Counter[Value], QueryStatistics]:
        """The tally by the plan."""
        search = self._search()
        counted = search.tally(lambda task: values_of(task.get("links", NO_LINKS)), _LINKS)
        return counted, self._statistics(search.found())

    def _search(self) -> PlanSearch:
        matches = matcher(self._bound, self._request.caller.tenants, self._plan.meets)
        versions = self._request.versions
        return PlanSearch(self._store, self._budget, self._plan, matches, versions=versions)

    def _of_columns[Result](
        self, ask: "Callable[[BroadSearch], Result]"
    ) -> tuple[Result, QueryStatistics] | None:
        assert self._attempt is not None
        matches = matcher(self._bound, self._request.caller.tenants)
        found = self._attempt.answer(self._bound, matches, ask)
        if found is None:
            return None
        read, result = found
        return result, QueryStatistics(self._plan, self._budget.spent, 0, columns=read)

    def _statistics(self, found: QueryStatistics) -> QueryStatistics:
        return found if self._attempt is None else replace(found, fallback=self._attempt.failure)


def _page(page: Sequence[Document], order: Order, found: QueryStatistics, *, more: bool) -> Answer:
    following = Cursor.at(whole_task(page[-1]), order) if more and page else None
    return Answer(page, following, found)
