"""The paths of queries: which criteria each index serves, in which order, and at what cost.

The number of tasks of a key is an estimate of its order of magnitude. It only has to put the paths
in the right order. It knows nothing of the table: what other tenants have must not change how a
query is answered. An index with a field serves the filter of that name and its `…In` twin. Other
paths have a line in `_PATHS`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from taskdock.domain.instants import Instant
from taskdock.domain.query.model import Filter, Level
from taskdock.domain.query.operands import CandidateUser
from taskdock.domain.query.read_specs import (
    ALL_SHARDS,
    BY_FIELD,
    LEAST_READ_UNITS,
    ByIds,
    ByIndex,
    Inbox,
    Index,
    ReadSpec,
    Tenant,
)
from taskdock.domain.tasks.task import TaskId

READ_UNITS_A_TASK: Final = 0.045
"""What reading a usual task among others costs: about 350 bytes (docs/performance.md)."""


@dataclass(frozen=True, slots=True)
class Span:
    """The instants from `low` to `high`, both inclusive; None is no limit."""

    serves: tuple[Filter, ...] = ()
    low: int | None = None
    high: int | None = None

    @property
    def is_limited(self) -> bool:
        """Whether either end is limited."""
        return self.low is not None or self.high is not None

    @property
    def is_empty(self) -> bool:
        """Whether no instant lies in it."""
        return self.low is not None and self.high is not None and self.low > self.high

    def also(self, given: Filter, low: int | None, high: int | None) -> "Span":
        """This span and the limits of one more filter."""
        return replace(self.within(low, high), serves=(*self.serves, given))

    def within(self, low: int | None, high: int | None) -> "Span":
        """The part of this span that lies in those limits."""
        lows = [each for each in (self.low, low) if each is not None]
        highs = [each for each in (self.high, high) if each is not None]
        return Span(self.serves, max(lows) if lows else None, min(highs) if highs else None)

    def cut(self, access: ByIndex) -> ByIndex | None:
        """The part of the read spec that lies in this span; None when there is none."""
        left = self.within(access.low, access.high)
        if left.is_empty:
            return None
        return replace(access, low=_instant(left.low), high=_instant(left.high))


@dataclass(frozen=True, slots=True)
class PathSpec:
    """One access and how many tasks it is expected to yield."""

    access: ReadSpec
    rows: float

    @property
    def order(self) -> str | None:
        """The field whose order each of its partitions is in; None for ids."""
        if isinstance(self.access, ByIds):
            return None
        return self.access.index.sort_key

    def within(self, span: Span) -> "PathSpec | None":
        """The part of it that lies in a span; None when there is none."""
        if isinstance(self.access, ByIds) or not span.is_limited:
            return self
        access = span.cut(self.access)
        return None if access is None else PathSpec(access, self.rows * _share(span))


@dataclass(frozen=True, slots=True)
class Path:
    """Read specs that together yield every task that meets the conditions it serves."""

    parts: tuple[PathSpec, ...]
    serves: tuple[Filter, ...]
    """The filters that its keys serve."""
    meets: tuple[Filter | Level, ...]
    """What of the query all of its tasks meet: filters of the top level, and whole orQueries."""

    @property
    def is_of_indexes(self) -> bool:
        """Whether all of it is read from indexes."""
        return all(isinstance(part.access, ByIndex) for part in self.parts)

    @property
    def rows(self) -> float:
        """How many tasks it is expected to yield."""
        return sum(part.rows for part in self.parts)

    @property
    def order(self) -> str | None:
        """The field whose order all of its partitions are in; None when they are in none."""
        orders = {part.order for part in self.parts}
        return orders.pop() if len(orders) == 1 else None

    @property
    def read_units(self) -> float:
        """What reading all of it is expected to cost."""
        return sum(read_units(part.access.keys, part.rows) for part in self.parts)

    def read_units_for(self, wanted: int) -> float:
        """What reading the first tasks in its order is expected to cost."""
        keys = sum(part.access.keys for part in self.parts)
        # Each partition of several is asked for more than its share (use_cases.merge_partitions).
        rows = wanted if keys == 1 else 2 * (wanted + keys)
        return min(self.read_units, read_units(keys, rows))

    def within(self, created: Span, due: Span) -> "Path":
        """This path narrowed to the spans, where its order allows it."""
        spans = {"created": created, "due": due, None: Span()}
        left = [part for each in self.parts if (part := each.within(spans[each.order])) is not None]
        served = tuple(given for part in self.parts for given in spans[part.order].serves)
        # With several orders, each narrows only a part of the tasks.
        met = spans[self.order].serves
        return Path(tuple(left), _each_once(self.serves, served), (*self.meets, *met))

    def joined(self, other: "Path") -> "Path":
        """Both paths' tasks."""
        return Path((*self.parts, *other.parts), _each_once(self.serves, other.serves), ())


def read_units(keys: int, rows: float) -> float:
    """What reading so many keys costs that have so many usual tasks together."""
    return max(LEAST_READ_UNITS * keys, READ_UNITS_A_TASK * rows)


def _each_once(first: tuple[Filter, ...], more: tuple[Filter, ...]) -> tuple[Filter, ...]:
    return tuple(dict.fromkeys((*first, *more)))


def _instant(value: int | None) -> Instant | None:
    return None if value is None else Instant(value)


def _share(span: Span) -> float:
    """Which part of an index a span is expected to cover."""
    return 0.1 if span.low is not None and span.high is not None else 0.5


