"""Brings items of a restored table back: `make restore FROM=… TABLE=…` (docs/erasure.md).

A task comes back as a whole: its item and the entries of its inboxes in one transaction, and before
them what is kept beside it, all of it only while the task is as it was compared. Broken off and
started again, it goes on.
"""

import argparse
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import batched
from typing import Any, Final

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.changes.change_keeping import begin_anew
from taskdock.adapters.dynamodb.column_keys import is_of_columns
from taskdock.adapters.dynamodb.task_items import is_erased
from taskdock.domain.instants import Instant

from local.console import say

type Item = Mapping[str, Any]

_TASK: Final = "TASK"
_ENTRY: Final = "LINK#"
"""What the sort keys of the entries of further inboxes start with."""

_COLLECTION: Final = "TASK#"

_RECORDS_AT_ONCE: Final = 10
"""Records of one transaction, which takes 4 MB; the largest record has 390 KiB."""


@dataclass(slots=True)
class Restored:
    """What was found, and what was done."""

    missing: int = 0
    """Tasks, services and so on that the table lacked."""
    different: int = 0
    written: int = 0
    contended: int = 0
    """Those that changed while they were looked at."""


class Restore:
    """Brings what one table has back into another."""

    def __init__(self, client: Any, source: str, target: str) -> None:
        self._client = client
        self._source = source
        self._target = target

    def __call__(self, *, replace: bool, dry_run: bool) -> Restored:
        """Write what is missing, and with `replace` what differs."""
        done = Restored()
        if not dry_run:
            self._begin_anew()
        for item in self._first_items():
            there = self._there(item)
            if there == item:
                continue
            is_missing = there is None or is_erased(there)
            done.missing += is_missing
            done.different += not is_missing
            if not dry_run and (is_missing or replace):
                is_written = self._bring_back(item, there)
                done.written += is_written
                done.contended += not is_written
        if done.written:
            self._begin_anew()
        return done

    def _begin_anew(self) -> None:
        """What comes back has the stamps and the versions that it had."""
        begin_anew(self._client, self._target, Instant(time.time_ns() // 1_000_000))

    def _first_items(self) -> Iterator[Item]:
        """The tasks' own items, and the items that belong to no task. The layout's number stays as
        it is, and what is said of columns, which are made of the tasks."""
        pages = self._client.get_paginator("scan").paginate(
            TableName=self._source, ConsistentRead=True
        )
        for page in pages:
            for item in page["Items"]:
                partition, sort = item["PK"]["S"], item["SK"]["S"]
                is_beside = partition.startswith(_COLLECTION) and sort != _TASK
                stays = partition == keys.LAYOUT["PK"] or is_of_columns(partition)
                if not stays and not is_beside:
                    yield item

    def _there(self, item: Item) -> Item | None:
        found = self._client.get_item(TableName=self._target, Key=_key(item), ConsistentRead=True)
        there: Item | None = found.get("Item")
        return there

    def _bring_back(self, item: Item, there: Item | None) -> bool:
        """Write the item over what was compared, and what belongs to it; False when it changed."""
        beside = self._beside(self._source, item) if _is_task(item) else []
        present = self._beside(self._target, item) if _is_task(item) else []
        entries = [each for each in beside if _is_entry(each)]
        records = [each for each in beside if not _is_entry(each)]
        kept = [each["SK"] for each in entries]
        unchanged = _unchanged(there)
        guard = {"ConditionCheck": {"Key": _key(item), **unchanged}}
        batches = [
            [guard, *({"Put": {"Item": each}} for each in some)]
            for some in batched(records, _RECORDS_AT_ONCE)
        ]
        own = [
            {"Put": {"Item": item, **unchanged}},
            *({"Put": {"Item": each}} for each in entries),
            *(
                {"Delete": {"Key": _key(each)}}
                for each in present
                if _is_entry(each) and each["SK"] not in kept
            ),
        ]
        return all(self._written(writes) for writes in (*batches, own))

    def _written(self, writes: Sequence[Mapping[str, Mapping[str, Any]]]) -> bool:
        """Whether all of this was written; else nothing was."""
        items = [
            {kind: {"TableName": self._target, **write} for kind, write in each.items()}
            for each in writes
        ]
        try:
            self._client.transact_write_items(TransactItems=items)
        except self._client.exceptions.TransactionCanceledException:
            return False
        return True

    def _beside(self, table: str, item: Item) -> list[Item]:
        """What a table has beside the item: entries of inboxes, and records."""
        pages = self._client.get_paginator("query").paginate(
            TableName=table,
            KeyConditionExpression="PK = :partition",
            ExpressionAttributeValues={":partition": item["PK"]},
            ConsistentRead=True,
        )
        found = (each for page in pages for each in page["Items"])
        return [each for each in found if each["SK"] != item["SK"]]


def _key(item: Item) -> Item:
    return {"PK": item["PK"], "SK": item["SK"]}


def _is_entry(item: Item) -> bool:
    return bool(item["SK"]["S"].startswith(_ENTRY))


def _is_task(item: Item) -> bool:
    return bool(item["SK"]["S"] == _TASK)


def _unchanged(there: Item | None) -> Mapping[str, Any]:
    """The condition that the item is still as it was compared."""
    if there is None:
        return {"ConditionExpression": "attribute_not_exists(PK)"}
    if "version" not in there:
        return {}
    version = {":version": there["version"]}
    return {"ConditionExpression": "version = :version", "ExpressionAttributeValues": version}


def main(arguments: Sequence[str]) -> int:
    """Restore from one table into another; the exit code, 1 when something changed meanwhile."""
    import boto3

    parser = argparse.ArgumentParser(prog="make restore", description=__doc__)
    parser.add_argument("source", help="the restored table")
    parser.add_argument("target", help="the stack's table")
    parser.add_argument("--replace", action="store_true", help="write what differs, too")
    parser.add_argument("--dry-run", action="store_true", help="only say what would be done")
    parser.add_argument("--endpoint", help="another address than AWS, for local tables")
    options = parser.parse_args(arguments)
    client = boto3.client("dynamodb", endpoint_url=options.endpoint)
    run = Restore(client, options.source, options.target)
    done = run(replace=options.replace, dry_run=options.dry_run)
    say(f"missing: {done.missing}, different: {done.different}, written: {done.written}")
    if done.contended:
        say(f"changed meanwhile: {done.contended}; start it again")
    return int(done.contended > 0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
