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

ValueTest = Callable[[Any], bool]
"""A test of a field's value, which is not null, or of a variable."""

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


class OfField(_Together):
    """A comparison of one field by its value."""

    holds_for_null: bool = False
    """Whether it holds for a task whose field has no value."""

    def __init__(self, field: str) -> None:
        self.field: Final = field
        self.fields: Final = frozenset((field,))

    def value_test(self, operand: Any, switches: Switches, /) -> ValueTest:
        """A test of a value of the field, made once per query."""
        raise NotImplementedError

    def predicate(self, operand: Any, switches: Switches, /) -> Predicate:
        """The test of a task."""
        field, test, holds_for_null = (
            self.field,
            self.value_test(operand, switches),
            self.holds_for_null,
        )

        def on_field(task: Task) -> bool:
            value: Any = task.get(field)
            return holds_for_null if value is None else test(value)

        return on_field


class Equal(OfField):
    """The field has the value; ignoring case, both sides are upper-cased."""

    def __init__(self, field: str, *, ignoring_case: bool = False) -> None:
        super().__init__(field)
        self.ignoring_case: Final = ignoring_case

    def value_test(self, operand: Operand, _switches: Switches, /) -> ValueTest:
        """See `OfField`."""
        if not self.ignoring_case:
            return lambda value: bool(value == operand)
        wanted = str(operand).upper()
        return lambda value: bool(value.upper() == wanted)


class NotEqualIgnoringCase(OfField):
    """The field has a value other than the operand."""

    def value_test(self, operand: str, _switches: Switches, /) -> ValueTest:
        """See `OfField`."""
        unwanted = operand.upper()
        return lambda value: bool(value.upper() != unwanted)


class Like(OfField):
    """The field is, or with `negated` has a value and is not, LIKE the pattern."""

    def __init__(self, field: str, *, ignoring_case: bool = False, negated: bool = False) -> None:
        super().__init__(field)
        self.ignoring_case: Final = ignoring_case
        self.negated: Final = negated

    def value_test(self, operand: str, switches: Switches, /) -> ValueTest:
        """See `OfField`."""
        test = like(operand, ignoring_case=self.ignoring_case or switches.like_ignores_case)
        return (lambda value: not test(value)) if self.negated else test


class Within(OfField):
    """The field's value is, or with `negated` is another than, one of the list."""

    def __init__(self, field: str, *, negated: bool = False) -> None:
        super().__init__(field)
        self.negated: Final = negated

    def value_test(self, operand: tuple[str, ...], _switches: Switches, /) -> ValueTest:
        """See `OfField`."""
        values = frozenset(operand)
        if self.negated:
            return lambda value: value not in values
        return lambda value: value in values


class Ordered(OfField):
    """The field's number or instant is less or greater than the operand."""

    def __init__(self, field: str, holds: Callable[[int, int], bool]) -> None:
        super().__init__(field)
        self.holds: Final = holds

    def value_test(self, operand: int, _switches: Switches, /) -> ValueTest:
        """See `OfField`."""
        holds = self.holds
        return lambda value: holds(value, operand)


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


class BeforeOrAbsent(OfField):
    """The field is null or strictly before the operand."""

    holds_for_null = True

    def value_test(self, operand: int, _switches: Switches, /) -> ValueTest:
        """See `OfField`."""
        return lambda value: bool(value < operand)


class UpdatedAfter(_Together):
    """Last updated, or if never updated created, strictly after the operand
    (docs/camunda-behaviour.md, Dates)."""

    fields: Final = frozenset(("lastUpdated", "created"))

    def predicate(self, operand: int, _switches: Switches, /) -> Predicate:
        return lambda task: task.get("lastUpdated", task["created"]) > operand


class Present(OfField):
    """The field has a value (a flag criterion: its operand is always true)."""

    def value_test(self, _operand: bool, _switches: Switches, /) -> ValueTest:
        """See `OfField`."""
        return lambda _value: True


class Absent(OfField):
    """The field is null."""

    holds_for_null = True

    def value_test(self, _operand: bool, _switches: Switches, /) -> ValueTest:
        """See `OfField`."""
        return lambda _value: False


class Suspended(_Together):
    """The task is suspended, or with `wanted` false active."""

    fields: Final = frozenset(("suspended",))

    def __init__(self, *, wanted: bool) -> None:
        self.wanted: Final = wanted

    def predicate(self, _operand: bool, _switches: Switches, /) -> Predicate:
        wanted = self.wanted
        return lambda task: task.get("suspended", False) is wanted


class VariableMatches(_Together):
    """A variable of the scope meets the condition; a missing variable never does."""

    decides = Decides.ONE

    def __init__(self, field: str) -> None:
        self.field: Final = field
        self.fields: Final = frozenset((field,))

    @staticmethod
    def wants(operand: VariableCondition, switches: Switches) -> Callable[[str], bool]:
        """A test whether variables of a name are looked at."""
        name = operand.name
        if switches.names_ignore_case:
            wanted = name.upper()
            return lambda spelling: spelling.upper() == wanted
        return lambda spelling: spelling == name

    @staticmethod
    def value_test(operand: VariableCondition, switches: Switches, /) -> ValueTest:
        """A test of one variable of such a name, made once per query."""
        return variable_test(operand, switches)

    def predicate(self, operand: VariableCondition, switches: Switches, /) -> Predicate:
        """The test of a task."""
        field, name = self.field, operand.name
        test = self.value_test(operand, switches)
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
