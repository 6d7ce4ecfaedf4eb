"""History over HTTP: tasks, their log, their variables, and what bad requests get."""

from typing import Any, Final

import pytest
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import TaskId

from tests.support.builders import CREATED, a_task
from tests.support.http_events import USER_CLAIMS, Reply
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_history import catch_up

OF_T2: Final = {**USER_CLAIMS, "username": "peter", "cognito:groups": "[tenant:t2]"}


def log(served: InMemoryApps, query: str = "taskId=t1") -> Reply:
    catch_up(served.wiring.memory)
    return served.ask("GET /history/user-operation", query=query)


def test_a_life_is_logged_with_who_did_what() -> None:
    served = InMemoryApps(a_task("t1"))
    served.ask("POST /task/{id}/claim", body={"userId": "demo"})
    served.wiring.moment = Instant(CREATED + 5000)
    served.ask("POST /task/{id}/complete", body={})

    lines = log(served, "taskId=t1&sortBy=timestamp&sortOrder=desc").json

    assert [(each["operationType"], each["userId"], each["newValue"]) for each in lines] == [
        ("Complete", "demo", "true"),
        ("Claim", "demo", "demo"),
    ]
    [task] = served.ask("GET /history/task", query="taskId=t1").json
    assert (task["duration"], task["deleteReason"], task["taskState"]) == (
        5000,
        "completed",
        "Completed",
    )


def test_a_deleted_task_is_shown_by_history_alone() -> None:
    served = InMemoryApps(a_task("t1", service="operator-p4"))
    served.ask("POST /task/{id}/comment/create", body={"message": "m"})
    assert served.ask("DELETE /task/{id}").status == 204

    for route in ("GET /task/{id}", "GET /task/{id}/comment", "DELETE /task/{id}",
                  "GET /v1/services/operator-p4/tasks/{id}"):  # fmt: skip
        assert served.ask(route).status == 404, route
    assert served.ask("GET /v1/services/operator-p4/tasks/{id}/history").json["state"] == "deleted"
    assert served.ask("GET /task/count").json == {"count": 0}
    [task] = served.ask("GET /history/task", query="finished=true").json
    assert (task["id"], task["deleteReason"]) == ("t1", "deleted")


def test_the_id_of_an_ended_task_is_taken() -> None:
    served = InMemoryApps(a_task("t1"))
    served.ask("DELETE /task/{id}")

    assert served.ask("POST /task/create", body={"id": "t1"}).status == 409


def test_another_tenants_history_is_not_there() -> None:
    served = InMemoryApps(a_task("t1", tenantId="t1"))
    served.ask("POST /task/{id}/claim", body={"userId": "demo"})
    assert len(log(served).json) == 1

    for route, query in (
        ("GET /history/user-operation", "taskId=t1"),
        ("GET /history/task", "taskId=t1"),
        ("GET /history/task", ""),
        ("GET /history/variable-instance", "taskIdIn=t1&includeDeleted=true"),
    ):
        assert served.ask(route, query=query, claims=OF_T2).json == [], route


def test_a_service_shows_the_history_of_its_task() -> None:
    served = InMemoryApps(a_task("t1", service="operator-p4", state="created"))
    base = "/v1/services/operator-p4/tasks/{id}"
    served.ask(f"POST {base}/action", body={"action": "start"})
    served.ask(f"POST {base}/output", body={"href": "https://example.org/1"})
    catch_up(served.wiring.memory)

    shown = served.ask(f"GET {base}/history").json

    assert [(each["operation"], each["property"], each["after"]) for each in shown["embedded"][
        "entries"]] == [("Start", "state", "started"), ("Update", "output", None)]  # fmt: skip
    assert shown["links"]["self"]["href"].endswith("/tasks/t1/history")
    assert served.ask("GET /v1/services/other/tasks/{id}/history").status == 404


def test_queries_read_only_what_can_match() -> None:
    tasks = [a_task(f"o{n}", assignee=f"u{n}") for n in range(40)]
    tasks += [a_task(f"e{n}", assignee=f"u{n}", ended=CREATED + n) for n in range(40)]
    served = InMemoryApps(*tasks)

    def cost(query: str) -> float:
        return float(served.ask("GET /history/task", query=query).headers["x-read-units"])

    assert cost("taskId=e5") == cost("taskAssignee=u5&finished=true") == 0.5
    assert cost("taskAssignee=u5") == 1
    assert cost("finished=true") < cost("")


@pytest.mark.parametrize(
    ("route", "query", "body"),
    [
        ("GET /history/user-operation", "", None),
        ("GET /history/user-operation", "taskId=t1&afterTimestamp=x", None),
        ("GET /history/user-operation", "taskId=t1&sortBy=userId&sortOrder=asc", None),
        ("GET /history/user-operation", "taskId=t1&maxResults=-1", None),
        ("GET /history/task", "finished=maybe", None),
        ("GET /history/task", "orQueries=[", None),
        ("GET /history/task", "strict=true&taskNames=x", None),
        ("GET /history/task", "firstResult=99999999999", None),
        ("POST /history/task", "", []),
        ("POST /history/task", "", {"orQueries": [{"sorting": [{}]}]}),
        ("POST /history/task", "", {"sorting": [{"sortBy": "created", "sortOrder": "asc"}]}),
        (
            "POST /history/task",
            "",
            {"taskVariables": [{"name": "v", "operator": "gt", "value": 1}]},
        ),
        ("POST /history/task", "strict=true", {"taskIdIn": ["t1"]}),
        ("POST /history/task", "", {"withoutTaskDueDate": True, "taskDueDate": 1}),
        ("POST /history/variable-instance", "", {"taskIdIn": 1}),
    ],
)
def test_bad_requests_are_a_400(route: str, query: str, body: Any) -> None:
    answer = InMemoryApps(a_task("t1")).ask(route, query=query, body=body)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")


def test_unknown_properties_are_ignored_and_deep_offsets_find_nothing() -> None:
    served = InMemoryApps(a_task("t1"))

    assert len(served.ask("POST /history/task", body={"taskIdIn": ["x"]}).json) == 1
    for route in ("GET /history/task", "GET /history/variable-instance"):
        assert served.ask(route, query="firstResult=2147483647").json == []


def test_history_over_the_budget_is_refused_with_advice() -> None:
    served = InMemoryApps(a_task("t1"))

    answer = served.ask("GET /history/task", headers={"x-max-read-units": "1"})

    assert (answer.status, answer.json["type"]) == (422, "QueryTooExpensiveException")
    assert "taskAssignee" in answer.json["message"]


def test_a_removed_variable_is_shown_on_request_and_a_new_one_instead_of_it() -> None:
    served = InMemoryApps(a_task("t1", variables={"v": {"type": "Integer", "value": 1}}))
    served.wiring.moment = Instant(CREATED + 7)
    served.ask("DELETE /task/{id}/localVariables/{name}", name="v")
    catch_up(served.wiring.memory)
    query = "taskIdIn=t1&includeDeleted=true"

    [removed] = served.ask("GET /history/variable-instance", query=query).json
    assert (removed["state"], removed["value"]) == ("DELETED", 1)
    assert served.ask("GET /history/variable-instance/{id}", removed["id"]).json == removed

    served.ask("PUT /task/{id}/localVariables/{name}", name="v", body={"value": 2})
    [again] = served.ask("GET /history/variable-instance", query=query).json
    assert (again["state"], again["value"], again["id"]) == ("CREATED", 2, removed["id"])
    assert again["createTime"] > removed["createTime"]
    assert served.wiring.memory.get(TaskId("t1")) is not None
