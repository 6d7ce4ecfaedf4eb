"""Tasks as history shows them, open and ended: what can be asked for, and in which order.

A historic task is a task with what history says beside it (`view`). Unlike `/task`, dates of start
and end are compared inclusively, and names are sorted by code point
(docs/camunda-behaviour.md, History).
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final, NamedTuple

from taskdock.domain.history.traces import links_ever
from taskdock.domain.query.comparisons import (
    Absent,
    Equal,
    Like,
    Predicate,
    Present,
    VariableMatches,
    Within,
    after,
    at_least,
    at_most,
    before,
)
from taskdock.domain.query.criteria import Kind
from taskdock.domain.query.operands import Operand, Switches
from taskdock.domain.services.actions import state_of
from taskdock.domain.tasks.task import CANDIDATE, IdentityLink, State, Task, is_deleted, is_open

type Historic = Mapping[str, Any]
"""A task with `deleteReason` and `duration`."""


def view(task: Task) -> Historic:
    """The task as history sees it."""
    if is_open(task):
        return task
    completed = state_of(task) == State.COMPLETED and not is_deleted(task)
    return {
        **task,
        "deleteReason": "completed" if completed else "deleted",
        "taskState": "Completed" if completed else "Deleted",
        "duration": task["ended"] - task["created"],
    }


class EverLinked(NamedTuple):
    """A link that fits is or was there; a candidate's link where only those count."""

    part: str
    """`userId` or `groupId`."""
    candidates_alone: bool = False

    def predicate(self, operand: str, _switches: Switches, /) -> Predicate:
        """The test for this user or group."""
        return _ever(lambda link: link[self.part] == operand, self.candidates_alone)  # type: ignore[literal-required]


class EverOffered(NamedTuple):
    """The task is or was offered to some group, or with `negated` never."""

    negated: bool = False

    def predicate(self, _operand: bool, _switches: Switches, /) -> Predicate:
        """The test; the operand is always true."""
        offered = _ever(lambda link: link["groupId"] is not None, candidates_alone=False)
        return (lambda task: not offered(task)) if self.negated else offered


def _ever(fits: Callable[[IdentityLink], bool], candidates_alone: bool) -> Predicate:
    return lambda task: any(
        fits(link) and (link["type"] == CANDIDATE or not candidates_alone)
        for link in links_ever(task)
    )


class InEnded(NamedTuple):
    """The task belongs to a process and has ended, or with `wanted` false is open."""

    wanted: bool

    def predicate(self, _operand: bool, _switches: Switches, /) -> Predicate:
        """The test; the operand is always true."""
        wanted = self.wanted
        return lambda task: (
            task.get("processInstanceId") is not None and is_open(task) is not wanted
        )


class Comparison(NamedTuple):
    """How a property of a query for historic tasks compares."""

    kind: Kind
    test: Any
    """A comparison of the query language (`predicate`)."""
    conflicts: tuple[str, ...] = ()
    """Properties that it may not stand beside at the top level."""
    top_only: bool = False
    given_is_true: bool = False
    """Whether a flag that is given as `false` counts like one that is true."""


_DUE: Final = ("taskDueDate", "taskDueDateBefore", "taskDueDateAfter")
_T, _L, _F, _D = Kind.TEXT, Kind.TEXTS, Kind.FLAG, Kind.INSTANT

