"""The functions that an expression can call, and the values that they return."""

from collections.abc import Callable, Mapping
from typing import Final

from taskdock.domain.expressions.date_time import Date, DateTime
from taskdock.domain.expressions.expression import Scope
from taskdock.domain.expressions.values import Value


def _current_user(scope: Scope) -> Value:
    return scope.user


def _current_user_groups(scope: Scope) -> Value:
    return scope.groups


def _now(scope: Scope) -> Value:
    return Date(scope.now)


def _date_time(scope: Scope) -> Value:
    return DateTime(scope.now)


FUNCTIONS: Final[Mapping[str, Callable[[Scope], Value]]] = {
    "currentUser": _current_user,
    "currentUserGroups": _current_user_groups,
    "dateTime": _date_time,
    "now": _now,
}
"""The closed table (docs/camunda-behaviour.md, Grammar). No function takes an argument."""
