"""Lists of tasks as clients of Camunda 7 ask for them: in HAL, with a total, never stale."""

from typing import Any

import pytest
from taskdock.domain.tasks.task import Task

from tests.support.builders import CREATED, a_task
from tests.support.http_events import Reply
from tests.support.in_memory_apps import InMemoryApps

SDK = "application/hal+json, application/json; q=0.5"
"""What Camunda 7's JavaScript client accepts."""


def apps_with(number: int = 5) -> InMemoryApps:
    return InMemoryApps(*(a_task(f"t{place}", created=CREATED + place) for place in range(number)))


def listed(apps: InMemoryApps, query: str = "", accept: str = SDK) -> Reply:
    return apps.ask("GET /task", query=query, headers={"accept": accept})


def ids(answer: Reply) -> list[str]:
    return [task["id"] for task in answer.json["_embedded"]["task"]]


def test_a_list_in_hal_has_its_tasks_and_their_number() -> None:
    answer = listed(apps_with())

    assert (answer.status, answer.headers["content-type"]) == (200, "application/hal+json")
    assert ids(answer) == ["t0", "t1", "t2", "t3", "t4"]
    assert answer.json["count"] == 5


@pytest.mark.parametrize(
    "query",
    [
        "maxResults=2",
        "firstResult=3",
        "maxResults=0",
        "sortBy=created&sortOrder=desc&maxResults=2",
        "createdAfter=1970-01-01T00:00:00.000%2B0000&sortBy=created&sortOrder=asc&maxResults=1",
        "firstResult=9",
    ],
)
def test_the_number_leaves_paging_aside(query: str) -> None:
    assert listed(apps_with(), query).json["count"] == 5


def test_the_number_is_that_of_the_tasks_that_match() -> None:
    answer = listed(apps_with(), "taskIdIn=t1,t3&maxResults=1&sortBy=created&sortOrder=asc")

    assert (ids(answer), answer.json["count"]) == (["t1"], 2)


def test_pages_in_hal_lead_to_the_next_one() -> None:
    apps = apps_with()
    query = "sortBy=created&sortOrder=asc&maxResults=3"
    first = listed(apps, query)
    second = listed(apps, f"{query}&pageToken={first.headers['x-next-page-token']}")

    assert ids(first) + ids(second) == ["t0", "t1", "t2", "t3", "t4"]
    assert second.json["count"] == 5
    assert "x-next-page-token" not in second.headers


def test_the_read_units_of_counting_are_in_the_header() -> None:
    apps = InMemoryApps(
        *(a_task(f"t{place}", assignee="mary", created=CREATED + place) for place in range(100))
    )
    query = "assignee=mary&sortBy=created&sortOrder=asc&maxResults=1"
    page = apps.ask("GET /task", query=query)

    assert float(listed(apps, query).headers["x-read-units"]) > float(page.headers["x-read-units"])


@pytest.mark.parametrize("accept", ["application/json", "*/*"])
def test_json_is_a_plain_list_that_is_not_cached(accept: str) -> None:
    answer = listed(apps_with(1), accept=accept)

    assert [task["id"] for task in answer.json] == ["t0"]
    assert answer.headers["cache-control"] == "no-cache"
    assert listed(apps_with(1)).headers["cache-control"] == "no-cache"


@pytest.mark.parametrize("accept", ["text/html", "application/xml", "application/json;q=0"])
def test_nothing_else_is_served(accept: str) -> None:
    answer = listed(apps_with(1), accept=accept)

    assert (answer.status, answer.json["type"]) == (406, "NotAcceptableException")


@pytest.mark.parametrize("route", ["POST /task", "GET /task/count", "POST /task/count"])
def test_hal_is_for_lists_by_get_alone(route: str) -> None:
    assert apps_with().ask(route, headers={"accept": "application/hal+json"}).status == 406
    assert apps_with().ask(route, headers={"accept": SDK}).status == 200


def test_errors_are_json_for_clients_of_hal_too() -> None:
    answer = listed(apps_with(), "maxResults=-1")

    assert (answer.status, answer.headers["content-type"]) == (400, "application/json")
    assert "maxResults" in answer.json["message"]


# Variables of what lies above


def family() -> tuple[Task, ...]:
    def holding(name: str) -> dict[str, Any]:
        return {name: {"type": "String", "value": name}}

    return (
        a_task("root", variables=holding("root")),
        a_task("middle", parentTaskId="root", variables=holding("middle")),
        a_task("leaf", parentTaskId="middle"),
        a_task("stray", parentTaskId="theirs"),
        a_task("theirs", tenantId="t9", variables=holding("secret")),
    )


def variables(answer: Reply) -> dict[str, list[str]]:
    return {task["id"]: sorted(task.get("variables", ())) for task in answer.json}


@pytest.mark.parametrize(
    ("flag", "leaf"),
    [("withTaskVariablesInReturn", ["middle", "root"]), ("withTaskLocalVariablesInReturn", [])],
)
def test_a_list_shows_variables_of_its_tasks_ancestors(flag: str, leaf: list[str]) -> None:
    apps = InMemoryApps(*family())
    by_post = apps.ask("POST /task", body={flag: True, "taskIdIn": ["leaf", "stray"]})
    by_get = apps.ask("GET /task", query=f"{flag}=true&taskIdIn=leaf,stray")

    assert variables(by_post) == variables(by_get) == {"leaf": leaf, "stray": []}


def test_reading_ancestors_counts_against_the_budget() -> None:
    apps = InMemoryApps(*family())
    plain = {"taskIdIn": ["leaf"]}
    asked = {**plain, "withTaskVariablesInReturn": True}
    spent = [
        float(apps.ask("POST /task", body=body).headers["x-read-units"]) for body in (plain, asked)
    ]

    assert spent == [0.5, 1.5]
    answer = apps.ask("POST /task", body=asked, headers={"x-max-read-units": "0.9"})
    assert (answer.status, answer.json["type"]) == (422, "QueryTooExpensiveException")
