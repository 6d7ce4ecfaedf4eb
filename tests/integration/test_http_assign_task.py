"""Assigning a task over HTTP."""

import json
from typing import Any

import pytest
from taskdock.domain.variables.values import from_json

from tests.support.builders import CREATED, MINUTE, a_task, to_group, to_user
from tests.support.http_events import sample
from tests.support.in_memory_apps import InMemoryApps

SAMPLED = "approve-order-17"
NOW = CREATED + 3 * MINUTE


def apps_with(**fields: Any) -> InMemoryApps:
    """A repository with the task t1, some time after its creation."""
    apps = InMemoryApps(a_task("t1", **fields))
    apps.wiring.moment = NOW  # type: ignore[assignment]
    return apps


def people(apps: InMemoryApps, task_id: str = "t1") -> tuple[str | None, str | None, str | None]:
    task = apps.task(task_id)
    return task.get("assignee"), task.get("owner"), task.get("delegationState")


@pytest.mark.parametrize(
    ("case", "fields", "expected"),
    [
        ("claim", {}, ("demo", None, None)),
        ("unclaim", {"assignee": "mary"}, (None, None, None)),
        ("set_assignee", {"assignee": "john"}, ("mary", None, None)),
        ("delegate", {"assignee": "mary"}, ("john", "mary", "PENDING")),
        (
            "resolve",
            {"assignee": "john", "owner": "mary", "delegationState": "PENDING"},
            ("mary", "mary", "RESOLVED"),
        ),
    ],
)
def test_a_sample_puts_the_task_into_other_hands(
    case: str, fields: dict[str, Any], expected: tuple[str | None, ...]
) -> None:
    apps = InMemoryApps(a_task(SAMPLED, tenantId="t1", **fields))

    answer = apps.send(sample("manage_task", case))

    assert (answer.status, answer.text, answer.headers["etag"]) == (204, "", '"2"')
    assert people(apps, SAMPLED) == expected


def test_every_change_is_an_update_at_this_moment() -> None:
    apps = apps_with()
    apps.ask("POST /task/{id}/claim", body={"userId": "mary"})

    task = apps.task()
    assert (task["lastUpdated"], task["taskState"]) == (NOW, "Updated")


def test_a_task_claimed_by_another_user_cannot_be_claimed() -> None:
    apps = apps_with(assignee="mary")

    answer = apps.ask("POST /task/{id}/claim", body={"userId": "john"})

    assert (answer.status, answer.json["type"]) == (409, "TaskAlreadyClaimedException")
    assert answer.json["message"] == "Task 't1' is already claimed by someone else."
    assert people(apps)[0] == "mary"


@pytest.mark.parametrize("body", [{"userId": None}, {}, None])
def test_claiming_without_a_user_unclaims(body: dict[str, Any] | None) -> None:
    apps = apps_with(assignee="mary")

    assert apps.ask("POST /task/{id}/claim", body=body).status == 204
    assert people(apps)[0] is None


def test_a_user_may_be_written_as_a_number_and_junk_may_follow() -> None:
    apps = apps_with()

    assert apps.ask("POST /task/{id}/assignee", body='{"userId": 5} junk').status == 204
    assert people(apps)[0] == "5"


@pytest.mark.parametrize("body", [None, "{", {"userId": "x"}])
def test_unclaiming_reads_no_body(body: object) -> None:
    apps = apps_with(assignee="mary")

    assert apps.ask("POST /task/{id}/unclaim", body=body).status == 204
    assert people(apps)[0] is None


def test_resolving_sets_variables_where_they_belong() -> None:
    process = {"processInstanceId": "p1", "assignee": "b", "owner": "a"}
    apps = InMemoryApps(a_task("t1", **process), a_task("t2", **process))
    body = {"variables": {"verdict": {"value": "fine", "type": "String"}}}

    assert apps.ask("POST /task/{id}/resolve", body=body).status == 204
    for task_id in ("t1", "t2"):
        assert apps.task(task_id)["processVariables"] == {"verdict": from_json("fine")}


# Identity links


LINKS = [to_user("peter"), to_group("sales"), to_group("sales", "watcher")]


