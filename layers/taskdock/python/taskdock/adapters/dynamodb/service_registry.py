"""The known services, in one partition of the DynamoDB table."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.table_reads import TableReads
from taskdock.adapters.dynamodb.task_items import TABLE, Item, attributes
from taskdock.adapters.outages import reaching
from taskdock.use_cases.ports import Service

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient


class DynamoDbServiceRegistry:
    """`ServiceRegistry` on the table that holds the tasks."""

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client = client
        self._table = table_name
        self._reads = TableReads(client, table_name)

    def get(self, sid: str) -> Service | None:
        """See `ServiceRegistry.get`."""
        found = self._reads.item(keys.service_key(sid))
        return None if found is None else _service(found)

    def list(self) -> Sequence[Service]:
        """See `ServiceRegistry.list`."""
        found = self._reads.collection(keys.SERVICES, keys.SERVICE_PREFIX)
        return sorted((_service(item) for item in found), key=lambda service: service.sid)

    def put(self, service: Service) -> bool:
        """See `ServiceRegistry.put`."""
        content = {"name": service.name, "description": service.description}
        text = json.dumps({**content, "types": service.types})
        with reaching(TABLE):
            answer = self._client.put_item(
                TableName=self._table,
                Item=attributes({**keys.service_key(service.sid), "sid": service.sid, "doc": text}),
                ReturnValues="ALL_OLD",
            )
        return "Attributes" not in answer

    def remove(self, sid: str) -> bool:
        """See `ServiceRegistry.remove`."""
        with reaching(TABLE):
            answer = self._client.delete_item(
                TableName=self._table,
                Key=attributes(keys.service_key(sid)),
                ReturnValues="ALL_OLD",
            )
        return "Attributes" in answer


def _service(item: Item) -> Service:
    content = json.loads(item["doc"]["S"])
    return Service(
        item["sid"]["S"], content["name"], content["description"], tuple(content["types"])
    )
