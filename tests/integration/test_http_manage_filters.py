"""Stored filters over HTTP."""

from typing import Any, Final

import pytest
from taskdock.domain.access import Authorization
from taskdock.domain.tasks.task import Task
from taskdock.runtime.settings import Settings

from functions.manage_filters.handler import create_app
from tests.support.builders import a_task
from tests.support.http_events import USER_CLAIMS, Context, Reply, reply, sample
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import InMemoryWiring

MARY: Final = {**USER_CLAIMS, "username": "mary", "cognito:groups": "[sales]"}
OF_T2: Final = {**USER_CLAIMS, "username": "peter", "cognito:groups": "[tenant:t2]"}
OF_TWO: Final = {**USER_CLAIMS, "username": "kermit", "cognito:groups": "[tenant:t1 tenant:t2]"}
HAL: Final = {"accept": "application/hal+json"}


def apps(*tasks: Task) -> InMemoryApps:
    wiring = InMemoryWiring(groups={"mary": ["sales"], "demo": ["sales"]})
    return InMemoryApps(*tasks, wiring=wiring)


def create(
    served: InMemoryApps, query: object, claims: dict[str, Any] = USER_CLAIMS, **more: object
) -> Reply:
    body = {"resourceType": "Task", "name": "f", "query": query, **more}
    return served.ask("POST /filter/create", body=body, claims=claims)


def created(
    served: InMemoryApps, query: object, claims: dict[str, Any] = USER_CLAIMS, **more: object
) -> str:
    answer = create(served, query, claims, **more)
    assert answer.status == 200, answer.text
    return str(answer.json["id"])


def test_the_samples_create_a_filter_and_list_it() -> None:
    app = create_app(lambda: wiring)
    wiring = InMemoryWiring()
    created = reply(app(sample("manage_filters", "create_filter"), Context()))
    listed = reply(app(sample("manage_filters", "list_filters"), Context()))

    assert (created.status, listed.status) == (200, 200)
    assert listed.json == [{**created.json, "itemCount": 0}]


def test_a_filter_runs_as_whoever_asks() -> None:
    served = apps(a_task("1", assignee="demo"), a_task("2", assignee="mary"))
    owner = {**USER_CLAIMS, "cognito:groups": "[sales]"}
    filter_id = created(served, {"assigneeExpression": "${currentUser()}"}, owner)

    for claims, found in ((owner, ["1"]), (MARY, ["2"])):
        answer = served.ask("GET /filter/{id}/list", filter_id, claims=claims)
        assert [task["id"] for task in answer.json] == found


def test_a_filter_of_a_caller_of_one_tenant_is_that_tenants() -> None:
    served = apps()
    filter_id = created(served, {})

    assert served.ask("GET /filter/{id}", filter_id).status == 200
    for method, body in (("GET", None), ("DELETE", None), ("PUT", {"name": "x", "query": {}})):
        answer = served.ask(f"{method} /filter/{{id}}", filter_id, body, claims=OF_T2)
        assert (answer.status, answer.json["message"]) == (
            404,
            f"Filter with id '{filter_id}' does not exist.",
        )
    assert served.ask("GET /filter", claims=OF_T2).json == []


def test_a_caller_of_several_tenants_names_the_filters_tenant() -> None:
    served = apps()
    named = created(served, {}, OF_TWO, properties={"tenantId": "t2"})
    common = created(served, {}, OF_TWO)

    def seen(claims: dict[str, Any]) -> set[str]:
        return {each["id"] for each in served.ask("GET /filter", claims=claims).json}

    assert seen(OF_T2) == {named, common}
    assert seen(MARY) == {common}


@pytest.mark.parametrize(("tenant", "status"), [("t9", 403), ("t2", 403), (1, 400)])
def test_a_filter_for_another_tenant_is_refused_and_not_stored(tenant: object, status: int) -> None:
    served = apps()

    assert create(served, {}, properties={"tenantId": tenant}).status == status
    assert served.ask("GET /filter/count").json == {"count": 0}


