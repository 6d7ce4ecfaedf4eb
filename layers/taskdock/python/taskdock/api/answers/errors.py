"""The HTTP answer of each error: one row per class of `domain/errors.py`.

`type` is Camunda 7's name where it has one (docs/api.md, Errors).
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from taskdock.domain import errors


@dataclass(frozen=True, slots=True)
class Row:
    """Status, `type` and `code` of an error's answer."""

    status: int
    type: str
    code: int | None = None


_INVALID_REQUEST: Final = "InvalidRequestException"

TABLE: Final[Mapping[type[errors.TaskdockError], Row]] = {
    errors.InvalidRequest: Row(400, _INVALID_REQUEST),
    errors.BadUserRequest: Row(400, "BadUserRequestException"),
    errors.TaskSuspended: Row(400, "SuspendedEntityInteractionException"),
    errors.Unauthenticated: Row(401, "AuthenticationException"),
    errors.NotAuthorized: Row(403, "AuthorizationException"),
    errors.TaskNotFound: Row(404, _INVALID_REQUEST),
    errors.NotFound: Row(404, _INVALID_REQUEST),
    errors.NoSuchPath: Row(404, "NotFoundException"),
    errors.NoSuchDefinition: Row(404, "RestException"),
    # Asking again is of no use, and a 5xx would raise alarms: this deployment has no such resource.
    errors.ChangesNotKept: Row(404, "ChangesNotKeptException"),
    errors.NotAllowed: Row(405, "NotAllowedException"),
    errors.NotAcceptable: Row(406, "NotAcceptableException"),
    errors.TaskAlreadyClaimed: Row(409, "TaskAlreadyClaimedException"),
    errors.ConcurrentChange: Row(409, "OptimisticLockingException", code=1),
    errors.AlreadyExists: Row(409, "AlreadyExistsException"),
    errors.StateConflict: Row(409, "StateConflictException"),
    errors.CursorExpired: Row(410, "CursorExpiredException"),
    errors.PreconditionFailed: Row(412, "PreconditionFailedException"),
    errors.RequestTooLarge: Row(413, "RequestTooLargeException"),
    errors.UnsupportedMediaType: Row(415, "NotSupportedException"),
    errors.IdempotencyMismatch: Row(422, "IdempotencyMismatchException"),
    errors.ResponseTooLarge: Row(422, "ResponseTooLargeException"),
    errors.QueryTooExpensive: Row(422, "QueryTooExpensiveException"),
    errors.ChangeTooLarge: Row(422, "ChangeTooLargeException"),
    errors.TemporarilyUnavailable: Row(503, "TemporarilyUnavailableException"),
    errors.ColumnsMissing: Row(503, "ColumnsMissingException"),
    errors.OutOfTime: Row(503, "OutOfTimeException"),
}

_HEADERS: Final[Mapping[int, Mapping[str, str]]] = {
    401: {"WWW-Authenticate": "Bearer"},
    503: {"Retry-After": "1"},
}


def row_of(error: errors.TaskdockError) -> Row:
    """The row of the error's class, or of the nearest class above it that has one."""
    for cls in type(error).__mro__:
        row = TABLE.get(cls)
        if row is not None:
            return row
    raise error  # A class that is missing in the table is a mistake in the table, not the caller's.


def error_json(error: errors.TaskdockError, row: Row | None = None) -> dict[str, Any]:
    """The body of the answer: `type`, `message` and `code`, by its own row or by another one."""
    row = row or row_of(error)
    return {"type": row.type, "message": error.message, "code": row.code}


def error_headers(error: errors.TaskdockError) -> Mapping[str, str]:
    """The answer's headers beside its content type: where to sign in, when to try again, which
    methods there are."""
    if isinstance(error, errors.NotAllowed):
        return {"Allow": ", ".join(error.allowed)}
    return _HEADERS.get(row_of(error).status, {})
