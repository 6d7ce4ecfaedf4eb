"""The functions as the template deploys them, ready to be started in the real runtime."""

from collections.abc import Mapping
from typing import Final

from local.deployment import Function, functions_of
from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from tests.support.host_layers import import_folders
from tests.support.real_runtime import RealRuntime

NOWHERE = "http://127.0.0.1:9"
"""An address without a server: a function that must not call it fails if it does."""

NOTHING: Final[Mapping[str, str]] = {}


def functions_on(
    table_name: str,
    dynamodb_endpoint: str,
    aws_endpoint: str = NOWHERE,
    beside_table: Mapping[str, str] = NOTHING,
) -> Mapping[str, Function]:
    """Folder -> the function, with the environment that the template gives it.

    `beside_table` names other resources that exist, by their logical ids.
    """
    template = load_with_every_part(REPOSITORY / "template.yaml")
    template.learn("TaskTable", table_name)
    template.learn("EventBus", "taskdock-test")
    template.learn("PublishTaskEventsFailureQueue", "https://queue.example")
    names = {
        "UserPool": "eu-central-1_test",
        "PeopleClient": "people",
        "LoginDomain": "login",
        "AttachmentBucket": "nowhere",
        "ColumnBucket": "nowhere-columns",
        **beside_table,
    }
    for logical_id, name in names.items():
        template.learn(logical_id, name)
    template.learn("PrintClientSecret", "arn:aws:secretsmanager:eu-central-1:123456789012:secret:s")
    template.learn("Api", "test", ApiEndpoint=NOWHERE)
    local = {"DYNAMODB_ENDPOINT": dynamodb_endpoint, "AWS_ENDPOINT_URL": aws_endpoint}
    return {function.name: function for function in functions_of(template, local).values()}


def runtimes(
    functions: Mapping[str, Function], environment: Mapping[str, str] = NOTHING
) -> Mapping[str, RealRuntime]:
    """Folder -> the function in the real runtime, not started yet.

    `environment` has what Lambda sets beside the template.
    """
    folders = import_folders()
    return {
        name: RealRuntime(
            REPOSITORY / "functions" / name,
            folders,
            {**function.environment, **environment},
            memory=function.memory,
            timeout=int(function.timeout),
        )
        for name, function in functions.items()
    }
