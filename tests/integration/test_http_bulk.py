"""Many tasks changed by one request, over HTTP."""

from typing import Any, Final

import pytest
from taskdock.use_cases.tasks import change_each as use_case
from taskdock.use_cases.tasks.change_each import Outcome, Wanted, change_each

from tests.support.builders import a_task
from tests.support.http_events import Reply, sample
from tests.support.in_memory_apps import InMemoryApps

ROUTE: Final = "POST /v1/tasks/bulk"
DUE: Final = "2026-03-01T12:00:00.000+0000"


def bulk(apps: InMemoryApps, change: dict[str, Any], *tasks: Any) -> Reply:
    named = [{"id": each} if isinstance(each, str) else each for each in tasks]
    return apps.ask(ROUTE, body={"change": change, "tasks": named})


def results(answer: Reply) -> list[tuple[str, int, Any]]:
    assert answer.status == 200, answer.text
    assert answer.json["notReached"] == []
    return [
        (each["id"], each["status"], each.get("version") or each["error"]["type"])
        for each in answer.json["results"]
    ]


def test_the_sample_changes_what_it_may() -> None:
    apps = InMemoryApps(a_task("approve-order-17"))

    answer = apps.send(sample("manage_task", "change_many"))

    assert results(answer) == [
        ("approve-order-17", 200, 2),
        ("gone", 404, "InvalidRequestException"),
    ]
    assert apps.task("approve-order-17")["priority"] == 70


def test_each_task_has_a_result_of_its_own_in_the_order_of_the_request() -> None:
    apps = InMemoryApps(
        a_task("free"),
        a_task("taken", assignee="mary"),
        a_task("moved"),
        a_task("suspended", suspended=True),
        a_task("hidden", tenantId="t9"),
        a_task("ended", state="completed", ended=1),
    )
    moved = {"id": "moved", "version": 7}

    answer = bulk(
        apps, {"action": "claim"}, "taken", moved, "free", "hidden", "suspended", "ended", "no/id"
    )

    assert results(answer) == [
        ("taken", 409, "TaskAlreadyClaimedException"),
        ("moved", 412, "PreconditionFailedException"),
        ("free", 200, 2),
        ("hidden", 404, "InvalidRequestException"),
        ("suspended", 400, "SuspendedEntityInteractionException"),
        ("ended", 404, "InvalidRequestException"),
        ("no/id", 404, "InvalidRequestException"),
    ]
    assert apps.task("free")["assignee"] == "demo"
    assert "assignee" not in apps.task("moved")


def test_a_result_is_refused_as_the_single_change_is() -> None:
    apps = InMemoryApps(a_task("t1", assignee="mary"))
    alone = apps.ask("POST /task/{id}/claim", "t1", {"userId": "demo"})

    [result] = bulk(apps, {"action": "claim"}, "t1").json["results"]

    assert (result["status"], result["error"]) == (alone.status, alone.json)


@pytest.mark.parametrize(
    ("change", "single", "body"),
    [
        ({"action": "claim"}, "claim", {"userId": "demo"}),
        ({"action": "claim", "userId": "ann"}, "claim", {"userId": "ann"}),
        ({"action": "unclaim"}, "unclaim", {}),
        ({"action": "assign", "userId": "ann"}, "assignee", {"userId": "ann"}),
        ({"action": "assign", "userId": None}, "assignee", {"userId": None}),
        ({"action": "delegate", "userId": "ann"}, "delegate", {"userId": "ann"}),
        ({"action": "resolve"}, "resolve", {}),
        (
            {"action": "complete", "variables": {"ok": {"value": True}}},
            "complete",
            {"variables": {"ok": {"value": True}}},
        ),
    ],
)
def test_a_change_is_what_its_own_route_does(
    change: dict[str, Any], single: str, body: dict[str, Any]
) -> None:
    fields: dict[str, Any] = {"owner": "ann"}
    if single == "unclaim":
        fields["assignee"] = "mary"
    task = a_task("t1", **fields, processInstanceId="p1", processVariables={})
    one, many = InMemoryApps(task), InMemoryApps(task)

    one.ask(f"POST /task/{{id}}/{single}", "t1", body)
    assert results(bulk(many, change, {"id": "t1", "version": 1})) == [("t1", 200, 2)]

    assert many.task() == one.task()
    logged = [
        {**(operation or {}), "id": ""}
        for apps in (one, many)
        for _, _, operation in [apps.wiring.memory.written[-1]]
    ]
    assert logged[0] == logged[1]
    assert logged[0]["user"] == "demo"


