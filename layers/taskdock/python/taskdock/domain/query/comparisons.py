"""How a criterion compares: each comparison turns an operand into a test of a task.

A null (absent) field never matches, not even a "not" filter
(docs/camunda-behaviour.md, Evaluation).
"""

from collections.abc import Callable
from enum import Enum, auto
from operator import ge, gt, le, lt
from typing import Any, Final, Protocol

from taskdock.domain.query.like import like
from taskdock.domain.query.operands import Operand, Switches, VariableCondition
from taskdock.domain.query.variable_conditions import variable_test
from taskdock.domain.tasks.task import NO_VARIABLES, Task

Predicate = Callable[[Task], bool]

Fields = frozenset[str]
"""Names of fields of a task."""


class Decides(Enum):
    """What of the fields that it reads decides a comparison. Where values are kept apart from
    their tasks, a predicate is asked of tasks that have a single value."""

    TOGETHER = auto()
    """All of them together."""
    ONE = auto()
    """It holds where it holds for a task with one value alone: of a field, or of one variable or
    one link."""
    EACH = auto()
    """It holds where it holds for a task with each link alone, and for one with none."""


class Comparison(Protocol):
    """How a task's value is compared with a query's."""

    @property
    def fields(self) -> Fields:
        """The fields of a task that the predicates read, and no others."""
        ...

    @property
    def decides(self) -> Decides:
        """What of these fields decides."""
        ...

    @property
    def presence(self) -> Fields:
        """Those of the fields of which only matters whether they have a value; of them a task has
        all beside the value that it has alone."""
        ...

    def predicate(self, operand: Any, switches: Switches, /) -> Predicate:
        """The test for this operand, made once per query."""
        ...


class _Together:
    """A comparison that all of its fields decide together."""

    decides: Decides = Decides.TOGETHER
    presence: Final[Fields] = frozenset()


class _OfField(_Together):
    """A comparison of one field."""

    def __init__(self, field: str) -> None:
        self.field: Final = field
        self.fields: Final = frozenset((field,))


class Equal(_OfField):
    """The field has the value; ignoring case, both sides are upper-cased."""

    def __init__(self, field: str, *, ignoring_case: bool = False) -> None:
        super().__init__(field)
        self.ignoring_case: Final = ignoring_case

    def predicate(self, operand: Operand, _switches: Switches, /) -> Predicate:
        field = self.field
        if not self.ignoring_case:
            return lambda task: task.get(field) == operand
        wanted = str(operand).upper()
        return _text_test(field, lambda value: value.upper() == wanted)


class NotEqualIgnoringCase(_OfField):
    """The field has a value other than the operand."""

    def predicate(self, operand: str, _switches: Switches, /) -> Predicate:
        unwanted = operand.upper()
        return _text_test(self.field, lambda value: value.upper() != unwanted)


class Like(_OfField):
    """The field is, or with `negated` has a value and is not, LIKE the pattern."""

    def __init__(self, field: str, *, ignoring_case: bool = False, negated: bool = False) -> None:
        super().__init__(field)
        self.ignoring_case: Final = ignoring_case
        self.negated: Final = negated

    def predicate(self, operand: str, switches: Switches, /) -> Predicate:
        ignoring_case = self.ignoring_case or switches.like_ignores_case
        test = like(operand, ignoring_case=ignoring_case)
        if self.negated:
            return _text_test(self.field, lambda value: not test(value))
        return _text_test(self.field, test)


class Within(_OfField):
    """The field's value is, or with `negated` is another than, one of the list."""

    def __init__(self, field: str, *, negated: bool = False) -> None:
        super().__init__(field)
        self.negated: Final = negated

    def predicate(self, operand: tuple[str, ...], _switches: Switches, /) -> Predicate:
        field, values = self.field, frozenset(operand)
        if self.negated:
            return _text_test(field, lambda value: value not in values)
        return lambda task: task.get(field) in values


class Ordered(_OfField):
    """The field's number or instant is less or greater than the operand."""

    def __init__(self, field: str, holds: Callable[[int, int], bool]) -> None:
        super().__init__(field)
        self.holds: Final = holds

    def predicate(self, operand: int, _switches: Switches, /) -> Predicate:
        field, holds = self.field, self.holds

        def test(task: Task) -> bool:
            value: Any = task.get(field)
            return value is not None and holds(value, operand)

        return test


def before(field: str) -> Ordered:
    """Strictly before the operand."""
    return Ordered(field, lt)


def after(field: str) -> Ordered:
    """Strictly after the operand."""
    return Ordered(field, gt)


def at_least(field: str) -> Ordered:
    """The operand or more."""
    return Ordered(field, ge)


def at_most(field: str) -> Ordered:
    """The operand or less."""
    return Ordered(field, le)


class BeforeOrAbsent(_OfField):
    """The field is null or strictly before the operand."""

    def predicate(self, operand: int, _switches: Switches, /) -> Predicate:
        field = self.field

        def test(task: Task) -> bool:
            value: Any = task.get(field)
            return value is None or value < operand

        return test


class UpdatedAfter(_Together):
    """Last updated, or if never updated created, strictly after the operand
    (docs/camunda-behaviour.md, Dates)."""

    fields: Final = frozenset(("lastUpdated", "created"))

    def predicate(self, operand: int, _switches: Switches, /) -> Predicate:
        return lambda task: task.get("lastUpdated", task["created"]) > operand


class Present(_OfField):
    """The field has a value (a flag criterion: its operand is always true)."""

    def predicate(self, _operand: bool, _switches: Switches, /) -> Predicate:
        field = self.field
        return lambda task: task.get(field) is not None


class Absent(_OfField):
    """The field is null."""

    def predicate(self, _operand: bool, _switches: Switches, /) -> Predicate:
        field = self.field
        return lambda task: task.get(field) is None


class Suspended(_Together):
    """The task is suspended, or with `wanted` false active."""

    fields: Final = frozenset(("suspended",))

    def __init__(self, *, wanted: bool) -> None:
        self.wanted: Final = wanted

    def predicate(self, _operand: bool, _switches: Switches, /) -> Predicate:
        wanted = self.wanted
        return lambda task: task.get("suspended", False) is wanted


class VariableMatches(_OfField):
    """A variable of the scope meets the condition; a missing variable never does."""

    decides = Decides.ONE

    @staticmethod
    def wants(operand: VariableCondition, switches: Switches) -> Callable[[str], bool]:
        """A test whether variables of a name are looked at."""
        name = operand.name
        if switches.names_ignore_case:
            wanted = name.upper()
            return lambda spelling: spelling.upper() == wanted
        return lambda spelling: spelling == name

    def predicate(self, operand: VariableCondition, switches: Switches, /) -> Predicate:
        field, name = self.field, operand.name
        test = variable_test(operand, switches)
        if switches.names_ignore_case:
            wants = self.wants(operand, switches)

            def any_spelling(task: Task) -> bool:
                variables: Any = task.get(field, NO_VARIABLES)
                return any(
                    test(variable) for spelling, variable in variables.items() if wants(spelling)
                )

            return any_spelling

        def exact(task: Task) -> bool:
            variables: Any = task.get(field, NO_VARIABLES)
            variable = variables.get(name)
            return variable is not None and test(variable)

        return exact


def _text_test(field: str, test: Callable[[str], bool]) -> Predicate:
    """`test` on the field's text; false when it is null."""

    def on_field(task: Task) -> bool:
        value: Any = task.get(field)
        return value is not None and test(value)

    return on_field
