"""The registered programs, in one partition of the DynamoDB table."""

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.table_reads import TableReads
from taskdock.adapters.dynamodb.task_items import TABLE, Item, attributes
from taskdock.adapters.outages import reaching
from taskdock.use_cases.services.programs import Program

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient


class DynamoDbProgramRegistry:
    """`ProgramRegistry` on the table that holds the tasks."""

    def __init__(self, client: "DynamoDBClient", table_name: str) -> None:
        self._client = client
        self._table = table_name
        self._reads = TableReads(client, table_name)

    def get(self, client_id: str) -> Program | None:
        """See `ProgramRegistry.get`."""
        found = self._reads.item(keys.program_key(client_id))
        return None if found is None else _program(found)

    def list(self) -> Sequence[Program]:
        """See `ProgramRegistry.list`."""
        found = self._reads.collection(keys.PROGRAMS, keys.PROGRAM_PREFIX)
        return sorted(map(_program, found), key=lambda program: program.client_id)

    def put(self, program: Program) -> None:
        """See `ProgramRegistry.put`."""
        content = {
            "clientId": program.client_id,
            "name": program.name,
            "tenants": program.tenants,
            "services": program.services,
            "removed": program.removed,
        }
        item = {**keys.program_key(program.client_id), "doc": json.dumps(content)}
        with reaching(TABLE):
            self._client.put_item(TableName=self._table, Item=attributes(item))


def _program(item: Item) -> Program:
    content = json.loads(item["doc"]["S"])
    return Program(
        content["clientId"],
        content["name"],
        tuple(content["tenants"]),
        tuple(content["services"]),
        content["removed"],
    )
