"""Reading the table: batches of ids, partitions of an index, and the records of a task."""

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.documents import Documents
from taskdock.adapters.dynamodb.task_items import (
    ERASED,
    TABLE,
    Item,
    attributes,
    is_erased,
)
from taskdock.adapters.outages import reaching, unavailable
from taskdock.domain.query.read_specs import ByIndex
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.ports import Page

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import KeysAndAttributesTypeDef, QueryInputTypeDef

BATCH: Final = 100
"""How many items one request may name."""

type PageStart = tuple[int, Mapping[str, Any] | None]
"""Which single one of a spec a page is of, and the key behind which it starts."""

_FRUITLESS_TRIES: Final = 5
_FIRST_PAUSE: Final = 0.05
"""Seconds before what a batch left undone is asked for again; doubled while nothing comes."""


class TableReads:
    """Requests to one table; whatever fails in passing is a `TemporarilyUnavailable`."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table_name: str,
        sleep: Callable[[float], None] = time.sleep,
        index_table: str | None = None,
    ) -> None:
        self._client = client
        self._table = table_name
        self._index_table = index_table or table_name
        self._sleep = sleep

    def item(self, key: keys.Key) -> Item | None:
        """The item as it is now."""
        with reaching(TABLE):
            answer = self._client.get_item(
                TableName=self._table, Key=attributes(key), ConsistentRead=True
            )
        return answer.get("Item")

    def batch(
        self, task_ids: Sequence[TaskId], *, consistent: bool
    ) -> tuple[Sequence[Item], float, Sequence[TaskId]]:
        """Items of at most a hundred tasks, the read units, and the ids not answered yet.

        An id without an item counts as answered, and so does an erased task's.
        """
        found, read_units, keys_left = self._batch(task_ids, consistent=consistent)
        items = [each for each in found if not is_erased(each)]
        if not keys_left:
            return items, read_units, ()
        asked = {keys.task_key(task_id)["PK"]: task_id for task_id in task_ids}
        return items, read_units, [asked[key["PK"]["S"]] for key in keys_left]

    def page(self, spec: ByIndex, start: "PageStart | None", limit: int | None) -> Page:
        """A page of the entries of `spec`, partition after partition, in its order and range."""
        items, read_units, following = self.items(spec, start, limit)
        return Page(Documents(items, versions=spec.versions), read_units, following)

    def items(
        self, spec: ByIndex, start: "PageStart | None", limit: int | None, *, stamped: bool = False
    ) -> tuple[Sequence[Item], float, "PageStart | None"]:
        """A page's entries with their documents, the read units, and where the next page starts;
        `stamped` ones with their version and what the index is in order of too."""
        place, key = start or (0, None)
        singles = spec.singles
        if not singles:
            return (), 0.0, None
        following = (place + 1, None) if place + 1 < len(singles) else None
        if spec.low is not None and spec.high is not None and spec.low > spec.high:
            return (), 0.0, following  # the table takes no range that is upside down
        request = self._query(singles[place], stamped=stamped)
        if limit is not None:
            request["Limit"] = limit
        if key is not None:
            request["ExclusiveStartKey"] = key
        with reaching(TABLE):
            answer = self._client.query(**request)
        read_units = answer.get("ConsumedCapacity", {}).get("CapacityUnits", 0.0)
        last = answer.get("LastEvaluatedKey")
        return answer["Items"], read_units, (place, last) if last else following

    def collection(self, partition: str, prefix: str) -> Iterator[Item]:
        """The items of a partition of the table whose sort key starts so, as they are now."""
        request: QueryInputTypeDef = {
            "TableName": self._table,
            "KeyConditionExpression": "PK = :partition AND begins_with(SK, :prefix)",
            "ExpressionAttributeValues": attributes({":partition": partition, ":prefix": prefix}),
            "ConsistentRead": True,
        }
        return self._every(request)

    def records(self, task_id: TaskId, *, lasting: bool = False) -> Iterator[keys.Key]:
        """The keys of all records beside a task, as they are now; `lasting` are those that never
        expire."""
        request: QueryInputTypeDef = {
            "TableName": self._table,
            "KeyConditionExpression": "PK = :partition",
            "ProjectionExpression": "PK, SK",
            "ExpressionAttributeValues": attributes({":partition": keys.task_key(task_id)["PK"]}),
            "ConsistentRead": True,
        }
        if lasting:
            request["FilterExpression"] = "attribute_not_exists(expires)"
        prefixes = tuple(map(keys.record_prefix, keys.RecordKind))
        for item in self._every(request):
            if item["SK"]["S"].startswith(prefixes):  # else the task, or an entry of an inbox
                yield {"PK": item["PK"]["S"], "SK": item["SK"]["S"]}

    def _every(self, request: "QueryInputTypeDef") -> Iterator[Item]:
        """The items of every page of a query."""
        while True:
            with reaching(TABLE):
                answer = self._client.query(**request)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _batch(
        self, task_ids: Sequence[TaskId], *, consistent: bool
    ) -> tuple[Sequence[Item], float, Sequence[Item]]:
        """The items, the read units, and the keys that a busy table left out.

        A table that answers nothing at all is asked again, after longer and longer pauses.
        """
        wanted: KeysAndAttributesTypeDef = {
            "Keys": [attributes(keys.task_key(task_id)) for task_id in task_ids],
            "ProjectionExpression": "#doc, #version, #erased",
            "ExpressionAttributeNames": {
                "#doc": "doc",
                "#version": "version",
                "#erased": ERASED,
            },
            "ConsistentRead": consistent,
        }
        read_units = 0.0
        for fruitless in range(_FRUITLESS_TRIES):
            with reaching(TABLE):
                answer = self._client.batch_get_item(
                    RequestItems={self._table: wanted}, ReturnConsumedCapacity="TOTAL"
                )
            read_units += sum(each["CapacityUnits"] for each in answer.get("ConsumedCapacity", ()))
            found = answer["Responses"].get(self._table, [])
            left = answer["UnprocessedKeys"].get(self._table)
            if left is None:
                return found, read_units, ()
            if found:
                self._sleep(_FIRST_PAUSE)
                return found, read_units, left["Keys"]
            if fruitless < _FRUITLESS_TRIES - 1:
                self._sleep(_FIRST_PAUSE * 2 ** (fruitless + 1))
        raise unavailable(TABLE)

    def _query(self, access: ByIndex, *, stamped: bool) -> "QueryInputTypeDef":
        index, [partition], [tenant] = access.index, access.partitions, access.tenants
        values = {":here": keys.partition_key(index, tenant, partition)}
        names = {"#partition": index.partition_key, "#doc": "doc"}
        condition = "#partition = :here"
        bounds = {":low": access.low, ":high": access.high}
        match access.low, access.high:
            case None, None:
                pass
            case _, None:
                condition += " AND #sort >= :low"
            case None, _:
                condition += " AND #sort <= :high"
            case _:
                condition += " AND #sort BETWEEN :low AND :high"
        given = {name: bound for name, bound in bounds.items() if bound is not None}
        shown = ["#doc"]
        if stamped or access.versions:
            names["#version"] = "version"
            shown.append("#version")
        if stamped:
            shown.append("#sort")
        if given or stamped:
            names["#sort"] = index.sort_key
        return {
            "TableName": self._index_table,
            "IndexName": access.index,
            "KeyConditionExpression": condition,
            "ProjectionExpression": ", ".join(shown),
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": attributes({**values, **given}),
            "ScanIndexForward": not access.descending,
            "ReturnConsumedCapacity": "TOTAL",
        }
