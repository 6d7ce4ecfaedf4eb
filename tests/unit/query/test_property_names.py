"""Every property that may be asked with is known to the reader, and read."""

from typing import Final

import pytest
from taskdock.api.queries.reading import PROPERTY_NAMES, read_body
from taskdock.domain.query.criteria import PROPERTIES, Kind
from taskdock.domain.query.model import TaskQuery

from tests.unit.query.asking import NOW_TEXT

OF_THE_PAGE: Final = (
    *("taskId", "taskIdIn"),
    *("processInstanceId", "processInstanceIdIn"),
    *("processInstanceBusinessKey", "processInstanceBusinessKeyExpression"),
    "processInstanceBusinessKeyIn",
    *("processInstanceBusinessKeyLike", "processInstanceBusinessKeyLikeExpression"),
    *("processDefinitionId", "processDefinitionKey", "processDefinitionKeyIn"),
    *("processDefinitionName", "processDefinitionNameLike"),
    "executionId",
    *("caseInstanceId", "caseInstanceBusinessKey", "caseInstanceBusinessKeyLike"),
    *("caseDefinitionId", "caseDefinitionKey", "caseDefinitionName", "caseDefinitionNameLike"),
    *("caseExecutionId", "activityInstanceIdIn"),
    *("tenantIdIn", "withoutTenantId"),
    *("assignee", "assigneeExpression", "assigneeLike", "assigneeLikeExpression"),
    *("assigneeIn", "assigneeNotIn"),
    *("owner", "ownerExpression"),
    *("candidateGroup", "candidateGroupLike", "candidateGroupExpression"),
    *("candidateUser", "candidateUserExpression"),
    "includeAssignedTasks",
    *("involvedUser", "involvedUserExpression"),
    *("assigned", "unassigned"),
    *("taskDefinitionKey", "taskDefinitionKeyIn", "taskDefinitionKeyLike"),
    *("name", "nameNotEqual", "nameLike", "nameNotLike"),
    *("description", "descriptionLike"),
    *("priority", "maxPriority", "minPriority"),
    *("dueDate", "dueDateExpression", "dueAfter", "dueAfterExpression"),
    *("dueBefore", "dueBeforeExpression", "withoutDueDate"),
    *("followUpDate", "followUpDateExpression", "followUpAfter", "followUpAfterExpression"),
    *("followUpBefore", "followUpBeforeExpression"),
    *("followUpBeforeOrNotExistent", "followUpBeforeOrNotExistentExpression"),
    *("createdOn", "createdOnExpression", "createdAfter", "createdAfterExpression"),
    *("createdBefore", "createdBeforeExpression"),
    *("updatedAfter", "updatedAfterExpression"),
    "delegationState",
    *("candidateGroups", "candidateGroupsExpression"),
    *("withCandidateGroups", "withoutCandidateGroups"),
    *("withCandidateUsers", "withoutCandidateUsers"),
    *("active", "suspended"),
    *("taskVariables", "processVariables", "caseInstanceVariables"),
    *("variableNamesIgnoreCase", "variableValuesIgnoreCase"),
    *("parentTaskId", "orQueries", "sorting"),
)
"""The properties of the published page, in its order."""

BEYOND_THE_PAGE: Final = (
    *("sortBy", "sortOrder"),
    *("due", "followUp", "created"),  # older names
    "taskDefinitionKeyNotIn",
    *("withCommentAttachmentInfo", "withTaskVariablesInReturn", "withTaskLocalVariablesInReturn"),
    "likePatternIgnoreCase",
    *("service", "serviceIn"),
)
"""What Camunda 7 and taskdock's extensions know beside that."""

SWITCHES: Final = {
    "includeAssignedTasks": "include_assigned",
    "variableNamesIgnoreCase": "names_ignore_case",
    "variableValuesIgnoreCase": "values_ignore_case",
    "likePatternIgnoreCase": "like_ignores_case",
}
EXTRAS: Final = {
    "withCommentAttachmentInfo": "comment_and_attachment",
    "withTaskVariablesInReturn": "variables",
    "withTaskLocalVariablesInReturn": "local_variables",
}

SAMPLES: Final = {
    Kind.TEXT: "a",
    Kind.TEXTS: ["a", "b"],
    Kind.GROUPS: ["a", "b"],
    Kind.INTEGER: 5,
    Kind.INSTANT: NOW_TEXT,
    Kind.FLAG: True,
    Kind.DELEGATION_STATE: "PENDING",
    Kind.TASK_VARIABLES: [{"name": "a", "operator": "eq", "value": 1}],
    Kind.PROCESS_VARIABLES: [{"name": "a", "operator": "eq", "value": 1}],
    Kind.CASE_VARIABLES: [{"name": "a", "operator": "eq", "value": 1}],
}


def test_the_page_has_96_properties_and_20_of_them_are_expressions() -> None:
    assert len(set(OF_THE_PAGE)) == len(OF_THE_PAGE) == 96
    assert sum(name.endswith("Expression") for name in OF_THE_PAGE) == 20


def test_the_reader_knows_the_properties_of_the_page_and_of_the_contract_and_no_others() -> None:
    assert {*OF_THE_PAGE, *BEYOND_THE_PAGE} == PROPERTY_NAMES


@pytest.mark.parametrize("name", [*OF_THE_PAGE, *BEYOND_THE_PAGE])
def test_no_known_property_is_passed_over(name: str) -> None:
    assert what_is_read(name) != TaskQuery()


def what_is_read(name: str) -> TaskQuery:
    """The query of a body with a sample value of the property, and whatever it needs beside it."""
    if name == "orQueries":
        return read_body({name: [{"name": "a"}]})
    if name == "sorting":
        return read_body({name: [{"sortBy": "id", "sortOrder": "asc"}]})
    if name in ("sortBy", "sortOrder"):
        return read_body({"sortBy": "id", "sortOrder": "asc"})
    if name in SWITCHES or name in EXTRAS:
        needed = {"candidateGroup": "a"} if name == "includeAssignedTasks" else {}
        query = read_body({**needed, name: True})
        shown = {**SWITCHES, **EXTRAS}[name]
        part = query.top.switches if name in SWITCHES else query.extras
        assert getattr(part, shown) is True
        return query
    meant = PROPERTIES[name]
    query = read_body({name: "a" if meant.is_expression else SAMPLES[meant.criterion.kind]})
    [only] = query.top.filters
    assert only.criterion is meant.criterion
    return query


@pytest.mark.parametrize(
    ("older", "name"), [("due", "dueDate"), ("followUp", "followUpDate"), ("created", "createdOn")]
)
def test_an_older_name_means_the_same_and_of_both_the_later_one_holds(
    older: str, name: str
) -> None:
    assert read_body({older: 5}) == read_body({name: 5})
    assert read_body({name: 4, older: 5}) == read_body({name: 5})
    assert read_body({older: 4, name: 5}) == read_body({name: 5})


@pytest.mark.parametrize("name", sorted({*OF_THE_PAGE, *BEYOND_THE_PAGE} - {"sortBy", "sortOrder"}))
def test_null_is_as_good_as_absent(name: str) -> None:
    """Of `sortBy` and `sortOrder` it is an error: `test_sort_refusals`."""
    assert read_body({name: None}) == TaskQuery()


def test_paging_values_in_a_body_are_passed_over() -> None:
    """They belong into the query string (D22)."""
    assert read_body({"firstResult": 5, "maxResults": -1, "pageToken": "x"}) == TaskQuery()
