"""Who does what: the store through which a request changes tasks."""

from uuid import uuid4

from taskdock.domain.history.operation import Detail, Operation, Type
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.history.authored_store import AuthoredStore
from taskdock.use_cases.ports import TaskStore


def authored(
    request: Request,
    wiring: Wiring,
    kind: Type,
    task_id: str | None = None,
    detail: Detail | None = None,
) -> TaskStore:
    """The store that notes the caller's operation with every task that it writes.

    `task_id` is the task that the request is about; others change along with it. Without one,
    every task that is written is what the request is about.
    """
    operation = Operation(str(uuid4()), kind, request.caller.user, wiring.now(), detail)
    return AuthoredStore(wiring.store, operation, task_id)
