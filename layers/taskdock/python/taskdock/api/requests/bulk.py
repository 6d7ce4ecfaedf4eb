"""Reads a request to change many tasks at once."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final

from taskdock.api.requests.lenient_fields import LenientFields
from taskdock.api.requests.property_values import refuse
from taskdock.api.requests.strict_fields import StrictFields
from taskdock.api.requests.variables import variables_in
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import TaskId, Variables
from taskdock.use_cases.tasks.change_each import MOST_TASKS, Wanted


class Action(StrEnum):
    """What is done to each task; the names are those of the single changes, or of properties."""

    CLAIM = "claim"
    UNCLAIM = "unclaim"
    ASSIGN = "assign"
    DELEGATE = "delegate"
    RESOLVE = "resolve"
    COMPLETE = "complete"
    PRIORITY = "priority"
    DUE = "due"
    FOLLOW_UP = "followUp"


@dataclass(frozen=True, slots=True)
class BulkChange:
    """The change of each task."""

    action: Action
    user: str | None = None
    """Whom it is about; None for nobody, and for the caller who claims."""
    fields: Mapping[str, object] = field(default_factory=dict)
    """The property that is set, by its name."""
    variables: Variables = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class BulkRequest:
    """A change, and the tasks that it is for."""

    change: BulkChange
    tasks: tuple[Wanted, ...]


_OF_A_USER: Final = (Action.CLAIM, Action.ASSIGN, Action.DELEGATE)
_WITH_VARIABLES: Final = (Action.RESOLVE, Action.COMPLETE)


def bulk_request_in(body: object) -> BulkRequest:
    """The change and the tasks of a body; raises `InvalidRequest`
    (docs/api.md, Many tasks at once)."""
    fields = StrictFields(body, "")
    change, tasks = fields.nested("change"), tuple(map(_task, fields.listed("tasks")))
    fields.refuse_others()
    if change is None:
        raise InvalidRequest("change: is missing")
    if not 0 < len(tasks) <= MOST_TASKS:
        raise InvalidRequest(f"tasks: expected 1 to {MOST_TASKS} tasks, got {len(tasks)}")
    if len({task.task_id for task in tasks}) < len(tasks):
        raise InvalidRequest("tasks: a task is named twice")
    return BulkRequest(_change(change), tasks)


def _task(fields: StrictFields) -> Wanted:
    wanted = Wanted(TaskId(fields.needed("id")), fields.integer("version"))
    fields.refuse_others()
    return wanted


def _change(fields: StrictFields) -> BulkChange:
    name = fields.needed("action")
    if name not in set(Action):
        raise refuse(fields.place("action"), f"one of {', '.join(Action)}", name)
    action = Action(name)
    if action in _OF_A_USER:
        change = BulkChange(action, _user(fields, action))
    elif action in _WITH_VARIABLES:
        change = BulkChange(action, variables=_variables(fields))
    elif action is Action.UNCLAIM:
        change = BulkChange(action)
    else:
        change = BulkChange(action, fields={action.value: _property(fields, action)})
    fields.refuse_others()
    return change


def _user(fields: StrictFields, action: Action) -> str | None:
    user = fields.name("userId")
    if action is Action.ASSIGN:
        _must_be_given(fields, "userId")
    elif action is Action.DELEGATE and user is None:
        raise fields.wrong("userId", "is missing")
    return user


def _property(fields: StrictFields, action: Action) -> object:
    """A number, or a date that null removes."""
    if action is not Action.PRIORITY:
        _must_be_given(fields, action.value)
        return fields.instant(action.value)
    priority = fields.integer(action.value)
    if priority is None:
        raise fields.wrong(action.value, "is missing")
    return priority


def _must_be_given(fields: StrictFields, name: str) -> None:
    if name not in fields.given:
        raise fields.wrong(name, "is missing; null is for none")


def _variables(fields: StrictFields) -> Variables:
    given = {"variables": fields.value("variables")}
    return variables_in(LenientFields(given, fields.where), "variables", "Cannot set variables")
