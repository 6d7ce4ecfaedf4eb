"""Reads the body that creates a service task (docs/service-api.md, Creating)."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Final

from taskdock.api.requests.strict_fields import StrictFields
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.instants import Instant
from taskdock.domain.services.lists import ListName, list_item
from taskdock.domain.tasks.description import described_by
from taskdock.domain.tasks.task import (
    CANDIDATE,
    IdentityLink,
    ListItem,
    State,
    Task,
    TaskId,
    Variable,
    changed,
)
from taskdock.domain.variables.values import from_api, from_json

ADMINISTRATIVE: Final = ("tid", "service", "state", "created", "lastUpdated", "href", "links")
"""Properties of answers that a request may not set."""

DEFAULT_PRIORITY: Final = 50

_INSTANCE_TEXTS: Final = (
    "id",
    "businessKey",
    "definitionId",
    "definitionKey",
    "definitionName",
    "executionId",
    "activityInstanceId",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """Id, creator and time of a new task."""

    task_id: TaskId
    creator: str
    """The task's owner unless the request names one."""
    now: Instant


def new_service_task(body: object, sid: str, origin: Origin) -> Task:
    """The task of the service `sid` that `body` describes.

    Raises `InvalidRequest` for anything but an object of known properties with a name; the
    message starts with the place of what is wrong, such as `lists.input.embedded.listItems[0]`.
    """
    fields = StrictFields(body, "")
    fields.refuse_administrative(ADMINISTRATIVE)
    name = fields.needed("name")
    priority = fields.integer("priority")
    metadata = _metadata(fields)
    task: Task = {
        "id": origin.task_id,
        "name": name,
        "priority": DEFAULT_PRIORITY if priority is None else priority,
        "owner": fields.name("owner") or origin.creator,
        "created": origin.now,
        "taskState": "Created",
        "service": sid,
        "state": State.CREATED.value,
    }
    task = changed(
        task,
        description=described_by(metadata),
        taskDefinitionKey=fields.name("type"),
        assignee=fields.name("assignee"),
        due=fields.instant("due"),
        followUp=fields.instant("followUp"),
        parentTaskId=fields.identifier("parentTaskId"),
        tenantId=fields.name("tenantId"),
        formKey=fields.filled("formKey"),
        links=list(_candidates(fields)) or None,
        variables=metadata or None,
        **_surroundings(fields),
        **_lists(fields),
    )
    fields.refuse_others()
    return task


def _metadata(fields: StrictFields) -> dict[str, Variable]:
    """The task's metadata, which are its variables; the type of each follows from its value."""
    return {name: variable_at(value, place) for name, value, place in fields.entries("metadata")}


def variable_at(value: object, place: str) -> Variable:
    """An entry of metadata as a variable; raises `InvalidRequest` that says where."""
    try:
        return from_json(value)
    except InvalidRequest as refused:
        raise InvalidRequest(f"{place}: {refused.message}") from None


def _candidates(fields: StrictFields) -> Iterator[IdentityLink]:
    yield from map(candidate_user, fields.names("candidateUsers"))
    yield from map(candidate_group, fields.names("candidateGroups"))


def candidate_user(user: str) -> IdentityLink:
    """The link that offers a task to a user."""
    return {"type": CANDIDATE, "userId": user, "groupId": None}


def candidate_group(group: str) -> IdentityLink:
    """The link that offers a task to a group."""
    return {"type": CANDIDATE, "userId": None, "groupId": group}


def _surroundings(fields: StrictFields) -> dict[str, object]:
    """The task's copies of the surrounding process instance and case instance."""
    process, case = _instance(fields, "processInstance"), _instance(fields, "caseInstance")
    return {
        "processInstanceId": process.get("id"),
        "processInstanceBusinessKey": process.get("businessKey"),
        "processDefinitionId": process.get("definitionId"),
        "processDefinitionKey": process.get("definitionKey"),
        "processDefinitionName": process.get("definitionName"),
        "processVariables": process.get("variables"),
        "executionId": process.get("executionId"),
        "caseInstanceId": case.get("id"),
        "caseInstanceBusinessKey": case.get("businessKey"),
        "caseDefinitionId": case.get("definitionId"),
        "caseDefinitionKey": case.get("definitionKey"),
        "caseDefinitionName": case.get("definitionName"),
        "caseInstanceVariables": case.get("variables"),
        "caseExecutionId": case.get("executionId"),
        "activityInstanceId": process.get("activityInstanceId") or case.get("activityInstanceId"),
        "suspended": process.get("suspended") or case.get("suspended"),
    }


def _instance(fields: StrictFields, name: str) -> dict[str, object]:
    """A process instance or a case instance; what is absent or false is left out."""
    instance = fields.nested(name)
    if instance is None:
        return {}
    read: dict[str, object] = {text: instance.filled(text) for text in _INSTANCE_TEXTS}
    read["suspended"] = instance.flag("suspended") or None
    read["variables"] = {
        variable: _typed_or_plain(value, place)
        for variable, value, place in instance.entries("variables")
    } or None
    instance.refuse_others()
    return {text: value for text, value in read.items() if value is not None}


def _typed_or_plain(value: object, place: str) -> Variable:
    """A variable as the task API has it, or a plain value that is no object."""
    return from_api(value, place) if isinstance(value, dict) else variable_at(value, place)


def _lists(fields: StrictFields) -> dict[str, object]:
    lists = fields.nested("lists")
    if lists is None:
        return {}
    read: dict[str, object] = {}
    for name in ListName:
        given = lists.nested(name)
        if given is not None:
            read[f"{name}Metadata"] = _plain_object(given, "metadata") or None
            read[name.value] = list(_items(given)) or None
            given.refuse_others()
    lists.refuse_others()
    return read


def _items(given: StrictFields) -> Iterator[ListItem]:
    embedded = given.nested("embedded")
    if embedded is None:
        return
    for item in embedded.listed("listItems"):
        href, metadata = item.needed("href"), _plain_object(item, "metadata")
        item.refuse_others()
        yield list_item(href, metadata)
    embedded.refuse_others()


def _plain_object(fields: StrictFields, name: str) -> dict[str, Any]:
    return {key: value for key, value, _ in fields.entries(name)}
