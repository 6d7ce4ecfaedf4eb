"""How a criterion compares: each comparison turns an operand into a test of a task.

A null (absent) field never matches, not even a "not" filter (reference 0.2).
"""

from collections.abc import Callable
from dataclasses import dataclass
from operator import ge, gt, le, lt
from typing import Any, Final, Protocol

from taskdock.domain.query.like import like
from taskdock.domain.query.model import CandidateUser, Operand, Switches, VariableCondition
from taskdock.domain.query.variable_conditions import variable_test
from taskdock.domain.task import CANDIDATE, NO_LINKS, NO_VARIABLES, IdentityLink, Task

Predicate = Callable[[Task], bool]


class Comparison(Protocol):
    """What stands between a task's value and a query's."""

    def predicate(self, operand: Any, switches: Switches, /) -> Predicate:
        """The test for this operand, made once per query."""
        ...


@dataclass(frozen=True, slots=True)
class Equal:
    """The field has the value; ignoring case, both sides are upper-cased."""

    field: str
    ignoring_case: bool = False

    def predicate(self, operand: Operand, _switches: Switches, /) -> Predicate:
        field = self.field
        if not self.ignoring_case:
            return lambda task: task.get(field) == operand
        wanted = str(operand).upper()
        return _text_test(field, lambda value: value.upper() == wanted)


@dataclass(frozen=True, slots=True)
class NotEqualIgnoringCase:
    """The field has a value, and another one."""

    field: str

    def predicate(self, operand: str, _switches: Switches, /) -> Predicate:
        unwanted = operand.upper()
        return _text_test(self.field, lambda value: value.upper() != unwanted)


@dataclass(frozen=True, slots=True)
class Like:
    """The field is, or with `negated` has a value and is not, LIKE the pattern."""

    field: str
    ignoring_case: bool = False
    negated: bool = False

    def predicate(self, operand: str, switches: Switches, /) -> Predicate:
        ignoring_case = self.ignoring_case or switches.like_ignores_case
        test = like(operand, ignoring_case=ignoring_case)
        if self.negated:
            return _text_test(self.field, lambda value: not test(value))
        return _text_test(self.field, test)


@dataclass(frozen=True, slots=True)
class Within:
    """The field's value is, or with `negated` is another than, one of the list."""

    field: str
    negated: bool = False

    def predicate(self, operand: tuple[str, ...], _switches: Switches, /) -> Predicate:
        field, values = self.field, frozenset(operand)
        if self.negated:
            return _text_test(field, lambda value: value not in values)
        return lambda task: task.get(field) in values


@dataclass(frozen=True, slots=True)
class Ordered:
    """The field's number or instant stands in an order to the operand."""

    field: str
    holds: Callable[[int, int], bool]

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


@dataclass(frozen=True, slots=True)
class BeforeOrAbsent:
    """The field is null or strictly before the operand."""

    field: str

    def predicate(self, operand: int, _switches: Switches, /) -> Predicate:
        field = self.field

        def test(task: Task) -> bool:
            value: Any = task.get(field)
            return value is None or value < operand

        return test


@dataclass(frozen=True, slots=True)
class UpdatedAfter:
    """Last updated, or if never updated created, strictly after the operand (reference 1.4)."""

    def predicate(self, operand: int, _switches: Switches, /) -> Predicate:
        return lambda task: task.get("lastUpdated", task["created"]) > operand


@dataclass(frozen=True, slots=True)
class Present:
    """The field has a value (a flag criterion: its operand is always true)."""

    field: str

    def predicate(self, _operand: bool, _switches: Switches, /) -> Predicate:
        field = self.field
        return lambda task: task.get(field) is not None


@dataclass(frozen=True, slots=True)
class Absent:
    """The field is null."""

    field: str

    def predicate(self, _operand: bool, _switches: Switches, /) -> Predicate:
        field = self.field
        return lambda task: task.get(field) is None


@dataclass(frozen=True, slots=True)
class Suspended:
    """The task is suspended, or with `wanted` false active."""

    wanted: bool

    def predicate(self, _operand: bool, _switches: Switches, /) -> Predicate:
        wanted = self.wanted
        return lambda task: task.get("suspended", False) is wanted


