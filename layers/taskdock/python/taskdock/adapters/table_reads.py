"""Reading the table: batches of ids, partitions of an index, and what lies beside a task."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Final, overload

from taskdock.adapters import keys
from taskdock.adapters.documents import unpacked
from taskdock.adapters.outages import reaching, unavailable
from taskdock.adapters.task_items import TABLE, Item, attributes
from taskdock.domain.query.read_specs import ByIndex, Partition, Ration, unrationed
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Page

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient
    from types_boto3_dynamodb.type_defs import KeysAndAttributesTypeDef, QueryInputTypeDef

_BATCH: Final = 100
"""How many items one request may name."""

_GROWTH: Final = 4
"""How much larger than the one before a further page is, where the first was asked to be small."""

_MORE_THAN_A_PAGE: Final = 100_000
"""More entries than the megabyte of one page ever holds."""

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
    ) -> None:
        self._client = client
        self._table = table_name
        self._sleep = sleep

    def item(self, key: keys.Key) -> Item | None:
        """The item as it is now."""
        with reaching(TABLE):
            answer = self._client.get_item(
                TableName=self._table, Key=attributes(key), ConsistentRead=True
            )
        return answer.get("Item")

    def batches(
        self, task_ids: Iterable[TaskId], *, consistent: bool, ration: Ration = unrationed
    ) -> Iterator[tuple[Sequence[Item], float]]:
        """The items of those tasks that exist, with the read units of each round trip."""
        left = iter(dict.fromkeys(task_ids))
        # One id is taken before the ration is asked for: it is for requests, not for the end.
        for first in left:
            ids = [first, *islice(left, (ration(_BATCH) or _BATCH) - 1)]
            yield from self._batch(
                {
                    "Keys": [attributes(keys.task_key(task_id)) for task_id in ids],
                    "ProjectionExpression": "#doc, #version",
                    "ExpressionAttributeNames": {"#doc": "doc", "#version": "version"},
                    "ConsistentRead": consistent,
                }
            )

    def pages(
        self, access: ByIndex, partition: Partition, ration: Ration = unrationed
    ) -> Iterator[Page]:
        """The entries of one partition in the order and the range of `access`."""
        if access.low is not None and access.high is not None and access.low > access.high:
            return  # the table takes no range that is upside down
        request, wanted = self._query(access, partition), access.page_size
        while True:
            limit = ration(wanted)
            request.pop("Limit", None)
            if limit is not None:
                request["Limit"] = limit
            with reaching(TABLE):
                answer = self._client.query(**request)
            read_units = answer.get("ConsumedCapacity", {}).get("CapacityUnits", 0.0)
            yield page(answer["Items"], read_units)
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]
            if wanted is not None:  # the first page did not do: the filter lets little through
                wanted = min(wanted * _GROWTH, _MORE_THAN_A_PAGE)

    def collection(self, partition: str, prefix: str) -> Iterator[Item]:
        """The items of a partition of the table whose sort key starts so, as they are now."""
        request: QueryInputTypeDef = {
            "TableName": self._table,
            "KeyConditionExpression": "PK = :partition AND begins_with(SK, :prefix)",
            "ExpressionAttributeValues": attributes({":partition": partition, ":prefix": prefix}),
            "ConsistentRead": True,
        }
        while True:
            with reaching(TABLE):
                answer = self._client.query(**request)
            yield from answer["Items"]
            if "LastEvaluatedKey" not in answer:
                return
            request["ExclusiveStartKey"] = answer["LastEvaluatedKey"]

    def _batch(self, wanted: "KeysAndAttributesTypeDef") -> Iterator[tuple[Sequence[Item], float]]:
        fruitless = 0
        while True:
            with reaching(TABLE):
                answer = self._client.batch_get_item(
                    RequestItems={self._table: wanted}, ReturnConsumedCapacity="TOTAL"
                )
            found = answer["Responses"].get(self._table, [])
            yield found, sum(used["CapacityUnits"] for used in answer.get("ConsumedCapacity", ()))
            left = answer["UnprocessedKeys"].get(self._table)
            if left is None:
                return
            fruitless = 0 if found else fruitless + 1
            if fruitless == _FRUITLESS_TRIES:
                raise unavailable(TABLE)
            self._sleep(_FIRST_PAUSE * 2**fruitless)
            wanted = {**wanted, "Keys": left["Keys"]}

    def _query(self, access: ByIndex, partition: Partition) -> "QueryInputTypeDef":
        index = keys.INDEXES[access.index]
        values = {":here": keys.partition_key(access.index, partition)}
        names = {"#partition": index.partition, "#doc": "doc"}
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
        if given:
            names["#sort"] = index.sort
        return {
            "TableName": self._table,
            "IndexName": access.index,
            "KeyConditionExpression": condition,
            "ProjectionExpression": "#doc",
            "ExpressionAttributeNames": names,
            "ExpressionAttributeValues": attributes({**values, **given}),
            "ScanIndexForward": not access.descending,
            "ReturnConsumedCapacity": "TOTAL",
        }


def page(items: Sequence[Item], read_units: float) -> Page:
    """The tasks in `items`."""
    return Page(_Decoded(items), read_units)


class _Decoded(Sequence[Task]):
    """The tasks in items, each decoded when it is come to: what a filter lets go is not held."""

    def __init__(self, items: Sequence[Item]) -> None:
        self._items = items

    def __len__(self) -> int:
        return len(self._items)

    @overload
    def __getitem__(self, place: int) -> Task: ...
    @overload
    def __getitem__(self, place: slice) -> "_Decoded": ...
    def __getitem__(self, place: int | slice) -> "Task | _Decoded":
        if isinstance(place, slice):
            return _Decoded(self._items[place])
        return unpacked(self._items[place]["doc"])

    def __iter__(self) -> Iterator[Task]:
        # What a query waits for: nothing else belongs here.
        return (unpacked(item["doc"]) for item in self._items)
