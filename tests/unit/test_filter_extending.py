"""How a query extends a stored one."""

from typing import Any

import pytest
from taskdock.api.filters.queries import read_stored, runnable
from taskdock.api.queries.reading import Strictness
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.filters.extending import extended


def merged(stored: dict[str, Any], given: dict[str, Any]) -> dict[str, Any]:
    """What comes of both, without what is empty."""
    result = extended(read_stored(stored, Strictness()), read_stored(given, Strictness()))
    runnable(result, Strictness())
    return {name: value for name, value in result.items() if value != []}


def condition(name: str, value: object, operator: str = "eq") -> dict[str, object]:
    return {"operator": operator, "value": value, "name": name}


@pytest.mark.parametrize(
    ("stored", "given", "result"),
    [
        ({"assignee": "mary"}, {"assignee": "john"}, {"assignee": "john"}),
        ({"assignee": "mary"}, {"owner": "john"}, {"assignee": "mary", "owner": "john"}),
        ({"assignee": "mary"}, {"assignee": None}, {"assignee": "mary"}),
        ({"assigneeIn": ["a"]}, {"assigneeIn": []}, {"assigneeIn": ["a"]}),
        ({"assigneeIn": ["a"]}, {"assigneeIn": ["b"]}, {"assigneeIn": ["b"]}),
        ({"unassigned": True}, {"unassigned": False}, {"unassigned": True}),
        ({"processInstanceIdIn": ["p"]}, {"name": "x"},
         {"processInstanceIdIn": ["p"], "name": "x"}),
        ({"sorting": [{"sortBy": "name", "sortOrder": "asc"}]},
         {"sortBy": "id", "sortOrder": "desc"},
         {"sorting": [{"sortBy": "name", "sortOrder": "asc"},
                      {"sortBy": "id", "sortOrder": "desc"}]}),
    ],
)  # fmt: skip
def test_what_the_body_names_replaces_what_is_stored(
    stored: dict[str, Any], given: dict[str, Any], result: dict[str, Any]
) -> None:
    assert merged(stored, given) == result


def test_conditions_on_a_variable_are_replaced_by_name_within_their_kind() -> None:
    stored = {
        "taskVariables": [condition("v", 1, "gteq"), condition("v", 9, "lteq"), condition("w", 2)],
        "processVariables": [condition("v", 3)],
    }

    assert merged(stored, {"taskVariables": [condition("v", 4)]}) == {
        "taskVariables": [condition("w", 2), condition("v", 4)],
        "processVariables": [condition("v", 3)],
    }


def test_a_flag_about_case_rules_the_conditions_of_its_own_query_alone() -> None:
    stored = {"taskVariables": [condition("v", "a")]}
    given = {"variableValuesIgnoreCase": True, "taskVariables": [condition("w", "B")]}

    result = merged(stored, given)

    assert result["taskVariables"] == [condition("v", "a")]
    assert "variableValuesIgnoreCase" not in result
    assert result["orQueries"] == [
        {"taskVariables": [condition("w", "B")], "variableValuesIgnoreCase": True}
    ]


def test_flags_that_agree_set_nothing_apart() -> None:
    flag = {"variableValuesIgnoreCase": True}
    result = merged(
        {**flag, "taskVariables": [condition("v", "a")]},
        {**flag, "taskVariables": [condition("w", "b")]},
    )

    assert result == {**flag, "taskVariables": [condition("v", "a"), condition("w", "b")]}


@pytest.mark.parametrize(
    ("stored", "given", "named"),
    [
        ({"candidateUser": "a"}, {"candidateGroup": "b"}, "candidateGroup"),
        ({"withoutDueDate": True}, {"dueBefore": 1}, "withoutDueDate"),
        ({"tenantIdIn": ["a"]}, {"withoutTenantId": True}, "withoutTenantId"),
    ],
)
def test_what_conflicts_only_together_is_refused(
    stored: dict[str, Any], given: dict[str, Any], named: str
) -> None:
    with pytest.raises(InvalidRequest, match=named):
        merged(stored, given)


def test_a_stored_query_shows_every_condition_that_it_has() -> None:
    """Camunda 7 loses these when it reads a filter back (D24)."""
    query = {
        "taskId": "t",
        "taskIdIn": ["t"],
        "assigneeNotIn": ["a"],
        "tenantIdIn": ["x"],
        "processInstanceBusinessKeyIn": ["b"],
        "withCandidateGroups": True,
        "withoutCandidateUsers": True,
        "variableNamesIgnoreCase": True,
        "withCommentAttachmentInfo": True,
    }
    shown = read_stored(query, Strictness())

    assert {name: value for name, value in shown.items() if value != []} == query


def test_old_names_texts_with_commas_and_dates_are_written_in_one_way() -> None:
    shown = read_stored(
        {"due": "2026-01-02T03:04:05.678+0200", "candidateGroups": "a,b", "createdAfter": 10**17},
        Strictness(),
    )

    assert shown["dueDate"] == "2026-01-02T01:04:05.678+0000"
    assert shown["candidateGroups"] == ["a", "b"]
    assert shown["createdAfter"] == 10**17
    runnable(shown, Strictness())


def test_a_broken_expression_is_stored_and_found_when_it_runs() -> None:
    shown = read_stored({"assigneeExpression": "${nope()}"}, Strictness())

    with pytest.raises(InvalidRequest, match="nope"):
        runnable(shown, Strictness())
