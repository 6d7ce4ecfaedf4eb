"""The layout of the table's keys: the table has its number, which is looked at first.

A table of another layout would be half read: its tasks are there, but not where this code looks.
"""

from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.changes.change_keeping import EVER, SINCE
from taskdock.adapters.dynamodb.task_items import TABLE, attributes
from taskdock.adapters.outages import reaching
from taskdock.domain.access import Authorization
from taskdock.domain.instants import Instant

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

    from taskdock.adapters.dynamodb.task_items import Item

LAYOUT: Final = 3
"""Tenants are in every partition of the indexes (docs/architecture.md, The table), and ended tasks
are in an index of their own."""


class WrongLayout(Exception):
    """The table has a layout that this version neither reads nor writes."""


def check_layout(
    client: "DynamoDBClient",
    table_name: str,
    authorization: Authorization = Authorization.OPEN,
    *,
    keeps_changes: bool = True,
) -> "Item | None":
    """Make sure that the table has this layout and is kept for this authorization; a new table gets
    both, and says whether changes are kept in it from its first task on. Returns the item that says
    so; None where it was just written, or cannot be.

    Raises `WrongLayout`, and leaves such a table as it is; `TemporarilyUnavailable`.
    """
    with reaching(TABLE):
        found = client.get_item(
            TableName=table_name, Key=attributes(keys.LAYOUT), ConsistentRead=True
        ).get("Item")
        if found is None and not _is_empty(client, table_name):
            raise _wrong(table_name, "no number of a layout")
    if found is None:
        _number(client, table_name, authorization, EVER if keeps_changes else None)
    elif int(found["layout"]["N"]) != LAYOUT:
        raise _wrong(table_name, f"layout {found['layout']['N']}")
    elif found["authorization"]["S"] != authorization:
        raise WrongLayout(
            f"The table {table_name} is kept for Authorization={found['authorization']['S']}, and "
            f"this deployment has {authorization}: make authorization MODE={authorization} adds or "
            "removes the entries that this takes (docs/authorization.md, Switching)."
        )
    return found


def number_layout(
    client: "DynamoDBClient",
    table_name: str,
    authorization: Authorization = Authorization.OPEN,
    changes_since: Instant | None = EVER,
) -> None:
    """Say in a table without a number that it has this layout, is kept for this authorization, and
    since when changes are kept. One that has a number stays as it is."""
    says: dict[str, str | int] = {
        **keys.LAYOUT, "layout": LAYOUT, "authorization": str(authorization)
    }  # fmt: skip
    if changes_since is not None:
        says[SINCE] = changes_since
    try:
        client.put_item(
            TableName=table_name,
            Item=attributes(says),
            ConditionExpression="attribute_not_exists(PK)",
        )
    except ClientError as error:
        if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
            raise


def say_authorization(
    client: "DynamoDBClient", table_name: str, authorization: Authorization
) -> None:
    """Say in the table that it is kept for this authorization."""
    client.update_item(
        TableName=table_name,
        Key=attributes(keys.LAYOUT),
        UpdateExpression="SET #authorization = :authorization",
        ExpressionAttributeNames={"#authorization": "authorization"},
        ExpressionAttributeValues=attributes({":authorization": str(authorization)}),
    )


def _number(
    client: "DynamoDBClient",
    table_name: str,
    authorization: Authorization,
    changes_since: Instant | None,
) -> None:
    try:
        with reaching(TABLE):
            number_layout(client, table_name, authorization, changes_since)
    except ClientError as error:
        # A function that only reads may not write; the first that writes will do it.
        if error.response["Error"]["Code"] != "AccessDeniedException":
            raise


def _is_empty(client: "DynamoDBClient", table_name: str) -> bool:
    """Whether the table had no items some hours ago, which is when DynamoDB counted them."""
    return client.describe_table(TableName=table_name)["Table"].get("ItemCount", 0) == 0


def _wrong(table_name: str, has: str) -> WrongLayout:
    return WrongLayout(
        f"The table {table_name} has {has}; this version of taskdock keeps layout {LAYOUT}. Use a "
        "new table, or copy the tasks into one (docs/architecture.md, The table)."
    )
