"""Reading what a task of no service is created from, as the reference does (§9.1, §0.3).

Values are taken as leniently as there: numbers for text, text for numbers, and properties that
mean nothing are passed over.
"""

from typing import Any, Final

from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.identifiers import identifier, short_name
from taskdock.domain.instants import Instant
from taskdock.domain.property_values import (
    delegation_state,
    json_instant,
    json_integer,
    json_text,
    refuse,
)
from taskdock.domain.task import State, Task, TaskId, changed

_TEXTS: Final = ("name", "description", "parentTaskId", "caseInstanceId")
_NAMES: Final = ("assignee", "owner", "tenantId")
_INSTANTS: Final = ("due", "followUp")


def new_standalone_task(body: object, own_id: TaskId, now: Instant) -> Task:
    """The task that `body` describes, under the id it names or else under `own_id`.

    Without a priority it is 0. Raises `InvalidRequest` naming the property.
    """
    if not isinstance(body, dict):
        raise refuse("the body", "an object", body)
    given_id = _text(body, "id")
    task: Task = {
        "id": own_id if given_id is None else TaskId(identifier(given_id, "id")),
        "priority": json_integer(body.get("priority"), "priority") or 0,
        "created": now,
        "taskState": "Created",
        "state": State.CREATED.value,
    }
    return changed(
        task,
        **{name: _text(body, name) for name in _TEXTS},
        **{name: _name(body, name) for name in _NAMES},
        **{name: _instant(body, name) for name in _INSTANTS},
        delegationState=delegation_state(body.get("delegationState"), "delegationState"),
    )


def _text(body: dict[str, Any], name: str) -> str | None:
    text = json_text(body.get(name), name)
    if text is not None and "\0" in text:
        raise InvalidRequest(f"{name}: text must not contain the NUL character")
    return text


def _name(body: dict[str, Any], name: str) -> str | None:
    text = _text(body, name)
    return None if text is None else short_name(text, name)


def _instant(body: dict[str, Any], name: str) -> Instant | None:
    instant = json_instant(body.get(name), name)
    if instant is None:
        return None
    if not instants.can_be_written(instant):
        raise refuse(name, "a date in the years 0001 to 9999", body.get(name))
    return Instant(instant)
