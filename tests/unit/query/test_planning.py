"""Which path into the table a query takes, and that what it yields is enough."""

from collections.abc import Mapping
from typing import Any, Final

import pytest
from taskdock.api.queries.reading import read_body
from taskdock.domain.query.paths import READ_UNITS_A_TASK, Reach, paths_of
from taskdock.domain.query.planning import Plan, partitions, plan
from taskdock.domain.query.read_specs import (
    LEAST_READ_UNITS,
    OPEN_SHARDS,
    ByIds,
    ByIndex,
    Inbox,
    Index,
    ReadSpec,
)
from taskdock.domain.tasks.task import TaskId

from tests.unit.query.asking import DEMO, bound

SHARDS: Final = f"0-{OPEN_SHARDS - 1}"
EVERYTHING: Final = f"open {SHARDS}"


def planned(body: Mapping[str, Any], wanted: int | None = None) -> Plan:
    return plan(bound(read_body(body)), wanted)


def told(access: ReadSpec) -> str:
    """An access in words: the index, its keys, the range."""
    if isinstance(access, ByIds):
        return f"ids {' '.join(access.ids)}"
    if access.index in (Index.OPEN, Index.DUE):
        assert access.partitions == tuple(range(OPEN_SHARDS))
        keys = SHARDS
    else:
        keys = " ".join(
            f"{each.kind}:{each.name}{'+' if each.assigned else ''}"
            if isinstance(each, Inbox)
            else str(each)
            for each in access.partitions
        )
    limits = [access.low, access.high]
    span = f" {'..'.join('' if each is None else str(each) for each in limits)}"
    return f"{access.index} {keys}{span if limits != [None, None] else ''}"


EQ: Final = [{"name": "v", "operator": "eq", "value": 1}]

