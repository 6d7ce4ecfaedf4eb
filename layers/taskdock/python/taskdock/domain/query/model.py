"""A task query as a value: what was asked, free of how it was sent."""

from dataclasses import dataclass
from typing import TYPE_CHECKING

from taskdock.domain.expressions import Expression
from taskdock.domain.instants import Instant

if TYPE_CHECKING:
    from taskdock.domain.query.criteria import Criterion
    from taskdock.domain.query.sorting import SortKey


@dataclass(frozen=True, slots=True)
class VariableCondition:
    """One element of a variable filter: the variable `name` stands in `operator` to `value`."""

    name: str
    operator: str
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class CandidateUser:
    """A user and the groups that make further tasks an offer to them."""

    user: str
    groups: frozenset[str]


Operand = (
    str | int | Instant | bool | tuple[str, ...] | VariableCondition | CandidateUser | Expression
)
"""What a criterion compares with; an expression until the query is bound."""


@dataclass(frozen=True, slots=True)
class Filter:
    """A criterion with what it is to be compared with."""

    criterion: "Criterion"
    operand: Operand


@dataclass(frozen=True, slots=True)
class Switches:
    """What changes the meaning of the filters on the same level, and of no other."""

    include_assigned: bool = False
    names_ignore_case: bool = False
    values_ignore_case: bool = False
    like_ignores_case: bool = False


@dataclass(frozen=True, slots=True)
class Level:
    """The filters of a query's top level (all must hold) or of one orQuery (one must)."""

    filters: tuple[Filter, ...] = ()
    switches: Switches = Switches()


@dataclass(frozen=True, slots=True)
class Extras:
    """What an answer shows beside the tasks' own properties (reference 8.2, 8.3)."""

    comment_and_attachment: bool = False
    variables: bool = False
    local_variables: bool = False


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Every property of a task query request, read, checked and typed."""

    top: Level = Level()
    or_queries: tuple[Level, ...] = ()
    sorting: "tuple[SortKey, ...]" = ()
    extras: Extras = Extras()
