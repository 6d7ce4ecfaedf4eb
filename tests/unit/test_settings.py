"""Settings: what the environment says, and what counts as saying nothing."""

import pytest
from taskdock.domain.access import Authorization
from taskdock.runtime.settings import InvalidSetting, Settings, required


def test_an_empty_environment_is_a_deployment_with_defaults() -> None:
    assert Settings.from_environment({}) == Settings()


def test_an_empty_variable_counts_as_absent() -> None:
    names = ("TABLE_NAME", "AWS_ENDPOINT_URL", "LOCAL_NOW", "LOCAL_CALLER", "MAX_READ_UNITS")

    assert Settings.from_environment(dict.fromkeys(names, "")) == Settings()


def test_every_variable_is_read() -> None:
    settings = Settings.from_environment(
        {
            "TABLE_NAME": "tasks",
            "EVENT_BUS_NAME": "bus",
            "USER_POOL_ID": "pool",
            "IDENTITY_PROVIDER_URL": "https://identity.example",
            "EXPRESSIONS_ENABLED": "false",
            "MAX_READ_UNITS": "5",
            "ENDED_TASK_DAYS": "7",
            "BASE_PATH": "/engine-rest/",
            "SCOPE_PREFIX": "two",
            "METRICS_NAMESPACE": "taskdock/dev/two",
            "DYNAMODB_ENDPOINT": "http://127.0.0.1:8000",
            "AWS_ENDPOINT_URL": "http://127.0.0.1:5000",
            "LOCAL_NOW": "1773576000000",
            "LOCAL_CALLER": "demo sales",
            "AWS_SAM_LOCAL": "true",
        }
    )

    assert settings == Settings(
        table_name="tasks",
        event_bus_name="bus",
        user_pool_id="pool",
        identity_provider_url="https://identity.example",
        expressions_enabled=False,
        max_read_units=5,
        ended_task_days=7,
        base_path="/engine-rest",
        scope_prefix="two",
        metrics_namespace="taskdock/dev/two",
        dynamodb_endpoint="http://127.0.0.1:8000",
        aws_endpoint_url="http://127.0.0.1:5000",
        local_now=1773576000000,
        local_caller="demo sales",
        aws_sam_local=True,
    )


@pytest.mark.parametrize(
    ("name", "text"),
    [("MAX_READ_UNITS", "many"), ("LOCAL_NOW", "-1"), ("EXPRESSIONS_ENABLED", "yes")],
)
def test_a_variable_that_says_nothing_usable_is_named(name: str, text: str) -> None:
    with pytest.raises(InvalidSetting, match=f"{name}: expected .* got '{text}'"):
        Settings.from_environment({name: text})


def test_a_variable_that_is_needed_and_absent_is_named() -> None:
    assert required("tasks", "TABLE_NAME") == "tasks"
    with pytest.raises(InvalidSetting, match="TABLE_NAME is not set"):
        required(None, "TABLE_NAME")


def test_an_authorization_that_there_is_not_refuses_the_start() -> None:
    with pytest.raises(InvalidSetting, match="AUTHORIZATION: expected open or participants"):
        Settings.from_environment({"AUTHORIZATION": "closed"})
    given = {"AUTHORIZATION": "participants", "SUPERVISOR_GROUPS": "a b"}
    chosen = Settings.from_environment(given)
    assert chosen.authorization is Authorization.PARTICIPANTS
    assert chosen.supervisor_groups == {"a", "b"}
