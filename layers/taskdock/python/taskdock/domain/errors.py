"""Everything that can go wrong for a reason a caller can act on, in one tree.

The message is written for the caller. Which HTTP status each class gets, and under which
`type` the answer names it, stands in one table: `runtime/error_answers.py`.
"""


class TaskdockError(Exception):
    """Anything this service refuses or cannot do; the message is fit to be shown."""

    def __init__(self, message: str, *, read_units: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.read_units = read_units
        """What a query had read by then; None where it is no query that failed."""


class InvalidRequest(TaskdockError):
    """The request is malformed or misuses a property
    (docs/api.md, D1, D2, D13, D14, D18 to D21)."""


class BadUserRequest(TaskdockError):
    """Understood, but not allowed as asked; Camunda 7's `BadUserRequestException`."""


class TaskNotFound(TaskdockError):
    """No task with that id that the caller may see (docs/api.md, D3, D23)."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"No matching task with id {task_id}")


class NotFound(TaskdockError):
    """Something other than a task does not exist: a service, a variable, a comment."""


class NotAuthorized(TaskdockError):
    """The caller is known but may not do this (docs/api.md, D23)."""


class Unauthenticated(TaskdockError):
    """The request carries no verified identity."""


class TaskAlreadyClaimed(TaskdockError):
    """Somebody else holds the task (docs/api.md, D4)."""

    def __init__(self, task_id: str) -> None:
        super().__init__(f"Task '{task_id}' is already claimed by someone else.")


class TaskSuspended(TaskdockError):
    """The task is suspended and the change needs an active one
    (docs/camunda-behaviour.md, Assignment)."""

    def __init__(self, task_id: str, *, role: str = "task") -> None:
        super().__init__(f"ENGINE-03043 {role} with id '{task_id}' is suspended.")


class StateConflict(TaskdockError):
    """The task's or the service's state does not allow the action; the message names it."""


class AlreadyExists(TaskdockError):
    """The id or name that was to be created is taken."""


class ConcurrentChange(TaskdockError):
    """Others kept changing the task while we tried (docs/api.md, D4); a retry may succeed."""


class PreconditionFailed(TaskdockError):
    """`If-Match` names another version than the task has."""


class IdempotencyMismatch(TaskdockError):
    """The idempotency key was used before with another request."""


class UnsupportedMediaType(TaskdockError):
    """The body's content type is not one this route reads."""


class NotAcceptable(TaskdockError):
    """None of the content types the caller accepts can be produced."""


class RequestTooLarge(TaskdockError):
    """The body is over the route's limit."""


class ResponseTooLarge(TaskdockError):
    """The answer would not fit into what a function may return; it is never cut."""


class QueryTooExpensive(TaskdockError):
    """The query would read more than the budget; the message names what would help."""


class TemporarilyUnavailable(TaskdockError):
    """Something we depend on is throttled or down; the caller may try again."""


class OutOfTime(TemporarilyUnavailable):
    """The answer would not be ready before the gateway gives up."""
