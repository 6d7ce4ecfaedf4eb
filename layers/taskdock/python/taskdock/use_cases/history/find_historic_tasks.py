"""Find tasks, open and ended, by what their own records tell."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from taskdock.domain.access import Access
from taskdock.domain.history.historic_tasks import (
    Historic,
    HistoryQuery,
    matcher,
    sort_key,
    view,
)
from taskdock.domain.query.read_specs import (
    ALL_SHARDS,
    ByIds,
    ByIndex,
    EndedOf,
    Index,
    Partition,
    ReadSpec,
)
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.page_reading import each_spec, tasks_of
from taskdock.use_cases.query.read_budget import Limits, ReadBudget, ReadCost

MOST_TASKS: Final = 100_000
"""More tasks than this fit into no answer."""

_FIELDS: Final = ("taskAssignee", Index.ASSIGNEE), ("processInstanceId", Index.PROCESS_INSTANCE)


@dataclass(frozen=True, slots=True)
class Found:
    """The tasks that match, in order, and what reading took."""

    tasks: Sequence[Historic]
    spent: ReadCost


def find_historic_tasks(
    store: TaskStore, query: HistoryQuery, access: Access, limits: Limits
) -> Found:
    """The tasks that match and that the caller may see.

    Raises `QueryTooExpensive` and `OutOfTime` at the limits.
    """
    matches, budget = matcher(query), ReadBudget(limits)
    specs = _specs(query, access)
    budget.check_least(specs)

    def read(spec: ReadSpec) -> list[Historic]:
        return [*_matching(tasks_of(store, spec, budget))]

    def _matching(tasks: Iterator[Task]) -> Iterator[Historic]:
        for task in tasks:
            if access.sees(task):
                seen = view(task)
                if matches(seen):
                    yield seen

    found: dict[str, Historic] = {}
    for part in each_spec(read, specs, budget):
        found |= {each["id"]: each for each in part}
    return Found(sorted(found.values(), key=sort_key(query)), budget.spent)


def _specs(query: HistoryQuery, access: Access) -> list[ReadSpec]:
    """The partitions that hold every task that can match, each to be read by itself."""
    top = query.top
    task_id = top.value("taskId")
    if task_id is not None:
        return [ByIds((TaskId(task_id),), access.tenants)]
    return [
        replace(each, tenants=(tenant,)) for tenant in access.reach for each in _partitions(query)
    ]


def _partitions(query: HistoryQuery) -> Iterator[ByIndex]:
    top, (wants_open, wants_ended) = query.top, _wanted(query)
    for name, index in _FIELDS:
        value = top.value(name)
        if isinstance(value, str):
            if wants_open:
                yield _started(query, index, value)
            if wants_ended:
                yield _started(query, index, EndedOf(value))
            return
    low, high = top.value("finishedAfter"), top.value("finishedBefore")
    for shard in ALL_SHARDS:
        if wants_open:
            yield _started(query, Index.OPEN, shard)
        if wants_ended:
            yield ByIndex(Index.ENDED, (shard,), low=low, high=high)


def _wanted(query: HistoryQuery) -> tuple[bool, bool]:
    """Whether open tasks can match, and whether ended ones can."""
    top = query.top
    ended_alone = any(
        top.value(name) is not None
        for name in ("finished", "finishedAfter", "finishedBefore", "taskDeleteReason",
                     "taskDeleteReasonLike", "processFinished")
    )  # fmt: skip
    open_alone = top.value("unfinished") is not None or top.value("processUnfinished") is not None
    return not ended_alone, not open_alone


def _started(query: HistoryQuery, index: Index, partition: Partition) -> ByIndex:
    """A partition of an index that is in order of the time of creation."""
    low, high = query.top.value("startedAfter"), query.top.value("startedBefore")
    return ByIndex(index, (partition,), low=low, high=high)
