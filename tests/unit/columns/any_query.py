"""Random queries and tables beyond those of `tests.unit.query.worlds`: many and long orQueries,
orders of many levels, variables whose names differ in case alone."""

from random import Random
from typing import Any, Final

from hypothesis import strategies as st
from taskdock.domain.query.criteria import BY_NAME, Kind
from taskdock.domain.query.sorting import PLAIN_SORTS, VARIABLE_SORTS, VARIABLE_TYPES
from taskdock.domain.tasks.task import Task

from tests.unit.query.worlds import FILTERS, SWITCHES, TOP_ONLY, a_random_task, conditions

NAMES: Final = ("v", "V", "w", "straße", "STRASSE", "İ", "i̇")
"""Of variables. Some of them are equal when case is left aside."""

_SCOPES: Final = ("variables", "processVariables", "caseInstanceVariables")
_OPERATORS: Final = ("eq", "neq", "gt", "gteq", "lt", "lteq", "like")
_CONDITIONS: Final = {
    Kind.TASK_VARIABLES: _OPERATORS,
    Kind.CASE_VARIABLES: _OPERATORS,
    Kind.PROCESS_VARIABLES: (*_OPERATORS, "notLike"),
}


def a_random_table(count: int, chance: Random) -> list[Task]:
    """So many tasks, whose variables have any of the names."""
    return [_renamed(a_random_task(f"t{place:02}", chance), chance) for place in range(count)]


def another(task: Task, chance: Random) -> Task:
    """What the task may have been before: all but its id, its tenant and its creation differs."""
    kept: Any = ("id", "tenantId", "created")
    given: Any = task
    other: Any = _renamed(a_random_task(task["id"], chance), chance)
    found: Any = {name: value for name, value in other.items() if name not in (*kept, "ended")}
    found |= {name: given[name] for name in kept if name in given}
    before: Task = found
    return before


def _renamed(task: Task, chance: Random) -> Task:
    changed: Any = dict(task)
    for scope in _SCOPES:
        if scope in changed:
            names = chance.sample(NAMES, len(changed[scope]))
            changed[scope] = dict(zip(names, changed[scope].values(), strict=True))
    renamed: Task = changed
    return renamed


def _operand(name: str) -> st.SearchStrategy[Any]:
    operators = _CONDITIONS.get(BY_NAME[name].kind)
    if operators is None:
        return FILTERS[name]
    named = st.builds(
        lambda condition, of: {**condition, "name": of},
        conditions(operators),
        st.sampled_from(NAMES),
    )
    return st.lists(named, min_size=1, max_size=3)


_OPERANDS: Final = {name: _operand(name) for name in sorted(FILTERS)}
_INSIDE: Final = sorted(FILTERS.keys() - TOP_ONLY)
_OF_VARIABLES: Final = [name for name in _INSIDE if BY_NAME[name].kind in _CONDITIONS]


@st.composite
def _levels(draw: st.DrawFn, *, at_least: int, at_most: int) -> dict[str, Any]:
    names = st.sampled_from(_INSIDE) | st.sampled_from(_OF_VARIABLES)
    wanted = draw(st.lists(names, min_size=at_least, max_size=at_most, unique=True))
    level: dict[str, Any] = {}
    for name in wanted:
        if not any(_conflict(name, other) for other in level):
            level[name] = draw(_OPERANDS[name])
    if any(BY_NAME[name].traits.candidates for name in level):
        level |= draw(st.sampled_from([{}, {"includeAssignedTasks": True}]))
    return level | {name: True for name in SWITCHES if draw(st.integers(0, 2)) == 0}


def _conflict(one: str, other: str) -> bool:
    return other in BY_NAME[one].traits.conflicts or one in BY_NAME[other].traits.conflicts


_sort_keys: Final = st.fixed_dictionaries(
    {
        "sortOrder": st.sampled_from(["asc", "desc"]),
        "nulls": st.sampled_from([None, "first", "last"]),
    }
).flatmap(
    lambda entry: (
        st.sampled_from(PLAIN_SORTS).map(lambda by: {**entry, "sortBy": by})
        | st.builds(
            lambda by, name, kind: {
                **entry,
                "sortBy": by,
                "parameters": {"variable": name, "type": kind},
            },
            st.sampled_from(VARIABLE_SORTS),
            st.sampled_from(NAMES),
            st.sampled_from(VARIABLE_TYPES),
        )
    )
)


@st.composite
def any_query(draw: st.DrawFn) -> dict[str, Any]:
    """A whole JSON body, whose filters are mostly in orQueries: few hold together for one task."""
    return {
        **draw(_levels(at_least=0, at_most=2)),
        "orQueries": draw(st.lists(_levels(at_least=2, at_most=7), max_size=5)),
        "sorting": draw(st.lists(_sort_keys, max_size=4)),
    }
