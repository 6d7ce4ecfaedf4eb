"""The closed table of the methods, properties and elements that a value has.

A caller's text never names an attribute of a Python object. What is not in these tables does not
exist (docs/camunda-behaviour.md, Grammar; docs/api.md, Expressions).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Final, NamedTuple

from taskdock.domain.expressions.date_time import (
    UNITS_IN_MILLISECONDS,
    UNITS_IN_MONTHS,
    Date,
    DateTime,
    DayField,
)
from taskdock.domain.expressions.refusals import Unsuitable
from taskdock.domain.expressions.values import (
    Value,
    as_int,
    as_text,
    bounded,
    check_length,
    describe,
    only_text,
)


class Method(NamedTuple):
    """A method or a property: `run` gets the value and the converted arguments."""

    name: str
    run: Callable[..., Value]
    parameters: tuple[Callable[[Value], Value], ...] = ()
    """The conversion of each argument."""


def _concat(text: str, other: str) -> str:
    check_length(len(text) + len(other))
    return text + other


def _lower(text: str) -> str:
    return bounded(text.lower())


def _upper(text: str) -> str:
    return bounded(text.upper())


_BLANKS: Final = "".join(map(chr, range(0x21)))


def _trim(text: str) -> str:
    return text.strip(_BLANKS)


def _substring(text: str, start: int, end: int | None = None) -> str:
    stop = len(text) if end is None else end
    if not 0 <= start <= stop <= len(text):
        raise Unsuitable(f"no substring from {start} to {stop} in a string of {len(text)}")
    return text[start:stop]


def _replace(text: str, old: str, new: str) -> str:
    check_length(len(text) + text.count(old) * (len(new) - len(old)))
    return text.replace(old, new)


def _contains(text: str, part: str) -> bool:
    return part in text


def _equals(text: str, other: Value) -> bool:
    return isinstance(other, str) and text == other


def _lacks_all(value: str | tuple[str, ...]) -> bool:
    return not value


def _get(items: tuple[str, ...], index: int) -> str:
    if not 0 <= index < len(items):
        raise Unsuitable(f"no element {index} in a list of {len(items)}")
    return items[index]


def _has(items: tuple[str, ...], item: Value) -> bool:
    return item in items


def _time(moment: Date) -> int:
    return moment.instant


def _as_is(value: Value) -> Value:
    return value


def _times(
    shift: Callable[[DateTime, int], DateTime], size: int
) -> Callable[[DateTime, int], DateTime]:
    def shifted(moment: DateTime, amount: int) -> DateTime:
        return shift(moment, amount * size)

    return shifted


def _shifts(verb: str, sign: int) -> tuple[Method, ...]:
    """`plusMillis` to `plusYears`, or the `minus` twins."""
    by_time = (
        Method(verb + unit, _times(DateTime.plus_milliseconds, sign * size), (as_int,))
        for unit, size in UNITS_IN_MILLISECONDS.items()
    )
    by_calendar = (
        Method(verb + unit, _times(DateTime.plus_months, sign * size), (as_int,))
        for unit, size in UNITS_IN_MONTHS.items()
    )
    return (*by_time, *by_calendar)


_METHODS_BY_TYPE: Final[Mapping[type, tuple[Method, ...]]] = {
    str: (
        Method("concat", _concat, (as_text,)),
        Method("toLowerCase", _lower),
        Method("toUpperCase", _upper),
        Method("trim", _trim),
        Method("substring", _substring, (as_int,)),
        Method("substring", _substring, (as_int, as_int)),
        Method("replace", _replace, (only_text, only_text)),
        Method("length", len),
        Method("isEmpty", _lacks_all),
        Method("startsWith", str.startswith, (as_text,)),
        Method("endsWith", str.endswith, (as_text,)),
        Method("contains", _contains, (only_text,)),
        Method("equals", _equals, (_as_is,)),
    ),
    tuple: (
        Method("get", _get, (as_int,)),
        Method("size", len),
        Method("contains", _has, (_as_is,)),
        Method("isEmpty", _lacks_all),
    ),
    Date: (Method("getTime", _time),),
    DateTime: (
        *_shifts("plus", 1),
        *_shifts("minus", -1),
        Method("withTimeAtStartOfDay", DateTime.at_start_of_day),
        Method("withHourOfDay", DateTime.with_hour, (as_int,)),
        Method("dayOfWeek", DateTime.day_of_week),
        Method("dayOfMonth", DateTime.day_of_month),
        Method("toDate", DateTime.to_date),
    ),
    DayField: (
        Method("withMinimumValue", DayField.with_minimum_value),
        Method("withMaximumValue", DayField.with_maximum_value),
    ),
}

_METHODS: Final[Mapping[tuple[type, str, int], Method]] = {
    (kind, method.name, len(method.parameters)): method
    for kind, methods in _METHODS_BY_TYPE.items()
    for method in methods
}

METHOD_ARITIES: Final[Mapping[str, frozenset[int]]] = {
    name: frozenset(arity for _, known, arity in _METHODS if known == name)
    for _, name, _ in _METHODS
}
"""The name of every method, with the numbers of arguments that some kind of value takes."""

_PROPERTIES: Final[Mapping[tuple[type, str], Callable[..., Value]]] = {(Date, "time"): _time}

PROPERTY_NAMES: Final = frozenset(name for _, name in _PROPERTIES)
"""The name of every property that some kind of value has."""


def call_method(target: Value, name: str, arguments: Sequence[Value]) -> Value:
    """The result of the method of that name; raises `Unsuitable` when the value has no such method.

    Arguments are converted as Camunda 7 does: `plusDays('2')` is two days, `plusDays(1.5)`
    one. Strings count in code points, so that none is ever cut through a character.
    """
    method = _METHODS.get((type(target), name, len(arguments)))
    if method is None:
        arity = f"{len(arguments)} argument{'' if len(arguments) == 1 else 's'}"
        raise Unsuitable(f"{describe(target)} has no method '{name}' with {arity}")
    converted = (
        convert(argument) for convert, argument in zip(method.parameters, arguments, strict=True)
    )
    return method.run(target, *converted)


def read_property(target: Value, name: str) -> Value:
    """The property of that name, null of null; raises `Unsuitable` when the value has none."""
    if target is None:
        return None
    read = _PROPERTIES.get((type(target), name))
    if read is None:
        raise Unsuitable(f"{describe(target)} has no property '{name}'")
    return read(target)


def read_element(target: Value, index: Value) -> Value:
    """The list's element; null out of range, for a null index and of null (as with `[i]`)."""
    if target is None:
        return None
    if not isinstance(target, tuple):
        raise Unsuitable(f"{describe(target)} has no elements")
    if index is None:
        return None
    place = as_int(index)
    return target[place] if 0 <= place < len(target) else None
