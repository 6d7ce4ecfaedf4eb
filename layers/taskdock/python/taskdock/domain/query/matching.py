"""Matching: a bound query compiled once into one test of a task."""

from collections.abc import Sequence
from typing import Final, NamedTuple

from taskdock.domain.query.comparisons import Fields, Predicate
from taskdock.domain.query.model import Filter, Level, TaskQuery
from taskdock.domain.tasks.task import Task, is_open, is_visible

_READ_ALWAYS: Final = frozenset(("ended", "tenantId"))
"""What tells whether a task is open and visible."""


class Matcher(NamedTuple):
    """A test of a task, and the fields that it reads: a task needs to have no others."""

    test: Predicate
    fields: Fields


def matcher(
    query: TaskQuery, tenants: frozenset[str], met: Sequence[Filter | Level] = ()
) -> Matcher:
    """The test whether an open task that a member of `tenants` may see meets the query.

    All filters of the top level must hold, and at least one of each orQuery; an orQuery without
    filters holds for every task (docs/camunda-behaviour.md, Evaluation, Or queries). The parts of
    the query in `met` are left out: the caller knows that its tasks meet them.
    """
    filters = [each for each in query.top.filters if each not in met]
    levels = [level for level in query.or_queries if level.filters and level not in met]
    tests = [_predicate(each, query.top) for each in filters]
    tests += [_any_of([_predicate(each, level) for each in level.filters]) for level in levels]

    def matches(task: Task) -> bool:
        for test in tests:
            if not test(task):
                return False
        return is_open(task) and is_visible(task, tenants)

    read = (*filters, *(each for level in levels for each in level.filters))
    return Matcher(
        matches, _READ_ALWAYS.union(*(each.criterion.comparison.fields for each in read))
    )


def _predicate(given: Filter, level: Level) -> Predicate:
    return given.criterion.comparison.predicate(given.operand, level.switches)


def _fields(given: Filter) -> Fields:
    return given.criterion.comparison.fields


def _any_of(tests: list[Predicate]) -> Predicate:
    if len(tests) == 1:
        return tests[0]
    return lambda task: any(test(task) for test in tests)