def test_a_filter_stays_with_its_tenant() -> None:
    served = apps()
    filter_id = created(served, {}, OF_TWO)
    body = {"name": "f", "query": {}, "properties": {"tenantId": "t2"}}

    answer = served.ask("PUT /filter/{id}", filter_id, body, claims=OF_TWO)

    assert (answer.status, "tenantId" in answer.json["message"]) == (400, True)


@pytest.mark.parametrize(
    "query",
    [
        None,
        [],
        "x",
        {"priority": "abc"},
        {"sorting": [{"sortBy": "name"}]},
        {"sorting": [None]},
        {"sortBy": "name"},
        {"candidateUser": "a", "candidateGroup": "b"},
        {"orQueries": [None]},
        {"taskVariables": [{"name": "a", "operator": "foo", "value": 1}]},
        {"name": "x" * (100 * 1024)},
        {"name": "\x00"},
    ],
    ids=ascii,
)
def test_a_query_that_cannot_run_is_refused_and_not_stored(query: object) -> None:
    served = apps()

    answer = create(served, query)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert served.ask("GET /filter/count").json == {"count": 0}


def test_properties_over_the_limit_are_refused_and_change_nothing() -> None:
    served = apps()
    filter_id = created(served, {})
    body = {"name": "f", "query": {}, "properties": {"x": "y" * (100 * 1024)}}

    assert served.ask("PUT /filter/{id}", filter_id, body).status == 400
    assert served.ask("GET /filter/{id}", filter_id).json["properties"] == {}


def test_a_body_over_the_limit_is_a_413() -> None:
    answer = create(apps(), {}, properties={"x": "y" * (256 * 1024)})

    assert answer.status == 413


def test_a_deep_offset_finds_nothing() -> None:
    served = apps(a_task("1"))
    filter_id = created(served, {})

    answer = served.ask("GET /filter/{id}/list", filter_id, query="firstResult=2147483647")
    listed = served.ask("GET /filter", query="firstResult=2147483647")

    assert (answer.json, listed.json) == ([], [])


def test_expressions_that_are_switched_off_are_not_stored() -> None:
    wiring = InMemoryWiring(settings=Settings(expressions_enabled=False))
    served = InMemoryApps(wiring=wiring)

    answer = create(served, {"orQueries": [{"assigneeExpression": "${currentUser()}"}]})

    assert (answer.status, answer.json["type"]) == (400, "BadUserRequestException")


def test_counts_of_a_list_share_one_budget() -> None:
    served = apps(*(a_task(f"t{number}") for number in range(100)))
    for _ in range(3):
        created(served, {"name": "x"})

    answer = served.ask("GET /filter", query="itemCount=true", headers={"x-max-read-units": "5"})

    assert (answer.status, answer.json["type"]) == (422, "QueryTooExpensiveException")


def test_results_in_hal_show_variables_and_the_users_who_exist() -> None:
    own = {"v": {"type": "Integer", "value": 1}}
    task = a_task("1", assignee="mary", owner="nobody", variables=own, processInstanceId="p/1",
                  processVariables={"w": {"type": "String", "value": "x"}})  # fmt: skip
    served = apps(task)
    properties = {"variables": [{"name": name} for name in ("w", "v", "unknown")]}
    filter_id = created(served, {}, properties=properties)

    found = served.ask("GET /filter/{id}/list", filter_id, headers=HAL).json["_embedded"]

    assert [user["id"] for user in found["assignee"]] == ["mary"]
    assert "owner" not in found
    [shown] = found["task"]
    assert [(each["name"], each["_links"]["self"]["href"]) for each in shown["_embedded"][
        "variable"]] == [
        ("w", "/process-instance/p%2F1/variables/w"),
        ("v", "/task/1/localVariables/v"),
    ]  # fmt: skip


