"""The layout of the table's keys: the table has its number, which is looked at first.

A table of another layout would be half read: its tasks are there, but not where this code looks.
"""

from typing import TYPE_CHECKING, Final

from botocore.exceptions import ClientError

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.task_items import TABLE, attributes
from taskdock.adapters.outages import reaching
from taskdock.domain.access import Authorization

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

LAYOUT: Final = 3
"""Tenants are in every partition of the indexes (docs/architecture.md, The table), and ended tasks
are in an index of their own."""


class WrongLayout(Exception):
    """The table has a layout that this version neither reads nor writes."""


def check_layout(
    client: "DynamoDBClient",
    table_name: str,
    authorization: Authorization = Authorization.OPEN,
) -> None:
    """Make sure that the table has this layout and is kept for this authorization; a new table gets
    both.

    Raises `WrongLayout`, and leaves such a table as it is; `TemporarilyUnavailable`.
    """
    with reaching(TABLE):
        found = client.get_item(
            TableName=table_name, Key=attributes(keys.LAYOUT), ConsistentRead=True
        ).get("Item")
        if found is None and not _is_empty(client, table_name):
            raise _wrong(table_name, "no number of a layout")
    if found is None:
        _number(client, table_name, authorization)
    elif int(found["layout"]["N"]) != LAYOUT:
        raise _wrong(table_name, f"layout {found['layout']['N']}")
    elif found["authorization"]["S"] != authorization:
        raise WrongLayout(
            f"The table {table_name} is kept for Authorization={found['authorization']['S']}, and "
            f"this deployment has {authorization}: make authorization MODE={authorization} adds or "
            "removes the entries that this takes (docs/authorization.md, Switching)."
        )


def number_layout(
    client: "DynamoDBClient",
    table_name: str,
    authorization: Authorization = Authorization.OPEN,
) -> None:
    """Say in the table that it has this layout and is kept for this authorization."""
    says: dict[str, str | int] = {
        **keys.LAYOUT, "layout": LAYOUT, "authorization": str(authorization)
    }  # fmt: skip
    client.put_item(TableName=table_name, Item=attributes(says))


def _number(client: "DynamoDBClient", table_name: str, authorization: Authorization) -> None:
    try:
        with reaching(TABLE):
            number_layout(client, table_name, authorization)
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
