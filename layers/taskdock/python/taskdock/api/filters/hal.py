"""Results of filters in HAL (docs/camunda-behaviour.md, Stored filters)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from taskdock.api.answers.hal import address, hal_task, shared_resources, task_resource
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.people import Group, Person
from taskdock.domain.tasks.task import Task
from taskdock.domain.variables.scopes import Holder, Scope
from taskdock.domain.variables.values import to_api

type Json = dict[str, Any]

NO_RESULT: Final[Json] = {"_links": {}, "_embedded": {}}
"""What no single result looks like."""

_PLACES: Final[Mapping[Holder, tuple[str, str]]] = {
    Holder.TASK: ("task", "localVariables"),
    Holder.PROCESS_INSTANCE: ("process-instance", "variables"),
    Holder.CASE_INSTANCE: ("case-instance", "variables"),
}
# A kind of scope -> the resource that it is, and what its variables are called below it.


@dataclass(frozen=True, slots=True)
class Found:
    """A task with what is shown beside it."""

    task: Task
    scopes: Sequence[Scope]
    """The scopes that the task sees, the nearest first."""


def wanted_variables(properties: Mapping[str, Any] | None) -> tuple[str, ...] | None:
    """The names of the variables that a filter shows; None for a filter that shows none.

    Raises `InvalidRequest` when the property says nothing of the kind.
    """
    listed = (properties or {}).get("variables")
    if listed is None or listed == []:
        return None
    entries = listed if isinstance(listed, list) else [None]
    names = [each.get("name") if isinstance(each, dict) else None for each in entries]
    texts = [name for name in names if isinstance(name, str)]
    if len(texts) < len(names):
        raise InvalidRequest(
            "Filter property 'variables' has to be a list of variable definitions with a 'name' "
            "property"
        )
    return tuple(dict.fromkeys(texts))


def results(
    found: Sequence[Found],
    count: int,
    people: Mapping[str, Person],
    names: tuple[str, ...] | None,
) -> Json:
    """A page of results; `people` are those who exist of the tasks' assignees and owners."""
    if not found:
        return {**NO_RESULT, "count": count}
    return {
        "_links": {"self": {"href": "/task"}},
        "_embedded": {
            **shared_resources([each.task for each in found], people),
            "task": [_result(each, names) for each in found],
        },
        "count": count,
    }


def single_result(
    found: Found,
    people: Mapping[str, Person],
    groups: Mapping[str, Group],
    names: tuple[str, ...] | None,
) -> Json:
    """The one result, with its links and who is in them, as far as they exist."""
    shown = hal_task(found.task, people, groups)
    if names is None:
        return shown
    return {
        **shown,
        "_embedded": {**(shown["_embedded"] or {}), "variable": _variables(found, names)},
    }


def _result(found: Found, names: tuple[str, ...] | None) -> Json:
    shown = task_resource(found.task)
    return (
        shown if names is None else {**shown, "_embedded": {"variable": _variables(found, names)}}
    )


def _variables(found: Found, names: tuple[str, ...]) -> list[Json]:
    """The named variables that the task sees, each from the nearest scope that has it."""
    shown = []
    for name in names:
        for scope in found.scopes:
            if name in scope.variables:
                kind, below = _PLACES[scope.holder]
                place = address(kind, scope.id, f"/{below}/{quote(name, safe='')}")
                value = to_api(scope.variables[name])
                shown.append({"_links": {"self": place}, "_embedded": None, "name": name, **value})
                break
    return shown
