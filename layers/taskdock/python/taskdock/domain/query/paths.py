"""The paths into the table: which criteria each serves, and how many tasks it may yield.

The expected numbers are orders of magnitude: they only have to put the paths in the right
order. To add a path, add a row to `_BY_FIELD`, or a function to `_WAYS`.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, Final

from taskdock.domain.access import OPEN_SHARDS, Access, ByIds, ByIndex, Inbox, Index, Partition
from taskdock.domain.instants import Instant
from taskdock.domain.query.model import CandidateUser, Level
from taskdock.domain.task import TaskId


@dataclass(frozen=True, slots=True)
class Span:
    """The instants from `low` to `high`, both inclusive; None is no limit."""

    serves: tuple[str, ...] = ()
    low: int | None = None
    high: int | None = None

    @property
    def is_limited(self) -> bool:
        """Whether either end is limited."""
        """Whether some value lies outside."""
        return self.low is not None or self.high is not None

    @property
    def is_empty(self) -> bool:
        """Whether no instant lies in it."""
        """Whether no value lies inside."""
        return self.low is not None and self.high is not None and self.low > self.high

    def also(self, name: str, low: int | None, high: int | None) -> "Span":
        """This span and the limits of one more criterion."""
        return replace(self.within(low, high), serves=(*self.serves, name))

    def within(self, low: int | None, high: int | None) -> "Span":
        """The part of this span that lies in those limits."""
        lows = [each for each in (self.low, low) if each is not None]
        highs = [each for each in (self.high, high) if each is not None]
        return Span(self.serves, max(lows) if lows else None, min(highs) if highs else None)


@dataclass(frozen=True, slots=True)
class Path:
    """Accesses that together yield every task meeting the criteria it serves."""

    accesses: tuple[Access, ...]
    serves: tuple[str, ...]
    rows: float

    def within(self, created: Span, due: Span) -> "Path":
        """This path narrowed to the spans, where its order allows it."""
        serves, rows, accesses = self.serves, self.rows, []
        for access in self.accesses:
            span = due if isinstance(access, ByIndex) and access.index is Index.DUE else created
            if isinstance(access, ByIds) or not span.is_limited:
                accesses.append(access)
                continue
            left = span.within(access.low, access.high)
            serves = tuple(dict.fromkeys((*serves, *span.serves)))
            share = 0.0 if left.is_empty else _share(span)
            rows -= self.rows / len(self.accesses) * (1 - share)
            if not left.is_empty:
                low, high = _instant(left.low), _instant(left.high)
                accesses.append(replace(access, low=low, high=high))
        return Path(tuple(accesses), serves, rows)

    def joined(self, other: "Path") -> "Path":
        """Both paths' tasks."""
        return Path(
            (*self.accesses, *other.accesses),
            tuple(dict.fromkeys((*self.serves, *other.serves))),
            self.rows + other.rows,
        )


def _instant(value: int | None) -> Instant | None:
    return None if value is None else Instant(value)


def _share(span: Span) -> float:
    """Which part of an index a span is expected to cover."""
    return 0.1 if span.low is not None and span.high is not None else 0.5


_ALL_SHARDS: Final[tuple[Partition, ...]] = tuple(range(OPEN_SHARDS))
_ALL_ROWS: Final = 1_000_000

EVERYTHING: Final = Path((ByIndex(Index.OPEN, _ALL_SHARDS),), (), _ALL_ROWS)
"""All open tasks, by time of creation."""

EVERYTHING_BY_DUE_DATE: Final = Path((ByIndex(Index.DUE, _ALL_SHARDS),), (), _ALL_ROWS * 0.9)
"""All open tasks that have a due date, by due date."""