@pytest.mark.parametrize(
    ("change", "shown"),
    [
        ({"action": "priority", "priority": -3}, {"priority": -3}),
        ({"action": "due", "due": DUE}, {"due": DUE}),
        ({"action": "due", "due": None}, {"due": None}),
        ({"action": "followUp", "followUp": DUE}, {"followUp": DUE}),
        ({"action": "followUp", "followUp": None}, {"followUp": None}),
    ],
)
def test_a_property_is_set_and_nothing_else(change: dict[str, Any], shown: dict[str, Any]) -> None:
    apps = InMemoryApps(a_task("t1", due=5, followUp=6, priority=9, name="n"))
    before = apps.ask("GET /task/{id}").json

    assert results(bulk(apps, change, "t1")) == [("t1", 200, 2)]

    after = apps.ask("GET /task/{id}").json
    untold = ("lastUpdated", "taskState")
    assert {**before, **shown, **dict.fromkeys(untold)} == {**after, **dict.fromkeys(untold)}
    assert after["taskState"] == "Updated"


def test_a_suspended_task_keeps_its_dates() -> None:
    apps = InMemoryApps(a_task("t1", suspended=True))

    assert results(bulk(apps, {"action": "due", "due": DUE}, "t1"))[0][1] == 400


def test_sub_tasks_end_with_their_task() -> None:
    apps = InMemoryApps(a_task("t1"), a_task("t2", parentTaskId="t1"), a_task("t3"))

    answer = bulk(apps, {"action": "complete"}, "t1", "t2", "t3")

    assert [status for _, status, _ in results(answer)] == [200, 404, 200]
    assert {apps.task(name)["state"] for name in ("t1", "t2", "t3")} == {"completed"}


def test_a_hundred_tasks_are_changed_and_more_are_refused() -> None:
    apps = InMemoryApps(*(a_task(f"t{place}") for place in range(101)))
    names = [f"t{place}" for place in range(101)]

    assert len(results(bulk(apps, {"action": "claim"}, *names[:100]))) == 100
    assert bulk(apps, {"action": "claim"}, *names).status == 400


@pytest.mark.parametrize(
    ("body", "named"),
    [
        ({"tasks": [{"id": "t1"}]}, "change: is missing"),
        ({"change": {"action": "claim"}}, "tasks: expected 1 to 100 tasks, got 0"),
        ({"change": {"action": "claim"}, "tasks": []}, "got 0"),
        ({"change": {"action": "claim"}, "tasks": [{"id": "t1"}, {"id": "t1"}]}, "named twice"),
        ({"change": {"action": "claim"}, "tasks": [{"version": 1}]}, "tasks[0].id: is missing"),
        ({"change": {"action": "claim"}, "tasks": [{"id": "t1", "v": 1}]}, "tasks[0]"),
        ({"change": {"action": "claim"}, "tasks": [{"id": "t1", "version": "1"}]}, "version"),
        ({"change": {"action": "burn"}, "tasks": [{"id": "t1"}]}, "change.action"),
        ({"change": {}, "tasks": [{"id": "t1"}]}, "change.action: is missing"),
        ({"change": {"action": "assign"}, "tasks": [{"id": "t1"}]}, "change.userId: is missing"),
        ({"change": {"action": "delegate"}, "tasks": [{"id": "t1"}]}, "change.userId"),
        ({"change": {"action": "due"}, "tasks": [{"id": "t1"}]}, "change.due: is missing"),
        ({"change": {"action": "due", "due": "soon"}, "tasks": [{"id": "t1"}]}, "change.due"),
        ({"change": {"action": "priority"}, "tasks": [{"id": "t1"}]}, "change.priority"),
        ({"change": {"action": "claim", "due": 1}, "tasks": [{"id": "t1"}]}, "due"),
        (
            {"change": {"action": "complete", "variables": []}, "tasks": [{"id": "t1"}]},
            "change.variables",
        ),
        ({"change": {"action": "claim"}, "tasks": [{"id": "t1"}], "dry": True}, "dry"),
        ([], "the body"),
    ],
)
def test_what_makes_no_change_is_a_400_that_names_it(body: object, named: str) -> None:
    apps = InMemoryApps(a_task("t1"))

    answer = apps.ask(ROUTE, body=body)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert named in answer.json["message"]
    assert apps.task() == a_task("t1")


def test_what_is_not_reached_in_time_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(use_case, "_LONGEST_CHANGE", 60.0)
    apps = InMemoryApps(a_task("t1"), a_task("t2"))

    answer = bulk(apps, {"action": "claim"}, "t1", "t2").json

    assert answer == {"results": [], "notReached": ["t1", "t2"]}
    assert "assignee" not in apps.task()


def test_no_task_is_begun_that_might_not_end_in_time() -> None:
    wanted = [Wanted(task["id"], None) for task in (a_task("t1"), a_task("t2"), a_task("t3"))]
    left = iter([9.0, 5.0, 3.9])

    outcomes = change_each(wanted, lambda _: 2, lambda: next(left))

    assert outcomes == [Outcome(each.task_id, 2) for each in wanted[:2]]