# Each query with what is read, and with the criteria that this takes care of.
PLANS: Final[list[tuple[Mapping[str, Any], list[str], str]]] = [
    # nothing an index knows
    ({}, [EVERYTHING], ""),
    ({"name": "a", "owner": "b", "priority": 5}, [EVERYTHING], ""),
    ({"processVariables": EQ}, [EVERYTHING], ""),
    ({"assigneeLike": "a"}, [EVERYTHING], ""),
    ({"assigneeNotIn": ["a"]}, [EVERYTHING], ""),
    ({"involvedUser": "a"}, [EVERYTHING], ""),
    ({"candidateGroupLike": "a"}, [EVERYTHING], ""),
    ({"withCandidateGroups": True}, [EVERYTHING], ""),
    ({"withoutDueDate": True}, [EVERYTHING], ""),
    # one key
    ({"taskId": "a"}, ["ids a"], "taskId"),
    ({"taskIdIn": ["a", "b", "a"]}, ["ids a b"], "taskIdIn"),
    ({"assignee": "a"}, ["by_assignee a"], "assignee"),
    ({"assigneeExpression": "${currentUser()}"}, ["by_assignee demo"], "assignee"),
    ({"assigneeIn": ["b", "a", "b"]}, ["by_assignee b a"], "assigneeIn"),
    ({"processInstanceId": "a"}, ["by_process_instance a"], "processInstanceId"),
    ({"processInstanceIdIn": ["a"]}, ["by_process_instance a"], "processInstanceIdIn"),
    ({"processInstanceBusinessKey": "a"}, ["by_business_key a"], "processInstanceBusinessKey"),
    ({"processInstanceBusinessKeyIn": ["a"]}, ["by_business_key a"],
     "processInstanceBusinessKeyIn"),
    ({"parentTaskId": "a"}, ["by_parent a"], "parentTaskId"),
    ({"caseInstanceId": "a"}, ["by_case_instance a"], "caseInstanceId"),
    ({"taskDefinitionKey": "a"}, ["by_task_definition a"], "taskDefinitionKey"),
    ({"taskDefinitionKeyIn": ["a", "b"]}, ["by_task_definition a b"], "taskDefinitionKeyIn"),
    ({"service": "a"}, ["by_service a"], "service"),
    ({"serviceIn": ["a", "b"]}, ["by_service a b"], "serviceIn"),
    ({"processDefinitionKey": "a"}, ["by_process_definition a"], "processDefinitionKey"),
    ({"processDefinitionKeyIn": ["a"]}, ["by_process_definition a"], "processDefinitionKeyIn"),
    # inboxes
    ({"candidateGroup": "a"}, ["by_candidate group:a"], "candidateGroup"),
    ({"candidateGroups": ["b", "a", "b"]}, ["by_candidate group:b group:a"], "candidateGroups"),
    ({"candidateUser": "mary"}, ["by_candidate user:mary group:sales group:support"],
     "candidateUser"),
    ({"candidateUser": "demo"}, ["by_candidate user:demo group:accounting group:sales"],
     "candidateUser"),
    ({"candidateGroup": "a", "includeAssignedTasks": True},
     ["by_candidate group:a group:a+"], "candidateGroup"),
    ({"candidateGroupsExpression": "${currentUserGroups()}"},
     ["by_candidate group:accounting group:sales"], "candidateGroups"),
    # the cheapest of several
    ({"taskId": "a", "assignee": "b"}, ["ids a"], "taskId"),
    ({"processInstanceId": "a", "assignee": "b"}, ["by_process_instance a"], "processInstanceId"),
    ({"assignee": "a", "taskDefinitionKey": "b"}, ["by_assignee a"], "assignee"),
    ({"candidateGroup": "a", "candidateUser": None, "service": "b"}, ["by_candidate group:a"],
     "candidateGroup"),
    ({"taskDefinitionKey": "a", "processDefinitionKey": "b"}, ["by_task_definition a"],
     "taskDefinitionKey"),
    ({"taskIdIn": [str(each) for each in range(200)], "assignee": "a"}, ["by_assignee a"],
     "assignee"),
    # ranges
    ({"createdAfter": 5}, [f"{EVERYTHING} 6.."], "createdAfter"),
    ({"createdBefore": 9}, [f"{EVERYTHING} ..8"], "createdBefore"),
    ({"createdOn": 7}, [f"{EVERYTHING} 7..7"], "createdOn"),
    ({"createdAfter": 5, "createdBefore": 9}, [f"{EVERYTHING} 6..8"],
     "createdBefore createdAfter"),
    ({"dueAfter": 5}, [f"by_due {SHARDS} 6.."], "dueAfter"),
    ({"dueDate": 7}, [f"by_due {SHARDS} 7..7"], "dueDate"),
    ({"dueAfter": 5, "dueBefore": 9}, [f"by_due {SHARDS} 6..8"], "dueBefore dueAfter"),
    ({"dueAfterExpression": "${now()}"}, [f"by_due {SHARDS} 1772359200001.."], "dueAfter"),
    ({"dueAfter": 5, "createdAfter": 3, "createdBefore": 9}, [f"{EVERYTHING} 4..8"],
     "createdBefore createdAfter"),
    ({"followUpBefore": 5, "updatedAfter": 5}, [EVERYTHING], ""),
    ({"assignee": "a", "createdAfter": 5}, ["by_assignee a 6.."], "assignee createdAfter"),
    ({"assignee": "a", "dueAfter": 5}, ["by_assignee a"], "assignee"),
    ({"candidateGroup": "a", "createdBefore": 5}, ["by_candidate group:a ..4"],
     "candidateGroup createdBefore"),
    # unions
    ({"orQueries": [{"assignee": "a", "candidateGroup": "b"}]},
     ["by_assignee a", "by_candidate group:b"], "assignee candidateGroup"),
    ({"orQueries": [{"assignee": "a", "taskId": "b"}]}, ["ids b", "by_assignee a"],
     "taskId assignee"),
    ({"orQueries": [{"assignee": "a", "name": "b"}]}, [EVERYTHING], ""),
    ({"orQueries": [{"assignee": "a", "name": "b"}, {"service": "c"}]}, ["by_service c"],
     "service"),
    ({"orQueries": [{}]}, [EVERYTHING], ""),
    ({"orQueries": [{"assignee": "a", "dueBefore": 5}]},
     ["by_assignee a", f"by_due {SHARDS} ..4"], "assignee dueBefore"),
    ({"orQueries": [{"dueAfter": 5, "createdOn": 7}]},
     [f"by_due {SHARDS} 6..", f"{EVERYTHING} 7..7"], "dueAfter createdOn"),
    ({"orQueries": [{"candidateUser": "mary", "candidateGroup": "x",
                     "includeAssignedTasks": True}]},
     ["by_candidate user:mary group:sales group:support user:mary+ group:sales+ group:support+",
      "by_candidate group:x group:x+"], "candidateUser candidateGroup"),
    ({"orQueries": [{"assignee": "a", "owner": "b"}], "service": "c"}, ["by_service c"],
     "service"),
    # a union within the limits of the top level
    ({"createdAfter": 3, "orQueries": [{"assignee": "a", "parentTaskId": "b"}]},
     ["by_parent b 4..", "by_assignee a 4.."], "parentTaskId assignee createdAfter"),
    ({"createdBefore": 9, "orQueries": [{"assignee": "a", "createdAfter": 5}]},
     ["by_assignee a ..8", f"{EVERYTHING} 6..8"], "assignee createdAfter createdBefore"),
    ({"createdBefore": 9, "orQueries": [{"assignee": "a", "createdBefore": 5}]},
     ["by_assignee a ..8", f"{EVERYTHING} ..4"], "assignee createdBefore"),
    ({"dueAfter": 3, "orQueries": [{"assignee": "a", "dueBefore": 5}]},
     ["by_assignee a", f"by_due {SHARDS} 4..4"], "assignee dueBefore dueAfter"),
    ({"createdAfter": 9, "orQueries": [{"assignee": "a", "createdOn": 5}]},
     ["by_assignee a 10.."], "assignee createdOn createdAfter"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("body", "read", "serves"), PLANS, ids=[" ".join(body) or "nothing" for body, _, _ in PLANS]
)
def test_a_query_takes_the_cheapest_path(
    body: Mapping[str, Any], read: list[str], serves: str
) -> None:
    chosen = planned(body)
    assert [told(access) for access in chosen.accesses] == read
    names = dict.fromkeys(each.criterion.name for each in chosen.serves)
    assert " ".join(names) == serves


@pytest.mark.parametrize(
    "body",
    [
        {"createdAfter": 9, "createdBefore": 9},
        {"createdAfter": 9, "createdOn": 9},
        {"dueDate": 5, "dueAfter": 7},
        {"dueAfter": 5, "dueBefore": 6},
        {"assignee": "a", "dueBefore": 5, "dueAfter": 7},
    ],
)
def test_where_limits_leave_no_instant_nothing_is_read(body: Mapping[str, Any]) -> None:
    chosen = planned(body)
    assert chosen.accesses == ()
    assert chosen.rows == 0


def test_limits_inside_an_or_query_are_alternatives() -> None:
    chosen = planned({"orQueries": [{"createdAfter": 9, "createdBefore": 5}]})
    assert [told(each) for each in chosen.accesses] == [f"{EVERYTHING} ..4", f"{EVERYTHING} 10.."]
    assert chosen.may_repeat


# Orders that a path has by itself.

BY_CREATED: Final = [{"sortBy": "created", "sortOrder": "asc"}]
BY_DUE: Final = [{"sortBy": "dueDate", "sortOrder": "desc"}, {"sortBy": "name", "sortOrder": "asc"}]


@pytest.mark.parametrize(
    ("body", "delivers"),
    [
        ({"sorting": BY_CREATED}, True),
        ({"assignee": "a", "sorting": BY_CREATED}, True),
        ({"candidateUser": "mary", "sorting": BY_CREATED}, True),
        ({"assigneeIn": ["a", "b"], "sorting": BY_CREATED}, True),
        ({"orQueries": [{"assignee": "a", "candidateGroup": "b"}], "sorting": BY_CREATED}, True),
        ({"dueAfter": 5, "sorting": BY_DUE}, True),
        ({"assignee": "a"}, False),
        ({"assignee": "a", "sorting": BY_DUE}, False),
        ({"dueAfter": 5, "sorting": BY_CREATED}, False),
        ({"sorting": BY_DUE}, False),
        ({"taskIdIn": ["a", "b"], "sorting": BY_CREATED}, False),
        ({"orQueries": [{"assignee": "a", "taskId": "b"}], "sorting": BY_CREATED}, False),
        ({"sorting": [{"sortBy": "name", "sortOrder": "asc"}, *BY_CREATED]}, False),
    ],
)
def test_a_path_delivers_the_order_of_its_index(body: Mapping[str, Any], delivers: bool) -> None:
    chosen = planned(body)
    assert chosen.delivers_order is delivers
    descending = {each.descending for each in chosen.accesses if not isinstance(each, ByIds)}
    wanted = delivers and body["sorting"] == BY_DUE
    assert descending <= {wanted}


def test_a_page_in_the_order_of_an_index_makes_a_wide_path_a_cheap_one() -> None:
    """All tasks of three hundred kinds are many, their first twenty are not."""
    body = {"taskDefinitionKeyIn": [str(kind) for kind in range(300)]}
    in_order = {**body, "sorting": BY_CREATED}
    assert first_index(planned(in_order, wanted=20)) is Index.TASK_DEFINITION
    assert first_index(planned(in_order)) is Index.OPEN
    assert first_index(planned(body, wanted=20)) is Index.OPEN
    assert first_index(planned({**in_order, "owner": "a"}, wanted=20)) is Index.OPEN


def test_an_orquery_that_asks_the_same_of_others_is_left_to_the_filter() -> None:
    """The keys serve `assignee` of the first orQuery, not of the second."""
    ours = {"orQueries": [{"assigneeIn": ["a", "b"]}, {"assigneeIn": ["b", "c"]}]}
    chosen = planned({**ours, "sorting": BY_CREATED}, wanted=1)
    first, second = bound(read_body(ours)).or_queries
    assert first in chosen.meets
    assert second not in chosen.meets
    twice = planned({"assignee": "a", "orQueries": [{"assignee": "a", "service": "b"}]})
    assert [each.criterion.name for each in twice.serves] == ["assignee"]
    assert len(twice.meets) == 1


def test_a_union_in_several_orders_meets_no_range_of_one_of_them() -> None:
    body = {"createdAfter": 3, "orQueries": [{"assignee": "a", "dueBefore": 5}]}
    [level] = bound(read_body(body)).or_queries
    assert planned(body).meets == (level,)
    in_one_order = {"createdAfter": 3, "orQueries": [{"assignee": "a", "service": "b"}]}
    assert len(planned(in_one_order).meets) == 2


def test_a_request_for_each_of_many_keys_costs_more_than_a_few_tasks() -> None:
    """Fifty ids are fewer tasks than those of an assignee, and 25 units to their five."""
    ids = [str(each) for each in range(50)]
    assert first_index(planned({"taskIdIn": ids, "assignee": "a"})) is Index.ASSIGNEE
    assert isinstance(planned({"taskIdIn": ids[:5], "assignee": "a"}).accesses[0], ByIds)
    assert isinstance(planned({"taskIdIn": ids, "service": "a"}).accesses[0], ByIds)


def test_the_first_page_of_several_partitions_costs_a_share_of_each() -> None:
    """A thousand tasks of each of two kinds, read for a page: twice what one partition takes."""
    both = {"taskDefinitionKeyIn": ["a", "b"], "sorting": BY_CREATED}
    ready = bound(read_body(both))
    [path] = paths_of(ready.top, Reach())
    assert path.read_units_for(1000) == pytest.approx(2 * 1002 * READ_UNITS_A_TASK)
    assert path.read_units_for(5) == 2 * LEAST_READ_UNITS
    assert path.read_units_for(10**9) == path.read_units == 10_000 * READ_UNITS_A_TASK
    [single] = paths_of(bound(read_body({"taskDefinitionKey": "a"})).top, Reach())
    assert single.read_units_for(1000) == pytest.approx(1000 * READ_UNITS_A_TASK)


# Tenants.


@pytest.mark.parametrize(
    ("body", "tenants"),
    [
        ({}, (None, "t1", "t2")),
        ({"assignee": "a"}, (None, "t1", "t2")),
        ({"tenantIdIn": ["t2"]}, ("t2",)),
        ({"tenantIdIn": ["t2", "t9"], "assignee": "a"}, ("t2",)),
        ({"withoutTenantId": True, "candidateGroup": "a"}, (None,)),
        ({"orQueries": [{"tenantIdIn": ["t2"], "assignee": "a"}]}, (None, "t1", "t2")),
        ({"orQueries": [{"candidateGroup": "b", "assignee": "a"}]}, (None, "t1", "t2")),
    ],
)
def test_a_plan_reaches_the_callers_tenants_and_those_asked_for(
    body: Mapping[str, Any], tenants: tuple[str | None, ...]
) -> None:
    chosen = plan(bound(read_body(body)), None, (None, "t1", "t2"))

    assert all(isinstance(each, ByIndex) and each.tenants == tenants for each in chosen.accesses)
    assert len(partitions(chosen)) == len(tenants) * sum(
        len(each.partitions) for each in chosen.accesses if isinstance(each, ByIndex)
    )


def test_of_other_peoples_tenants_nothing_is_read() -> None:
    chosen = plan(bound(read_body({"tenantIdIn": ["t9"]})), None, (None, "t1"))

    assert chosen.accesses == ()


def test_a_filter_on_tenants_that_the_keys_meet_is_not_tested_again() -> None:
    reach = DEMO.access.reach
    by_index = plan(bound(read_body({"tenantIdIn": ["t1"], "assignee": "a"})), None, reach)
    by_id = plan(bound(read_body({"tenantIdIn": ["t1"], "taskId": "a"})), None, reach)

    assert [each.criterion.name for each in by_index.meets] == ["assignee", "tenantIdIn"]  # type: ignore[union-attr]
    assert [each.criterion.name for each in by_id.meets] == ["taskId"]  # type: ignore[union-attr]
    assert by_id.accesses == (ByIds((TaskId("a"),), frozenset({"t1"})),)


def first_index(chosen: Plan) -> Index:
    access = chosen.accesses[0]
    assert isinstance(access, ByIndex)
    return access.index


@pytest.mark.parametrize(
    ("body", "may_repeat"),
    [
        ({}, False),
        ({"assigneeIn": ["a"]}, False),
        ({"assigneeIn": ["a", "b"]}, True),
        ({"dueAfter": 5}, False),
        ({"taskIdIn": ["a", "b"]}, False),
        ({"candidateGroup": "a"}, True),
        ({"orQueries": [{"assignee": "a", "service": "b"}]}, True),
    ],
)
def test_a_task_may_come_twice_where_paths_overlap(
    body: Mapping[str, Any], may_repeat: bool
) -> None:
    assert planned(body).may_repeat is may_repeat


def test_a_plan_can_be_read_partition_by_partition() -> None:
    body = {"orQueries": [{"assigneeIn": ["a", "b"], "taskId": "c", "candidateUser": "mary"}]}
    assert [told(each) for each in partitions(planned(body))] == [
        "ids c",
        "by_assignee a",
        "by_assignee b",
        "by_candidate user:mary",
        "by_candidate group:sales",
        "by_candidate group:support",
    ]
