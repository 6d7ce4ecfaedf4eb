"""Whether what lies in a table is whole: tasks, their entries in indexes, what is kept beside."""

from collections import Counter
from collections.abc import Iterator
from typing import Any

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.documents import unpacked
from taskdock.adapters.dynamodb.task_items import is_erased, task_items

from tests.support.tables import Table

_BESIDE = {"operation", "changesShard", "changed"}
"""What a task's own item has that does not follow from the task."""

_COUNTED = {"comments": "COMMENT#", "attachments": "ATTACHMENT#"}


def half_written(table: Table, ended_task_days: int) -> list[str]:
    """What does not fit together, a line each: the task's own item against its entries and its
    counts of comments and attachments, and items of tasks that are not there.
    """
    collections: dict[str, list[dict[str, Any]]] = {}
    for item in table.items():
        if item["PK"]["S"].startswith("TASK#"):
            collections.setdefault(item["PK"]["S"], []).append(item)
    return [line for each in collections.values() for line in _faults(each, ended_task_days)]


def history_of(table: Table, task_id: str) -> list[int]:
    """The versions of the task that left something in its log."""
    prefix = f"{keys.record_prefix('operation')}"
    collection = keys.task_key(task_id)["PK"]  # type: ignore[arg-type]
    return sorted(
        int(item["SK"]["S"].removeprefix(prefix))
        for item in table.items()
        if item["PK"]["S"] == collection and item["SK"]["S"].startswith(prefix)
    )


def _faults(items: list[dict[str, Any]], ended_task_days: int) -> Iterator[str]:
    by_key = {item["SK"]["S"]: item for item in items}
    own = by_key.get("TASK")
    name = items[0]["PK"]["S"]
    if own is not None and is_erased(own):
        yield from (f"{name}: {key} is left of an erased task" for key in by_key if key != "TASK")
        return
    if own is None:
        yield f"{name}: no task for {sorted(by_key)}"
        return
    task, version = unpacked(own["doc"]), int(own["version"]["N"])
    expected = {item["SK"]["S"]: item for item in task_items(task, version, ended_task_days)}
    found = {
        key: {field: value for field, value in item.items() if field not in _BESIDE}
        for key, item in by_key.items()
        if key == "TASK" or key.startswith("LINK#")
    }
    if _plain(found) != _plain(expected):
        yield f"{name}: {sorted(found)} is not what version {version} has: {sorted(expected)}"
    kinds = Counter(f"{key.partition('#')[0]}#" for key in by_key)
    for count, prefix in _COUNTED.items():
        if kinds[prefix] != task.get(count, 0):
            yield f"{name}: {kinds[prefix]} {count}, and the task says {task.get(count, 0)}"


def _plain(items: dict[str, Any]) -> dict[str, Any]:
    return {
        key: {
            field: unpacked(item["doc"]) if field == "doc" else value
            for field, value in item.items()
        }
        for key, item in items.items()
    }
