"""Whatever a caller can observe is the same whether hidden tasks exist or not.

Status, body, headers, figures and refusals are compared between a table with the tasks that the
caller may see, and one that has tasks of other tenants beside them.
"""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from taskdock.domain.changes.cursor import Cursor
from taskdock.domain.instants import Instant, write
from taskdock.domain.tasks.task import Task, changed, is_open, is_visible
from taskdock.use_cases.ports import Changes, Put, Remove

from tests.support.builders import CREATED, MINUTE, a_task, noise
from tests.support.http_events import USER_CLAIMS, Reply
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import InMemoryWiring
from tests.unit.query.worlds import queries, worlds

CALLERS: Final = {
    "of one tenant": {**USER_CLAIMS, "cognito:groups": "[accounting sales tenant:t1]"},
    "of no tenant": {**USER_CLAIMS, "cognito:groups": "[accounting sales]"},
}
TENANTS: Final = {"of one tenant": frozenset({"t1"}), "of no tenant": frozenset[str]()}

FIGURES_OF_TIME: Final = re.compile(r'"(milliseconds|usd)": ?[0-9.e-]+')


def seen(reply: Reply) -> tuple[int, Mapping[str, str], str]:
    """All that a caller sees of an answer, but for how long it took."""
    return reply.status, reply.headers, FIGURES_OF_TIME.sub("", reply.text)


def both(tasks: Sequence[Task], caller: str) -> tuple[InMemoryApps, InMemoryApps, list[Task]]:
    """The functions over what the caller may see, over everything, and what is hidden."""
    visible = [task for task in tasks if is_visible(task, TENANTS[caller])]
    hidden = [task for task in tasks if not is_visible(task, TENANTS[caller])]
    return InMemoryApps(*visible), InMemoryApps(*tasks), hidden


def with_large_ones(tasks: list[Task]) -> list[Task]:
    """Every hidden task is large, so that reading one would show in the figures."""
    return [
        changed(task, description=noise(5_000)) if task.get("tenantId") == "t9" else task
        for task in tasks
    ]


@settings(max_examples=150, deadline=None)
@given(
    worlds(),
    queries(),
    st.sampled_from(sorted(CALLERS)),
    st.sampled_from(["", "maxResults=2", "explain=true", "explain=true&maxResults=1"]),
    st.sampled_from([{}, {"x-max-read-units": "2"}, {"x-max-read-units": "4.5"}]),
)
def test_queries_are_answered_as_if_hidden_tasks_did_not_exist(
    tasks: list[Task],
    body: Mapping[str, Any],
    caller: str,
    parameters: str,
    headers: Mapping[str, str],
) -> None:
    alone, beside, hidden = both(with_large_ones(tasks), caller)
    asked = {**body, "taskIdIn": [task["id"] for task in hidden]} if len(hidden) % 2 else body
    for route in ("POST /task", "POST /task/count"):
        answers = [
            apps.ask(route, body=asked, query=parameters, headers=headers, claims=CALLERS[caller])
            for apps in (alone, beside)
        ]
        assert seen(answers[0]) == seen(answers[1])


def bisected(apps: InMemoryApps, caller: str) -> list[tuple[int, Mapping[str, str], str]]:
    """What somebody sees who looks for a due date by halves."""
    found = []
    low, high = 0, 4_000_000_000_000
    for _ in range(20):
        middle = (low + high) // 2
        body = {
            "processInstanceBusinessKey": "secret",
            "dueAfter": date(low),
            "dueBefore": date(middle),
        }
        reply = apps.ask("POST /task", body=body, query="explain=true", claims=CALLERS[caller])
        found.append(seen(reply))
        low, high = (low, middle) if reply.json["read"]["items"] else (middle, high)
    return found


def date(instant: int) -> str:
    return write(Instant(instant))


@pytest.mark.parametrize("caller", CALLERS)
def test_bisection_over_dates_finds_nothing(caller: str) -> None:
    secret = a_task(
        "secret", tenantId="t9", due=1_780_000_000_000, processInstanceBusinessKey="secret"
    )
    alone, beside, _ = both([a_task("t1"), secret], caller)

    assert bisected(alone, caller) == bisected(beside, caller)


