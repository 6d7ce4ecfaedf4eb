"""Sort orders: what can be sorted by, and the key a task gets
(docs/camunda-behaviour.md, Sorting; docs/api.md, D15 to D18)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple

from taskdock.domain.tasks.task import NO_VARIABLES, Task, Variable

SortValue = str | int | float | None
Key = tuple[Any, ...]
"""A value that compares in the order of the tasks."""

_PLAIN: Final[Mapping[str, str]] = {
    "instanceId": "processInstanceId",
    "caseInstanceId": "caseInstanceId",
    "dueDate": "due",
    "followUpDate": "followUp",
    "executionId": "executionId",
    "caseExecutionId": "caseExecutionId",
    "assignee": "assignee",
    "created": "created",
    "lastUpdated": "lastUpdated",
    "description": "description",
    "id": "id",
    "name": "name",
    "priority": "priority",
    "tenantId": "tenantId",
}
_NUMERIC: Final = frozenset({"dueDate", "followUpDate", "created", "lastUpdated", "priority"})
_LOWERED: Final = "nameCaseInsensitive"

PLAIN_SORTS: Final = (*_PLAIN, _LOWERED)
"""What `sortBy` may name anywhere; `sorting` entries also the variable sorts."""
VARIABLE_SORTS: Final = (
    "processVariable",
    "executionVariable",
    "taskVariable",
    "caseInstanceVariable",
    "caseExecutionVariable",
)
VARIABLE_TYPES: Final = ("String", "Integer", "Short", "Long", "Double", "Date", "Boolean")
"""The types a variable sort can compare."""


@dataclass(frozen=True, slots=True)
class SortedVariable:
    """The variable a sort looks at: tasks without one of exactly this type sort as null."""

    name: str
    type: str


@dataclass(frozen=True, slots=True)
class SortKey:
    """One level of an order."""

    by: str
    descending: bool = False
    nulls_first: bool = False
    variable: SortedVariable | None = None

    @property
    def is_text(self) -> bool:
        """Whether the values are texts; they are numbers otherwise."""
        if self.variable is not None:
            return self.variable.type == "String"
        return self.by not in _NUMERIC

    def field(self) -> str | None:
        """The task's field this sorts by, or None when it is not a plain field."""
        return _PLAIN.get(self.by)

    @property
    def fields(self) -> frozenset[str]:
        """The fields of a task that its value is made of."""
        if self.variable is not None:
            return _SCOPES[self.by].fields
        return frozenset((_PLAIN.get(self.by, "name"),))

    def value(self) -> Callable[[Task], SortValue]:
        """A function giving the value a task is sorted by."""
        if self.variable is not None:
            return _variable_value(self.by, self.variable)
        if self.by == _LOWERED:
            return _lowered_name
        field = _PLAIN[self.by]
        return lambda task: task.get(field)  # type: ignore[return-value]  # plain fields only


class Order:
    """An order of tasks; the id, ascending, always decides last (D15)."""

    def __init__(self, sorting: tuple[SortKey, ...]) -> None:
        self.sorting = sorting
        self._values = tuple(each.value() for each in sorting)
        self.fields: Final = frozenset(("id",)).union(*(each.fields for each in sorting))
        """The fields of a task that its place depends on."""
        self._directions = tuple((each.descending, each.nulls_first) for each in sorting)

    def values(self, task: Task) -> tuple[SortValue, ...]:
        """What the task is sorted by, key after key, without its id."""
        return tuple([value(task) for value in self._values])

    def place(self, values: tuple[SortValue, ...], task_id: str) -> Key:
        """The sort position of a task with these values and this id."""
        parts: list[Any] = []
        for value, (descending, nulls_first) in zip(values, self._directions, strict=True):
            if value is None:
                parts.append((0 if nulls_first else 2, 0))
            else:
                parts.append((1, _reversed(value) if descending else value))
        parts.append(task_id)
        return tuple(parts)

    def key(self, task: Task) -> Key:
        """The task's sort position: smaller comes first."""
        # Every task read is placed, and most orders are none.
        return self.place(self.values(task), task["id"]) if self._values else (task["id"],)


def _reversed(value: str | int | float) -> Any:
    return _Reversed(value) if isinstance(value, str) else -value


@dataclass(frozen=True, slots=True)
class _Reversed:
    """A text that compares the other way round."""

    text: str

    def __lt__(self, other: "_Reversed") -> bool:
        return other.text < self.text


def _lowered_name(task: Task) -> SortValue:
    name = task.get("name")
    return None if name is None else name.lower()


def _variable_value(by: str, sorted_variable: SortedVariable) -> Callable[[Task], SortValue]:
    name, kind = sorted_variable.name, sorted_variable.type
    scope = _SCOPES[by].variables

    def value(task: Task) -> SortValue:
        variable: Variable | None = scope(task).get(name)
        if variable is None or variable["type"] != kind or variable["value"] is None:
            return None
        found = variable["value"]
        return found.lower() if kind == "String" else found  # type: ignore[no-any-return]

    return value


def _execution_variables(task: Task) -> Mapping[str, Variable]:
    """The process instance's variables when the task belongs to its own execution; those of inner
    executions are not stored."""
    if task.get("executionId") is None or task["executionId"] != task.get("processInstanceId"):
        return NO_VARIABLES
    return task.get("processVariables", NO_VARIABLES)


class _VariableScope(NamedTuple):
    """Where the variables of a sort are."""

    variables: Callable[[Task], Mapping[str, Variable]]
    fields: frozenset[str]
    """What `variables` reads."""


_SCOPES: Final[Mapping[str, _VariableScope]] = {
    "processVariable": _VariableScope(
        lambda task: task.get("processVariables", NO_VARIABLES), frozenset(("processVariables",))
    ),
    "executionVariable": _VariableScope(
        _execution_variables, frozenset(("processVariables", "executionId", "processInstanceId"))
    ),
    "taskVariable": _VariableScope(
        lambda task: task.get("variables", NO_VARIABLES), frozenset(("variables",))
    ),
    "caseInstanceVariable": _VariableScope(
        lambda task: task.get("caseInstanceVariables", NO_VARIABLES),
        frozenset(("caseInstanceVariables",)),
    ),
    "caseExecutionVariable": _VariableScope(lambda _task: NO_VARIABLES, frozenset()),
}
