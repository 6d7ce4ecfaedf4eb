"""Commits of tasks: which items a change writes, and in which transaction."""

from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Final

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.table_writes import Write, check_limits, fitting, write_together
from taskdock.adapters.dynamodb.task_writes import EXISTS, TaskWrites
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId, is_open
from taskdock.use_cases.ports import Changes, Put, Record, Remove, VersionConflict

if TYPE_CHECKING:
    from collections.abc import Callable

    from types_boto3_dynamodb.client import DynamoDBClient

    type _Records = Callable[[TaskId, str], Sequence[Record]]

_COUNTED_IN: Final = {
    keys.RecordKind.COMMENT: "comments",
    keys.RecordKind.ATTACHMENT: "attachments",
}
"""The fields in which a task says how many records of a kind it has."""


class TaskCommits:
    """Writes changes to the table; `records` reads what a task has beside it."""

    def __init__(self, client: "DynamoDBClient", writes: TaskWrites, records: "_Records") -> None:
        self._client = client
        self._writes = writes
        self._records = records
        self._noted: set[str] = set()

    def check(self, changes: Changes) -> None:
        """See `TaskStore.check`."""
        check_limits(list(self._wanted(changes)))

    def commit(self, changes: Changes) -> None:
        """See `TaskStore.commit`.

        Writes for which the transaction has no room follow it: those of the records of a task with
        dozens of them, when it ends or is removed. No request can see these records by then.
        """
        writes = list(self._wanted(changes))
        tidying = list(self._tidying(changes))
        fit = fitting(writes, tidying)
        self._note_tenants(changes)
        if writes:
            write_together(self._client, writes + tidying[:fit])
        for write in tidying[fit:]:
            with suppress(VersionConflict):  # another caller has removed that record
                write_together(self._client, [write])

    def note(self, record: Record, until: Instant | None) -> None:
        """See `TaskStore.note`."""
        write_together(self._client, [self._writes.of_note(record, until)])

    def _note_tenants(self, changes: Changes) -> None:
        """Have the table list every tenant that tasks have. A tenant is noted before its first task
        is written, and once for a process.
        """
        put = (write.task.get("tenantId") for write in changes.writes if isinstance(write, Put))
        for tenant in {each for each in put if each is not None} - self._noted:
            write_together(self._client, [self._writes.of_tenant(tenant)])
            self._noted.add(tenant)

    def _wanted(self, changes: Changes) -> Iterator[Write]:
        # First the receipt: a repeated request is answered as one, whatever else is refused.
        if changes.receipt is not None:
            yield self._writes.of_receipt(changes.receipt)
        put: dict[TaskId, Task] = {}
        for write in changes.writes:
            if isinstance(write, Put):
                put[write.task["id"]] = write.task
                yield from self._writes.of_put(write)
            else:
                yield from self._writes.of_remove(write)
        for record in changes.extra:
            yield self._writes.of_record(record, put[record.task_id])

    def _tidying(self, changes: Changes) -> Iterator[Write]:
        """What becomes of the records of tasks that end or are removed."""
        written = {(record.task_id, record.kind, record.id) for record in changes.extra}
        for write in changes.writes:
            if write.before is None:
                continue
            before = write.before.task
            if isinstance(write, Remove):
                for record in self._records_of(before):
                    yield self._writes.of_record(replace(record, content=None), before)
            elif is_open(before) and not is_open(write.task):
                for record in self._records_of(before):
                    if (record.task_id, record.kind, record.id) not in written:
                        yield self._writes.of_record(record, write.task, EXISTS)

    def _records_of(self, task: Task) -> Iterator[Record]:
        for kind, count in _COUNTED_IN.items():
            if task.get(count):
                yield from self._records(task["id"], kind)
