"""Prepares a table for another authorization: adds or removes the entries that it takes.

An operator runs it; no function does.
"""

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Final

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.layout import say_authorization
from taskdock.adapters.dynamodb.table_writes import write_together
from taskdock.adapters.dynamodb.task_items import (
    attributes,
    is_erased,
    stamp_in,
    stored_task,
)
from taskdock.adapters.dynamodb.task_store import DynamoDbTaskStore
from taskdock.adapters.dynamodb.task_writes import TaskWrites
from taskdock.domain.access import Authorization
from taskdock.domain.query.read_specs import ALL_SHARDS, ByIndex, Index, everywhere
from taskdock.domain.tasks.task import TaskId, is_open
from taskdock.use_cases.ports import VersionConflict
from taskdock.use_cases.query.page_reading import every_task

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient

_ID: Final = frozenset(("id",))


def switch_authorization(
    client: "DynamoDBClient",
    table_name: str,
    authorization: Authorization,
    progress: Callable[[int], None] = lambda _: None,
) -> int:
    """Write the entries of every open task as the authorization wants them, then say so in the
    table. The number of tasks; `progress` gets it after each.

    It may be interrupted and started again. Raises `TemporarilyUnavailable`.
    """
    # Ended tasks have no entries, so it does not matter how long they are kept.
    store = DynamoDbTaskStore(client, table_name, ended_task_days=1, authorization=authorization)
    writes = TaskWrites(table_name, 1, authorization)
    tenants = everywhere(store.tenants())
    number = 0
    for task in every_task(store, ByIndex(Index.OPEN, ALL_SHARDS, tenants), _ID):
        _rewrite(client, writes, task["id"])
        number += 1
        progress(number)
    say_authorization(client, table_name, authorization)
    return number


def _rewrite(client: "DynamoDBClient", writes: TaskWrites, task_id: TaskId) -> None:
    """Write the task's items once more, in the version that they have."""
    while True:
        found = client.get_item(
            TableName=writes.table, Key=attributes(keys.task_key(task_id)), ConsistentRead=True
        ).get("Item")
        if found is None or is_erased(found) or not is_open(stored_task(found).task):
            return
        again = list(writes.of_same(stored_task(found), stamp_in(found)))
        try:
            write_together(client, partial(list, again))
        except VersionConflict:
            continue  # somebody changed the task meanwhile
        return
