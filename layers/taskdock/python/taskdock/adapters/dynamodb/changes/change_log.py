"""Reads the stamps of tasks from the table's indexes."""

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, cast

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.changes.change_keeping import kept_from
from taskdock.adapters.dynamodb.documents import text_in
from taskdock.adapters.dynamodb.table_reads import TableReads
from taskdock.adapters.dynamodb.task_items import Item
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import ByIndex, Index
from taskdock.use_cases.changes.change_log import Entry, EntryPage

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

    from taskdock.adapters.dynamodb.table_reads import PageStart


class DynamoDbChangeLog:
    """`ChangeLog` on a DynamoDB table of the shape that `keys` describes."""

    def __init__(
        self,
        client: "DynamoDBClient",
        table_name: str,
        index_table: str | None = None,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        """`index_table` is the table whose indexes are read, by default the same one."""
        self._reads = TableReads(client, table_name, sleep, index_table)

    def entries(
        self, spec: ByIndex, start: object | None = None, limit: int | None = None
    ) -> EntryPage:
        """See `ChangeLog.entries`."""
        place = cast("PageStart | None", start)
        items, read_units, following = self._reads.items(spec, place, limit, stamped=True)
        return EntryPage([_entry(spec.index, each) for each in items], read_units, following)

    def kept_from(self) -> Instant | None:
        """See `ChangeLog.kept_from`."""
        return kept_from(self._reads.item(keys.LAYOUT))


def _entry(index: Index, item: Item) -> Entry:
    at = Instant(int(item[index.sort_key]["N"]))
    return Entry(at, int(item["version"]["N"]), text_in(item["doc"]))
