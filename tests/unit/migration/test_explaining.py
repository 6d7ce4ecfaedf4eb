"""A difference between answers is explained only when the demanded answer was worked out."""

import json
from collections.abc import Mapping
from typing import Any

import pytest

from migration.comparison.asking import compared
from migration.comparison.orders import ordered
from migration.comparison.queries import Query
from migration.comparison.variables import row_of
from migration.http_client import Connection, Sent, Unreachable
from migration.old_server import OldServer
from tests.support.old_camunda import OLD, TwoServers, said, shown

BY_DUE = {"sorting": [{"sortBy": "dueDate", "sortOrder": "asc"}]}


def server(transport: TwoServers) -> OldServer:
    return OldServer(Connection(OLD, {}, transport, lambda _seconds: None))


def some() -> TwoServers:
    due = "2026-05-01T00:00:00.000+0000"
    return TwoServers(
        shown("a", 1, name="Pay it"), shown("b", 2, name="Pay it", due=due), shown("c", 3, due=due)
    )


def target(**facts: bool) -> TwoServers:
    servers = some()
    for name, value in facts.items():
        setattr(servers, name, value)
    return servers


def why(body: Mapping[str, Any], one: TwoServers, two: TwoServers) -> str | None:
    found = compared(Query("q", body), (server(one), server(two)), ())
    return None if found is None else found.why


def test_nulls_at_the_other_end_are_explained() -> None:
    explained = "D16: worked out from the old server's data"
    assert why(BY_DUE, some(), target(nulls_last=True)) == explained
    assert why(BY_DUE, some(), some()) is None


def test_another_order_of_the_same_tasks_is_not() -> None:
    two = target(nulls_last=True)
    two.tasks["b"] = {**two.tasks["b"], "due": "2026-06-01T00:00:00.000+0000"}
    assert why(BY_DUE, some(), two) == ""


def test_a_part_of_a_text_is_explained_and_a_task_too_few_is_not() -> None:
    two = target(reads_parts=True)
    assert why({"nameLike": "ay"}, some(), two) == "D5: worked out from the old server's data"
    del two.tasks["b"]
    assert why({"nameLike": "ay"}, some(), two) == ""


def test_numbers_of_other_types_are_explained_by_their_values() -> None:
    def with_numbers(servers: TwoServers) -> TwoServers:
        servers.variables = [
            {"id": each, "name": "n", "taskId": each, "type": kind, "value": value, "valueInfo": {}}
            for each, kind, value in (("a", "Integer", 6), ("b", "Double", 5.6), ("c", "Long", 5))
        ]
        return servers

    body = {"taskVariables": [{"name": "n", "operator": "gt", "value": 5.5}]}
    one, two = with_numbers(some()), with_numbers(target(compares_all=True))
    assert why(body, one, two) == "D9: worked out from the old server's data"
    two.variables[2] = {**two.variables[2], "value": 7}
    assert why(body, one, two) == ""


def test_a_query_without_an_answer_is_asked_again() -> None:
    two, asked = some(), list[Sent]()

    def silent_once(request: Sent) -> Any:
        asked.append(request)
        if len(asked) in (1, 3):
            raise Unreachable("no answer in time")

    two.faults = silent_once
    assert why({}, some(), two) is None
    assert len(asked) == 4


def test_a_count_that_does_not_fit_its_list_is_never_explained() -> None:
    two = some()

    def miscount(request: Sent) -> Any:
        return said({"count": 7}) if "/task/count" in request.url else None

    two.faults = miscount
    assert why({}, some(), two) == ""


@pytest.mark.parametrize(
    ("body", "refuses_new", "message", "row"),
    [
        ({"assigneeExpression": "${x()}"}, True, "assigneeExpression: ${x()}: x?", "D13"),
        ({"assigneeExpression": "${x()}"}, True, "no reason", ""),
        ({"assigneeExpression": "${x()}"}, False, "Expressions are forbidden in queries", "D12"),
        ({"assigneeIn": "a,b"}, False, "cannot read", "D6"),
        ({"assignee": "a"}, False, "cannot read", ""),
    ],
)
def test_a_refusal_names_its_row(
    body: dict[str, Any], refuses_new: bool, message: str, row: str
) -> None:
    one, two = some(), some()
    (two if refuses_new else one).faults = lambda _request: said({"message": message}, 400)
    found = why(body, one, two)
    assert found is not None
    assert found.partition(":")[0] == row


def test_a_sort_by_a_process_variable_does_not_see_a_tasks_own() -> None:
    servers = TwoServers(*(shown(name, processInstanceId=f"p{name}") for name in "abc"))

    def held(request: Sent) -> Any:
        if "/variable-instance" not in request.url:
            return None
        rows = [("pa", None, 3), ("pb", None, 1), ("pc", "c", 2)]
        if b"taskIdIn" in (request.body or b""):
            rows = [row for row in rows if row[1]]
        named = {"id": "v", "name": "n", "type": "Integer"}
        return said(
            [{**named, "processInstanceId": p, "taskId": t, "value": v} for p, t, v in rows]
        )

    servers.faults = held
    by = {"variable": "n", "type": "integer"}
    order = {"sortBy": "processVariable", "sortOrder": "asc", "parameters": by}
    theirs = ["b", "c", "a"]
    tasks, rows = ordered(
        {*theirs},
        [order],
        server(servers),
        lambda orders: [servers.tasks[each] for each in (theirs if orders else sorted(theirs))],
    )
    assert [task["id"] for task in tasks] == ["b", "a", "c"]
    assert rows == {"D16"}


def test_conditions_that_rows_govern_are_told_by_their_values() -> None:
    assert row_of({"operator": "gt", "value": 5}) == "D9"
    assert row_of({"operator": "eq", "value": True}) == ""
    assert row_of({"operator": "eq", "value": ""}) == "D10"
    assert row_of({"operator": "like", "value": ""}) == ""


def refuses_assigned_tasks_alone(request: Sent) -> Any:
    """As the engine does for a query with `includeAssignedTasks` and no candidates."""
    body = json.loads(request.body or b"{}")
    if body.get("includeAssignedTasks") and "andidate" not in "".join(body):
        return said({"message": "has to be called before 'includeAssignedTasks'"}, 500)
    return None


def test_simpler_queries_are_such_that_the_old_server_takes_them() -> None:
    one, two = some(), target(nulls_last=True)
    one.faults = refuses_assigned_tasks_alone
    candidates = {"candidateGroup": "g", "includeAssignedTasks": True, "nameLike": "%ay%"}
    body = {**candidates, "withoutCandidateUsers": True, **BY_DUE}
    assert why(body, one, two) == "D8, D16: worked out from the old server's data"


def test_what_cannot_be_worked_out_is_not_explained() -> None:
    one, two = some(), target(reads_parts=True)

    def refuse(request: Sent) -> Any:
        return said({"message": "no"}, 500) if b"%ay%" in (request.body or b"") else None

    one.faults = refuse
    assert why({"nameLike": "ay"}, one, two) == ""
