"""Misuse of a query is refused before anything is read, by a message that names it (D1, D13)."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from taskdock.api.queries.reading import Strictness, read_body, read_parameters
from taskdock.domain.caller import Caller
from taskdock.domain.errors import BadUserRequest, InvalidRequest
from taskdock.domain.json_text import read_json

from tests.unit.query.asking import NOW_TEXT, bound

Body = Mapping[str, Any]

CANDIDATE_NAMES: Final = (
    "candidateUser, candidateGroup, candidateGroups, candidateGroupLike, withCandidateGroups, "
    "withoutCandidateGroups, withCandidateUsers, withoutCandidateUsers"
)


def refusal(body: Body) -> str:
    """What is said to a body that is refused."""
    with pytest.raises(InvalidRequest) as refused:
        read_body(body)
    return refused.value.message


# Filters that exclude each other (docs/camunda-behaviour.md, Conflicts).

CONFLICTS: Final[list[tuple[Body, tuple[str, str]]]] = [
    ({"candidateUser": "a", "candidateGroup": "b"}, ("candidateUser", "candidateGroup")),
    ({"candidateUser": "a", "candidateGroupExpression": "b"}, ("candidateUser", "candidateGroup")),
    ({"candidateUserExpression": "a", "candidateGroup": "b"}, ("candidateUser", "candidateGroup")),
    ({"candidateUser": "a", "candidateGroups": ["b"]}, ("candidateUser", "candidateGroups")),
    (
        {"candidateUserExpression": "a", "candidateGroupsExpression": "b"},
        ("candidateUser", "candidateGroups"),
    ),
    ({"tenantIdIn": ["t1"], "withoutTenantId": True}, ("tenantIdIn", "withoutTenantId")),
    *(
        ({name: NOW_TEXT, "withoutDueDate": True}, ("withoutDueDate", name))
        for name in ("dueDate", "dueBefore", "dueAfter")
    ),
    ({"due": NOW_TEXT, "withoutDueDate": True}, ("withoutDueDate", "dueDate")),
    *(
        ({f"{name}Expression": "${now()}", "withoutDueDate": True}, ("withoutDueDate", name))
        for name in ("dueDate", "dueBefore", "dueAfter")
    ),
]


@pytest.mark.parametrize(("body", "names"), CONFLICTS)
def test_conflicting_filters_are_refused(body: Body, names: tuple[str, str]) -> None:
    message = refusal(body)
    assert message.startswith("Invalid query usage: cannot set both ")
    assert all(name in message for name in names)


@pytest.mark.parametrize(
    "body",
    [
        *({"orQueries": [body]} for body, _ in CONFLICTS),
        *({first: body[first], "orQueries": [{second: body[second]}]} for body, _ in CONFLICTS
          for first, second in [tuple(body)]),
        {"candidateUser": "a", "candidateGroupLike": "b"},
        {"candidateGroup": "a", "candidateGroups": ["b"]},
        {"assigned": True, "unassigned": True},
        {"active": True, "suspended": True},
        {"withCandidateGroups": True, "withoutCandidateGroups": True},
        {"tenantIdIn": ["t1"], "withoutTenantId": False},
        {"dueDate": NOW_TEXT, "withoutDueDate": False},
        {"dueDate": "", "withoutDueDate": True},
    ],
)  # fmt: skip
def test_on_different_levels_inside_an_or_query_or_with_false_they_may(body: Body) -> None:
    assert read_body(body).top.filters or read_body(body).or_queries


@pytest.mark.parametrize(
    "name",
    [
        *("withCandidateGroups", "withoutCandidateGroups"),
        *("withCandidateUsers", "withoutCandidateUsers"),
    ],
)
def test_four_flags_are_for_the_top_level_only(name: str) -> None:
    assert refusal({"orQueries": [{}, {name: True}]}) == (
        f"Invalid query usage: cannot set {name} within 'or' query (orQueries[1].{name})"
    )
    assert read_body({"orQueries": [{name: False}]}).or_queries[0].filters == ()


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"includeAssignedTasks": True}, ""),
        ({"includeAssignedTasks": True, "withCandidateGroups": False}, ""),
        ({"includeAssignedTasks": True, "involvedUser": "a"}, ""),
        ({"includeAssignedTasks": True, "orQueries": [{"candidateGroup": "a"}]}, ""),
        ({"candidateGroup": "a", "orQueries": [{"includeAssignedTasks": True}]}, "orQueries[0]."),
    ],
)
def test_including_assigned_tasks_needs_a_candidate_filter_beside_it(
    body: Body, where: str
) -> None:
    assert refusal(body) == (
        f"Invalid query usage: {where}includeAssignedTasks needs one of {CANDIDATE_NAMES} "
        "on the same level"
    )


@pytest.mark.parametrize("name", CANDIDATE_NAMES.split(", "))
def test_any_candidate_filter_does(name: str) -> None:
    value: object = True if name.startswith("with") else ["a"] if name.endswith("s") else "a"
    assert read_body({"includeAssignedTasks": True, name: value}).top.switches.include_assigned


def test_an_expression_for_candidates_does_too() -> None:
    body = {"includeAssignedTasks": True, "candidateGroupExpression": "a"}
    assert read_body(body).top.switches.include_assigned


@pytest.mark.parametrize("empty", [[], "", ",", ",,"])
def test_an_empty_list_of_candidate_groups_is_refused(empty: object) -> None:
    assert refusal({"candidateGroups": empty}) == (
        "candidateGroups: the list of candidate groups is empty"
    )
    assert refusal({"orQueries": [{"candidateGroups": empty}]}) == (
        "orQueries[0].candidateGroups: the list of candidate groups is empty"
    )


@pytest.mark.parametrize(
    "name",
    [
        *("taskIdIn", "processInstanceIdIn", "processInstanceBusinessKeyIn"),
        *("processDefinitionKeyIn", "activityInstanceIdIn", "tenantIdIn", "assigneeIn"),
        *("assigneeNotIn", "taskDefinitionKeyIn", "taskDefinitionKeyNotIn", "serviceIn"),
        "candidateGroups",
    ],
)
def test_a_null_in_a_list_is_refused(name: str) -> None:
    assert refusal({name: ["a", None]}) == f"{name}[1]: expected a string, got null"


def test_a_null_among_or_queries_is_refused() -> None:
    assert refusal({"orQueries": [{}, None]}) == "orQueries[1]: expected an object, got null"


def test_a_body_null_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="the body: expected an object, got null"):
        read_body(None)


# Variables.

LISTS: Final = {
    "taskVariables": "task",
    "processVariables": "process",
    "caseInstanceVariables": "case",
}
every_list = pytest.mark.parametrize("name", LISTS)


def condition(**changes: Any) -> dict[str, Any]:
    return {"name": "v", "operator": "eq", "value": 1, **changes}


@every_list
@pytest.mark.parametrize("operator", ["gt", "gteq", "lt", "lteq"])
@pytest.mark.parametrize("value", [None, True, False])
def test_booleans_and_null_have_no_order(name: str, operator: str, value: object) -> None:
    words = {
        "gt": "greater than",
        "gteq": "greater than or equal",
        "lt": "less than",
        "lteq": "less than or equal",
    }[operator]
    for body, where in everywhere(name, condition(operator=operator, value=value)):
        assert refusal(body) == (
            f"{where}: Booleans and null cannot be used in '{words}' condition ({operator})"
        )


@every_list
@pytest.mark.parametrize(("value", "shown"), [([1], "a list"), ({"a": 1}, "an object")])
def test_no_variable_equals_a_list_or_an_object(name: str, value: object, shown: str) -> None:
    for body, where in everywhere(name, condition(value=value)):
        assert refusal(body) == (
            f"{where}.value: expected a string, number, boolean or null, got {shown}"
        )


@every_list
def test_a_condition_needs_a_name_and_an_operator(name: str) -> None:
    for missing, word in (("name", "a name"), ("operator", "one of eq")):
        for given in ({}, {missing: None}):
            rest = {key: value for key, value in condition().items() if key != missing}
            for body, where in everywhere(name, {**rest, **given}):
                message = refusal(body)
                assert message.startswith(f"{where}.{missing} is missing: ")
                assert word in message


@every_list
@pytest.mark.parametrize("operator", ["foo", "EQ", "", "eq ", "notlike", "in"])
def test_an_unknown_operator_is_refused_with_the_known_ones(name: str, operator: str) -> None:
    for body, where in everywhere(name, condition(operator=operator)):
        message = refusal(body)
        assert message.startswith(
            f"{where}: Invalid {LISTS[name]} variable comparator specified: {operator} "
        )
        assert "expected one of eq, neq, gt, gteq, lt, lteq, like" in message


@pytest.mark.parametrize("name", ["taskVariables", "caseInstanceVariables"])
def test_only_process_variables_can_be_not_like(name: str) -> None:
    assert f"Invalid {LISTS[name]} variable comparator specified: notLike" in refusal(
        {name: [condition(operator="notLike", value="a")]}
    )
    assert read_body({"processVariables": [condition(operator="notLike", value="a")]}).top.filters
    with pytest.raises(InvalidRequest, match="comparator specified: notLike"):
        read_parameters({name: "v_notLike_a"}, read_json)


def everywhere(name: str, element: object) -> list[tuple[Body, str]]:
    """Bodies that hold the element at the top and inside, each with the element's place."""
    inner = {name: [condition(), element]}
    return [(inner, f"{name}[1]"), ({"orQueries": [inner]}, f"orQueries[0].{name}[1]")]