COMPARISONS: Final[Mapping[str, Comparison]] = {
    "taskId": Comparison(_T, Equal("id")),
    "taskParentTaskId": Comparison(_T, Equal("parentTaskId")),
    **{
        name: Comparison(_T, Equal(name))
        for name in (
            "taskDefinitionKey", "processInstanceId", "executionId", "processDefinitionId",
            "processDefinitionKey", "processDefinitionName", "caseDefinitionId",
            "caseDefinitionKey", "caseDefinitionName", "caseInstanceId", "caseExecutionId",
            "processInstanceBusinessKey",
        )
    },
    "processInstanceBusinessKeyLike": Comparison(_T, Like("processInstanceBusinessKey")),
    "processInstanceBusinessKeyIn": Comparison(_L, Within("processInstanceBusinessKey")),
    "taskDefinitionKeyIn": Comparison(_L, Within("taskDefinitionKey")),
    "activityInstanceIdIn": Comparison(_L, Within("activityInstanceId")),
    "tenantIdIn": Comparison(_L, Within("tenantId")),
    "withoutTenantId": Comparison(_F, Absent("tenantId")),
    "taskName": Comparison(_T, Equal("name", ignoring_case=True)),
    "taskNameLike": Comparison(_T, Like("name", ignoring_case=True)),
    "taskDescription": Comparison(_T, Equal("description", ignoring_case=True)),
    "taskDescriptionLike": Comparison(_T, Like("description", ignoring_case=True)),
    "taskAssignee": Comparison(_T, Equal("assignee")),
    "taskAssigneeLike": Comparison(_T, Like("assignee")),
    "taskOwner": Comparison(_T, Equal("owner")),
    "taskOwnerLike": Comparison(_T, Like("owner")),
    "taskDeleteReason": Comparison(_T, Equal("deleteReason")),
    "taskDeleteReasonLike": Comparison(_T, Like("deleteReason")),
    "taskPriority": Comparison(Kind.INTEGER, Equal("priority")),
    "assigned": Comparison(_F, Present("assignee"), given_is_true=True),
    "unassigned": Comparison(_F, Absent("assignee"), given_is_true=True),
    "finished": Comparison(_F, Present("ended")),
    "unfinished": Comparison(_F, Absent("ended")),
    "processFinished": Comparison(_F, InEnded(wanted=True)),
    "processUnfinished": Comparison(_F, InEnded(wanted=False)),
    "taskDueDate": Comparison(_D, Equal("due")),
    "taskDueDateBefore": Comparison(_D, before("due")),
    "taskDueDateAfter": Comparison(_D, after("due")),
    "withoutTaskDueDate": Comparison(_F, Absent("due"), conflicts=_DUE),
    "taskFollowUpDate": Comparison(_D, Equal("followUp")),
    "taskFollowUpDateBefore": Comparison(_D, before("followUp")),
    "taskFollowUpDateAfter": Comparison(_D, after("followUp")),
    "startedBefore": Comparison(_D, at_most("created")),
    "startedAfter": Comparison(_D, at_least("created")),
    "finishedBefore": Comparison(_D, at_most("ended")),
    "finishedAfter": Comparison(_D, at_least("ended")),
    "taskInvolvedUser": Comparison(_T, EverLinked("userId")),
    "taskInvolvedGroup": Comparison(_T, EverLinked("groupId")),
    "taskHadCandidateUser": Comparison(_T, EverLinked("userId", candidates_alone=True)),
    "taskHadCandidateGroup": Comparison(_T, EverLinked("groupId", candidates_alone=True)),
    "withCandidateGroups": Comparison(_F, EverOffered(), top_only=True),
    "withoutCandidateGroups": Comparison(_F, EverOffered(negated=True), top_only=True),
    "taskVariables": Comparison(Kind.TASK_VARIABLES, VariableMatches("variables")),
    "processVariables": Comparison(Kind.PROCESS_VARIABLES, VariableMatches("processVariables")),
}  # fmt: skip
"""Every property that narrows a query for historic tasks."""

SORTS: Final[Mapping[str, str]] = {
    "taskId": "id",
    "activityInstanceId": "activityInstanceId",
    "processDefinitionId": "processDefinitionId",
    "processInstanceId": "processInstanceId",
    "executionId": "executionId",
    "duration": "duration",
    "endTime": "ended",
    "startTime": "created",
    "taskName": "name",
    "taskDescription": "description",
    "assignee": "assignee",
    "owner": "owner",
    "dueDate": "due",
    "followUpDate": "followUp",
    "deleteReason": "deleteReason",
    "taskDefinitionKey": "taskDefinitionKey",
    "priority": "priority",
    "caseDefinitionId": "caseDefinitionId",
    "caseInstanceId": "caseInstanceId",
    "caseExecutionId": "caseExecutionId",
    "tenantId": "tenantId",
}
"""What historic tasks can be sorted by, and the field."""


@dataclass(frozen=True, slots=True)
class Level:
    """The conditions of the top level (all must hold) or of one orQuery (one must)."""

    filters: tuple[tuple[str, Operand], ...] = ()
    switches: Switches = field(default_factory=Switches)

    def value(self, name: str) -> Any:
        """The operand of the only condition of that name; None when there is none."""
        return next((operand for each, operand in self.filters if each == name), None)


@dataclass(frozen=True, slots=True)
class HistoryQuery:
    """A query for historic tasks."""

    top: Level = Level()
    or_queries: tuple[Level, ...] = ()
    sorting: tuple[tuple[str, bool], ...] = ()
    """Fields, and whether they descend."""


def matcher(query: HistoryQuery) -> Callable[[Historic], bool]:
    """A test whether a historic task meets the query."""
    tests = _predicates(query.top)
    for level in query.or_queries:
        alternatives = _predicates(level)
        if alternatives:
            tests.append(_any_of(alternatives))
    return lambda task: all(test(task) for test in tests)  # type: ignore[arg-type]


def _predicates(level: Level) -> list[Predicate]:
    return [
        COMPARISONS[name].test.predicate(operand, level.switches) for name, operand in level.filters
    ]


def _any_of(tests: list[Predicate]) -> Predicate:
    return lambda task: any(test(task) for test in tests)


def sort_key(query: HistoryQuery) -> Callable[[Historic], Any]:
    """The place of a historic task: nulls last, in descending order first; then by id."""

    def key(task: Historic) -> tuple[Any, ...]:
        places = [_place(task.get(field), descending) for field, descending in query.sorting]
        return (*places, task["id"])

    return key


def _place(value: Any, descending: bool) -> tuple[int, Any]:
    if value is None:
        return (0 if descending else 2), 0
    return 1, _Reversed(value) if descending else value


@dataclass(frozen=True, slots=True)
class _Reversed:
    """A value that compares the other way round."""

    value: Any

    def __lt__(self, other: "_Reversed") -> bool:
        return bool(other.value < self.value)
