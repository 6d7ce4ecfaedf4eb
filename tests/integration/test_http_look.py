"""What a page shows, asked for by one request."""

from typing import Any, Final

import pytest
from taskdock.domain.access import Authorization
from taskdock.domain.tasks.task import Task
from taskdock.runtime.settings import Settings

from tests.support.builders import a_task, to_group
from tests.support.http_events import USER_CLAIMS, Reply, sample
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import IDENTITY, InMemoryWiring

ROUTE: Final = "POST /v1/look"
MINE: Final = {"assignee": "demo"}


def looked(apps: InMemoryApps, *queries: Any, filters: Any = None, **more: Any) -> Any:
    answer = apps.ask(ROUTE, body={"queries": [*queries], "filters": filters}, **more)
    assert answer.status == 200, answer.text
    return answer.json


def shown(part: Any) -> list[str]:
    return [task["id"] for task in part["tasks"]]


def filter_of(apps: InMemoryApps, name: str, query: Any) -> None:
    body = {"resourceType": "Task", "name": name, "query": query}
    assert apps.ask("POST /filter/create", body=body).status == 200


def test_the_sample_finds_what_concerns_its_caller_and_its_filters() -> None:
    apps = InMemoryApps(a_task("t1", assignee="demo"), a_task("t2", links=[to_group("sales")]))

    answer = apps.send(sample("manage_filters", "look")).json

    concerning, mine = answer["queries"]
    assert sorted(shown(concerning)) == ["t1", "t2"]
    assert shown(mine) == ["t1"]
    assert answer["filters"]["filters"] == []


def test_a_query_finds_what_the_task_query_finds() -> None:
    tasks = [a_task(f"t{n}", assignee="demo", created=n) for n in range(7)]
    apps = InMemoryApps(*tasks)
    query = {**MINE, "sorting": [{"sortBy": "created", "sortOrder": "desc"}]}
    alone = apps.ask("POST /task", body=query, query="maxResults=3&withVersion=true")

    first = looked(apps, {"query": query, "maxResults": 3})["queries"][0]
    token = first["nextPageToken"]
    second = looked(apps, {"query": query, "maxResults": 50, "pageToken": token})["queries"][0]

    assert (first["status"], first["tasks"]) == (200, alone.json)
    assert token == alone.headers["x-next-page-token"]
    assert f"{first['readUnits']:g}" == alone.headers["x-read-units"]
    assert shown(second) == ["t3", "t2", "t1", "t0"]
    assert second["nextPageToken"] is None


def test_variables_are_shown_to_who_asks_for_them() -> None:
    apps = InMemoryApps(
        a_task("t1", assignee="demo", variables={"a": {"type": "Integer", "value": 1}})
    )

    [part] = looked(apps, {"query": {**MINE, "withTaskVariablesInReturn": True}})["queries"]

    assert part["tasks"][0]["variables"]["a"]["value"] == 1


def test_what_the_caller_has_is_not_sent_again_until_it_changes() -> None:
    apps = InMemoryApps(a_task("t1", assignee="demo"))
    first = looked(apps, {"query": MINE}, filters={})
    tags = {"query": MINE, "tag": first["queries"][0]["tag"]}, {"tag": first["filters"]["tag"]}

    same = looked(apps, tags[0], filters=tags[1])
    apps.ask("PUT /task/{id}", "t1", {"name": "another name", "assignee": "demo"})
    changed = looked(apps, tags[0], filters=tags[1])

    known = {"status": 304, "readUnits": first["queries"][0]["readUnits"], "tag": tags[0]["tag"]}
    assert same["queries"] == [known]
    assert same["filters"]["status"] == 304
    assert changed["queries"][0]["tasks"][0]["name"] == "another name"
    assert changed["filters"]["status"] == 304


def test_the_tag_of_a_page_changes_when_the_first_task_behind_it_appears() -> None:
    apps = InMemoryApps(a_task("t1", assignee="demo", created=1))
    query = {"query": {**MINE, "sorting": [{"sortBy": "created", "sortOrder": "asc"}]}}
    [first] = looked(apps, {**query, "maxResults": 1})["queries"]
    assert apps.ask("POST /task/create", body={"id": "t2", "assignee": "demo"}).status == 204

    [second] = looked(apps, {**query, "maxResults": 1, "tag": first["tag"]})["queries"]

    assert (first["nextPageToken"], second["status"]) == (None, 200)
    assert second["nextPageToken"] is not None


