"""Each criterion: what it finds and what it leaves, however it is asked."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Final

import pytest
from taskdock.api.queries.reading import read_body
from taskdock.domain.caller import Caller
from taskdock.domain.instants import Instant
from taskdock.domain.query.criteria import CRITERIA, PROPERTIES, Kind

from tests.support.builders import CREATED, a_task, to_group, to_user
from tests.unit.query.asking import DEMO, chosen, found, found_by_get
from tests.unit.query.criteria_cases import BARE, CASES, Case

every_case = pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.name}-{case.value}")

TOP_LEVEL_ONLY: Final = {
    *("withCandidateGroups", "withoutCandidateGroups"),
    *("withCandidateUsers", "withoutCandidateUsers"),
}


def ids(case: Case) -> tuple[list[str], list[str]]:
    """The ids that the case is to find, in order, and all of its tasks' ids."""
    finds, leaves = case.tasks()
    return sorted(task["id"] for task in finds), sorted(task["id"] for task in finds + leaves)


def test_there_is_a_case_for_each_criterion() -> None:
    assert {case.name for case in CASES} == {criterion.name for criterion in CRITERIA}


@every_case
def test_a_criterion_finds_what_it_names_and_leaves_the_rest(case: Case) -> None:
    finds, leaves = case.tasks()
    assert found({case.name: case.value}, *finds, *leaves) == ids(case)[0]


@every_case
def test_it_means_the_same_in_a_query_string(case: Case) -> None:
    finds, leaves = case.tasks()
    assert found_by_get({case.name: case.parameter}, *finds, *leaves) == ids(case)[0]


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.name not in TOP_LEVEL_ONLY], ids=lambda case: case.name
)
def test_it_means_the_same_in_an_or_query(case: Case) -> None:
    finds, leaves = case.tasks()
    assert found({"orQueries": [{case.name: case.value}]}, *finds, *leaves) == ids(case)[0]


@pytest.mark.parametrize(
    "case",
    [case for case in CASES if f"{case.name}Expression" in PROPERTIES],
    ids=lambda case: f"{case.name}-{case.value}",
)
def test_an_expression_finds_what_its_value_finds(case: Case) -> None:
    """The value comes from the text, from the clock or from the caller's groups."""
    kind = PROPERTIES[case.name].criterion.kind
    caller, now, text = DEMO, CREATED, f"${{'{case.value}'}}"
    if kind is Kind.INSTANT:
        text = "${now()}"
    elif kind is Kind.GROUPS:
        caller, text = replace(DEMO, groups=tuple(case.value)), "${currentUserGroups()}"
    query = read_body({f"{case.name}Expression": text})
    finds, leaves = case.tasks()
    assert chosen(query, finds + leaves, caller, now) == ids(case)[0]


def test_all_twenty_expressions_have_a_case() -> None:
    expressions = {name for name, meant in PROPERTIES.items() if meant.is_expression}
    assert len(expressions) == 20
    assert expressions <= {f"{case.name}Expression" for case in CASES}


@pytest.mark.parametrize(
    "flag", [criterion.name for criterion in CRITERIA if criterion.kind is Kind.FLAG]
)
def test_a_flag_that_is_false_asks_for_nothing(flag: str) -> None:
    tasks = [
        task for case in CASES if case.name == flag for group in case.tasks() for task in group
    ]
    visible = sorted(task["id"] for task in tasks if task.get("tenantId") != "t9")
    assert found({flag: False}, *tasks) == visible
    assert found({"orQueries": [{flag: False}]}, *tasks) == visible
    assert found_by_get({flag: "false"}, *tasks) == visible


# Levels.


