"""The history of a service's task, as the service API shows it."""

from collections.abc import Sequence
from typing import Any

from taskdock.api.answers.service_tasks import task_href
from taskdock.api.answers.tasks import date_json
from taskdock.domain import instants
from taskdock.domain.services.actions import state_of
from taskdock.domain.tasks.task import Task, is_deleted
from taskdock.use_cases.history.read_log import LogEntry


def task_history_json(task: Task, entries: Sequence[LogEntry], base_path: str) -> dict[str, Any]:
    """A task's life: when it began and ended, and every change in between, the oldest first."""
    ended = task.get("ended")
    return {
        "tid": task["id"],
        "service": task.get("service"),
        "state": "deleted" if is_deleted(task) else state_of(task),
        "started": instants.write(task["created"]),
        "ended": date_json(ended),
        "duration": None if ended is None else ended - task["created"],
        "endReason": task.get("endReason"),
        "embedded": {"entries": [_entry(each) for each in entries]},
        "links": {"self": {"href": f"{task_href(task, base_path)}/history"}},
    }


def _entry(entry: LogEntry) -> dict[str, Any]:
    return {
        "operationId": entry.operation_id,
        "operation": entry.operation_type,
        "entity": entry.entity,
        "user": entry.user,
        "time": instants.write(entry.at),
        "property": entry.property,
        "before": entry.before,
        "after": entry.after,
    }