_BY_FIELD: Final = (
    # criterion, its …In twin, index, tasks expected per value
    ("processInstanceId", "processInstanceIdIn", Index.PROCESS_INSTANCE, 3),
    ("processInstanceBusinessKey", "processInstanceBusinessKeyIn", Index.BUSINESS_KEY, 4),
    ("parentTaskId", None, Index.PARENT, 5),
    ("caseInstanceId", None, Index.CASE_INSTANCE, 6),
    ("assignee", "assigneeIn", Index.ASSIGNEE, 100),
    ("taskDefinitionKey", "taskDefinitionKeyIn", Index.TASK_DEFINITION, 5_000),
    ("service", "serviceIn", Index.SERVICE, 10_000),
    ("processDefinitionKey", "processDefinitionKeyIn", Index.PROCESS_DEFINITION, 20_000),
)
_INBOX_OF_USER: Final = 50
_INBOX_OF_GROUP: Final = 1_000


def paths_of(level: Level) -> Iterator[Path]:
    """The paths that some filter of the level offers."""
    for way in _WAYS:
        yield from way(level)


def _by_ids(level: Level) -> Iterator[Path]:
    operands: Any
    for operands in level.operands("taskId"):
        yield Path((ByIds((TaskId(operands),)),), ("taskId",), 1)
    for operands in level.operands("taskIdIn"):
        ids = tuple(TaskId(each) for each in dict.fromkeys(operands))
        yield Path((ByIds(ids),), ("taskIdIn",), len(ids))


def _by_field(level: Level) -> Iterator[Path]:
    operand: Any
    for name, plural, index, rows in _BY_FIELD:
        for operand in level.operands(name):
            yield Path((ByIndex(index, (operand,)),), (name,), rows)
        if plural is None:
            continue
        for operand in level.operands(plural):
            values = tuple(dict.fromkeys(operand))
            yield Path((ByIndex(index, values),), (plural,), rows * len(values))


def _by_inbox(level: Level) -> Iterator[Path]:
    """Inboxes; those of assigned tasks too where the level includes them."""
    operand: Any
    assigned = (False, True) if level.switches.include_assigned else (False,)
    for operand in level.operands("candidateUser"):
        user: CandidateUser = operand
        yield _inboxes("candidateUser", (user.user,), tuple(sorted(user.groups)), assigned)
    for operand in level.operands("candidateGroup"):
        yield _inboxes("candidateGroup", (), (operand,), assigned)
    for operand in level.operands("candidateGroups"):
        yield _inboxes("candidateGroups", (), tuple(dict.fromkeys(operand)), assigned)


def _inboxes(
    name: str, users: tuple[str, ...], groups: tuple[str, ...], assigned: tuple[bool, ...]
) -> Path:
    partitions: list[Partition] = []
    for each in assigned:
        partitions += [Inbox("user", user, each) for user in users]
        partitions += [Inbox("group", group, each) for group in groups]
    rows = (len(users) * _INBOX_OF_USER + len(groups) * _INBOX_OF_GROUP) * len(assigned)
    return Path((ByIndex(Index.CANDIDATE, tuple(partitions)),), (name,), rows)


_WAYS: Final[tuple[Callable[[Level], Iterator[Path]], ...]] = (_by_ids, _by_field, _by_inbox)


def created_span(level: Level) -> Span:
    """When a task meeting the level's filters can have been created."""
    return _span(level, "createdOn", "createdBefore", "createdAfter")


def due_span(level: Level) -> Span:
    """When a task meeting the level's filters can be due."""
    return _span(level, "dueDate", "dueBefore", "dueAfter")


def _span(level: Level, on: str, before: str, after: str) -> Span:
    span, operand = Span(), None
    for operand in level.operands(on):
        span = span.also(on, _number(operand), _number(operand))
    for operand in level.operands(before):
        span = span.also(before, None, _number(operand) - 1)
    for operand in level.operands(after):
        span = span.also(after, _number(operand) + 1, None)
    return span


def _number(operand: object) -> int:
    if not isinstance(operand, int):
        raise TypeError("instants are compared as numbers once a query is bound")
    return operand
