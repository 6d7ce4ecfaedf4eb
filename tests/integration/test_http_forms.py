"""Forms over HTTP: registered, shown, found for tasks, and heeded when they are completed."""

import json
from typing import Any, Final

import pytest

from tests.support.builders import a_task
from tests.support.http_events import USER_CLAIMS, Reply, sample
from tests.support.in_memory_apps import InMemoryApps

ADMIN: Final = {"client_id": "a", "scope": "taskdock/tasks.read taskdock/admin"}
AMOUNT: Final = {"type": "number", "key": "amount", "validate": {"required": True, "min": 1}}
FORM: Final = {"type": "default", "components": [AMOUNT]}
OTHER: Final = {"type": "default", "components": []}


def put(apps: InMemoryApps, body: Any = FORM, key: str = "approve") -> Reply:
    return apps.ask(f"PUT /v1/forms/{key}", body=body, claims=ADMIN)


def shown(apps: InMemoryApps, path: str = "approve", query: str = "") -> Reply:
    return apps.ask(f"GET /v1/forms/{path}", query=query)


def test_the_samples_register_a_form_and_show_it() -> None:
    apps = InMemoryApps()

    made = apps.send(sample("administer", "register_form"))

    href = "/v1/forms/approve-order"
    about = {
        "key": "approve-order",
        "version": 1,
        "registered": "2026-01-23T12:42:42.000+0000",
        "href": href,
        "links": {"self": {"href": href}},
    }
    assert (made.status, made.headers["location"], made.json) == (201, href, about)
    found = apps.send(sample("directory", "show_form"))
    assert found.status == 200
    assert found.json.pop("schema")["components"][0]["key"] == "amount"


def test_every_change_is_a_version() -> None:
    apps = InMemoryApps()
    versions = [put(apps, body).json["version"] for body in (FORM, FORM, OTHER, FORM)]

    assert versions == [1, 1, 2, 3]
    assert shown(apps).json["schema"] == FORM
    assert shown(apps, query="version=2").json["schema"] == OTHER
    assert shown(apps, query="version=4").status == 404
    assert put(apps).status == 200


def test_the_newest_versions_are_listed_without_their_schemas() -> None:
    apps = InMemoryApps()
    put(apps, key="b")
    put(apps, key="a")
    put(apps, OTHER, key="a")

    listed = apps.ask("GET /v1/forms").json["embedded"]["forms"]

    assert [(each["key"], each["version"]) for each in listed] == [("a", 2), ("b", 1)]
    assert "schema" not in listed[0]


def test_a_removed_form_is_gone() -> None:
    apps = InMemoryApps(a_task("t1", formKey="approve"))
    put(apps)

    assert apps.ask("DELETE /v1/forms/approve", claims=ADMIN).status == 204
    assert apps.ask("DELETE /v1/forms/approve", claims=ADMIN).status == 404
    assert shown(apps).status == 404
    assert apps.ask("GET /task/{id}/deployed-form").status == 400


@pytest.mark.parametrize("query", ["version=0", "version=x", "version=-1", f"version={10**30}"])
def test_a_version_is_a_number(query: str) -> None:
    assert shown(InMemoryApps(), query=query).status == 400


@pytest.mark.parametrize(
    ("key", "body", "named"),
    [
        ("no%2Fkey", FORM, "key"),
        ("a", {}, '"type": "default"'),
        ("a", {"type": "default", "id": "\x00"}, "NUL"),
        ("a", '{"type": "default", "n": NaN}', ""),
        ("a", {"type": "default", "x": "x" * 131072}, "at most 131072"),
    ],
)
def test_what_is_no_form_is_a_400(key: str, body: Any, named: str) -> None:
    apps = InMemoryApps()

    answer = put(apps, body, key)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert named in answer.json["message"]
    assert apps.ask("GET /v1/forms").json["embedded"]["forms"] == []


def reference(binding: str, version: int | None = None) -> dict[str, Any]:
    return {"camundaFormRef": {"key": "approve", "binding": binding, "version": version}}


