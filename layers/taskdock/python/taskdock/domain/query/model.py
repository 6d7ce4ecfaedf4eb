"""A task query as a value, independent of how it was sent."""

from dataclasses import dataclass, field

from taskdock.domain.query.criteria import Criterion
from taskdock.domain.query.operands import Operand, Switches
from taskdock.domain.query.sorting import SortKey


@dataclass(frozen=True, slots=True)
class Filter:
    """A criterion and its operand."""

    criterion: Criterion
    operand: Operand


@dataclass(frozen=True, slots=True)
class Level:
    """The filters of a query's top level (all must hold) or of one orQuery (one must)."""

    filters: tuple[Filter, ...] = ()
    switches: Switches = field(default_factory=Switches)


@dataclass(frozen=True, slots=True)
class Extras:
    """What an answer shows beside the tasks' own properties
    (docs/camunda-behaviour.md, Flags in answers, Variables in answers)."""

    comment_and_attachment: bool = False
    variables: bool = False
    local_variables: bool = False


@dataclass(frozen=True, slots=True)
class TaskQuery:
    """Every property of a task query request, read, checked and typed."""

    top: Level = Level()
    or_queries: tuple[Level, ...] = ()
    sorting: tuple[SortKey, ...] = ()
    extras: Extras = Extras()
