"""The generated client finds, sorts, pages and counts tasks."""

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from secrets import token_hex
from typing import Any, Final

import pytest
from generic_camunda_client import (
    SortTaskQueryParametersDto,
    TaskQueryDto,
    TaskQueryDtoSorting,
    VariableQueryParameterDto,
)

from local.service import LocalService
from tests.clients.generic_client import Desk, refused
from tests.support.http import bearer, call
from tests.support.index_delay import settle

TASKS: Final[tuple[dict[str, Any], ...]] = (
    {
        "name": "invoice",
        "priority": 30,
        "due": "2031-05-01T12:00:00.000+0000",
        "metadata": {"amount": 250, "customer": "Zeta"},
        "candidateGroups": ["sales"],
        "processInstance": {"id": "p1", "businessKey": "A-1", "variables": {"region": "north"}},
    },
    {
        "name": "complaint",
        "priority": 80,
        "assignee": "mary",
        "metadata": {"amount": 40},
        "processInstance": {"id": "p2", "businessKey": "B-1", "variables": {"region": "south"}},
    },
    {
        "name": "refund",
        "priority": 30,
        "due": "2030-05-01T12:00:00.000+0000",
        "metadata": {"amount": 99.5, "customer": "acme"},
    },
)


@pytest.fixture(scope="module")
def kind(service: LocalService, url: str) -> Iterator[str]:
    """The task definition key that the tasks of this module, and no others, have."""
    key = f"kind-{token_hex(4)}"
    headers = {**bearer(service.token("demo")), "Content-Type": "application/json"}
    for task in TASKS:
        body = json.dumps({**task, "type": key}).encode()
        answer = call("POST", f"{url}/v1/services/operator-p4/tasks", body, headers)
        assert answer.status == 201, answer.body
    settle()
    yield key


def names(desk: Desk, kind: str, **criteria: object) -> list[str]:
    """The names of the tasks that a query finds, in its order."""
    query = TaskQueryDto(task_definition_key=kind, **criteria)
    return [task.name for task in desk.tasks.query_tasks(task_query_dto=query)]


def by(criterion: str, order: str, **parameters: str) -> TaskQueryDtoSorting:
    """One sort key; parameters are those of a variable."""
    variable = SortTaskQueryParametersDto(**parameters) if parameters else None
    return TaskQueryDtoSorting(sort_by=criterion, sort_order=order, parameters=variable)


def variable(name: str, operator: str, value: object) -> VariableQueryParameterDto:
    return VariableQueryParameterDto(name=name, operator=operator, value=value)


def test_a_task_is_found_with_everything_that_the_client_reads(desk: Desk, kind: str) -> None:
    query = TaskQueryDto(task_definition_key=kind, name="invoice")

    [task] = desk.tasks.query_tasks(task_query_dto=query)

    assert (task.task_definition_key, task.priority) == (kind, 30)
    assert task.due == datetime(2031, 5, 1, 12, tzinfo=UTC)
    assert task.created.tzinfo is not None
    assert (task.process_instance_id, task.suspended, task.assignee) == ("p1", False, None)


def test_task_variables_are_compared(desk: Desk, kind: str) -> None:
    sorting = [by("name", "asc")]
    above = [variable("amount", "gt", 50)]
    between = [variable("amount", "gteq", 40), variable("amount", "lt", 99.6)]

    assert names(desk, kind, task_variables=above, sorting=sorting) == ["invoice", "refund"]
    assert names(desk, kind, task_variables=between, sorting=sorting) == ["complaint", "refund"]


def test_the_case_of_variables_can_be_ignored(desk: Desk, kind: str) -> None:
    wanted = [variable("CUSTOMER", "eq", "ACME")]

    assert names(desk, kind, task_variables=wanted) == []
    assert names(
        desk,
        kind,
        task_variables=wanted,
        variable_names_ignore_case=True,
        variable_values_ignore_case=True,
    ) == ["refund"]


def test_what_surrounds_a_task_is_compared(desk: Desk, kind: str) -> None:
    assert names(desk, kind, process_variables=[variable("region", "like", "nor%")]) == ["invoice"]
    assert names(desk, kind, process_instance_business_key_in=["B-1", "C-1"]) == ["complaint"]


def test_instants_are_compared(desk: Desk, kind: str) -> None:
    new_year = datetime(2031, 1, 1, tzinfo=UTC)

    assert names(desk, kind, due_before=new_year) == ["refund"]
    assert names(desk, kind, due_after=new_year) == ["invoice"]
    assert names(desk, kind, without_due_date=True) == ["complaint"]


def test_tasks_are_sorted_by_several_keys(desk: Desk, kind: str) -> None:
    sorting = [by("priority", "desc"), by("dueDate", "asc")]

    assert names(desk, kind, sorting=sorting) == ["complaint", "refund", "invoice"]


def test_tasks_are_sorted_by_a_variable(desk: Desk, kind: str) -> None:
    sorting = [by("taskVariable", "asc", variable="customer", type="String")]

    assert names(desk, kind, sorting=sorting) == ["refund", "invoice", "complaint"]


def test_or_queries_widen_a_query(desk: Desk, kind: str) -> None:
    either = TaskQueryDto(assignee="mary", candidate_groups=["sales"])

    found = names(desk, kind, or_queries=[either], sorting=[by("name", "asc")])

    assert found == ["complaint", "invoice"]


def test_expressions_use_the_callers_identity(desk: Desk, kind: str) -> None:
    assert names(desk, kind, candidate_user_expression="${currentUser()}") == ["invoice"]


def test_what_is_found_is_counted(desk: Desk, kind: str) -> None:
    query = TaskQueryDto(task_definition_key=kind, task_variables=[variable("amount", "gt", 50)])

    assert desk.tasks.query_tasks_count(task_query_dto=query).count == 2


def test_a_query_string_finds_pages_and_counts(desk: Desk, kind: str) -> None:
    query = {
        "task_definition_key_in": f"{kind},other",
        "process_instance_business_key_like": "%-1",
        "created_after": datetime(2020, 1, 1, tzinfo=UTC),
    }
    order = {"sort_by": "name", "sort_order": "desc"}

    found = desk.tasks.get_tasks(**query, **order)
    [second] = desk.tasks.get_tasks(**query, **order, first_result=1, max_results=1)

    assert [task.name for task in found] == ["invoice", "complaint"]
    assert second.name == "complaint"
    assert desk.tasks.get_tasks_count(**query).count == 2


def test_a_misused_query_says_what_is_wrong(desk: Desk, kind: str) -> None:
    with refused() as refusal:
        desk.tasks.get_tasks(task_definition_key=kind, sort_by="name")

    assert refusal.status == 400
    assert "Only a single sorting parameter specified" in refusal.body