@pytest.mark.parametrize(
    ("fields", "schema"),
    [
        ({"formKey": "approve"}, OTHER),
        ({"formKey": "deployment:approve"}, OTHER),
        ({"formKey": "camunda-forms:deployment:approve.form"}, OTHER),
        (reference("latest"), OTHER),
        (reference("deployment"), OTHER),
        (reference("version", 1), FORM),
        (reference("version", 2), OTHER),
        (reference("latest", 1), OTHER),
    ],
    ids=str,
)
def test_a_task_leads_to_its_form(fields: dict[str, Any], schema: Any) -> None:
    apps = InMemoryApps(a_task("t1", **fields))
    put(apps, FORM)
    put(apps, OTHER)

    answer = apps.ask("GET /task/{id}/deployed-form")

    assert (answer.status, answer.json) == (200, schema)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, 404),
        ({"formKey": "deployment:none"}, 404),
        ({"formKey": "none"}, 400),
        ({"formKey": "embedded:app:forms/approve.html"}, 400),
        (reference("version", 9), 404),
        ({"camundaFormRef": {"key": "no/key", "binding": "latest", "version": None}}, 404),
    ],
    ids=str,
)
def test_a_task_without_a_registered_form_is_refused_as_in_the_reference(
    fields: dict[str, Any], status: int
) -> None:
    apps = InMemoryApps(a_task("t1", **fields))
    put(apps)

    answer = apps.ask("GET /task/{id}/deployed-form")

    assert (answer.status, answer.json["type"]) == (status, "InvalidRequestException")


@pytest.mark.parametrize("action", ["complete", "submit-form"])
def test_a_task_is_completed_with_what_its_form_takes(action: str) -> None:
    apps = InMemoryApps(a_task("t1", formKey="approve", processInstanceId="p1"))
    put(apps)

    def ask(**variables: Any) -> Reply:
        given = {name: {"value": value} for name, value in variables.items()}
        return apps.ask(f"POST /task/{{id}}/{action}", body={"variables": given})

    for refused, named in (
        (ask(), "amount is required"),
        (ask(amount=None), "amount is required"),
        (ask(amount=0), "amount must be at least 1"),
        (ask(amount="5"), "amount must be a number"),
    ):
        assert (refused.status, refused.json["type"]) == (400, "InvalidRequestException")
        assert refused.json["message"] == f"The form of task 't1': {named}"
    assert apps.task()["state"] == "created"
    assert ask(amount=1, more="x").status == 204


def test_a_value_that_is_there_before_need_not_come_again() -> None:
    amount = {"amount": {"type": "Integer", "value": 5}}
    process = {"processInstanceId": "p1", "processVariables": amount}
    apps = InMemoryApps(a_task("t1", formKey="approve", **process))
    put(apps)

    assert apps.ask("POST /task/{id}/complete", body={}).status == 204


def test_many_tasks_are_completed_under_the_same_rules() -> None:
    apps = InMemoryApps(a_task("t1", formKey="approve"), a_task("t2"))
    put(apps)
    body = {"change": {"action": "complete"}, "tasks": [{"id": "t1"}, {"id": "t2"}]}

    results = apps.ask("POST /v1/tasks/bulk", body=body).json["results"]

    assert [each["status"] for each in results] == [400, 200]


def test_what_is_no_completion_asks_nothing_of_forms() -> None:
    apps = InMemoryApps(a_task("t1", formKey="approve", owner="ann"))
    put(apps)

    assert apps.ask("POST /task/{id}/resolve", body={}).status == 204
    amount = {"value": {"value": 0}}
    sent = json.dumps(amount["value"])
    assert apps.ask("PUT /task/{id}/variables/{name}", name="amount", body=sent).status == 204


def test_a_form_is_remembered_for_a_minute() -> None:
    apps = InMemoryApps(a_task("t1", formKey="deployment:approve"))
    assert apps.ask("GET /task/{id}/deployed-form").status == 404
    put(apps)
    assert apps.ask("GET /task/{id}/deployed-form").status == 404

    apps.wiring.moment = type(apps.wiring.moment)(apps.wiring.moment + 60_000)

    assert apps.ask("GET /task/{id}/deployed-form").json == FORM


def test_everybody_reads_forms_and_strangers_do_not() -> None:
    apps = InMemoryApps()
    put(apps)

    assert apps.ask("GET /v1/forms/approve", claims=USER_CLAIMS).status == 200
    assert apps.ask("GET /v1/forms/approve", claims=None).status == 401
