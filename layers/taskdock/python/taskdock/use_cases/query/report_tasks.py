"""Reports over the open tasks that a caller may see."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from taskdock.domain.query.model import Level, TaskQuery, filters_of
from taskdock.domain.tasks.task import IdentityLink
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.query_tasks import QueryRequest, tally_links
from taskdock.use_cases.query.read_budget import ReadCost

UNASSIGNED: Final = TaskQuery(Level(tuple(filters_of({"unassigned": True}))))
"""The tasks that the report on groups counts."""


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """How many unassigned tasks are offered to each group, and the read units of the count."""

    counts: Mapping[str | None, int]
    """By name of the group in ascending order; None, for tasks offered to no group, comes first."""
    spent: ReadCost


def count_by_candidate_group(query_request: QueryRequest, store: TaskStore) -> GroupCounts:
    """The links of the tasks that the query finds, which is `UNASSIGNED`, counted by group.

    As Camunda 7 counts (docs/camunda-behaviour.md, Group counts): links of any type, a task for
    each link that it has. A link to a user counts for None, and so does a task without links.
    Raises `QueryTooExpensive` and `OutOfTime` at the limits, `ColumnsMissing` where columns will
    do.
    """
    total, found = tally_links(query_request, store, _groups)
    names = sorted(total, key=lambda name: (name is not None, name or ""))
    return GroupCounts({name: total[name] for name in names}, found.spent)


def _groups(links: Sequence[IdentityLink]) -> Iterable[str | None]:
    """The group of each link; one None where there is none."""
    return [link["groupId"] for link in links] or [None]