def test_links_are_listed_with_assignee_and_owner() -> None:
    apps = apps_with(assignee="mary", owner="john", links=LINKS)

    answer = apps.ask("GET /task/{id}/identity-links")

    assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")
    assert answer.json == [*LINKS, to_user("mary", "assignee"), to_user("john", "owner")]


def test_links_of_one_type_are_listed() -> None:
    apps = InMemoryApps(a_task(SAMPLED, tenantId="t1", links=LINKS))

    assert apps.send(sample("manage_task", "list_links")).json == LINKS[:2]
    assert apps.ask("GET /task/{id}/identity-links", SAMPLED, query="type=owner").json == []


def test_a_link_is_added_and_the_task_is_in_that_inbox() -> None:
    apps = InMemoryApps(a_task(SAMPLED, tenantId="t1"))

    assert apps.send(sample("manage_task", "add_link")).status == 204
    assert apps.task(SAMPLED)["links"] == [to_group("accounting")]
    found = apps.ask("POST /task", body={"candidateGroup": "accounting"})
    assert [task["id"] for task in found.json] == [SAMPLED]


def test_a_link_is_removed_and_need_not_be_there() -> None:
    apps = InMemoryApps(a_task(SAMPLED, tenantId="t1", links=LINKS))

    for _ in range(2):
        assert apps.send(sample("manage_task", "remove_link")).status == 204
    assert apps.task(SAMPLED)["links"] == [LINKS[0], LINKS[2]]


def test_a_link_may_be_the_assignee() -> None:
    apps = apps_with(assignee="mary")
    link = {"userId": "fozzie", "type": "assignee"}

    assert apps.ask("POST /task/{id}/identity-links", body=link).status == 204
    assert people(apps)[0] == "fozzie"
    assert apps.ask("POST /task/{id}/identity-links/delete", body=link).status == 204
    assert people(apps)[0] is None


@pytest.mark.parametrize("route", ["identity-links", "identity-links/delete"])
@pytest.mark.parametrize(
    ("link", "kind", "message"),
    [
        (
            {"userId": "a", "groupId": "b", "type": "candidate"},
            "InvalidRequestException",
            "Identity Link requires userId or groupId, but not both.",
        ),
        (
            {"type": "candidate"},
            "InvalidRequestException",
            "Identity Link requires userId or groupId.",
        ),
        ({"userId": "a"}, "InvalidRequestException", "Identity Link requires a type."),
        (
            {"groupId": "b", "type": "assignee"},
            "BadUserRequestException",
            "Incompatible usage: cannot use",
        ),
    ],
)
def test_half_a_link_is_refused(route: str, link: dict[str, str], kind: str, message: str) -> None:
    answer = apps_with().ask(f"POST /task/{{id}}/{route}", body=link)

    assert (answer.status, answer.json["type"]) == (400, kind)
    assert answer.json["message"].startswith(message)


CHANGES = (
    "claim",
    "unclaim",
    "assignee",
    "delegate",
    "resolve",
    "identity-links",
    "identity-links/delete",
)
BODY = json.dumps({"userId": "mary", "type": "candidate"})


@pytest.mark.parametrize("change", CHANGES)
def test_a_suspended_task_stays_in_its_hands(change: str) -> None:
    apps = apps_with(suspended=True)

    answer = apps.ask(f"POST /task/{{id}}/{change}", body=BODY)

    assert answer.status == 400
    assert answer.json["type"] == "SuspendedEntityInteractionException"
    assert answer.json["message"] == "ENGINE-03043 task with id 't1' is suspended."
    assert "lastUpdated" not in apps.task()


@pytest.mark.parametrize("change", CHANGES)
def test_a_change_may_name_the_version_it_means(change: str) -> None:
    apps = apps_with()

    stale = apps.ask(f"POST /task/{{id}}/{change}", body=BODY, headers={"if-match": '"7"'})
    assert (stale.status, stale.json["type"]) == (412, "PreconditionFailedException")
    assert "lastUpdated" not in apps.task()
    fresh = apps.ask(f"POST /task/{{id}}/{change}", body=BODY, headers={"if-match": '"1"'})
    assert (fresh.status, fresh.headers["etag"]) == (204, '"2"')
