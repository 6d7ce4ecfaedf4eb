"""What an operation leaves in the operation log (docs/camunda-behaviour.md, Operation log).

Only what really changed is logged. All values are texts: dates in epoch milliseconds, numbers in
digits.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from taskdock.domain.history.operation import Operation, Type
from taskdock.domain.tasks.task import Task


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the log: a property, and what it was and became."""

    entity: str
    property: str | None
    before: str | None
    after: str | None


_ENTITIES: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        (
            Type.ADD_USER_LINK,
            Type.ADD_GROUP_LINK,
            Type.DELETE_USER_LINK,
            Type.DELETE_GROUP_LINK,
        ),
        "IdentityLink",
    ),
    **dict.fromkeys((Type.SET_VARIABLE, Type.MODIFY_VARIABLE, Type.REMOVE_VARIABLE), "Variable"),
    **dict.fromkeys((Type.ADD_ATTACHMENT, Type.DELETE_ATTACHMENT), "Attachment"),
    **dict.fromkeys((Type.UPDATE_COMMENT, Type.DELETE_COMMENT), "Comment"),
}
"""What an operation is about, where that is not the task."""

_FIELDS: Final[Mapping[str, str]] = {
    "name": "name",
    "description": "description",
    "assignee": "assignee",
    "owner": "owner",
    "priority": "priority",
    "dueDate": "due",
    "followUpDate": "followUp",
    "delegation": "delegationState",
    "parentTask": "parentTaskId",
}
"""Properties in the log, and the task's fields."""

_OF_SERVICES: Final[Mapping[str, str]] = {
    "state": "state",
    "input": "input",
    "output": "output",
    "metadata": "variables",
}
"""Properties of services' tasks whose change is logged."""

_ONLY_NOTED: Final = frozenset({"input", "output", "metadata"})
"""Properties whose values are too large for the log."""

_UNSET_PRIORITY: Final = 50


def entries(operation: Operation, before: Task | None, after: Task) -> tuple[Entry, ...]:
    """What the operation leaves in the log; nothing for a task that only changed along."""
    if operation.along or operation.type == Type.ADD_COMMENT:
        return ()
    entity = _ENTITIES.get(operation.type, "Task")
    if operation.detail is not None:
        detail = operation.detail
        return (Entry(entity, detail.property, detail.before, detail.after),)
    if operation.type in (Type.COMPLETE, Type.DELETE):
        return (Entry(entity, "delete", "false", "true"),)
    return tuple(_changed(before, after))


def _changed(before: Task | None, after: Task) -> Iterator[Entry]:
    old: Mapping[str, Any] = before or {"priority": _UNSET_PRIORITY, "state": after.get("state")}
    new: Mapping[str, Any] = after
    fields = dict(_FIELDS)
    if before is None:
        fields["caseInstanceId"] = "caseInstanceId"
    elif "service" in after:
        fields |= _OF_SERVICES
    for name, field in fields.items():
        if old.get(field) == new.get(field):
            continue
        if name in _ONLY_NOTED:
            yield Entry("Task", name, None, None)
        else:
            yield Entry("Task", name, _text(old.get(field)), _text(new.get(field)))


def _text(value: object) -> str | None:
    return None if value is None else str(value)
