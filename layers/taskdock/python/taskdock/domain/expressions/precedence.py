"""Which operator binds tighter: operands in a row become operations within operations.

No recursion, whatever the number of operators: one pass over the row per rank.
"""

from collections.abc import Sequence
from typing import Final

from taskdock.domain.expressions.nodes import Decision, Node, Operation, Operator

_RANKS: Final = (
    frozenset({"*", "/", "%"}),
    frozenset({"+", "-"}),
    frozenset({"<", "<=", ">", ">="}),
    frozenset({"==", "!="}),
    frozenset({"&&"}),
    frozenset({"||"}),
)
"""Operators of one rank are applied from left to right, those of an earlier one first."""

INFIX: Final = frozenset[str]().union(*_RANKS)
"""The symbols of all infix operators."""


def grouped(operands: Sequence[Node], operators: Sequence[Operator]) -> Node:
    """One node for `operands` joined by `operators`, of which there is one less."""
    for rank in _RANKS:
        if any(operator.symbol in rank for operator in operators):
            operands, operators = _joined(rank, operands, operators)
    return operands[0]


def _joined(
    rank: frozenset[str], operands: Sequence[Node], operators: Sequence[Operator]
) -> tuple[list[Node], list[Operator]]:
    """The row with each run of operators of that rank made one operand."""
    joined: list[Node] = []
    remaining: list[Operator] = []
    first, rest = operands[0], list[tuple[Operator, Node]]()
    for operator, operand in zip(operators, operands[1:], strict=True):
        if operator.symbol in rank:
            rest.append((operator, operand))
        else:
            joined.append(_series(first, rest))
            remaining.append(operator)
            first, rest = operand, []
    joined.append(_series(first, rest))
    return joined, remaining


def _series(first: Node, rest: list[tuple[Operator, Node]]) -> Node:
    if not rest:
        return first
    symbol = rest[0][0].symbol
    if symbol in {"&&", "||"}:
        return Decision(first.position, symbol == "||", (first, *(operand for _, operand in rest)))
    return Operation(first.position, first, tuple(rest))
