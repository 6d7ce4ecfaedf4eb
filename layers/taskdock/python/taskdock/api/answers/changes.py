"""How changes are shown."""

from collections.abc import Mapping
from typing import Any

from taskdock.api.answers.tasks import task_json
from taskdock.domain import instants
from taskdock.domain.tasks.task import Task, is_deleted, is_open
from taskdock.use_cases.changes.read_changes import ChangesPage, TaskChange, what_became


def changes_json(page: ChangesPage, *, with_tasks: bool) -> dict[str, Any]:
    """The changes of a page, and where to go on."""
    return {
        "changes": [_change_json(each, with_tasks=with_tasks) for each in page.changes],
        "next": page.next.token,
        "more": page.more,
    }


def _change_json(change: TaskChange, *, with_tasks: bool) -> Mapping[str, Any]:
    task = change.task
    shown: dict[str, Any] = {
        "id": task["id"],
        "version": change.version,
        "at": instants.write(change.at),
        "change": what_became(change),
        "end": None if is_open(task) else _end(task),
        "tenantId": task.get("tenantId"),
    }
    if with_tasks:
        shown["task"] = task_json(task) if is_open(task) else None
    return shown


def _end(task: Task) -> str:
    """`completed`, `failed`, `canceled`, `deleted`, or `erased`: nothing is kept of the task."""
    if task.get("erased", False):
        return "erased"
    return "deleted" if is_deleted(task) else task["state"]