def with_feed(tasks: Sequence[Task], shown: Sequence[Task]) -> InMemoryApps:
    """The functions over those shown of the tasks; each was written at its own time."""
    wiring = InMemoryWiring()
    for at, task in enumerate(tasks):
        wiring.stamped = Instant(CREATED + at // 3)
        if task in shown:
            wiring.memory.commit(Changes([Put(task)]))
            if at % 4 == 0:
                before = wiring.memory.get(task["id"])
                assert before is not None
                erased, later = Remove(before), Put(changed(before.task, priority=9), before)
                wiring.memory.commit(Changes([erased if at % 8 else later]))
    wiring.moment = wiring.stamped = Instant(CREATED + 10 * MINUTE)
    return InMemoryApps(wiring=wiring)


@settings(max_examples=60, deadline=None)
@given(
    worlds(60),
    st.sampled_from(sorted(CALLERS)),
    st.sampled_from(["1", "3", "100"]),
    st.sampled_from(["true", "false"]),
    st.sampled_from([{}, {"x-max-read-units": "9"}, {"x-max-read-units": "12"}]),
)
def test_the_feed_tells_what_it_would_if_hidden_tasks_did_not_exist(
    tasks: list[Task], caller: str, limit: str, whole: str, headers: Mapping[str, str]
) -> None:
    visible = [task for task in tasks if is_visible(task, TENANTS[caller])]
    alone, beside = with_feed(tasks, visible), with_feed(tasks, tasks)
    since, told = Cursor.at_the_end(Instant(CREATED - MINUTE)).token, 0
    for _ in range(2 * len(tasks) + 2):
        query = {"since": since, "limit": limit, "withTasks": whole}
        first, second = (
            apps.ask("GET /v1/changes", query=query, headers=headers, claims=CALLERS[caller])
            for apps in (alone, beside)
        )
        assert seen(first) == seen(second)
        if first.status != 200:
            return
        told += len(first.json["changes"])
        since = first.json["next"]
        if not first.json["more"]:
            break
    assert told >= len([task for task in visible if is_open(task)])


OTHERS: Final[Sequence[tuple[str, Any]]] = (
    ("GET /task/{id}", None),
    ("PUT /task/{id}", {"name": "x"}),
    ("DELETE /task/{id}", None),
    ("POST /task/{id}/claim", {"userId": "demo"}),
    ("POST /task/{id}/unclaim", None),
    ("POST /task/{id}/assignee", {"userId": "demo"}),
    ("POST /task/{id}/delegate", {"userId": "demo"}),
    ("POST /task/{id}/resolve", {}),
    ("POST /task/{id}/complete", {}),
    ("POST /task/{id}/bpmnError", {"errorCode": "e"}),
    ("POST /task/{id}/bpmnEscalation", {"escalationCode": "e"}),
    ("GET /task/{id}/identity-links", None),
    ("POST /task/{id}/identity-links", {"groupId": "g", "type": "candidate"}),
    ("GET /task/{id}/variables", None),
    ("GET /task/{id}/localVariables", None),
    ("POST /task/{id}/variables", {"modifications": {"v": {"value": 1}}}),
    ("GET /task/{id}/form", None),
    ("GET /task/{id}/comment", None),
    ("POST /task/{id}/comment/create", {"message": "m"}),
    ("GET /task/{id}/attachment", None),
    ("GET /task/report/candidate-group-count", None),
    ("GET /v1/services/tasks", None),
    ("GET /v1/changes", None),
    ("GET /task", None),
    ("GET /task/count", None),
)


@settings(max_examples=20, deadline=None)
@given(worlds(), st.sampled_from(sorted(CALLERS)))
def test_a_hidden_task_is_answered_as_one_that_is_not_there(tasks: list[Task], caller: str) -> None:
    hidden_task = a_task("hidden", tenantId="t9", groups=["sales"], assignee="demo")
    alone, beside, _ = both([*tasks, hidden_task], caller)
    for route, body in OTHERS:
        answers = [
            apps.ask(route, "hidden", body, claims=CALLERS[caller]) for apps in (alone, beside)
        ]
        assert seen(answers[0]) == seen(answers[1]), route


def test_another_users_groups_are_not_named() -> None:
    apps = InMemoryApps(a_task("t1", groups=["sales"]))
    reply = apps.ask("POST /task", body={"candidateUser": "mary"}, query="explain=true")

    [entry] = reply.json["plan"]["keys"]
    assert {each["kind"] for each in entry["partitions"]} == {"user"}
    assert "support" not in json.dumps(reply.json["plan"])


# The exceptions, which the documentation names.


def test_that_an_id_is_taken_shows_and_nothing_else_of_the_task() -> None:
    body = {"id": "taken", "name": "mine"}
    visible, hidden = InMemoryApps(a_task("taken")), InMemoryApps(a_task("taken", tenantId="t9"))
    answers = [apps.ask("POST /task/create", body=body) for apps in (visible, hidden)]

    assert answers[0].status == 409
    assert seen(answers[0]) == seen(answers[1])


def test_that_a_service_is_in_use_shows() -> None:
    apps = InMemoryApps(a_task("hidden", tenantId="t9", service="printer"))
    admin = {**USER_CLAIMS, "scope": "taskdock/admin"}
    apps.ask("PUT /v1/services/printer", body={"name": "P"}, claims=admin)

    assert apps.ask("DELETE /v1/services/printer", claims=admin).status == 409
