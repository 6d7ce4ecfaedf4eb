"""A task query as a value, independent of how it was sent."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from taskdock.domain.query.criteria import BY_NAME, Criterion, Kind
from taskdock.domain.query.operands import Operand, Switches
from taskdock.domain.query.sorting import SortKey


@dataclass(frozen=True, slots=True)
class Filter:
    """A criterion and its operand."""

    criterion: Criterion
    operand: Operand


_VARIABLES: Final = (Kind.TASK_VARIABLES, Kind.PROCESS_VARIABLES, Kind.CASE_VARIABLES)


def filters_of(operands: Mapping[str, Any]) -> Iterator[Filter]:
    """The filters for these operands by the names of their criteria, in the order of the table.

    Conditions on variables are a filter each.
    """
    for name, criterion in BY_NAME.items():
        operand: Operand | tuple[Any, ...] | None = operands.get(name)
        if operand is None:
            continue
        if criterion.kind in _VARIABLES and isinstance(operand, tuple):
            yield from (Filter(criterion, condition) for condition in operand)
        else:
            yield Filter(criterion, operand)


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
