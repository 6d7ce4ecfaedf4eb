"""List a service's tasks, or those of all services: open and ended ones, in order of creation."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from taskdock.domain.access import SEEN_BY, Access
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import (
    ByIndex,
    EndedTasks,
    Index,
    Partition,
)
from taskdock.domain.query.sorting import Order, SortKey
from taskdock.domain.services.actions import state_of
from taskdock.domain.tasks.task import State, Task, is_deleted
from taskdock.use_cases.documents import whole_task
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.merge_partitions import Wanted, first_in_order, index_value
from taskdock.use_cases.query.page_reading import PageReader
from taskdock.use_cases.query.paging import Cursor
from taskdock.use_cases.query.read_budget import Limits, ReadBudget

SORTING: Final = (SortKey("created"),)
"""The oldest first, so that a caller who continues later finds new tasks at the end."""

OPEN_STATES: Final = frozenset({State.CREATED, State.STARTED})
ALL_STATES: Final = frozenset(State)

_TESTED: Final = SEEN_BY | {"state", "ended", "taskDefinitionKey", "owner", "deleted"}
"""What `Selection.matches` reads of a task."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Which tasks are wanted."""

    services: tuple[str, ...]
    access: Access
    """What the caller may see."""
    states: frozenset[State] = ALL_STATES
    type: str | None = None
    owner: str | None = None

    def matches(self, task: Task) -> bool:
        """Whether the task is wanted."""
        return (
            self.access.sees(task)
            and not is_deleted(task)
            and state_of(task) in self.states
            and self.type in (None, task.get("taskDefinitionKey"))
            and self.owner in (None, task.get("owner"))
        )


@dataclass(frozen=True, slots=True)
class Listing:
    """A page of tasks."""

    tasks: Sequence[Task]
    next: Cursor | None
    """Where the next page starts; None when this one is the last."""
    read_units: float


def list_service_tasks(
    store: TaskStore,
    selection: Selection,
    limits: Limits,
    *,
    limit: int,
    after: Cursor | None = None,
) -> Listing:
    """The first `limit` tasks behind the cursor, by creation and then by id.

    Raises `QueryTooExpensive` and `OutOfTime` at the limits.
    """
    order = Order(SORTING)
    start = None if after is None else order.place(after.values, after.task_id)
    budget = ReadBudget(limits)

    reach = selection.access.reach
    accesses = [
        single
        for partition in _partitions(selection)
        for single in ByIndex(Index.SERVICE, (partition,), reach, low=_earliest(after)).singles
    ]
    if not accesses:
        return Listing((), None, 0.0)
    budget.check_least(accesses)
    wanted = Wanted(
        _TESTED | order.fields,
        lambda task: selection.matches(task) and (start is None or order.key(task) > start),
        order.key,
    )
    readers = [PageReader(store, access, budget) for access in accesses]
    documents, _, _ = first_in_order(readers, index_value(accesses), wanted, limit + 1, budget)
    shown = [whole_task(each) for each in documents[:limit]]
    more = Cursor.at(shown[-1], order) if len(documents) > limit else None
    return Listing(shown, more, budget.spent.read_units)


def _partitions(selection: Selection) -> Iterator[Partition]:
    for service in selection.services:
        if selection.states & OPEN_STATES:
            yield service
        if selection.states - OPEN_STATES:
            yield EndedTasks(service)


def _earliest(after: Cursor | None) -> Instant | None:
    """The earliest creation of a task behind the cursor."""
    value = None if after is None else after.values[0]
    return Instant(value) if isinstance(value, int) else None
