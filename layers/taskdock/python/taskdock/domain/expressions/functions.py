"""The functions that an expression can call, and the values that they return."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from taskdock.domain.expressions.date_time import Date, DateTime
from taskdock.domain.expressions.values import Value
from taskdock.domain.instants import Instant


@dataclass(frozen=True, slots=True)
class Scope:
    """What an expression can read: the time and the caller."""

    now: Instant
    user: str | None
    """The caller's id; None without a caller."""
    groups: tuple[str, ...]
    """The caller's groups, in the order in which `currentUserGroups()` lists them."""


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
