"""PUT and PATCH of a service task (docs/service-api.md, Changing). Both change properties that a
task can be created with. Tenant, parent task, process and case stay as they were created. Lists are
changed item by item.
"""

import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from taskdock.api.requests.property_values import refuse
from taskdock.api.requests.service_tasks import (
    ADMINISTRATIVE,
    DEFAULT_PRIORITY,
    candidate_group,
    candidate_user,
    variable_at,
)
from taskdock.api.requests.strict_fields import StrictFields
from taskdock.api.requests.unknown_properties import refuse_unknown
from taskdock.domain import merge_patch
from taskdock.domain.instants import Instant
from taskdock.domain.services.actions import as_changed
from taskdock.domain.services.lists import metadata_of
from taskdock.domain.tasks.description import with_own_variables
from taskdock.domain.tasks.task import (
    CANDIDATE,
    NO_LINKS,
    NO_VARIABLES,
    IdentityLink,
    Task,
    changed,
)
from taskdock.domain.variables.values import plain

_FIXED: Final[Mapping[str, str]] = {
    **dict.fromkeys(
        ("tenantId", "parentTaskId", "processInstance", "caseInstance"),
        "is set when the task is created and stays",
    ),
    "lists": "is changed item by item, below the task's input and output",
}

type _Step = Callable[[Task, StrictFields], Task]
# The task with one property from the fields; absent or null sets the value of a new task.


def replace(task: Task, body: object, now: Instant) -> Task:
    """The task with every changeable property from `body`; one that is left out gets the value of a
    new task. Only the owner does not become the caller: without `owner` there is none. Raises
    `InvalidRequest` with the place of what is wrong, `StateConflict` for an ended task,
    `TaskSuspended`.
    """
    return _changed(task, StrictFields(body, ""), _STEPS, now)


def merge(task: Task, patch: object, now: Instant) -> Task:
    """The task after `patch`, a JSON merge patch (RFC 7396): what it does not name stays.

    Raises as `replace` does.
    """
    fields = StrictFields(patch, "")
    named = {name: step for name, step in _STEPS.items() if name in fields.given}
    if "metadata" in named:
        named["metadata"] = _merged_metadata
    return _changed(task, fields, named, now)


def _changed(task: Task, fields: StrictFields, steps: Mapping[str, _Step], now: Instant) -> Task:
    """The task after the steps; the same task, without an update, when they change nothing."""
    fields.refuse_administrative(ADMINISTRATIVE)
    for name, why in _FIXED.items():
        if name in fields.given:
            raise fields.wrong(name, why)
    refuse_unknown(fields.given, _STEPS, "")
    after = task
    for step in steps.values():
        after = step(after, fields)
    return as_changed(task, after, now)


def _name(task: Task, fields: StrictFields) -> Task:
    return changed(task, name=fields.needed("name"))


def _type(task: Task, fields: StrictFields) -> Task:
    return changed(task, taskDefinitionKey=fields.name("type"))


def _priority(task: Task, fields: StrictFields) -> Task:
    priority = fields.integer("priority")
    return changed(task, priority=DEFAULT_PRIORITY if priority is None else priority)


def _name_in(field: str) -> _Step:
    return lambda task, fields: changed(task, **{field: fields.name(field)})


def _date(field: str) -> _Step:
    return lambda task, fields: changed(task, **{field: fields.instant(field)})


def _form_key(task: Task, fields: StrictFields) -> Task:
    return changed(task, formKey=fields.filled("formKey"))


def _candidate_users(task: Task, fields: StrictFields) -> Task:
    wanted = [candidate_user(user) for user in fields.names("candidateUsers")]
    return _offered(task, wanted, lambda link: link["userId"] is not None)


def _candidate_groups(task: Task, fields: StrictFields) -> Task:
    wanted = [candidate_group(group) for group in fields.names("candidateGroups")]
    return _offered(task, wanted, lambda link: link["groupId"] is not None)


def _offered(
    task: Task, wanted: list[IdentityLink], is_of_that_kind: Callable[[IdentityLink], bool]
) -> Task:
    """The task with these candidates of a kind; those it already had keep their places."""
    kept = [
        link
        for link in task.get("links", NO_LINKS)
        if link["type"] != CANDIDATE or not is_of_that_kind(link) or link in wanted
    ]
    return changed(task, links=[*kept, *(link for link in wanted if link not in kept)] or None)


def _metadata(task: Task, fields: StrictFields) -> Task:
    return _with_metadata(task, {key: value for key, value, _ in fields.entries("metadata")})


def _merged_metadata(task: Task, fields: StrictFields) -> Task:
    patch = fields.value("metadata")
    if patch is None:
        return _with_metadata(task, {})
    if not isinstance(patch, dict):
        raise refuse("metadata", "an object", patch)
    return _with_metadata(task, merge_patch.merged(metadata_of(task), patch))


def _with_metadata(task: Task, metadata: Mapping[str, Any]) -> Task:
    """The task with these metadata; a value that equals the shown one keeps its type.

    Metadata are variables, and the task API knows types that JSON does not, such as dates.
    """
    current = task.get("variables", NO_VARIABLES)
    variables = {
        name: current[name]
        if name in current and _is_same(plain(current[name]), value)
        else variable_at(value, f"metadata.{name}")
        for name, value in metadata.items()
    }
    return with_own_variables(task, variables)


def _is_same(shown: object, sent: object) -> bool:
    # As JSON, because in Python 1 equals True.
    return json.dumps(shown) == json.dumps(sent)


_STEPS: Final[Mapping[str, _Step]] = {
    "name": _name,
    "type": _type,
    "owner": _name_in("owner"),
    "assignee": _name_in("assignee"),
    "candidateUsers": _candidate_users,
    "candidateGroups": _candidate_groups,
    "priority": _priority,
    "due": _date("due"),
    "followUp": _date("followUp"),
    "formKey": _form_key,
    "metadata": _metadata,
}
"""The changeable properties."""
