"""The template's table on an emulator."""

from collections.abc import Mapping
from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError
from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.layout import WrongLayout, check_layout
from taskdock.domain.access import Authorization

from local.settings import CannotStart
from local.template import Node

_REMOVE: Final = "rm -r .local/tasks.db*"

_AS_THEY_ARE: Final = (
    "AttributeDefinitions",
    "KeySchema",
    "GlobalSecondaryIndexes",
    "LocalSecondaryIndexes",
    "BillingMode",
)
"""Properties that CloudFormation and CreateTable spell alike; backups mean nothing here."""


def table_request(name: str, properties: Mapping[str, Node]) -> dict[str, Any]:
    """CreateTable's parameters for a table's (resolved) properties in a template."""
    request = {key: properties[key] for key in _AS_THEY_ARE if key in properties}
    request["TableName"] = name
    if "StreamSpecification" in properties:
        request["StreamSpecification"] = {
            "StreamEnabled": True,
            **properties["StreamSpecification"],
        }
    return request


def ensure_table(client: Any, name: str, properties: Mapping[str, Node]) -> Mapping[str, Any]:
    """The table's description; the table is made unless it is there already.

    Raises `CannotStart` when the endpoint does not answer, or has a table of that name with other
    keys or indexes than the template's.
    """
    request = table_request(name, properties)
    try:
        try:
            client.create_table(**request)
            client.get_waiter("table_exists").wait(
                TableName=name, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
            )
            _set_time_to_live(client, name, properties)
        except client.exceptions.ResourceInUseException:
            pass  # made by an earlier start; its keys are compared below
        description: Mapping[str, Any] = client.describe_table(TableName=name)["Table"]
    except (BotoCoreError, ClientError) as problem:
        raise CannotStart(f"{client.meta.endpoint_url} makes no table: {problem}") from None
    if _shape(description) != _shape(request):
        raise CannotStart(
            f"the table {name} at {client.meta.endpoint_url} has other keys or indexes than the"
            f" template: delete it (for the local file: {_REMOVE})"
        )
    return description


def ensure_layout(
    client: Any,
    name: str,
    description: Mapping[str, Any],
    authorization: str = "open",
    *,
    keeps_changes: bool = True,
) -> None:
    """Number the layout of a new table for tasks. Raises `CannotStart` for another layout, for a
    table that is kept for another authorization, and for an authorization that there is not.
    """
    if {element["AttributeName"] for element in description["KeySchema"]} != keys.LAYOUT.keys():
        return  # a template whose table keeps other things
    try:
        check_layout(client, name, Authorization(authorization), keeps_changes=keeps_changes)
    except ValueError:
        known = " or ".join(Authorization)
        raise CannotStart(f"AUTHORIZATION: expected {known}, got {authorization!r}") from None
    except WrongLayout as problem:
        raise CannotStart(f"{problem} For the local file: {_REMOVE}") from None


def _set_time_to_live(client: Any, name: str, properties: Mapping[str, Node]) -> None:
    if "TimeToLiveSpecification" in properties:
        client.update_time_to_live(
            TableName=name, TimeToLiveSpecification=properties["TimeToLiveSpecification"]
        )


def _shape(table: Mapping[str, Any]) -> dict[str, Any]:
    """Keys and projections by index (the table's own under no name), as two tables compare."""
    shape: dict[str, Any] = {"": table["KeySchema"]}
    for index in table.get("GlobalSecondaryIndexes", ()):
        projection = index["Projection"]
        carried = sorted(projection.get("NonKeyAttributes", ()))
        shape[index["IndexName"]] = (index["KeySchema"], projection["ProjectionType"], carried)
    types = {each["AttributeName"]: each["AttributeType"] for each in table["AttributeDefinitions"]}
    return {"types": types, "indexes": shape}