# Nested queries and orders (D19).


@pytest.mark.parametrize("name", ["orQueries", "sorting", "sortBy", "sortOrder"])
def test_what_belongs_at_the_top_is_refused_inside(name: str) -> None:
    values: dict[str, list[object]] = {
        "orQueries": [[{}], [{"name": "a"}], {}, "a"],
        "sorting": [[{"sortBy": "name", "sortOrder": "asc"}], {}],
        "sortBy": ["name", "", 0, False],
        "sortOrder": ["asc", "foo"],
    }
    for value in values[name]:
        assert refusal({"orQueries": [{}, {name: value}]}) == (
            f"orQueries[1].{name}: not allowed inside an orQuery"
        )


@pytest.mark.parametrize("name", ["orQueries", "sorting", "sortBy", "sortOrder"])
@pytest.mark.parametrize("nothing", [None, []])
def test_null_and_an_empty_list_inside_count_as_absent(name: str, nothing: object) -> None:
    assert read_body({"orQueries": [{name: nothing, "owner": "a"}]}) == read_body(
        {"orQueries": [{"owner": "a"}]}
    )


# No error hides behind bounds that exclude each other (D1).


@pytest.mark.parametrize(
    "mistake",
    [
        {"sorting": [{"sortBy": "name"}]},
        {"taskVariables": [condition(value=[1])]},
        {"orQueries": [{"assigneeExpression": "${"}]},
        {"candidateUser": "a", "candidateGroup": "b"},
    ],
)
def test_contradictory_bounds_hide_no_mistake(mistake: Body) -> None:
    assert refusal({"minPriority": 50, "maxPriority": 10, "dueAfter": 2, "dueBefore": 1, **mistake})


