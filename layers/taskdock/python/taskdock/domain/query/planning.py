"""Planning: the cheapest way into the table whose tasks include every answer.

A plan only narrows. What it yields is filtered by the whole query, so a plan is right as long
as it leaves no match out. Paths are rated by how many tasks they are expected to yield; the
figures stand in `paths`, where a new kind of path is added.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import reduce

from taskdock.domain.access import Access, ByIndex, Index
from taskdock.domain.query.model import Level, TaskQuery
from taskdock.domain.query.paths import (
    EVERYTHING,
    EVERYTHING_BY_DUE_DATE,
    Path,
    Span,
    created_span,
    due_span,
    paths_of,
)
from taskdock.domain.query.sorting import SortKey


@dataclass(frozen=True, slots=True)
class Plan:
    """What to read, and what the reading already gives."""

    accesses: tuple[Access, ...]
    """To be read one after another or side by side; none when nothing can match."""
    serves: tuple[str, ...]
    """The criteria that the keys take care of; the others are left to the filter."""
    rows: float
    """How many tasks the reading is expected to yield."""
    delivers_order: bool
    """Whether each partition comes in the order of the first sort key."""
    may_repeat: bool
    """Whether a task may come more than once."""


def plan(query: TaskQuery, wanted: int | None = None) -> Plan:
    """The plan for a bound query of which the first `wanted` tasks are needed; None for all.

    The top level and each orQuery offer paths; the one expected to yield the fewest tasks wins.
    Limits on the time of creation and on the due date narrow every path ordered by them.
    """
    created, due = created_span(query.top), due_span(query.top)
    if created.is_empty or due.is_empty:
        return Plan((), _given(query.top), 0, delivers_order=True, may_repeat=False)
    offered = [*_offers(query, created, due)]
    best = min(offered, key=lambda path: _cost(path, query, wanted))
    return _as_plan(best, query.sorting)


def _offers(query: TaskQuery, created: Span, due: Span) -> Iterable[Path]:
    for path in paths_of(query.top):
        yield path.within(created, due)
    for level in query.or_queries:
        union = _union(level)
        if union is not None:
            yield union.within(created, due)
    yield EVERYTHING.within(created, due)
    if due.is_limited:
        yield EVERYTHING_BY_DUE_DATE.within(created, due)


def _union(level: Level) -> Path | None:
    """The paths of an orQuery's branches together; None when one of them has none."""
    chosen: list[Path] = []
    for each in level.filters:
        branch = Level((each,), level.switches)
        spans = created_span(branch), due_span(branch)
        candidates = [path.within(*spans) for path in paths_of(branch)]
        if spans[0].is_limited:
            candidates.append(EVERYTHING.within(*spans))
        if spans[1].is_limited:
            candidates.append(EVERYTHING_BY_DUE_DATE.within(*spans))
        if not candidates:
            return None
        chosen.append(min(candidates, key=lambda path: path.rows))
    if not chosen:
        return None
    return reduce(lambda one, other: one.joined(other), chosen)


def _cost(path: Path, query: TaskQuery, wanted: int | None) -> float:
    """How many tasks reading this path means, a page that stops early taken into account.

    Only a path that serves every filter is sure to fill the page with its first tasks.
    """
    asked = {*_given(query.top), *(name for level in query.or_queries for name in _given(level))}
    if wanted is None or not asked <= set(path.serves) or not _delivers(path, query.sorting):
        return path.rows
    return min(path.rows, float(wanted * len(path.accesses)))


def _as_plan(path: Path, sorting: tuple[SortKey, ...]) -> Plan:
    delivers = _delivers(path, sorting)
    descending = delivers and sorting[0].descending
    accesses = tuple(
        replace(access, descending=descending) if isinstance(access, ByIndex) else access
        for access in path.accesses
    )
    may_repeat = len(accesses) > 1 or any(
        isinstance(access, ByIndex) and access.index is Index.CANDIDATE for access in accesses
    )
    return Plan(accesses, path.serves, path.rows, delivers, may_repeat)


def _delivers(path: Path, sorting: tuple[SortKey, ...]) -> bool:
    """Whether the path's order is that of the first sort key, which nothing on it lacks."""
    if not sorting or not path.accesses:
        return False
    first = sorting[0].field()
    return all(
        isinstance(access, ByIndex) and first == ("due" if access.index is Index.DUE else "created")
        for access in path.accesses
    )


def _given(level: Level) -> tuple[str, ...]:
    return tuple(dict.fromkeys(each.criterion.name for each in level.filters))


def partitions(chosen: Plan) -> tuple[Access, ...]:
    """The plan's accesses, one for each partition, so that they can be read side by side."""
    return tuple(
        single
        for access in chosen.accesses
        for single in (
            (replace(access, partitions=(each,)) for each in access.partitions)
            if isinstance(access, ByIndex)
            else (access,)
        )
    )
