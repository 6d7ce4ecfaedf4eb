"""Planning: the cheapest query path whose tasks include every answer.

A plan only narrows. What it yields is filtered by the whole query, so a plan is right as long
as it leaves no match out. Paths are rated by the read units they are expected to cost; the figures
are in `paths`, where a new kind of path is added.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce
from typing import Final

from taskdock.domain.query.model import Filter, Level, TaskQuery
from taskdock.domain.query.paths import (
    Path,
    Reach,
    Span,
    created_span,
    due_span,
    everything,
    everything_by_due_date,
    paths_of,
    reach_of,
)
from taskdock.domain.query.read_specs import (
    LEAST_READ_UNITS,
    OPEN_SHARDS,
    SHARDED,
    ByIndex,
    Index,
    ReadSpec,
    Tenant,
)
from taskdock.domain.query.sorting import SortKey


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read, and what the reading already gives."""

    accesses: tuple[ReadSpec, ...]
    """To be read one after another or side by side; none when nothing can match."""
    serves: tuple[Filter, ...]
    """The filters that the keys serve."""
    meets: tuple[Filter | Level, ...]
    """The parts of the query that need no filter any more: filters of the top level, and
    orQueries."""
    rows: float
    """How many tasks the reading is expected to yield."""
    read_units: float
    """What it is expected to cost."""
    delivers_order: bool
    """Whether each partition comes in the order of the first sort key."""
    may_repeat: bool
    """Whether a task may come more than once."""
    meets_all: bool
    """Whether what it yields meets the whole query."""


def plan(
    query: TaskQuery, wanted: int | None = None, tenants: tuple[Tenant, ...] = (None,)
) -> Plan:
    """The plan for a bound query of which the first `wanted` tasks are needed; None for all.

    It reaches the tasks of `tenants`, None for those without one. The top level and each orQuery
    offer paths; the one expected to cost the fewest read units wins. Limits on the time of creation
    and on the due date narrow every path ordered by them.
    """
    created, due = created_span(query.top), due_span(query.top)
    reach = reach_of(query.top, tenants)
    if created.is_empty or due.is_empty or not reach.tenants:
        top = query.top.filters
        return Plan((), top, top, 0, 0, delivers_order=True, may_repeat=False, meets_all=False)

    def cost(path: Path) -> tuple[float, float]:
        return _read_units(path, query, wanted), path.rows

    best = min(_offers(query, created, due, reach), key=cost)
    return _as_plan(best, query, _read_units(best, query, wanted))


def _offers(query: TaskQuery, created: Span, due: Span, reach: Reach) -> Iterable[Path]:
    for path in paths_of(query.top, reach):
        yield path.within(created, due)
    for level in query.or_queries:
        union = _union(level, reach)
        if union is not None:
            yield union.within(created, due)
    yield everything(reach).within(created, due)
    if due.is_limited:
        yield everything_by_due_date(reach).within(created, due)


def _union(level: Level, reach: Reach) -> Path | None:
    """The paths of an orQuery's branches together; None when one of them has none."""
    chosen: list[Path] = []
    for each in level.filters:
        branch = Level((each,), level.switches)
        spans = created_span(branch), due_span(branch)
        candidates = [path.within(*spans) for path in paths_of(branch, reach)]
        if spans[0].is_limited:
            candidates.append(everything(reach).within(*spans))
        if spans[1].is_limited:
            candidates.append(everything_by_due_date(reach).within(*spans))
        if not candidates:
            return None
        chosen.append(min(candidates, key=lambda path: path.read_units))
    if not chosen:
        return None
    together = reduce(lambda one, other: one.joined(other), chosen)
    return replace(together, meets=(level, *(reach.serves if together.is_of_indexes else ())))


def _read_units(path: Path, query: TaskQuery, wanted: int | None) -> float:
    """What reading this path is expected to cost, a page that stops early taken into account.

    Only where nothing is left to filter are the first tasks sure to fill the page.
    """
    if wanted is None or not _meets_all(path, query) or not _delivers(path, query.sorting):
        return path.read_units
    return path.read_units_for(wanted)


def _meets_all(path: Path, query: TaskQuery) -> bool:
    conditions = (*query.top.filters, *(level for level in query.or_queries if level.filters))
    return all(each in path.meets for each in conditions)


def _as_plan(path: Path, query: TaskQuery, read_units: float) -> Plan:
    sorting = query.sorting
    delivers = _delivers(path, sorting)
    descending = delivers and sorting[0].descending
    accesses = tuple(
        replace(part.access, descending=descending) if isinstance(part.access, ByIndex)
        else part.access
        for part in path.parts
    )  # fmt: skip
    # A task can be in several inboxes, or move from one key to another while both are read; within
    # a tenant it keeps its shard.
    may_repeat = len(accesses) > 1 or any(
        (
            isinstance(access, ByIndex)
            and (len(access.tenants) if access.index in SHARDED else access.keys) > 1
        )
        or (isinstance(access, ByIndex) and access.index is Index.CANDIDATE)
        for access in accesses
    )
    meets_all = _meets_all(path, query)
    return Plan(
        accesses,
        path.serves,
        path.meets,
        path.rows,
        read_units,
        delivers,
        may_repeat,
        meets_all,
    )


ROWS_BY_ID: Final = 400
"""So many tasks that columns found are read from the table; of more, the columns have all there
is to answer."""

_RATED_FOR: Final = 100_000
"""In tables of so many tasks a key has about as many as `Index` says."""

_SMALL_TENANT: Final = 10.0
"""Read units that the open tasks of a tenant take that is too small for columns
(`columns.SOME_TASKS`)."""

_TIME: Final = 30.0
"""Read units that an index hands out in the time in which columns are asked, and once more for
each tenant, in which nine requests are made for what was written since."""


def read_units_of_columns(rows: float, tenants: int) -> float:
    """What an answer from columns is expected to cost that shows so many tasks: what was written
    since they were made, in the shards of two indexes, and the tasks that are shown."""
    return LEAST_READ_UNITS * (2 + tenants * (1 + 2 * OPEN_SHARDS) + min(rows, ROWS_BY_ID))


def prefers_columns(chosen: Plan, wanted: int | None, tenants: int) -> bool:
    """Whether columns, if there are any, are expected to answer the first `wanted` tasks (None for
    a count) in less time and for less than the plan does."""
    rows = 0.0 if wanted is None else min(float(wanted), chosen.rows)
    return read_units_of_columns(rows, tenants) + _TIME * (1 + tenants) < chosen.read_units


def still_prefers_columns(
    least: float, otherwise: float, tasks: int, tenants: int, without: int
) -> bool:
    """Whether columns of so many tasks are expected to take less than `otherwise`, a plan's read
    units, when `least` is what they take themselves and so many of the tenants have none and are
    read whole.

    Plans are rated for tables of many tasks; of few, a key has fewer.
    """
    part = min(1.0, tasks / _RATED_FOR)
    return least + _TIME * (1 + tenants) + _SMALL_TENANT * without < otherwise * part


def _delivers(path: Path, sorting: tuple[SortKey, ...]) -> bool:
    """Whether the path's order is that of the first sort key; every task on the path has its
    value."""
    return bool(sorting) and path.order is not None and path.order == sorting[0].field()


def partitions(chosen: Plan) -> tuple[ReadSpec, ...]:
    """The plan's read specs, one for each partition, so that they can be read side by side."""
    return tuple(
        single
        for access in chosen.accesses
        for single in (access.singles if isinstance(access, ByIndex) else (access,))
    )
