"""The statuses of Camunda 7 for an unknown task and for conflicts, where a deployment wants them.

Programs that were written against Camunda's Java client may catch exceptions by status and type;
`ReferenceStatuses` gives them those (docs/api.md, D3, D4).
"""

from collections.abc import Mapping
from typing import Final

from taskdock.api.answers.errors import Row, row_of
from taskdock.domain import errors

_NULL_VALUE: Final = Row(500, "NullValueException", code=0)
_REST: Final = Row(500, "RestException", code=0)
_NOT_FOUND: Final = Row(400, "NotFoundException", code=0)
_INVALID: Final = Row(400, "InvalidRequestException")

GONE: Final = Row(204, "")
"""What deleting an unknown task is answered with."""

_UNKNOWN_TASK: Final[Mapping[str, Row]] = {
    "DELETE /task/{id}": GONE,
    "POST /task/{id}/claim": _NULL_VALUE,
    "POST /task/{id}/unclaim": _NOT_FOUND,
    "POST /task/{id}/assignee": _NOT_FOUND,
    "POST /task/{id}/delegate": _NULL_VALUE,
    "POST /task/{id}/resolve": _NULL_VALUE,
    "POST /task/{id}/complete": _REST,
    "POST /task/{id}/submit-form": _REST,
    "POST /task/{id}/bpmnError": Row(404, "RestException"),
    "POST /task/{id}/bpmnEscalation": Row(404, "RestException"),
    "GET /task/{id}/identity-links": _NULL_VALUE,
    "POST /task/{id}/identity-links": _NOT_FOUND,
    "POST /task/{id}/identity-links/delete": _NULL_VALUE,
    "GET /task/{id}/form": Row(400, "RestException"),
    "GET /task/{id}/form-variables": _NOT_FOUND,
    "GET /task/{id}/rendered-form": _NULL_VALUE,
    "GET /task/{id}/deployed-form": _INVALID,
    "POST /task/{id}/comment/create": _INVALID,
    "POST /task/{id}/attachment/create": _INVALID,
    **{
        f"GET /task/{{id}}/{collection}": _NULL_VALUE
        for collection in ("variables", "localVariables")
    },
    **{
        f"{method} /task/{{id}}/{collection}{below}": _REST
        for collection in ("variables", "localVariables")
        for method, below in (
            ("POST", ""),
            ("GET", "/{name}"),
            ("PUT", "/{name}"),
            ("DELETE", "/{name}"),
            ("GET", "/{name}/data"),
            ("POST", "/{name}/data"),
        )
    },
}
"""What each route says of an unknown task, where it is no 404 `InvalidRequestException`."""

_CONFLICTS: Final[Mapping[type[errors.TaskdockError], Row]] = {
    errors.TaskAlreadyClaimed: Row(500, "TaskAlreadyClaimedException", code=0),
    errors.ConcurrentChange: Row(500, "OptimisticLockingException", code=1),
}


def reference_row(error: errors.TaskdockError, operation: str) -> Row:
    """The row of Camunda 7 for the error of an operation; ours where there is no other."""
    own = row_of(error)
    if isinstance(error, errors.TaskNotFound):
        return _UNKNOWN_TASK.get(operation, own)
    return _CONFLICTS.get(type(error), own)
