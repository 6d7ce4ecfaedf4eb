"""Matching: a bound query compiled once into one test of a task."""

from taskdock.domain.query.comparisons import Predicate
from taskdock.domain.query.model import Level, TaskQuery
from taskdock.domain.tasks.task import Task, is_open, is_visible


def matcher(query: TaskQuery, tenants: frozenset[str]) -> Predicate:
    """A test whether an open task that a member of `tenants` may see meets the query.

    All filters of the top level must hold, and at least one of each orQuery; an orQuery without
    filters holds for every task (docs/camunda-behaviour.md, Evaluation, Or queries).
    """
    tests = [*_predicates(query.top)]
    for level in query.or_queries:
        alternatives = _predicates(level)
        if alternatives:
            tests.append(_any_of(alternatives))

    def matches(task: Task) -> bool:
        for test in tests:
            if not test(task):
                return False
        return is_open(task) and is_visible(task, tenants)

    return matches


def _predicates(level: Level) -> list[Predicate]:
    return [
        each.criterion.comparison.predicate(each.operand, level.switches) for each in level.filters
    ]


def _any_of(tests: list[Predicate]) -> Predicate:
    if len(tests) == 1:
        return tests[0]
    return lambda task: any(test(task) for test in tests)