def test_all_filters_must_hold_and_one_of_each_or_query() -> None:
    tasks = [
        a_task(f"{owner}{assignee}{priority}", owner=owner, assignee=assignee, priority=priority)
        for owner in "ab"
        for assignee in "cd"
        for priority in (1, 2)
    ]
    assert found({"owner": "a", "assignee": "c"}, *tasks) == ["ac1", "ac2"]
    assert found({"orQueries": [{"owner": "a", "assignee": "c"}]}, *tasks) == [
        *("ac1", "ac2", "ad1", "ad2", "bc1", "bc2")
    ]
    both = {"orQueries": [{"owner": "a", "assignee": "c"}, {"priority": 2, "owner": "b"}]}
    assert found(both, *tasks) == ["ac2", "ad2", "bc1", "bc2"]
    assert found({**both, "assignee": "d"}, *tasks) == ["ad2"]


@pytest.mark.parametrize(
    "nothing",
    [{}, {"suspended": False}, {"assigneeIn": []}, {"orQueries": []}, {"sorting": None}, {"x": 1}],
)
def test_an_or_query_without_filters_holds_for_every_task(nothing: Mapping[str, Any]) -> None:
    assert found({"orQueries": [nothing]}, a_task("a"), a_task("b")) == ["a", "b"]


@pytest.mark.parametrize(
    "both",
    [
        {"assigned": True, "unassigned": True},
        {"minPriority": 50, "maxPriority": 10},
        {"dueAfter": CREATED, "dueBefore": CREATED},
        {"createdAfter": CREATED, "createdOn": CREATED},
        {"taskDefinitionKey": "a", "taskDefinitionKeyIn": ["b"]},
        {"taskDefinitionKey": "a", "taskDefinitionKeyNotIn": ["a"]},
        {"withCandidateGroups": True, "withoutCandidateGroups": True},
    ],
)
def test_filters_that_exclude_each_other_find_nothing_and_are_no_error(
    both: Mapping[str, Any],
) -> None:
    full = a_task(
        "a", priority=20, due=CREATED, taskDefinitionKey="a", assignee="demo", groups=["sales"]
    )
    assert found(both, full, a_task("b", groups=["sales"]), a_task("c")) == []


def test_suspended_silences_active_on_every_level() -> None:
    tasks = a_task("active"), a_task("suspended", suspended=True)
    both = {"active": True, "suspended": True}
    assert found(both, *tasks) == ["suspended"]
    assert found({"orQueries": [both]}, *tasks) == ["suspended"]
    assert found({"active": True, "suspended": False}, *tasks) == ["active"]


LITERAL: Final = {"followUpBefore": CREATED}
OR_ABSENT: Final = {"followUpBeforeOrNotExistent": CREATED}


@pytest.mark.parametrize(
    ("body", "with_absent"),
    [
        ({**LITERAL, **OR_ABSENT}, True),
        ({**OR_ABSENT, **LITERAL}, True),
        ({**LITERAL, "followUpBeforeOrNotExistentExpression": "${now()}"}, True),
        ({**OR_ABSENT, "followUpBeforeExpression": "${now()}"}, False),
        (
            {
                "followUpBeforeExpression": "${now()}",
                "followUpBeforeOrNotExistentExpression": "${now()}",
            },
            True,
        ),
    ],
)
def test_follow_up_before_and_its_twin_share_one_slot(
    body: Mapping[str, Any], with_absent: bool
) -> None:
    tasks = [
        a_task("absent"),
        a_task("early", followUp=CREATED - 1),
        a_task("on", followUp=CREATED),
    ]
    wanted = ["absent", "early"] if with_absent else ["early"]
    assert chosen(read_body(body), tasks, now=Instant(CREATED)) == wanted
    assert chosen(read_body({"orQueries": [body]}), tasks, now=Instant(CREATED)) == wanted


def test_an_expression_beats_the_literal_whichever_comes_first() -> None:
    tasks = a_task("a", assignee="literal"), a_task("b", assignee="expression")
    one, other = {"assignee": "literal"}, {"assigneeExpression": "${'expression'}"}
    assert found({**one, **other}, *tasks) == found({**other, **one}, *tasks) == ["b"]


# Candidates (D8).


