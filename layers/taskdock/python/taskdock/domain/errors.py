"""Errors that a caller can act on, as one tree of classes.

The message is written for the caller. One table gives the HTTP status and the `type` of each class:
`api/answers/errors.py`.
"""

from collections.abc import Iterable


class TaskdockError(Exception):
    """Base of all errors of this package; the message is written for the caller."""

    def __init__(self, message: str, *, read_units: float | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.read_units = read_units
        """Read units of a query that failed; None for anything else."""


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


class NoSuchPath(TaskdockError):
    """Nothing is served under the path."""


class NoSuchDefinition(TaskdockError):
    """No task names a definition of that key."""


class NotAuthorized(TaskdockError):
    """The caller is known but may not do this (docs/api.md, D23)."""


class Unauthenticated(TaskdockError):
    """The request carries no verified identity."""


class TaskAlreadyClaimed(TaskdockError):
    """Another user has claimed the task (docs/api.md, D4)."""

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
    """The id or name of the new resource is taken."""


class ConcurrentChange(TaskdockError):
    """Other callers changed the task during every try (docs/api.md, D4); a retry may succeed."""


class PreconditionFailed(TaskdockError):
    """`If-Match` names another version than the task has."""


class IdempotencyMismatch(TaskdockError):
    """The idempotency key was used before with another request."""


class UnsupportedMediaType(TaskdockError):
    """The route does not read the body's content type."""


class NotAllowed(TaskdockError):
    """The path is there, but not for this method."""

    def __init__(self, allowed: Iterable[str]) -> None:
        super().__init__("HTTP 405 Method Not Allowed")
        self.allowed = tuple(sorted(allowed))
        """The methods that the path is there for."""


class NotAcceptable(TaskdockError):
    """None of the content types the caller accepts can be produced."""


class RequestTooLarge(TaskdockError):
    """The body is over the route's limit."""


class ResponseTooLarge(TaskdockError):
    """The answer is larger than a function may return; it is never cut."""


class QueryTooExpensive(TaskdockError):
    """The query would read more than the budget; the message names what would help."""


class ChangeTooLarge(TaskdockError):
    """The change would write more tasks than one transaction holds; nothing was written."""


class CursorExpired(TaskdockError):
    """What changed since then is not all kept any more."""


class ChangesNotKept(TaskdockError):
    """The deployment keeps no changes."""


class TemporarilyUnavailable(TaskdockError):
    """An AWS service is throttled or down; a retry may succeed."""


class ColumnsMissing(TemporarilyUnavailable):
    """The query would read more than the budget until the columns that answer it are made, which
    was asked for."""


class OutOfTime(TemporarilyUnavailable):
    """The answer would not be ready before the gateway gives up."""
