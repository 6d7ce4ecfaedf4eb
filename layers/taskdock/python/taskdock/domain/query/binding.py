"""Binding: expressions become values, candidate users come with their groups.

A bound query no longer depends on the caller or the time.
"""

from collections.abc import Callable
from dataclasses import replace

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.expressions.expression import Expression, Scope
from taskdock.domain.query.criteria import Criterion, Kind
from taskdock.domain.query.model import Filter, Level, TaskQuery
from taskdock.domain.query.operands import CandidateUser, Operand

GroupsOf = Callable[[str], tuple[str, ...]]
"""The candidate groups of a user."""


def bind(query: TaskQuery, scope: Scope, groups_of: GroupsOf) -> TaskQuery:
    """The query with every expression evaluated once and the groups of candidate users known.

    Raises `InvalidRequest` for an expression that yields nothing usable (docs/api.md, D13),
    whatever `groups_of` raises when the directory cannot be asked.
    """
    return replace(
        query,
        top=_bound(query.top, scope, groups_of),
        or_queries=tuple(_bound(level, scope, groups_of) for level in query.or_queries),
    )


def _bound(level: Level, scope: Scope, groups_of: GroupsOf) -> Level:
    return replace(
        level,
        filters=tuple(
            Filter(each.criterion, _operand(each.criterion, each.operand, scope, groups_of))
            for each in level.filters
        ),
    )


def _operand(criterion: Criterion, operand: Operand, scope: Scope, groups_of: GroupsOf) -> Operand:
    if isinstance(operand, Expression):
        try:
            operand = _evaluated(criterion.kind, operand, scope)
        except InvalidRequest as error:
            raise InvalidRequest(f"{criterion.name}Expression: {error.message}") from error
    if criterion.name == "candidateUser" and isinstance(operand, str):
        return CandidateUser(operand, frozenset(groups_of(operand)))
    return operand


def _evaluated(kind: Kind, expression: Expression, scope: Scope) -> Operand:
    # Imported here: hardly any query has expressions.
    from taskdock.domain.expressions import evaluation

    match kind:
        case Kind.GROUPS:
            return evaluation.evaluate_texts(expression, scope)
        case Kind.INSTANT:
            return evaluation.evaluate_instant(expression, scope)
        case _:
            return evaluation.evaluate_text(expression, scope)
