"""What each comparison of the query's table says in words: which tasks match, and what null does.

The words follow from the comparison itself, so a filter cannot be described as something that it
is not.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import singledispatch
from operator import ge, gt, le, lt
from typing import Final

from taskdock.domain.query.comparisons import (
    Absent,
    BeforeOrAbsent,
    Comparison,
    Equal,
    Like,
    NotEqualIgnoringCase,
    Ordered,
    Present,
    Suspended,
    UpdatedAfter,
    VariableMatches,
    Within,
)
from taskdock.domain.query.criteria import Criterion
from taskdock.domain.query.link_comparisons import (
    ANY_GROUP_LINK,
    ANY_USER_LINK,
    GROUP_LIKE_LINK,
    GROUP_LINK,
    GROUPS_LINK,
    USER_LINK,
    HasCandidate,
    Involves,
    LacksCandidate,
)

NEVER: Final = "never matches"


@dataclass(frozen=True, slots=True)
class Meaning:
    """A filter in words."""

    matches: str
    """What follows on `Matches tasks`."""
    null: str
    """What becomes of a task whose own value is null."""


_FIELDS: Final[Mapping[str, str]] = {
    "id": "id",
    "due": "due date",
    "followUp": "follow-up date",
    "created": "time of creation",
    "tenantId": "tenant",
    "parentTaskId": "parent task's id",
    "delegationState": "delegation state",
    "taskDefinitionKey": "task definition key (of a service's task its `type`)",
    "processInstanceBusinessKey": "process instance's business key",
    "processDefinitionKey": "process definition's key",
    "processDefinitionName": "process definition's name",
    "caseInstanceBusinessKey": "case instance's business key",
    "caseDefinitionKey": "case definition's key",
    "caseDefinitionName": "case definition's name",
    "activityInstanceId": "activity instance's id",
    "processInstanceId": "process instance's id",
    "processDefinitionId": "process definition's id",
    "executionId": "execution's id",
    "caseInstanceId": "case instance's id",
    "caseDefinitionId": "case definition's id",
    "caseExecutionId": "case execution's id",
}
# Fields that are called otherwise in a sentence than in a task.

_VARIABLES: Final[Mapping[str, str]] = {
    "variables": "own",
    "processVariables": "process instance's",
    "caseInstanceVariables": "case instance's",
}

_ORDERS: Final[Mapping[Callable[[int, int], bool], str]] = {
    gt: "is after the date",
    lt: "is before the date",
    ge: "is the number or more",
    le: "is the number or less",
}

_LINKS: Final[Mapping[HasCandidate, str]] = {
    USER_LINK: "offered to the user or to one of the user's groups",
    GROUP_LINK: "offered to the group",
    GROUPS_LINK: "offered to one of the groups",
    GROUP_LIKE_LINK: "offered to a group like the pattern",
    ANY_GROUP_LINK: "offered to any group",
    ANY_USER_LINK: "offered to any user",
}

_CANDIDATES_OF: Final[Mapping[str, str]] = {"userId": "user", "groupId": "group"}
_ON_OFFER: Final = ", unless assigned"


def meaning(criterion: Criterion) -> Meaning:
    """The filter in words; raises `KeyError` or `TypeError` for a comparison that has none."""
    return _meaning(criterion.comparison)


def _field(name: str) -> str:
    return _FIELDS.get(name, name)


@singledispatch
def _meaning(comparison: Comparison) -> Meaning:
    raise TypeError(f"no words for {comparison}")


@_meaning.register
def _(comparison: Equal) -> Meaning:
    case = ", ignoring case" if comparison.ignoring_case else ""
    return Meaning(f"whose {_field(comparison.field)} is the value{case}", NEVER)


@_meaning.register
def _(comparison: NotEqualIgnoringCase) -> Meaning:
    return Meaning(f"whose {_field(comparison.field)} is another, ignoring case", NEVER)


@_meaning.register
def _(comparison: Like) -> Meaning:
    verb = "is not" if comparison.negated else "is"
    case = ", ignoring case" if comparison.ignoring_case else ""
    return Meaning(f"whose {_field(comparison.field)} {verb} like the pattern{case}", NEVER)


@_meaning.register
def _(comparison: Within) -> Meaning:
    verb = "is none" if comparison.negated else "is one"
    return Meaning(f"whose {_field(comparison.field)} {verb} of the list", NEVER)


@_meaning.register
def _(comparison: Ordered) -> Meaning:
    return Meaning(f"whose {_field(comparison.field)} {_ORDERS[comparison.holds]}", NEVER)


@_meaning.register
def _(comparison: BeforeOrAbsent) -> Meaning:
    return Meaning(f"whose {_field(comparison.field)} is before the date or missing", "matches")


@_meaning.register
def _(_: UpdatedAfter) -> Meaning:
    return Meaning("last updated after the date", "one never updated counts from its creation")


@_meaning.register
def _(comparison: Present) -> Meaning:
    return Meaning(f"that have an {_field(comparison.field)}", NEVER)


@_meaning.register
def _(comparison: Absent) -> Meaning:
    return Meaning(f"without {_field(comparison.field)}", "is what matches")


@_meaning.register
def _(comparison: Suspended) -> Meaning:
    return Meaning(f"that are {'suspended' if comparison.wanted else 'active'}", "means active")


@_meaning.register
def _(comparison: HasCandidate) -> Meaning:
    return Meaning(_LINKS[comparison] + _ON_OFFER, NEVER)


@_meaning.register
def _(comparison: LacksCandidate) -> Meaning:
    return Meaning(f"offered to no {_CANDIDATES_OF[comparison.part]}{_ON_OFFER}", "matches")


@_meaning.register
def _(_: Involves) -> Meaning:
    return Meaning("whose assignee, owner, or user in any link is the user", NEVER)


@_meaning.register
def _(comparison: VariableMatches) -> Meaning:
    scope = _VARIABLES[comparison.field]
    return Meaning(
        f"whose {scope} variables meet every condition of the list",
        "missing: never matches; null: as the operator says",
    )
