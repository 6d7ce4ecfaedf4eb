"""One row for each criterion: what it finds, and what it does not.

The same rows are asked of the predicates, in an orQuery, by expression and of the stores.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from taskdock.domain.tasks.task import IdentityLink, Task

from tests.support.builders import CREATED, MINUTE, a_task, to_group, to_user

Fields = Mapping[str, Any]

BARE: Final[Fields] = {"name": None}
"""A task with nothing that could be absent: no criterion on a field matches its null."""

ANY_LINK: Final = [to_user("pat", "participant"), to_group("club", "participant")]


@dataclass(frozen=True, slots=True)
class Case:
    """A criterion given `value` finds a task with any of the `finds` and none of the `leaves`."""

    name: str
    value: Any
    finds: Sequence[Fields]
    leaves: Sequence[Fields]
    text: str | None
    """The value as a query string has it, where that is not its plain text."""

    @property
    def parameter(self) -> str:
        """The value in a query string."""
        if self.text is not None:
            return self.text
        if isinstance(self.value, list):
            return ",".join(self.value)
        return "true" if self.value is True else str(self.value)

    def tasks(self) -> tuple[list[Task], list[Task]]:
        """The tasks to be found and those to be left, with ids of their own."""
        return self._built("finds", self.finds), self._built("leaves", self.leaves)

    def _built(self, kind: str, all_fields: Sequence[Fields]) -> list[Task]:
        prefix = f"{self.name}={self.parameter}-{kind}"
        return [
            a_task(fields.get("id", f"{prefix}-{place}"), **fields)
            for place, fields in enumerate(all_fields)
        ]


def _case(
    name: str,
    value: Any,
    finds: Sequence[Fields],
    leaves: Sequence[Fields],
    text: str | None = None,
) -> Case:
    return Case(name, value, finds, leaves, text)


def _texts(name: str, field: str) -> list[Case]:
    """A field that equals exactly, and null never."""
    leaves = [{field: "other"}, {field: "Wanted"}, {field: "wanted "}, {field: ""}, BARE]
    return [_case(name, "wanted", [{field: "wanted"}], leaves)]


def _lists(name: str, field: str) -> list[Case]:
    finds = [{field: "one"}, {field: "two"}]
    return [_case(name, ["one", "two"], finds, [{field: "One"}, {field: "one,two"}, BARE])]


def _negated_lists(name: str, field: str) -> list[Case]:
    finds = [{field: "One"}, {field: "three"}, {field: ""}]
    return [_case(name, ["one", "two"], finds, [{field: "one"}, {field: "two"}, BARE])]


def _patterns(name: str, field: str, *, ignoring_case: bool = False) -> list[Case]:
    """A substring, or with `%` the whole value."""
    finds, other = [{field: "two"}, {field: "a two b"}], {field: "A TWO B"}
    leaves = [{field: "tw"}, {field: "toe"}, {field: ""}, BARE]
    whole_finds, whole_leaves = [{field: "take two"}], [{field: "take two b"}, BARE]
    return [
        _case(name, "two", [*finds, *([other] if ignoring_case else [])],
              [*leaves, *([] if ignoring_case else [other])]),
        _case(name, "t%two", whole_finds, whole_leaves),
    ]  # fmt: skip


def _instants(on: str, before: str, after: str, field: str) -> list[Case]:
    """Exactly on, strictly before, strictly after; null never."""
    nothing = [] if field == "created" else [BARE]
    early, exact, late = {field: CREATED - 1}, {field: CREATED}, {field: CREATED + 1}
    at = "2026-01-23T12:42:42.000+0000"
    return [
        _case(on, at, [exact], [early, late, *nothing]),
        _case(before, at, [early], [exact, late, *nothing]),
        _case(after, at, [late], [exact, early, *nothing]),
    ]


def _variables(name: str, field: str) -> list[Case]:
    def having(kind: str, value: object, variable: str = "v") -> Fields:
        return {field: {variable: {"type": kind, "value": value}}}

    elsewhere = {
        other: {"v": {"type": "String", "value": "wanted"}}
        for other in ("variables", "processVariables", "caseInstanceVariables")
        if other != field
    }
    leaves = [having("String", "other"), having("String", "wanted", "V"), elsewhere, BARE]
    condition = [{"name": "v", "operator": "eq", "value": "wanted"}]
    return [_case(name, condition, [having("String", "wanted")], leaves, "v_eq_wanted")]


def _offered(*links: IdentityLink, **fields: Any) -> Fields:
    return {"links": links, **fields}


def _candidates() -> list[Case]:
    """Links of the type `candidate`, on unassigned tasks."""
    to_sales, to_mary = _offered(to_group("sales")), _offered(to_user("mary"))
    to_both = _offered(to_user("mary"), to_group("sales"))
    to_none, assigned = _offered(*ANY_LINK), {"assignee": "demo"}
    other = _offered(to_group("Sales"), to_user("sales"))
    anothers = _offered(to_user("Mary"), to_group("mary"))
    taken = [{**to_sales, **assigned}, {**to_mary, **assigned}]
    left = [*taken, to_none, BARE]
    return [
        _case("candidateGroup", "sales", [to_sales, to_both], [to_mary, other, *left]),
        _case("candidateGroups", ["sales", "x"], [to_sales, to_both], [to_mary, other, *left]),
        _case("candidateGroupLike", "ale", [to_sales, to_both, other], [to_mary, *left]),
        _case("candidateGroupLike", "s%s", [to_sales, to_both], [other, to_mary, *left]),
        # mary is in the group sales
        _case("candidateUser", "mary", [to_mary, to_sales, to_both], [anothers, *left]),
        _case("withCandidateGroups", True, [to_sales, to_both, other], [to_mary, *left]),
        _case("withCandidateUsers", True, [to_mary, to_both, other], [to_sales, *left]),
        _case("withoutCandidateGroups", True, [to_mary, to_none, BARE],
              [to_sales, to_both, *taken, assigned]),
        _case("withoutCandidateUsers", True, [to_sales, to_none, BARE],
              [to_mary, to_both, *taken, assigned]),
    ]  # fmt: skip


def _involved() -> list[Case]:
    finds = [
        {"assignee": "pat"},
        {"owner": "pat"},
        _offered(to_user("pat")),
        _offered(to_user("pat", "participant"), assignee="demo"),
        _offered(to_user("pat", None)),
    ]
    leaves = [_offered(to_group("pat")), {"assignee": "Pat", "owner": "pa"}, BARE]
    return [_case("involvedUser", "pat", finds, leaves)]


CASES: Final[Sequence[Case]] = (
    _case("taskId", "wanted", [{"id": "wanted"}], [{"id": "Wanted"}, {"id": "want"}]),
    _case("taskIdIn", ["w1", "w2", "w1"], [{"id": "w1"}, {"id": "w2"}], [{"id": "w"}, BARE]),
    _case("name", "Straße", [{"name": "STRASSE"}, {"name": "straße"}], [{"name": "straß"}, BARE]),
    _case("nameNotEqual", "buy", [{"name": "sell"}, {"name": ""}], [{"name": "BUY"}, BARE]),
    *_patterns("nameLike", "name", ignoring_case=True),
    _case("nameNotLike", "two", [{"name": "one"}, {"name": ""}], [{"name": "A TWO"}, BARE]),
    _case("nameNotLike", "t%", [{"name": "a t"}], [{"name": "Tea"}, {"name": "t"}, BARE]),
    _case("description", "buy", [{"description": "BUY"}], [{"description": "buy it"}, BARE]),
    *_patterns("descriptionLike", "description", ignoring_case=True),
    *_texts("taskDefinitionKey", "taskDefinitionKey"),
    *_lists("taskDefinitionKeyIn", "taskDefinitionKey"),
    *_negated_lists("taskDefinitionKeyNotIn", "taskDefinitionKey"),
    *_patterns("taskDefinitionKeyLike", "taskDefinitionKey"),
    *_texts("parentTaskId", "parentTaskId"),
    _case("priority", 7, [{"priority": 7}], [{"priority": 6}, {"priority": 8}]),
    _case("minPriority", 7, [{"priority": 7}, {"priority": 8}], [{"priority": 6}]),
    _case("maxPriority", 7, [{"priority": 7}, {"priority": -8}], [{"priority": 8}]),
    _case("delegationState", "pending", [{"delegationState": "PENDING"}],
          [{"delegationState": "RESOLVED"}, BARE]),
    _case("active", True, [{"suspended": False}, BARE], [{"suspended": True}]),
    _case("suspended", True, [{"suspended": True}], [{"suspended": False}, BARE]),
    _case("tenantIdIn", ["t1", "t9"], [{"tenantId": "t1"}],
          [{"tenantId": "t2"}, {"tenantId": "t9"}, BARE]),
    _case("withoutTenantId", True, [BARE], [{"tenantId": "t1"}, {"tenantId": "t9"}]),
    *_texts("service", "service"),
    *_lists("serviceIn", "service"),
    *_texts("processInstanceId", "processInstanceId"),
    *_lists("processInstanceIdIn", "processInstanceId"),
    *_texts("processInstanceBusinessKey", "processInstanceBusinessKey"),
    *_lists("processInstanceBusinessKeyIn", "processInstanceBusinessKey"),
    *_patterns("processInstanceBusinessKeyLike", "processInstanceBusinessKey"),
    *_texts("processDefinitionId", "processDefinitionId"),
    *_texts("processDefinitionKey", "processDefinitionKey"),
    *_lists("processDefinitionKeyIn", "processDefinitionKey"),
    *_texts("processDefinitionName", "processDefinitionName"),
    *_patterns("processDefinitionNameLike", "processDefinitionName"),
    *_texts("executionId", "executionId"),
    *_lists("activityInstanceIdIn", "activityInstanceId"),
    *_texts("caseInstanceId", "caseInstanceId"),
    *_texts("caseInstanceBusinessKey", "caseInstanceBusinessKey"),
    *_patterns("caseInstanceBusinessKeyLike", "caseInstanceBusinessKey"),
    *_texts("caseDefinitionId", "caseDefinitionId"),
    *_texts("caseDefinitionKey", "caseDefinitionKey"),
    *_texts("caseDefinitionName", "caseDefinitionName"),
    *_patterns("caseDefinitionNameLike", "caseDefinitionName"),
    *_texts("caseExecutionId", "caseExecutionId"),
    *_texts("assignee", "assignee"),
    *_patterns("assigneeLike", "assignee"),
    *_lists("assigneeIn", "assignee"),
    *_negated_lists("assigneeNotIn", "assignee"),
    *_texts("owner", "owner"),
    _case("assigned", True, [{"assignee": "demo"}, {"assignee": ""}], [BARE]),
    _case("unassigned", True, [BARE, {"owner": "demo"}], [{"assignee": "demo"}]),
    *_involved(),
    *_candidates(),
    *_instants("dueDate", "dueBefore", "dueAfter", "due"),
    _case("withoutDueDate", True, [BARE, {"followUp": CREATED}], [{"due": CREATED}]),
    *_instants("followUpDate", "followUpBefore", "followUpAfter", "followUp"),
    _case("followUpBeforeOrNotExistent", "2026-01-23T12:42:42.000+0000",
          [{"followUp": CREATED - 1}, BARE], [{"followUp": CREATED}, {"followUp": CREATED + 1}]),
    *_instants("createdOn", "createdBefore", "createdAfter", "created"),
    _case("updatedAfter", "2026-01-23T12:42:42.000+0000",
          [{"lastUpdated": CREATED + 1, "created": CREATED - MINUTE}, {"created": CREATED + 1}],
          [{"lastUpdated": CREATED, "created": CREATED - MINUTE}, BARE,
           {"lastUpdated": CREATED, "created": CREATED + 1}]),
    *_variables("taskVariables", "variables"),
    *_variables("processVariables", "processVariables"),
    *_variables("caseInstanceVariables", "caseInstanceVariables"),
)  # fmt: skip