def test_a_number_has_a_tag_too() -> None:
    apps = InMemoryApps(a_task("t1", assignee="demo"), a_task("t2"))
    [first] = looked(apps, {"query": MINE, "count": True})["queries"]

    [same] = looked(apps, {"query": MINE, "count": True, "tag": first["tag"]})["queries"]

    assert (first["count"], "tasks" in first, same["status"]) == (1, False, 304)


def test_one_mistaken_query_leaves_the_others_alone() -> None:
    apps = InMemoryApps(a_task("t1", assignee="demo"))
    wrong = {"priority": "high"}

    answer = looked(apps, {"query": wrong}, {"query": MINE}, {"query": MINE, "pageToken": "x"})

    alone = apps.ask("POST /task", body=wrong)
    statuses = [part["status"] for part in answer["queries"]]
    assert statuses == [400, 200, 400]
    assert answer["queries"][0]["error"] == alone.json


def test_filters_come_by_name_with_their_numbers() -> None:
    apps = InMemoryApps(a_task("t1", assignee="demo"), a_task("t2"))
    filter_of(apps, "mine", {"assigneeExpression": "${currentUser()}"})
    filter_of(apps, "all", {})

    found = looked(apps, filters={})["filters"]["filters"]

    assert [(each["name"], each["itemCount"]) for each in found] == [("all", 2), ("mine", 1)]
    listed = apps.ask("GET /filter", query="itemCount=true&sortBy=name&sortOrder=asc")
    assert found == listed.json


def test_a_filter_whose_number_costs_too_much_has_none() -> None:
    chosen = Settings(max_read_units=1, **IDENTITY)
    tasks = (a_task(f"t{n}", assignee="demo") for n in range(300))
    apps = InMemoryApps(*tasks, wiring=InMemoryWiring(settings=chosen))
    filter_of(apps, "all", {})

    answer = looked(apps, {"query": {}}, filters={})

    assert (answer["queries"][0]["status"], answer["filters"]["status"]) == (422, 200)
    assert [each["name"] for each in answer["filters"]["filters"]] == ["all"]
    assert "itemCount" not in answer["filters"]["filters"][0]


def of_t2(task_id: str) -> Task:
    return a_task(task_id, tenantId="t2", assignee="demo")


def test_participants_see_their_own_tasks_and_no_figures() -> None:
    chosen = Settings(authorization=Authorization.PARTICIPANTS, **IDENTITY)
    tasks = (a_task("t1", assignee="demo"), a_task("t2", assignee="mary"), of_t2("t3"))
    apps = InMemoryApps(*tasks, wiring=InMemoryWiring(settings=chosen))

    answer = apps.ask(ROUTE, body={"queries": [{"query": {}}, {"query": {}, "count": True}]})

    tasks_found, number = answer.json["queries"]
    assert (shown(tasks_found), number["count"]) == (["t1"], 1)
    assert "readUnits" not in tasks_found
    assert "x-read-units" not in answer.headers
    before = tasks_found["tag"]
    apps.ask("POST /task/{id}/comment/create", "t2", {"message": "m"}, claims=MARY)
    [after] = looked(apps, {"query": {}, "tag": before})["queries"]
    assert after["status"] == 304


MARY: Final = {**USER_CLAIMS, "username": "mary"}


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ({"queries": [{"query": {}}] * 9}, "queries: expected at most 8"),
        ({"queries": [{"query": {}, "maxResults": 201}]}, "queries[0].maxResults"),
        ({"queries": [{"query": {}, "maxResults": 0}]}, "queries[0].maxResults"),
        ({"queries": [{"query": {}, "first": 1}]}, "first"),
        ({"filters": {"name": "x"}}, "name"),
        ({"tasks": []}, "tasks"),
        ([], "the body"),
    ],
)
def test_a_mistaken_request_is_refused_as_a_whole(body: Any, place: str) -> None:
    answer: Reply = InMemoryApps().ask(ROUTE, body=body)

    assert answer.status == 400
    assert place in answer.json["message"]


def test_nothing_asked_is_nothing_answered() -> None:
    assert looked(InMemoryApps()) == {"queries": [], "filters": None}