@dataclass(frozen=True, slots=True)
class Reach:
    """The tenants whose tasks are read, and the filters that this serves."""

    tenants: tuple[Tenant, ...] = (None,)
    serves: tuple[Filter, ...] = ()

    def path(self, access: ReadSpec, rows: float, *given: Filter) -> Path:
        """The path of an access within this reach; the filters given are met by its keys."""
        if isinstance(access, ByIds):
            visible = frozenset(each for each in self.tenants if each is not None)
            return Path((PathSpec(replace(access, tenants=visible), rows),), given, given)
        served = (*given, *self.serves)
        return Path((PathSpec(replace(access, tenants=self.tenants), rows),), served, served)


def reach_of(level: Level, reached: tuple[Tenant, ...]) -> Reach:
    """Where the tasks can be that meet the level's filters on tenants, of the tenants that the
    caller reaches."""
    serves = []
    for given in level.filters:
        wanted = _WANTED_TENANTS.get(given.criterion.name)
        if wanted is not None:
            reached = tuple(each for each in reached if each in wanted(given.operand))
            serves.append(given)
    return Reach(reached, tuple(serves))


_WANTED_TENANTS: Final[Mapping[str, Callable[[Any], tuple[Tenant, ...]]]] = {
    "tenantIdIn": lambda tenants: tenants,
    "withoutTenantId": lambda _: (None,),
}


def everything(reach: Reach) -> Path:
    """All open tasks, by time of creation."""
    return reach.path(ByIndex(Index.OPEN, ALL_SHARDS), Index.OPEN.usual_tasks)


def everything_by_due_date(reach: Reach) -> Path:
    """All open tasks that have a due date, by due date."""
    return reach.path(ByIndex(Index.DUE, ALL_SHARDS), Index.DUE.usual_tasks)


_INBOX_OF_USER: Final = 50
_INBOX_OF_GROUP: Final = Index.CANDIDATE.usual_tasks


def paths_of(level: Level, reach: Reach) -> Iterator[Path]:
    """The paths that some filter of the level offers."""
    for given in level.filters:
        part = _PATHS.get(given.criterion.name)
        if part is not None:
            yield reach.path(*part(given.operand, level), given)


_PathOf = Callable[[Any, Level], tuple[ReadSpec, float]]
"""What to read for what a filter of a level compares with, and how many tasks to expect."""


def _by_value(index: Index, rows: float) -> _PathOf:
    return lambda value, _level: (ByIndex(index, (value,)), rows)


def _by_values(index: Index, rows: float) -> _PathOf:
    def part(values: tuple[str, ...], _level: Level) -> tuple[ReadSpec, float]:
        partitions = tuple(dict.fromkeys(values))
        return ByIndex(index, partitions), rows * len(partitions)

    return part


def _by_ids(ids: tuple[str, ...]) -> tuple[ReadSpec, float]:
    each_once = tuple(TaskId(each) for each in dict.fromkeys(ids))
    return ByIds(each_once), len(each_once)


def _inboxes(users: Iterable[str], groups: Iterable[str], level: Level) -> tuple[ReadSpec, float]:
    """Inboxes; those of assigned tasks too where the level includes them."""
    owners = [
        *(("user", user, _INBOX_OF_USER) for user in users),
        *(("group", group, _INBOX_OF_GROUP) for group in dict.fromkeys(groups)),
    ]
    assigned = (False, True) if level.switches.include_assigned else (False,)
    inboxes = tuple(Inbox(kind, name, each) for each in assigned for kind, name, _ in owners)
    rows = sum(rows for _, _, rows in owners) * len(assigned)
    return ByIndex(Index.CANDIDATE, inboxes), rows


def _of_user(user: CandidateUser, level: Level) -> tuple[ReadSpec, float]:
    return _inboxes((user.user,), sorted(user.groups), level)


_PATHS: Final[Mapping[str, _PathOf]] = {
    "taskId": lambda task_id, _level: _by_ids((task_id,)),
    "taskIdIn": lambda ids, _level: _by_ids(ids),
    "candidateUser": _of_user,
    "linked": lambda user, _level: (ByIndex(Index.CANDIDATE, (Inbox.of_links(user),)), 20.0),
    "candidateGroup": lambda group, level: _inboxes((), (group,), level),
    "candidateGroups": lambda groups, level: _inboxes((), groups, level),
    **{field: _by_value(index, index.usual_tasks) for index, field in BY_FIELD.items()},
    **{f"{field}In": _by_values(index, index.usual_tasks) for index, field in BY_FIELD.items()},
}


def created_span(level: Level) -> Span:
    """When a task meeting the level's filters can have been created."""
    return _span(level, "createdOn", "createdBefore", "createdAfter")


def due_span(level: Level) -> Span:
    """When a task meeting the level's filters can be due."""
    return _span(level, "dueDate", "dueBefore", "dueAfter")


def _span(level: Level, on: str, before: str, after: str) -> Span:
    span = Span()
    for given in level.filters:
        name = given.criterion.name
        if name == on:
            span = span.also(given, _number(given), _number(given))
        elif name == before:
            span = span.also(given, None, _number(given) - 1)
        elif name == after:
            span = span.also(given, _number(given) + 1, None)
    return span


def _number(given: Filter) -> int:
    if not isinstance(given.operand, int):
        raise TypeError("instants are compared as numbers once a query is bound")
    return given.operand
