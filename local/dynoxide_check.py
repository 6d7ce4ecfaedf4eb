"""Checks that a dynoxide can do what the table needs."""

from typing import Any, Final

from botocore.exceptions import BotoCoreError, ClientError

from local.clients import Clients
from local.table_stream import TableStream

_NAME: Final = "taskdock-what-it-can-do"  # the ids of its shards are long enough for botocore
_TABLE: Final[dict[str, Any]] = {
    "TableName": _NAME,
    "BillingMode": "PAY_PER_REQUEST",
    "AttributeDefinitions": [
        {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "group")
    ],
    "KeySchema": [{"AttributeName": "pk", "KeyType": "HASH"}],
    "GlobalSecondaryIndexes": [
        {
            "IndexName": "by_group",
            "KeySchema": [{"AttributeName": "group", "KeyType": "HASH"}],
            "Projection": {"ProjectionType": "ALL"},
        }
    ],
    "StreamSpecification": {"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
}
_ITEM: Final = {"pk": {"S": "a"}, "group": {"S": "g"}}


def missing_in(endpoint: str) -> str | None:
    """What the DynamoDB at `endpoint` lacks; None when it can do everything that is needed."""
    client = Clients().client("dynamodb", endpoint)
    streams = Clients().client("dynamodbstreams", endpoint)
    needed = "tables with an index and a stream"
    try:
        client.create_table(**_TABLE)
        client.get_waiter("table_exists").wait(
            TableName=_NAME, WaiterConfig={"Delay": 1, "MaxAttempts": 5}
        )
        arn = client.describe_table(TableName=_NAME)["Table"].get("LatestStreamArn")
        if not arn:
            return "streams"
        needed = "streams"
        stream = TableStream(streams, arn)
        needed = "transactions"
        if not _transacts(client):
            return needed
        needed = "indexes and capacity accounting"
        if problem := _query_problem(client):
            return problem
        needed = "streams"
        return None if any(stream.unread()) else needed
    except (BotoCoreError, ClientError, KeyError, IndexError):
        return needed


def _transacts(client: Any) -> bool:
    """Whether two writes happen together, and not at all when a condition of one fails."""
    put = {"Put": {"TableName": _NAME, "Item": _ITEM}}
    client.transact_write_items(TransactItems=[put])
    refused = {
        "ConditionCheck": {
            "TableName": _NAME,
            "Key": {"pk": {"S": "a"}},
            "ConditionExpression": "attribute_not_exists(pk)",
        }
    }
    other = {"Put": {"TableName": _NAME, "Item": {**_ITEM, "pk": {"S": "b"}}}}
    try:
        client.transact_write_items(TransactItems=[other, refused])
    except client.exceptions.TransactionCanceledException:
        return "Item" not in client.get_item(TableName=_NAME, Key={"pk": {"S": "b"}})
    return False


def _query_problem(client: Any) -> str | None:
    found = client.query(
        TableName=_NAME,
        IndexName="by_group",
        KeyConditionExpression="#group = :group",
        ExpressionAttributeNames={"#group": "group"},
        ExpressionAttributeValues={":group": {"S": "g"}},
        ReturnConsumedCapacity="INDEXES",
    )
    if found["Items"] != [_ITEM]:
        return "indexes"
    capacity = found.get("ConsumedCapacity", {}).get("GlobalSecondaryIndexes", {})
    return None if capacity.get("by_group", {}).get("CapacityUnits") else "capacity accounting"