def test_candidate_filters_are_conditions_of_their_own_on_the_links() -> None:
    both = a_task("both", users=["mary"], groups=["sales", "support"])
    one = a_task("one", groups=["sales"])
    tasks = both, one, a_task("none")
    assert found({"withCandidateUsers": True, "withCandidateGroups": True}, *tasks) == ["both"]
    assert found({"candidateGroup": "sales", "candidateGroups": ["support"]}, *tasks) == ["both"]
    assert found({"candidateGroup": "sales", "candidateGroupLike": "upp"}, *tasks) == ["both"]
    assert found({"candidateUser": "mary", "withoutCandidateUsers": True}, *tasks) == ["one"]
    across = {"candidateUser": "peter", "orQueries": [{"candidateGroup": "sales"}]}
    assert found(across, a_task("x", users=["peter"], groups=["sales"]), *tasks) == ["x"]
    involved = {"candidateUser": "peter", "involvedUser": "pat"}
    links = [to_user("peter"), to_user("pat", "participant")]
    assert found(involved, a_task("y", links=links), *tasks) == ["y"]


def test_inside_an_or_query_candidate_filters_are_alternatives() -> None:
    tasks = (
        a_task("group", groups=["accounting"]),
        a_task("user", users=["peter"]),
        a_task("other", groups=["other"]),
    )
    union = {"candidateUser": "peter", "candidateGroup": "accounting", "candidateGroupLike": "x"}
    assert found({"orQueries": [union]}, *tasks) == ["group", "user"]


def test_assigned_tasks_are_included_on_the_level_that_says_so_and_on_no_other() -> None:
    taken = a_task("taken", groups=["sales"], assignee="mary")
    free = a_task("free", groups=["sales"])
    filters, include = {"candidateGroup": "sales"}, {"includeAssignedTasks": True}
    assert found({**filters, **include}, taken, free) == ["free", "taken"]
    assert found({**filters, "orQueries": [{**filters, **include}]}, taken, free) == ["free"]
    assert found({"orQueries": [{**filters, **include}]}, taken, free) == ["free", "taken"]
    assert found({**filters, **include, "orQueries": [filters]}, taken, free) == ["free"]


def test_duplicate_links_change_nothing() -> None:
    task = a_task("a", links=[to_group("sales"), to_group("sales")])
    assert found({"candidateGroup": "sales"}, task) == ["a"]


def test_a_candidate_user_who_asks_has_the_groups_of_the_token_and_others_the_directorys() -> None:
    tasks = a_task("a", groups=["accounting"]), a_task("s", groups=["support"])
    mary = Caller("mary", ("accounting",), frozenset())
    assert found({"candidateUser": "mary"}, *tasks, caller=mary) == ["a"]
    assert found({"candidateUser": "mary"}, *tasks, caller=DEMO) == ["s"]
    assert found({"candidateUser": "nobody"}, *tasks) == []


# Who sees what.


def test_a_caller_sees_tasks_of_their_tenants_and_tasks_without_one() -> None:
    tasks = a_task("none"), a_task("own", tenantId="t1"), a_task("other", tenantId="t9")
    assert found({}, *tasks) == ["none", "own"]
    assert found({"orQueries": [{"tenantIdIn": ["t9"], "name": "Task none"}]}, *tasks) == ["none"]
    assert found({}, *tasks, caller=Caller("peter", (), frozenset())) == ["none"]


def test_ended_tasks_are_not_found() -> None:
    ended = a_task("ended", state="completed", ended=CREATED)
    assert found({"taskIdIn": ["ended", "open"]}, ended, a_task("open")) == ["open"]


def test_a_bare_task_meets_only_filters_that_ask_for_absence() -> None:
    bare = a_task("bare", **{**BARE, "priority": 50})
    meeting = {case.name for case in CASES if found({case.name: case.value}, bare)}
    assert meeting == {
        *("active", "unassigned", "withoutTenantId", "withoutDueDate"),
        *("followUpBeforeOrNotExistent", "withoutCandidateGroups", "withoutCandidateUsers"),
        *("minPriority", "createdOn"),  # a task always has these two
    }
