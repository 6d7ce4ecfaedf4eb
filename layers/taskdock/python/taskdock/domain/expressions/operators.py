"""The operators, by their symbols.

The Unified Expression Language's rules (docs/camunda-behaviour.md, Grammar): `+` is for numbers
only, integers stay integers except under `/`, null counts as 0, and strings are read as numbers
beside a number. Where Java would overflow, divide by zero or compare what has no order, these raise
`Unsuitable`.
"""

import math
import operator
from collections.abc import Callable, Mapping
from typing import Final

from taskdock.domain.expressions.date_time import Date, DateTime
from taskdock.domain.expressions.refusals import Unsuitable
from taskdock.domain.expressions.values import (
    Value,
    as_boolean,
    as_float,
    as_long,
    as_text,
    describe,
    finite,
    fitting,
)


def _reads_as_float(value: Value) -> bool:
    """Whether a value makes the arithmetic one of floats: a float, or a string that looks like
    one."""
    return isinstance(value, float) or (isinstance(value, str) and not set("eE.").isdisjoint(value))


def _arithmetic(
    on_integers: Callable[[int, int], int], on_floats: Callable[[float, float], float]
) -> Callable[[Value, Value], Value]:
    def compute(left: Value, right: Value) -> Value:
        if _reads_as_float(left) or _reads_as_float(right):
            return finite(on_floats(as_float(left), as_float(right)))
        return fitting(on_integers(as_long(left), as_long(right)))

    return compute


def _divide(left: Value, right: Value) -> Value:
    if left is None and right is None:
        return 0
    return finite(as_float(left) / _divisor(as_float(right)))


def _divisor[Number: (int, float)](number: Number) -> Number:
    if number == 0:
        raise Unsuitable("division by zero")
    return number


def _integer_remainder(left: int, right: int) -> int:
    """The remainder with the sign of the dividend, as Java has it."""
    remainder = abs(left) % abs(_divisor(right))
    return -remainder if left < 0 else remainder


def _float_remainder(left: float, right: float) -> float:
    return math.fmod(left, _divisor(right))


_remainder: Final = _arithmetic(_integer_remainder, _float_remainder)


def _modulo(left: Value, right: Value) -> Value:
    return 0 if left is None and right is None else _remainder(left, right)


def _equal(left: Value, right: Value) -> bool:
    if left is None or right is None:
        return left is right
    if _is_number(left) or _is_number(right):
        one, other = _as_numbers(left, right)
        return one == other
    if isinstance(left, bool) or isinstance(right, bool):
        return as_boolean(left) is as_boolean(right)
    if isinstance(left, str) or isinstance(right, str):
        return as_text(left) == as_text(right)
    return left == right


def _is_number(value: Value) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def _as_numbers(left: Value, right: Value) -> tuple[int, int] | tuple[float, float]:
    if isinstance(left, float) or isinstance(right, float):
        return as_float(left), as_float(right)
    return as_long(left), as_long(right)


def _compare(left: Value, right: Value) -> int:
    """Negative, zero or positive, of two values that are not null."""
    if _is_number(left) or _is_number(right):
        return _order(*_as_numbers(left, right))
    if isinstance(left, str) or isinstance(right, str):
        return _order(as_text(left), as_text(right))
    for kind in (Date, DateTime):
        if isinstance(left, kind) and isinstance(right, kind):
            return _order(left.instant, right.instant)
    if isinstance(left, bool) and isinstance(right, bool):
        return _order(left, right)
    raise Unsuitable(f"cannot compare {describe(left)} with {describe(right)}")


def _order[Ordered: (float, str)](left: Ordered, right: Ordered) -> int:
    return (left > right) - (left < right)


def _ordering(holds: Callable[[int, int], bool]) -> Callable[[Value, Value], Value]:
    def compare(left: Value, right: Value) -> Value:
        if left is None or right is None:
            return left is right and holds(0, 0)
        return holds(_compare(left, right), 0)

    return compare


def _not_equal(left: Value, right: Value) -> Value:
    return not _equal(left, right)


BINARY: Final[Mapping[str, Callable[[Value, Value], Value]]] = {
    "+": _arithmetic(operator.add, operator.add),
    "-": _arithmetic(operator.sub, operator.sub),
    "*": _arithmetic(operator.mul, operator.mul),
    "/": _divide,
    "%": _modulo,
    "==": _equal,
    "!=": _not_equal,
    "<": _ordering(operator.lt),
    "<=": _ordering(operator.le),
    ">": _ordering(operator.gt),
    ">=": _ordering(operator.ge),
}
"""The operators that evaluate both operands."""


def _negative(value: Value) -> Value:
    return -as_float(value) if _reads_as_float(value) else fitting(-as_long(value))


def _not(value: Value) -> Value:
    return not as_boolean(value)


def _is_empty(value: Value) -> Value:
    return value is None or value in ("", ())


PREFIX: Final[Mapping[str, Callable[[Value], Value]]] = {
    "-": _negative,
    "!": _not,
    "empty": _is_empty,
}
"""The prefix operators."""
