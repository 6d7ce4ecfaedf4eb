"""The stored filters in the DynamoDB table: a partition for each tenant, one for everybody's."""

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from botocore.exceptions import ClientError

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.table_reads import TableReads
from taskdock.adapters.dynamodb.task_items import TABLE, Item, attributes
from taskdock.adapters.outages import reaching
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.filters.stored_filter import Content, StoredFilter

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import PutItemInputTypeDef


class DynamoDbFilterStore:
    """`FilterStore` on the table that holds the tasks."""

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client = client
        self._table = table_name
        self._reads = TableReads(client, table_name)

    def list(self, tenants: Iterable[str]) -> Sequence[StoredFilter]:
        """See `FilterStore.list`."""
        return [
            _filter(item, tenant)
            for tenant in (None, *sorted(tenants))
            for item in self._reads.collection(keys.filter_partition(tenant), keys.FILTER_PREFIX)
        ]

    def get(self, filter_id: str, tenants: Iterable[str]) -> StoredFilter | None:
        """See `FilterStore.get`."""
        for tenant in (None, *sorted(tenants)):
            found = self._reads.item(keys.filter_key(filter_id, tenant))
            if found is not None:
                return _filter(found, tenant)
        return None

    def put(self, stored: StoredFilter, *, is_new: bool) -> bool:
        """See `FilterStore.put`."""
        values = {
            **keys.filter_key(stored.id, stored.tenant),
            "id": stored.id,
            "content": _json(stored.content),
        }
        request: PutItemInputTypeDef = {"TableName": self._table, "Item": attributes(values)}
        if not is_new:
            request["ConditionExpression"] = "attribute_exists(PK)"
        try:
            with reaching(TABLE):
                self._client.put_item(**request)
        except ClientError as error:
            if error.response["Error"]["Code"] != "ConditionalCheckFailedException":
                raise
            return False
        return True

    def remove(self, stored: StoredFilter) -> bool:
        """See `FilterStore.remove`."""
        with reaching(TABLE):
            answer = self._client.delete_item(
                TableName=self._table,
                Key=attributes(keys.filter_key(stored.id, stored.tenant)),
                ReturnValues="ALL_OLD",
            )
        return "Attributes" in answer


def _json(content: Content) -> str:
    kept = {
        "name": content.name,
        "owner": content.owner,
        "query": content.query,
        "properties": content.properties,
    }
    try:
        text = json.dumps(kept, allow_nan=False, ensure_ascii=False, separators=(",", ":"))
        text.encode()
    except ValueError as error:
        raise InvalidRequest("The filter holds what JSON cannot write.") from error
    return text


def _filter(item: Item, tenant: str | None) -> StoredFilter:
    kept: Mapping[str, Any] = json.loads(item["content"]["S"])
    return StoredFilter(item["id"]["S"], Content(**kept), tenant)
