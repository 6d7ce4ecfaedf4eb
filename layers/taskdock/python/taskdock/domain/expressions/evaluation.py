"""What an expression yields, as one of the three things a query can use: text, instant, texts.

The work is bounded: no node is visited twice, the number of nodes by the text's length, the
stack by the depth, every string by its own limit.
"""

from collections.abc import Callable

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.expressions.date_time import Date, DateTime
from taskdock.domain.expressions.expression import Expression, Scope
from taskdock.domain.expressions.functions import FUNCTIONS
from taskdock.domain.expressions.methods import call_method, read_element, read_property
from taskdock.domain.expressions.nodes import (
    Choice,
    Decision,
    Element,
    FunctionCall,
    Literal,
    MethodCall,
    Node,
    Operation,
    Prefixed,
    Property,
    PropertyAccess,
)
from taskdock.domain.expressions.operators import BINARY, PREFIX
from taskdock.domain.expressions.refusals import Unsuitable, refusal
from taskdock.domain.expressions.values import Value, as_boolean, as_text, bounded, describe
from taskdock.domain.instants import Instant


def evaluate_text(expression: Expression, scope: Scope) -> str:
    """The string it yields; raises `InvalidRequest` for anything else (docs/api.md, D13)."""
    value = _Evaluation(expression, scope).result()
    if isinstance(value, str):
        return value
    raise _unwanted(expression, value, "a string")


def evaluate_instant(expression: Expression, scope: Scope) -> Instant:
    """The instant of the date it yields; raises `InvalidRequest` for anything else."""
    value = _Evaluation(expression, scope).result()
    if isinstance(value, Date | DateTime):
        return value.instant
    raise _unwanted(expression, value, "a date")


def evaluate_texts(expression: Expression, scope: Scope) -> tuple[str, ...]:
    """The strings of the list it yields, which may be empty; raises `InvalidRequest` for no list.

    A user without groups has an inbox too: a filter by an empty list matches nothing (D13).
    """
    value = _Evaluation(expression, scope).result()
    if isinstance(value, tuple):
        return value
    raise _unwanted(expression, value, "a list")


def _unwanted(expression: Expression, value: Value, wanted: str) -> InvalidRequest:
    found = "an empty list" if value == () else describe(value)
    start = expression.parts[0].position if expression.parts else 0
    return refusal(expression.text, start, f"yields {found}, but {wanted} is needed here")


class _Evaluation:
    """Evaluates the nodes of one expression, each once."""

    def __init__(self, expression: Expression, scope: Scope) -> None:
        self._expression = expression
        self._scope = scope

    def result(self) -> Value:
        """The value of a single part; of several, their texts in a row."""
        parts = self._expression.parts
        if len(parts) == 1:
            return self._value(parts[0])
        return self._at(0, _joined, [self._value(part) for part in parts])

    def _value(self, node: Node) -> Value:
        match node:
            case Literal():
                return node.value
            case FunctionCall():
                return self._at(node.position, FUNCTIONS[node.name], self._scope)
            case PropertyAccess():
                return self._access(node)
            case Prefixed():
                value = self._value(node.operand)
                for operator in reversed(node.operators):
                    value = self._at(operator.position, PREFIX[operator.symbol], value)
                return value
            case Operation():
                value = self._value(node.first)
                for operator, operand in node.rest:
                    apply = BINARY[operator.symbol]
                    value = self._at(operator.position, apply, value, self._value(operand))
                return value
            case Decision():
                return self._decided(node)
            case Choice():
                holds = self._truth(node.condition, self._value(node.condition))
                return self._value(node.then if holds else node.otherwise)

    def _access(self, node: PropertyAccess) -> Value:
        value = self._value(node.target)
        for member in node.members:
            match member:
                case MethodCall(position, name, arguments):
                    values = [self._value(argument) for argument in arguments]
                    value = self._at(position, call_method, value, name, values)
                case Property(position, name):
                    value = self._at(position, read_property, value, name)
                case Element(position, key):
                    value = self._at(position, read_element, value, self._value(key))
        return value

    def _decided(self, node: Decision) -> bool:
        for operand in node.operands:
            if self._truth(operand, self._value(operand)) is node.decisive:
                return node.decisive
        return not node.decisive

    def _truth(self, node: Node, value: Value) -> bool:
        return self._at(node.position, as_boolean, value)

    def _at[**Operands, Result](
        self,
        position: int,
        apply: Callable[Operands, Result],
        *operands: Operands.args,
        **named: Operands.kwargs,
    ) -> Result:
        """What `apply` yields; the refusal of operands that it cannot take names the place."""
        try:
            return apply(*operands, **named)
        except Unsuitable as unsuitable:
            raise refusal(self._expression.text, position, str(unsuitable)) from None


def _joined(values: list[Value]) -> str:
    return bounded("".join(map(as_text, values)))
