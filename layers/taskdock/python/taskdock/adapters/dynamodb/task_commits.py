"""Commits of tasks: which items a change writes, and in which transaction."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import TYPE_CHECKING, Final

from taskdock.adapters.dynamodb import keys
from taskdock.adapters.dynamodb.table_writes import Write, check_limits, write_together
from taskdock.adapters.dynamodb.task_items import TABLE
from taskdock.adapters.dynamodb.task_writes import ErasedBefore, TaskWrites
from taskdock.adapters.outages import unavailable
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put, Record, VersionConflict

if TYPE_CHECKING:
    from types_boto3_dynamodb.client import DynamoDBClient


_MOST_MARKS: Final = 8
"""How many marks of erased tasks one commit may meet: it creates a task or two."""

_NOTHING: Final[Mapping[TaskId, int]] = {}


class TaskCommits:
    """Writes changes to the table."""

    def __init__(
        self,
        client: "DynamoDBClient",
        writes: TaskWrites,
        sleep: Callable[[float], None],
        stamp: Callable[[], Instant | None],
    ) -> None:
        """`stamp` is asked before every try of a change of tasks; None where changes are not kept
        in an index."""
        self._client = client
        self._writes = writes
        self._sleep = sleep
        self._stamp = stamp
        self._noted: set[str] = set()

    def check(self, changes: Changes) -> None:
        """See `TaskStore.check`."""
        check_limits(list(self._wanted(changes, None)))

    def commit(self, changes: Changes) -> None:
        """See `TaskStore.commit`."""
        if not changes.writes and changes.receipt is None:
            return
        self._note_tenants(changes)
        erased: dict[TaskId, int] = {}
        for _ in range(_MOST_MARKS):
            try:
                write_together(
                    self._client,
                    lambda: list(self._wanted(changes, self._stamp(), erased)),
                    self._sleep,
                )
            except ErasedBefore as mark:
                erased[mark.task_id] = mark.version
            else:
                return
        raise unavailable(TABLE)

    def note(self, record: Record, until: Instant | None) -> None:
        """See `TaskStore.note`."""
        self._write([self._writes.of_note(record, until)])

    def expire_records(self, task_id: TaskId, records: Iterable[keys.Key], until: Instant) -> None:
        """Have the records of these keys expire, those that are still there."""
        for key in records:
            with suppress(VersionConflict):  # another caller has removed that record
                self._write([self._writes.of_expiry(task_id, key, until)])

    def forget_records(self, task_id: TaskId, records: Iterable[keys.Key]) -> int:
        """Delete the records of these keys; returns how many there were."""
        deletes = [self._writes.of_deletion(task_id, key) for key in records]
        for each in deletes:
            self._write([each])
        return len(deletes)

    def _write(self, writes: Sequence[Write]) -> None:
        write_together(self._client, lambda: writes, self._sleep)

    def _note_tenants(self, changes: Changes) -> None:
        """Have the table list every tenant that tasks have. A tenant is noted before its first task
        is written, and once for a process. Nothing is noted for a change that is refused.
        """
        put = (write.task.get("tenantId") for write in changes.writes if isinstance(write, Put))
        new = {each for each in put if each is not None} - self._noted
        if new:
            list(self._wanted(changes, None))
        for tenant in new:
            self._write([self._writes.of_tenant(tenant)])
            self._noted.add(tenant)

    def _wanted(
        self,
        changes: Changes,
        stamp: Instant | None,
        erased: Mapping[TaskId, int] = _NOTHING,
    ) -> Iterator[Write]:
        # First the receipt: a repeated request is answered as one, whatever else is refused.
        if changes.receipt is not None:
            yield self._writes.of_receipt(changes.receipt)
        put: dict[TaskId, Task] = {}
        for write in changes.writes:
            if isinstance(write, Put):
                put[write.task["id"]] = write.task
                yield from self._writes.of_put(write, stamp, erased.get(write.task["id"]))
            else:
                yield from self._writes.of_remove(write, stamp)
        for record in changes.extra:
            yield self._writes.of_record(record, put[record.task_id])
