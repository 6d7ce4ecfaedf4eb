"""An afternoon: copy, interrupted five times; verify; shadow with two clients; switch."""

import json
import os
import textwrap
from concurrent.futures import ThreadPoolExecutor
from types import ModuleType
from typing import Any

from local.settings import REPOSITORY
from local.template import Template
from migration.journal import Journal
from migration.switching import objections
from tests.migration_engine.clients import javascript_client, python_client
from tests.migration_engine.migrations import Migration, interrupted
from tests.migration_engine.world import USERS, World

SAMPLE = REPOSITORY / "docs" / "samples" / "complete-in-camunda.yaml"


def unexplained(report: dict[str, Any]) -> list[dict[str, Any]]:
    return [each for each in report["differences"] if not each["why"]]


def test_a_copy_interrupted_five_times_arrives_whole(
    migration: Migration, world: World, tasks: int
) -> None:
    interrupted(migration)
    report = migration.verify(max(100, tasks // 10))
    assert unexplained(report) == []
    assert report["tasks"] == world.ask("GET", "/task/count")["count"]
    assert migration.copy().moved == 0
    with Journal(migration.folder) as journal:
        assert {left.what for left in journal.lefts()} == {
            "attachment huge",
            "variable list",
            "lastUpdated",
        }
        assert objections(migration.old(), migration.new(), journal.state) == []
    _shadowed(migration, tasks)
    _completed(migration, world)


def _shadowed(migration: Migration, tasks: int) -> None:
    """Two programs that others wrote work against the proxy, at the same time."""
    rounds = max(10, tasks // 17)
    with migration.shadow() as (url, report), ThreadPoolExecutor(2) as both:
        python = both.submit(python_client, url, rounds)
        sent = javascript_client(url, rounds) + python.result()
    assert report["requests"] == sent
    assert report["differences"] == []
    assert "different" not in report["reads"]
    assert report["notAsked"] == {}
    assert report["writes"]["repeated"] >= 2 * rounds
    migration.copy(remove_ended=True)
    assert unexplained(migration.verify(20)) == []


def _completed(migration: Migration, world: World) -> None:
    """A task that is completed in taskdock is completed in the engine, which goes on."""
    with Journal(migration.folder) as journal:
        journal.switched()
    query = "taskDefinitionKey=check&active=true&maxResults=1"
    [task] = world.ask("GET", f"/task?{query}&tenantIdIn=t1")
    instance = task["processInstanceId"]
    target, service = migration.new(), migration.service
    service.events()
    body = {"variables": {"decision": {"value": "yes"}}}
    target.json("POST", f"/task/{task['id']}/complete", body=body)
    told = [each for each in service.events() if each["detail-type"] == "TaskCompleted"]
    assert [each["detail"]["tid"] for each in told] == [task["id"]]

    # A program that does not see the tenant's tasks must not complete them without their variables.
    unseen = sample(migration).handler({"Records": [record(each) for each in told]}, None)
    assert unseen == {"batchItemFailures": [{"itemIdentifier": told[0]["detail"]["eventId"]}]}
    assert world.ask("GET", f"/task/{task['id']}")["id"] == task["id"]
    program = {"tenants": [*USERS["demo"]["tenants"]]}
    target.json("PUT", f"/v1/programs/{service.machine_client[0]}", body=program)

    outcome = sample(migration).handler({"Records": [record(each) for each in told]}, None)

    assert outcome == {"batchItemFailures": []}
    variables = world.ask("GET", f"/process-instance/{instance}/variables")
    assert variables["decision"]["value"] == "yes"
    [following] = world.ask("GET", f"/task?processInstanceId={instance}")
    assert following["taskDefinitionKey"] == "pay"
    assert migration.copy(only_new=True).moved == 1
    assert target.json("GET", f"/task/{following['id']}")["name"] == "Pay order"
    again = sample(migration).handler({"Records": [record(each) for each in told]}, None)
    assert again == {"batchItemFailures": []}


def record(event: dict[str, Any]) -> dict[str, str]:
    """The message that the rule's queue hands on."""
    return {"messageId": event["detail"]["eventId"], "body": json.dumps(event)}


def sample(migration: Migration) -> Any:
    """The function of the sample, as it would be deployed for these two servers."""
    template = Template.load(SAMPLE)
    [function] = template.resources("AWS::Lambda::Function").values()
    module = ModuleType("index")
    exec(
        compile(textwrap.dedent(function["Code"]["ZipFile"]), str(SAMPLE), "exec"), module.__dict__
    )
    client_id, secret = migration.service.machine_client
    told = {"user": "demo", "password": "demo", "client": client_id, "secret": secret}
    os.environ |= {
        "API": migration.service.url,
        "TOKENS": f"{migration.service.url}/local/oauth2/token",
        "ENGINE": migration.source,
        "SECRET": "engine",
    }
    module.__dict__["boto3"] = Secrets(told)
    return module


class Secrets:
    """What Secrets Manager keeps."""

    def __init__(self, told: dict[str, str]) -> None:
        self._told = told

    def client(self, name: str) -> "Secrets":
        """The client of that service."""
        assert name == "secretsmanager"
        return self

    def get_secret_value(self, *, SecretId: str) -> dict[str, str]:  # noqa: N803 - the API's name
        """The secret."""
        assert SecretId == "engine"
        return {"SecretString": json.dumps(self._told)}