# Expressions (D12, D13).


@pytest.mark.parametrize(
    ("name", "text", "message"),
    [
        ("assigneeExpression", "${null}", "yields null, but a string is needed here"),
        ("assigneeExpression", "${5}", "yields a number, but a string is needed here"),
        ("assigneeLikeExpression", "${now()}", "yields a Date, but a string is needed here"),
        ("ownerExpression", "${true}", "yields a boolean, but a string is needed here"),
        ("candidateUserExpression", "${currentUserGroups()}", "list, but a string"),
        ("candidateGroupsExpression", "${'a'}", "yields a string, but a list is needed"),
        ("candidateGroupsExpression", "", "yields a string, but a list is needed"),
        ("dueDateExpression", "${null}", "yields null, but a date is needed here"),
        ("dueBeforeExpression", "tomorrow", "yields a string, but a date is needed here"),
        ("createdAfterExpression", "${now()} ", "yields a string, but a date is needed here"),
        ("followUpAfterExpression", "", "yields a string, but a date is needed here"),
        ("dueDateExpression", "${now().time}", "yields a number, but a date is needed here"),
    ],
)
def test_an_expression_that_yields_nothing_usable_is_refused(
    name: str, text: str, message: str
) -> None:
    alone = Caller("peter", (), frozenset())
    for body in ({name: text}, {"orQueries": [{name: text}]}):
        query = read_body(body)
        with pytest.raises(InvalidRequest) as refused:
            bound(query, alone)
        assert refused.value.message.startswith(f"{name}: ")
        assert message in refused.value.message
        assert text in refused.value.message


@pytest.mark.parametrize(
    ("text", "position"), [("${", 2), ("${foo()}", 2), ("a${'b'.getClass()}", 7), ("${1 +}", 5)]
)
def test_an_expression_that_is_none_is_refused_with_its_place(text: str, position: int) -> None:
    for body, where in (
        ({"ownerExpression": text}, "ownerExpression"),
        ({"orQueries": [{"ownerExpression": text}]}, "orQueries[0].ownerExpression"),
    ):
        message = refusal(body)
        assert message.startswith(f"{where}: ")
        assert text in message
        assert str(position) in message


@pytest.mark.parametrize("text", ["${currentUser()}", "plain", ""])
def test_expressions_can_be_forbidden_on_every_level(text: str) -> None:
    forbidden = Strictness(expressions_enabled=False)
    for body in ({"ownerExpression": text}, {"orQueries": [{"ownerExpression": text}]}):
        with pytest.raises(BadUserRequest, match="Expressions are forbidden in adhoc queries"):
            read_body(body, forbidden)
    with pytest.raises(BadUserRequest):
        read_parameters({"ownerExpression": text}, read_json, forbidden)
    assert read_body({"ownerExpression": None, "owner": "a"}, forbidden).top.filters
