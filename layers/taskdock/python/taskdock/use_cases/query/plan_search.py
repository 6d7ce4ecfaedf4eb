"""Searching by a plan: what it yields, filtered by what the plan does not meet already."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import TYPE_CHECKING, Final

from taskdock.domain.query.comparisons import Fields
from taskdock.domain.query.matching import Matcher
from taskdock.domain.query.paths import Span
from taskdock.domain.query.planning import Plan, partitions
from taskdock.domain.query.read_specs import ByIndex, ReadSpec
from taskdock.domain.query.sorting import Order
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.documents import Document, decoded
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.merge_partitions import Wanted, first_in_order, index_value
from taskdock.use_cases.query.page_reading import PageReader, documents_of, each_spec, tasks_of
from taskdock.use_cases.query.paging import Cursor
from taskdock.use_cases.query.read_budget import ReadBudget, ReadCost
from taskdock.use_cases.query.top_tasks import Placed, TopTasks

if TYPE_CHECKING:
    from taskdock.use_cases.columns.broad_search import ColumnsRead


@dataclass(frozen=True, slots=True)
class QueryStatistics:
    """How an answer was found."""

    plan: Plan
    spent: ReadCost
    matched: int
    """Tasks that met the query, as far as was read."""
    stopped_early: bool = False
    """Whether reading ended with the page, the order of the path being the one asked for."""
    columns: "ColumnsRead | None" = None
    """What was read of columns; None where the plan was followed."""
    fallback: str | None = None
    """Why the plan was followed though there are columns."""


class PlanSearch:
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

    def behind(self, after: Cursor, order: Order) -> "PlanSearch":
        """The same search for the tasks behind a cursor."""
        test, start = self._test, order.place(after.values, after.task_id)
        matches = Matcher(
            lambda task: test(task) and order.key(task) > start, self._fields | order.fields
        )
        plan = _from(self.plan, after)
        return PlanSearch(self._store, self._budget, plan, matches, versions=self._versions)

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

    def tally[Value](
        self, values_of: Callable[[Task], Iterable[Value]], fields: Fields
    ) -> Counter[Value]:
        """How often each value comes that `values_of`, which reads `fields`, finds in what
        matches."""
        test, once = self._test, not self.plan.may_repeat
        read_fields = self._fields | fields | _ID

        def read(spec: ReadSpec) -> tuple[Counter[Value], dict[TaskId, list[Value]]]:
            counted, by_id = Counter[Value](), dict[TaskId, list[Value]]()
            for task in filter(test, tasks_of(self._store, spec, self._budget, read_fields)):
                if once:
                    counted.update(values_of(task))
                else:
                    by_id[task["id"]] = list(values_of(task))
            return counted, by_id

        total, known = Counter[Value](), dict[TaskId, list[Value]]()
        for counted, by_id in each_spec(read, self._partitions(), self._budget):
            total.update(counted)
            known |= by_id
        total.update(chain(*known.values()))
        return total

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