@pytest.mark.parametrize("variables", ["v", [{"label": "V"}], [1], [{"name": 5}]])
def test_variables_to_show_that_are_none_are_a_400(variables: object) -> None:
    served = apps(a_task("1"))
    filter_id = created(served, {}, properties={"variables": variables})

    answer = served.ask("GET /filter/{id}/list", filter_id, headers=HAL)

    assert (answer.status, "variables" in answer.json["message"]) == (400, True)


def test_several_results_are_no_single_one() -> None:
    served = apps(a_task("1"), a_task("2"))
    filter_id = created(served, {})

    answer = served.ask("GET /filter/{id}/singleResult", filter_id)

    assert answer.json["message"] == "Filter does not returns a valid single result"


def test_options_say_what_may_be_done_with_filters() -> None:
    served = apps()
    headers = {"host": "tasks.example", "x-forwarded-proto": "https"}

    all_of_them = served.ask("OPTIONS /filter", headers=headers).json["links"]
    one = served.ask("OPTIONS /filter/{id}", "f 1", headers=headers).json["links"]

    assert {link["rel"]: (link["method"], link["href"]) for link in all_of_them} == {
        "list": ("GET", "https://tasks.example/filter"),
        "count": ("GET", "https://tasks.example/filter/count"),
        "create": ("POST", "https://tasks.example/filter/create"),
    }
    assert [(link["rel"], link["method"]) for link in one] == [
        ("self", "GET"),
        ("singleResult", "GET"),
        ("singleResult", "POST"),
        ("list", "GET"),
        ("list", "POST"),
        ("count", "GET"),
        ("count", "POST"),
        ("delete", "DELETE"),
        ("update", "PUT"),
    ]
    assert {link["href"].split("/")[4] for link in one} == {"f%201"}


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/task", "GET, HEAD, OPTIONS, POST"),
        ("/task/t1", "DELETE, GET, HEAD, OPTIONS, PUT"),
        ("/task/create", "DELETE, GET, HEAD, OPTIONS, POST, PUT"),
    ],
)
def test_options_on_tasks_say_which_methods_there_are(path: str, methods: str) -> None:
    answer = apps().ask(f"OPTIONS {path}")

    assert (answer.status, answer.headers["allow"]) == (200, methods)


def person(name: str, *groups: str) -> dict[str, Any]:
    return {**USER_CLAIMS, "username": name, "cognito:groups": f"[{' '.join(groups)}]"}


ANN: Final = person("ann")
BOB: Final = person("bob", "sales")
CARL: Final = person("carl", "accounting")
BOSS: Final = person("boss", "camunda-admin")


def test_participants_see_their_own_filters_and_their_groups() -> None:
    wiring = InMemoryWiring(settings=Settings(authorization=Authorization.PARTICIPANTS))
    served = InMemoryApps(wiring=wiring)
    own = created(served, {}, ANN, owner="ann")
    shared = created(served, {}, ANN, owner="ann", properties={"groups": ["sales", 5]})

    for claims, seen in (
        (ANN, {own, shared}),
        (BOB, {shared}),
        (CARL, set()),
        (BOSS, {own, shared}),
    ):
        listed = served.ask("GET /filter", claims=claims).json
        assert {each["id"] for each in listed} == seen
        status = served.ask("GET /filter/{id}/list", own, claims=claims).status
        assert status == (200 if own in seen else 404)


def test_participants_change_their_own_filters_alone() -> None:
    wiring = InMemoryWiring(settings=Settings(authorization=Authorization.PARTICIPANTS))
    served = InMemoryApps(wiring=wiring)
    properties = {"groups": ["sales"]}
    shared = created(served, {}, ANN, owner="ann", properties=properties)
    body = {"name": "g", "owner": "ann", "query": {}, "properties": properties}

    for claims, status in ((CARL, 404), (BOB, 403), (ANN, 204), (BOSS, 204)):
        assert served.ask("PUT /filter/{id}", shared, body, claims=claims).status == status
    for claims, status in ((CARL, 404), (BOB, 403), (ANN, 204)):
        assert served.ask("DELETE /filter/{id}", shared, claims=claims).status == status
