"""History of a store in memory: what the reader of a table's stream would write."""

from taskdock.domain.events.detection import Change
from taskdock.domain.instants import Instant
from taskdock.use_cases.history.write_history import write_history

from tests.support.in_memory_store import InMemoryTaskStore

ENDED_TASK_DAYS = 90


def catch_up(store: InMemoryTaskStore) -> None:
    """Write the history of everything that was written since the last call."""
    while store.written:
        before, after, operation = store.written.popleft()
        change = Change(
            record="record",
            recorded=Instant(0),
            version=after.version,
            before=None if before is None else before.task,
            after=after.task,
            operation=operation,
        )
        write_history(store, change, ENDED_TASK_DAYS)
