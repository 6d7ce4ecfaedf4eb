"""The registered forms in the DynamoDB table: a list of what is newest, and every version."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, Final

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.documents import packed, text_in
from taskdock.adapters.dynamodb.table_reads import TableReads
from taskdock.adapters.dynamodb.table_writes import Refusal, Write, write_together
from taskdock.adapters.dynamodb.task_items import TABLE, Item, attributes, size_of
from taskdock.adapters.outages import reaching
from taskdock.domain.instants import Instant
from taskdock.use_cases.forms.registry import Form, FormVersion

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient


class DynamoDbFormRegistry:
    """`FormRegistry` on the table that holds the tasks."""

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client = client
        self._table = table_name
        self._reads = TableReads(client, table_name)

    def get(self, key: str, version: int | None = None) -> Form | None:
        """See `FormRegistry.get`."""
        if version is None:
            newest = self._reads.item(keys.form_key(key))
            if newest is None:
                return None
            version = _about(newest).version
        found = self._reads.item(keys.form_version_key(key, version))
        return None if found is None else Form(_about(found), json.loads(text_in(found["doc"])))

    def list(self) -> Sequence[FormVersion]:
        """See `FormRegistry.list`."""
        found = self._reads.collection(keys.FORMS, keys.FORM_PREFIX)
        return sorted(map(_about, found), key=lambda about: about.key)

    def put(self, form: Form) -> bool:
        """See `FormRegistry.put`."""
        about = form.about
        values: dict[str, str | int] = {
            "key": about.key,
            "formVersion": about.version,
            "registered": about.registered,
        }
        newest = attributes({**keys.form_key(about.key), **values})
        version = {
            **attributes({**keys.form_version_key(about.key, about.version), **values}),
            "doc": packed(json.dumps(form.schema, separators=(",", ":"))),
        }
        conditions: dict[str, Any] = {"ConditionExpression": "attribute_not_exists(PK)"}
        if about.version > 1:
            conditions = {
                "ConditionExpression": "formVersion = :before",
                "ExpressionAttributeValues": attributes({":before": about.version - 1}),
            }
        try:
            writes = [self._put(newest, **conditions), self._put(version)]
            write_together(self._client, lambda: writes)
        except _Changed:
            return False
        return True

    def remove(self, key: str) -> bool:
        """See `FormRegistry.remove`."""
        with reaching(TABLE):
            answer = self._client.delete_item(
                TableName=self._table,
                Key=attributes(keys.form_key(key)),
                ReturnValues="ALL_OLD",
            )
        for version in list(self._reads.collection(keys.form_partition(key), keys.VERSION_PREFIX)):
            place = {"PK": version["PK"], "SK": version["SK"]}
            with reaching(TABLE):
                self._client.delete_item(TableName=self._table, Key=place)
        return "Attributes" in answer

    def _put(self, item: Item, **conditions: Any) -> Write:
        put: Any = {"TableName": self._table, "Item": item, **conditions}
        return Write({"Put": put}, _REFUSAL, size_of(item))


class _Changed(Exception):
    """Another caller has registered a version."""


_REFUSAL: Final = Refusal(unmet=lambda _: _Changed(), contended=_Changed)


def _about(item: Item) -> FormVersion:
    return FormVersion(
        item["key"]["S"],
        int(item["formVersion"]["N"]),
        Instant(int(item["registered"]["N"])),
    )
