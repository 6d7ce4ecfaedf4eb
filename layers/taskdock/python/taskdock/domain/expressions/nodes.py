"""The forms an expression can take once it is parsed. All are inert values.

Named tuples, because making ten dataclasses would cost every cold start about ten milliseconds.
"""

from typing import NamedTuple


class Literal(NamedTuple):
    """A constant, or text outside of `${…}`."""

    position: int
    value: str | int | float | bool | None


class FunctionCall(NamedTuple):
    """A function of the closed table; none takes arguments."""

    position: int
    name: str


class MethodCall(NamedTuple):
    """`.name(…)`, a method of the value before it."""

    position: int
    name: str
    arguments: tuple["Node", ...]


class Property(NamedTuple):
    """`.name`, a property of the value before it."""

    position: int
    name: str


class Element(NamedTuple):
    """`[index]`, an element of the value before it."""

    position: int
    key: "Node"


class PropertyAccess(NamedTuple):
    """A value and a chain of members. It is a flat list, like the operands below: only what is
    nested in the text is nested here.
    """

    position: int
    target: "Node"
    members: tuple[MethodCall | Property | Element, ...]


class Operator(NamedTuple):
    """An operator and its position in the text."""

    position: int
    symbol: str


class Prefixed(NamedTuple):
    """Operators before an operand; the last of them is applied first."""

    position: int
    operators: tuple[Operator, ...]
    operand: "Node"


class Operation(NamedTuple):
    """Operands joined by operators of one rank, applied from left to right."""

    position: int
    first: "Node"
    rest: tuple[tuple[Operator, "Node"], ...]


class Decision(NamedTuple):
    """Operands of `and` or `or`: the first that equals `decisive` decides, and the rest is not
    evaluated.

    `decisive` is False for `and`, True for `or`.
    """

    position: int
    decisive: bool
    operands: tuple["Node", ...]


class Choice(NamedTuple):
    """`condition ? then : otherwise`."""

    position: int
    condition: "Node"
    then: "Node"
    otherwise: "Node"


Node = Literal | FunctionCall | PropertyAccess | Prefixed | Operation | Decision | Choice
