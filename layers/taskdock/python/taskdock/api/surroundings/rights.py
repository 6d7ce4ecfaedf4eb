"""Questions about authorizations, as Camunda 7 asks and answers them.

Who may do what is not kept as authorizations here: scopes and tenants say it. So there are none to
list, and what a program asks before it shows a button is allowed.
"""

from collections.abc import Mapping
from typing import Any, Final

from taskdock.domain.errors import BadUserRequest, InvalidRequest

_CRUD: Final = frozenset({"CREATE", "READ", "UPDATE", "DELETE"})
_TASK: Final = frozenset({"TASK_ASSIGN", "TASK_WORK", "UPDATE_VARIABLE", "READ_VARIABLE"})
_OF_INSTANCES: Final = frozenset(
    {"RETRY_JOB", "SUSPEND", "UPDATE_VARIABLE", "READ_INSTANCE", "UPDATE_INSTANCE"}
)

_KINDS: Final[Mapping[int, tuple[str, frozenset[str]]]] = {
    0: ("APPLICATION", frozenset({"ACCESS"})),
    1: ("USER", _CRUD),
    2: ("GROUP", _CRUD),
    3: ("GROUP_MEMBERSHIP", frozenset({"CREATE", "DELETE"})),
    4: ("AUTHORIZATION", _CRUD),
    5: ("FILTER", _CRUD),
    6: (
        "PROCESS_DEFINITION",
        _CRUD
        | _OF_INSTANCES
        | {"CREATE_INSTANCE", "DELETE_INSTANCE", "READ_TASK", "UPDATE_TASK", "TASK_ASSIGN"}
        | {"TASK_WORK", "READ_HISTORY", "DELETE_HISTORY", "UPDATE_HISTORY", "MIGRATE_INSTANCE"}
        | {"READ_TASK_VARIABLE", "UPDATE_TASK_VARIABLE", "READ_HISTORY_VARIABLE"}
        | {"READ_INSTANCE_VARIABLE", "UPDATE_INSTANCE_VARIABLE", "SUSPEND_INSTANCE"},
    ),
    7: ("TASK", _CRUD | _TASK),
    8: ("PROCESS_INSTANCE", _CRUD | _OF_INSTANCES),
    9: ("DEPLOYMENT", frozenset({"CREATE", "READ", "DELETE"})),
    10: ("DECISION_DEFINITION", frozenset({"READ", "UPDATE", "CREATE_INSTANCE", "READ_HISTORY"})),
    11: ("TENANT", _CRUD),
    12: ("TENANT_MEMBERSHIP", frozenset({"CREATE", "DELETE"})),
    13: ("BATCH", _CRUD | {"READ_HISTORY", "DELETE_HISTORY"}),
}
"""Resource types by number: their names, and their permissions beside `ALL` and `NONE`."""


def checked(parameters: Mapping[str, str]) -> dict[str, Any]:
    """The answer to whether the caller has a permission.

    Raises `InvalidRequest` for a parameter that is missing or no number, `BadUserRequest` for a
    permission that the type does not have.
    """
    for name in ("permissionName", "resourceName", "resourceType"):
        if name not in parameters:
            raise InvalidRequest(f"Query parameter '{name}' cannot be null")
    permission, text = parameters["permissionName"], parameters["resourceType"]
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise InvalidRequest(f"Cannot set query parameter 'resourceType' to value '{text}'")
    kind = _KINDS.get(int(text))
    if kind is not None and permission not in kind[1] | {"ALL", "NONE"}:
        raise BadUserRequest(
            f"The permission '{permission}' is not valid for '{kind[0]}' resource type."
        )
    return {
        "permissionName": permission,
        "resourceName": parameters["resourceName"],
        "resourceId": parameters.get("resourceId"),
        "authorized": True,
    }
