"""Reports over the open tasks that a caller may see."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from taskdock.domain.access import SEEN_BY, Access
from taskdock.domain.query.read_specs import ALL_SHARDS, ByIndex, Index
from taskdock.domain.tasks.task import NO_LINKS, Task, is_assigned
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.page_reading import each_spec, tasks_of
from taskdock.use_cases.query.read_budget import Limits, ReadBudget, ReadCost

_COUNTED: Final = SEEN_BY | {"assignee", "links"}


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """How many unassigned tasks are offered to each group, and the read units of the count."""

    counts: Mapping[str | None, int]
    """By name of the group in ascending order; None, for tasks offered to no group, comes first."""
    spent: ReadCost


def count_by_candidate_group(store: TaskStore, access: Access, limits: Limits) -> GroupCounts:
    """The links of the unassigned tasks that the caller may see, counted by group.

    As Camunda 7 counts (docs/camunda-behaviour.md, Group counts): links of any type, a task for
    each link that it has. A link to a user counts for None, and so does a task without links. All
    open tasks are read: half a read unit for 4 KB of them. Raises `QueryTooExpensive` and
    `OutOfTime` at the limits.
    """
    budget = ReadBudget(limits)

    def counted(spec: ByIndex) -> Counter[str | None]:
        counts: Counter[str | None] = Counter()
        for task in tasks_of(store, spec, budget, _COUNTED):
            if not is_assigned(task) and access.sees(task):
                counts.update(_groups(task))
        return counts

    total: Counter[str | None] = Counter()
    everything = ByIndex(Index.OPEN, ALL_SHARDS, access.reach).singles
    budget.check_least(everything)
    for counts in each_spec(counted, everything, budget):
        total.update(counts)
    names = sorted(total, key=lambda name: (name is not None, name or ""))
    return GroupCounts({name: total[name] for name in names}, budget.spent)


def _groups(task: Task) -> list[str | None]:
    """The group of each of the task's links; one None for a task without any."""
    return [link["groupId"] for link in task.get("links", NO_LINKS)] or [None]