# Candidates: each filter is a condition of its own on the task's links (contract D8), and sees
# unassigned tasks only unless its level includes assigned ones (reference 2.1).

LinkTest = Callable[[IdentityLink], bool]


@dataclass(frozen=True, slots=True)
class HasCandidate:
    """Some candidate link fits; `fits` makes the test of a link from the operand."""

    fits: Callable[[Any, Switches], LinkTest]

    def predicate(self, operand: Operand, switches: Switches, /) -> Predicate:
        fits = self.fits(operand, switches)

        def test(task: Task) -> bool:
            return any(
                link["type"] == CANDIDATE and fits(link) for link in task.get("links", NO_LINKS)
            )

        return _on_offer(test, switches)


@dataclass(frozen=True, slots=True)
class LacksCandidate:
    """No candidate link has the part: `userId` or `groupId`."""

    part: str

    def predicate(self, operand: bool, switches: Switches, /) -> Predicate:
        fits = any_link_with(self.part)(operand, switches)

        def test(task: Task) -> bool:
            return not any(
                link["type"] == CANDIDATE and fits(link) for link in task.get("links", NO_LINKS)
            )

        return _on_offer(test, switches)


def user_link(operand: CandidateUser, _switches: Switches) -> LinkTest:
    """A link to the user or to one of the user's groups."""
    user, groups = operand.user, operand.groups
    return lambda link: link["userId"] == user or link["groupId"] in groups


def group_link(operand: str, _switches: Switches) -> LinkTest:
    """A link to the group."""
    return lambda link: link["groupId"] == operand


def groups_link(operand: tuple[str, ...], _switches: Switches) -> LinkTest:
    """A link to one of the groups."""
    groups = frozenset(operand)
    return lambda link: link["groupId"] in groups


def group_like_link(operand: str, switches: Switches) -> LinkTest:
    """A link to a group LIKE the pattern."""
    test = like(operand, ignoring_case=switches.like_ignores_case)

    def fits(link: IdentityLink) -> bool:
        group = link["groupId"]
        return group is not None and test(group)

    return fits


def any_link_with(part: str) -> Callable[[bool, Switches], LinkTest]:
    """Any link that has a user (`userId`) or a group (`groupId`)."""
    if part == "userId":
        return lambda _operand, _switches: lambda link: link["userId"] is not None
    return lambda _operand, _switches: lambda link: link["groupId"] is not None


@dataclass(frozen=True, slots=True)
class Involves:
    """The user is assignee, owner or in a link of any type; groups do not count (ref. 2.4)."""

    def predicate(self, operand: str, _switches: Switches, /) -> Predicate:
        def test(task: Task) -> bool:
            return (
                task.get("assignee") == operand
                or task.get("owner") == operand
                or any(link["userId"] == operand for link in task.get("links", NO_LINKS))
            )

        return test


@dataclass(frozen=True, slots=True)
class VariableMatches:
    """A variable of the scope meets the condition; a missing variable never does."""

    field: str

    def predicate(self, operand: VariableCondition, switches: Switches, /) -> Predicate:
        field, name = self.field, operand.name
        test = variable_test(operand, switches)
        if switches.names_ignore_case:
            wanted = name.upper()

            def any_spelling(task: Task) -> bool:
                variables: Any = task.get(field, NO_VARIABLES)
                return any(
                    test(variable)
                    for spelling, variable in variables.items()
                    if spelling.upper() == wanted
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


def _on_offer(test: Predicate, switches: Switches) -> Predicate:
    """`test`, on unassigned tasks only unless the level includes assigned ones."""
    if switches.include_assigned:
        return test
    return lambda task: task.get("assignee") is None and test(task)


USER_LINK: Final = HasCandidate(user_link)
GROUP_LINK: Final = HasCandidate(group_link)
GROUPS_LINK: Final = HasCandidate(groups_link)
GROUP_LIKE_LINK: Final = HasCandidate(group_like_link)
ANY_GROUP_LINK: Final = HasCandidate(any_link_with("groupId"))
ANY_USER_LINK: Final = HasCandidate(any_link_with("userId"))
NO_GROUP_LINK: Final = LacksCandidate("groupId")
NO_USER_LINK: Final = LacksCandidate("userId")
