"""The operands of criteria, and the switches that change how they compare."""

from dataclasses import dataclass

from taskdock.domain.expressions.expression import Expression
from taskdock.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class VariableCondition:
    """One element of a variable filter: the variable `name` compares by `operator` with `value`."""

    name: str
    operator: str
    value: str | int | float | bool | None


@dataclass(frozen=True, slots=True)
class CandidateUser:
    """A user and the groups whose tasks they may claim too."""

    user: str
    groups: frozenset[str]


Operand = (
    str | int | Instant | bool | tuple[str, ...] | VariableCondition | CandidateUser | Expression
)
"""What a criterion compares with; an expression until the query is bound."""


@dataclass(frozen=True, slots=True)
class Switches:
    """What changes the meaning of the filters on the same level, and of no other."""

    include_assigned: bool = False
    names_ignore_case: bool = False
    values_ignore_case: bool = False
    like_ignores_case: bool = False
