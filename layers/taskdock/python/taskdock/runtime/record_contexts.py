"""Requests for comments and attachments of a task."""

from taskdock.domain.tasks.task import TaskId
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.task_records import RecordContext


def record_context(request: Request, wiring: Wiring) -> RecordContext:
    """The request's caller at the task that its path names (`id`).

    Raises `InvalidRequest` for a malformed `If-Match` or `Idempotency-Key`.
    """
    return RecordContext(
        task_id=TaskId(request.path["id"]),
        caller=request.caller,
        now=wiring.now(),
        expected_version=request.expected_version,
        idempotency_key=request.idempotency_key,
    )
