"""Read the operation log of a task."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from taskdock.domain.access import Access
from taskdock.domain.history.operation import Operation
from taskdock.domain.identifiers import is_identifier
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.history.write_history import OPERATION
from taskdock.use_cases.ports import TaskStore


@dataclass(frozen=True, slots=True)
class LogEntry:
    """A line of the log, with the task that it is about."""

    id: str
    task: Task
    operation_id: str
    operation_type: str
    user: str
    at: Instant
    entity: str
    property: str | None
    before: str | None
    after: str | None


def historic_task(store: TaskStore, task_id: str, access: Access) -> Task | None:
    """The task, open, ended or deleted; None for one that the caller may not see."""
    stored = store.get(TaskId(task_id)) if is_identifier(task_id) else None
    if stored is None or not access.sees(stored.task):
        return None
    return stored.task


def read_log(store: TaskStore, task: Task) -> list[LogEntry]:
    """What operations left in the log of the task, in their order."""
    return [
        entry
        for record in store.records(task["id"], OPERATION)
        for entry in _entries(record.id, record.content or {}, task)
    ]


def _entries(record_id: str, content: Any, task: Task) -> Iterator[LogEntry]:
    operation = Operation.of_json(content["operation"])
    for place, (entity, name, before, after) in enumerate(content["entries"]):
        yield LogEntry(
            id=f"{task['id']}:{record_id}:{place}",
            task=task,
            operation_id=operation.id,
            operation_type=operation.type,
            user=operation.user,
            at=operation.at,
            entity=entity,
            property=name,
            before=before,
            after=after,
        )
