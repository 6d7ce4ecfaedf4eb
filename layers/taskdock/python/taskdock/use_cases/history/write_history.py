"""Write what a change leaves in history: entries of the operation log, and removed variables. What
is kept beside a task that ended, its comments and attachments too, expires with it from then on.

The reader of the table's stream does it, so that a change costs no more than it did. Each record
has the version of the change in its name, so that writing it again changes nothing.
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from taskdock.domain.events.detection import Change, is_erasure
from taskdock.domain.history.operation import Operation
from taskdock.domain.history.operation_log import entries
from taskdock.domain.history.traces import variable_created
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import NO_VARIABLES, Task, is_open
from taskdock.use_cases.ports import Record, TaskStore

OPERATION: Final = "operation"
"""The kind of records with entries of the log."""

VARIABLE: Final = "variable"
"""The kind of records with a variable that was removed."""

_A_DAY: Final = 24 * 60 * 60 * 1000


def write_history(store: TaskStore, change: Change, ended_task_days: int) -> int:
    """How many records the change left. They expire with their task.

    Raises `TemporarilyUnavailable` when the store is throttled or out of reach.
    """
    before, after = change.before, change.after
    if after is None or is_erasure(change):
        return 0
    until = _until(after, ended_task_days)
    new = [*_records(change, after)]
    if until is not None and before is not None and is_open(before):
        store.expire_records(after["id"], until)
    for record in new:
        store.note(record, until)
    return len(new)


def _until(task: Task, days: int) -> Instant | None:
    ended = task.get("ended")
    return None if ended is None else Instant(ended + days * _A_DAY)


def _records(change: Change, after: Task) -> Iterator[Record]:
    operation = None if change.operation is None else Operation.of_json(change.operation)
    if operation is None:
        return
    left = entries(operation, change.before, after)
    if left:
        content: Mapping[str, Any] = {
            "operation": operation.as_json(),
            "entries": [[each.entity, each.property, each.before, each.after] for each in left],
        }
        yield Record(after["id"], OPERATION, f"{change.version:012}", content)
    if change.before is not None:
        yield from _removed_variables(change.before, after, change.version)


def _removed_variables(before: Task, after: Task, version: int) -> Iterator[Record]:
    left = after.get("variables", NO_VARIABLES)
    for name, variable in before.get("variables", NO_VARIABLES).items():
        if name not in left:
            created = variable_created(before, name)
            kept = {"name": name, "variable": variable, "created": created}
            yield Record(after["id"], VARIABLE, f"{version:012}.{name}", kept)
