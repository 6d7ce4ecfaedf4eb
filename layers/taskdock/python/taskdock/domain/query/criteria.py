"""The table of all criteria, one row for each filter.

Reading from JSON and from a query string, the compiled predicate, the checks for conflicts and
the documentation all follow from these rows. To add a criterion, add a row and its tests.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from typing import Final

from taskdock.domain.query.comparisons import (
    Absent,
    BeforeOrAbsent,
    Comparison,
    Equal,
    Like,
    NotEqualIgnoringCase,
    Present,
    Suspended,
    UpdatedAfter,
    VariableMatches,
    Within,
    after,
    at_least,
    at_most,
    before,
)
from taskdock.domain.query.link_comparisons import (
    ANY_GROUP_LINK,
    ANY_USER_LINK,
    GROUP_LIKE_LINK,
    GROUP_LINK,
    GROUPS_LINK,
    NO_GROUP_LINK,
    NO_USER_LINK,
    USER_LINK,
    Involves,
)


class Kind(Enum):
    """The kind of a property's value, which decides how it is read
    (docs/camunda-behaviour.md, JSON bodies, Query strings)."""

    TEXT = auto()
    TEXTS = auto()
    GROUPS = auto()
    """As `TEXTS`, but an empty list is refused (docs/api.md, D1)."""
    INTEGER = auto()
    INSTANT = auto()
    FLAG = auto()
    """Only `true` filters; `false` is the same as absent."""
    DELEGATION_STATE = auto()
    TASK_VARIABLES = auto()
    PROCESS_VARIABLES = auto()
    CASE_VARIABLES = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Traits:
    """What only some criteria have."""

    expression: bool = False
    """There is a twin named `…Expression` whose result replaces the value."""
    alias: str | None = None
    """An older name for the same property."""
    conflicts: tuple[str, ...] = ()
    """Criteria that conflict with it at the top level."""
    candidates: bool = False
    """It filters by candidates, so `includeAssignedTasks` may be sent with it."""
    top_only: bool = False
    """Refused inside an orQuery."""


@dataclass(frozen=True, slots=True)
class Criterion:
    """One property that narrows a query."""

    name: str
    kind: Kind
    comparison: Comparison
    traits: _Traits = _Traits()


def _row(
    name: str,
    kind: Kind,
    comparison: Comparison,
    *,
    expression: bool = False,
    alias: str | None = None,
    conflicts: tuple[str, ...] = (),
    candidates: bool = False,
    top_only: bool = False,
) -> Criterion:
    traits = _Traits(
        expression=expression,
        alias=alias,
        conflicts=conflicts,
        candidates=candidates,
        top_only=top_only,
    )
    return Criterion(name, kind, comparison, traits)


_TEXT, _TEXTS, _FLAG, _INSTANT = Kind.TEXT, Kind.TEXTS, Kind.FLAG, Kind.INSTANT

# fmt: off
CRITERIA: Final[tuple[Criterion, ...]] = (
    # The task itself.
    _row("taskId", _TEXT, Equal("id")),
    _row("taskIdIn", _TEXTS, Within("id")),
    _row("name", _TEXT, Equal("name", ignoring_case=True)),
    _row("nameNotEqual", _TEXT, NotEqualIgnoringCase("name")),
    _row("nameLike", _TEXT, Like("name", ignoring_case=True)),
    _row("nameNotLike", _TEXT, Like("name", ignoring_case=True, negated=True)),
    _row("description", _TEXT, Equal("description", ignoring_case=True)),
    _row("descriptionLike", _TEXT, Like("description", ignoring_case=True)),
    _row("taskDefinitionKey", _TEXT, Equal("taskDefinitionKey")),
    _row("taskDefinitionKeyIn", _TEXTS, Within("taskDefinitionKey")),
    _row("taskDefinitionKeyNotIn", _TEXTS, Within("taskDefinitionKey", negated=True)),
    _row("taskDefinitionKeyLike", _TEXT, Like("taskDefinitionKey")),
    _row("parentTaskId", _TEXT, Equal("parentTaskId")),
    _row("priority", Kind.INTEGER, Equal("priority")),
    _row("minPriority", Kind.INTEGER, at_least("priority")),
    _row("maxPriority", Kind.INTEGER, at_most("priority")),
    _row("delegationState", Kind.DELEGATION_STATE, Equal("delegationState")),
    _row("active", _FLAG, Suspended(wanted=False)),
    _row("suspended", _FLAG, Suspended(wanted=True)),
    _row("tenantIdIn", _TEXTS, Within("tenantId"), conflicts=("withoutTenantId",)),
    _row("withoutTenantId", _FLAG, Absent("tenantId")),
    _row("service", _TEXT, Equal("service")),
    _row("serviceIn", _TEXTS, Within("service")),

    # The process and the case around it.
    _row("processInstanceId", _TEXT, Equal("processInstanceId")),
    _row("processInstanceIdIn", _TEXTS, Within("processInstanceId")),
    _row("processInstanceBusinessKey", _TEXT, Equal("processInstanceBusinessKey"), expression=True),
    _row("processInstanceBusinessKeyIn", _TEXTS, Within("processInstanceBusinessKey")),
    _row("processInstanceBusinessKeyLike", _TEXT, Like("processInstanceBusinessKey"),
         expression=True),
    _row("processDefinitionId", _TEXT, Equal("processDefinitionId")),
    _row("processDefinitionKey", _TEXT, Equal("processDefinitionKey")),
    _row("processDefinitionKeyIn", _TEXTS, Within("processDefinitionKey")),
    _row("processDefinitionName", _TEXT, Equal("processDefinitionName")),
    _row("processDefinitionNameLike", _TEXT, Like("processDefinitionName")),
    _row("executionId", _TEXT, Equal("executionId")),
    _row("activityInstanceIdIn", _TEXTS, Within("activityInstanceId")),
    _row("caseInstanceId", _TEXT, Equal("caseInstanceId")),
    _row("caseInstanceBusinessKey", _TEXT, Equal("caseInstanceBusinessKey")),
    _row("caseInstanceBusinessKeyLike", _TEXT, Like("caseInstanceBusinessKey")),
    _row("caseDefinitionId", _TEXT, Equal("caseDefinitionId")),
    _row("caseDefinitionKey", _TEXT, Equal("caseDefinitionKey")),
    _row("caseDefinitionName", _TEXT, Equal("caseDefinitionName")),
    _row("caseDefinitionNameLike", _TEXT, Like("caseDefinitionName")),
    _row("caseExecutionId", _TEXT, Equal("caseExecutionId")),

    # People.
    _row("assignee", _TEXT, Equal("assignee"), expression=True),
    _row("assigneeLike", _TEXT, Like("assignee"), expression=True),
    _row("assigneeIn", _TEXTS, Within("assignee")),
    _row("assigneeNotIn", _TEXTS, Within("assignee", negated=True)),
    _row("owner", _TEXT, Equal("owner"), expression=True),
    _row("assigned", _FLAG, Present("assignee")),
    _row("unassigned", _FLAG, Absent("assignee")),
    _row("involvedUser", _TEXT, Involves(), expression=True),
    _row("candidateUser", _TEXT, USER_LINK, expression=True, candidates=True,
         conflicts=("candidateGroup", "candidateGroups")),
    _row("candidateGroup", _TEXT, GROUP_LINK, expression=True, candidates=True),
    _row("candidateGroups", Kind.GROUPS, GROUPS_LINK, expression=True, candidates=True),
    _row("candidateGroupLike", _TEXT, GROUP_LIKE_LINK, candidates=True),
    _row("withCandidateGroups", _FLAG, ANY_GROUP_LINK, candidates=True, top_only=True),
    _row("withoutCandidateGroups", _FLAG, NO_GROUP_LINK, candidates=True, top_only=True),
    _row("withCandidateUsers", _FLAG, ANY_USER_LINK, candidates=True, top_only=True),
    _row("withoutCandidateUsers", _FLAG, NO_USER_LINK, candidates=True, top_only=True),

    # Dates, to the millisecond.
    _row("dueDate", _INSTANT, Equal("due"), expression=True, alias="due"),
    _row("dueBefore", _INSTANT, before("due"), expression=True),
    _row("dueAfter", _INSTANT, after("due"), expression=True),
    _row("withoutDueDate", _FLAG, Absent("due"), conflicts=("dueDate", "dueBefore", "dueAfter")),
    _row("followUpDate", _INSTANT, Equal("followUp"), expression=True, alias="followUp"),
    _row("followUpBefore", _INSTANT, before("followUp"), expression=True),
    _row("followUpBeforeOrNotExistent", _INSTANT, BeforeOrAbsent("followUp"), expression=True),
    _row("followUpAfter", _INSTANT, after("followUp"), expression=True),
    _row("createdOn", _INSTANT, Equal("created"), expression=True, alias="created"),
    _row("createdBefore", _INSTANT, before("created"), expression=True),
    _row("createdAfter", _INSTANT, after("created"), expression=True),
    _row("updatedAfter", _INSTANT, UpdatedAfter(), expression=True),

    # Variables: each element of the list is a condition of its own.
    _row("taskVariables", Kind.TASK_VARIABLES, VariableMatches("variables")),
    _row("processVariables", Kind.PROCESS_VARIABLES, VariableMatches("processVariables")),
    _row("caseInstanceVariables", Kind.CASE_VARIABLES, VariableMatches("caseInstanceVariables")),
)
# fmt: on

SUPERSEDED: Final[Mapping[str, str]] = {
    # On one level, the second replaces the first (docs/camunda-behaviour.md, Dates, Conflicts).
    "followUpBefore": "followUpBeforeOrNotExistent",
    "active": "suspended",
}

BY_NAME: Final[Mapping[str, Criterion]] = {row.name: row for row in CRITERIA}


@dataclass(frozen=True, slots=True)
class Property:
    """A name a request may use for a criterion: its own, an alias, or its expression's."""

    criterion: Criterion
    is_expression: bool


def _properties() -> Iterator[tuple[str, Property]]:
    for row in CRITERIA:
        yield row.name, Property(row, is_expression=False)
        if row.traits.alias is not None:
            yield row.traits.alias, Property(row, is_expression=False)
        if row.traits.expression:
            yield f"{row.name}Expression", Property(row, is_expression=True)


PROPERTIES: Final[Mapping[str, Property]] = dict(_properties())
"""Every name in a request that stands for a criterion."""
