"""Tasks in the Hypertext Application Language (docs/camunda-behaviour.md, HAL).

Addresses are those of Camunda 7, without a context path. Definitions are embedded with the values
that the task itself holds, the rest is null; people and groups as the directory has them, those
that it does not have are left out.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from taskdock.api.answers.people import group_json, profile_json
from taskdock.api.answers.tasks import task_json
from taskdock.domain.people import Group, Person
from taskdock.domain.tasks.identity_links import shown_links
from taskdock.domain.tasks.task import IdentityLink, Task

HAL: Final = "application/hal+json"

_NOT_SHOWN: Final = ("lastUpdated", "taskState")

_RESOURCES: Final = {
    "self": ("id", "task"),
    "assignee": ("assignee", "user"),
    "owner": ("owner", "user"),
    "execution": ("executionId", "execution"),
    "parentTask": ("parentTaskId", "task"),
    "processDefinition": ("processDefinitionId", "process-definition"),
    "processInstance": ("processInstanceId", "process-instance"),
    "caseInstance": ("caseInstanceId", "case-instance"),
    "caseExecution": ("caseExecutionId", "case-execution"),
    "caseDefinition": ("caseDefinitionId", "case-definition"),
}
# A link's name -> the field that holds the id, and the resource.

_PROCESS_DEFINITION: Final = {
    "id": "processDefinitionId",
    "key": "processDefinitionKey",
    "category": None,
    "description": None,
    "name": "processDefinitionName",
    "versionTag": None,
    "version": None,
    "resource": None,
    "deploymentId": None,
    "diagram": None,
    "suspended": None,
    "contextPath": None,
}
_CASE_DEFINITION: Final = {
    "id": "caseDefinitionId",
    "key": "caseDefinitionKey",
    "category": None,
    "name": "caseDefinitionName",
    "version": None,
    "resource": None,
    "deploymentId": None,
    "contextPath": None,
}
# A definition's key -> the task's field with its value, if there is one.

type Json = dict[str, Any]


def hal_list(tasks: Sequence[Task], count: int, people: Mapping[str, Person]) -> Json:
    """The tasks of a page, with what several of them share; `count` is how many match in all.

    `people` are those among their assignees and owners that exist.
    """
    return {
        "_links": {"self": {"href": "/task"}},
        "_embedded": {
            "task": [task_resource(task) for task in tasks],
            **shared_resources(tasks, people),
        },
        "count": count,
    }


def shared_resources(tasks: Sequence[Task], people: Mapping[str, Person]) -> Json:
    """What tasks of a list share: who has them, who owns them, and their definitions."""
    assignees = [task.get("assignee") for task in tasks]
    owners = [task.get("owner") for task in tasks]
    return {
        **_if_any("assignee", _user_resources(assignees, people)),
        **_if_any("owner", _user_resources(owners, people)),
        **_definition_resources(tasks),
    }


def hal_task(task: Task, people: Mapping[str, Person], groups: Mapping[str, Group]) -> Json:
    """One task, with its definitions, its links, and the users and groups of these that exist."""
    links = shown_links(task)
    users = [link["userId"] for link in links]
    embedded = {
        **_definition_resources([task]),
        **_if_any("identityLink", [_link_resource(link, task) for link in links]),
        **_if_any("user", _user_resources(users, people)),
        **_if_any("group", _group_resources([link["groupId"] for link in links], groups)),
    }
    return {**task_resource(task), "_embedded": embedded or None}


def task_resource(task: Task) -> Json:
    """A task as a list has it, with the addresses of what it names."""
    shown = task_json(task)
    links = {
        name: address(resource, shown[field])
        for name, (field, resource) in _RESOURCES.items()
        if shown[field] is not None
    }
    links["identityLink"] = address("task", task["id"], "/identity-links")
    return {
        "_links": links,
        "_embedded": None,
        **{name: value for name, value in shown.items() if name not in _NOT_SHOWN},
    }


def _definition_resources(tasks: Sequence[Task]) -> Json:
    """The definitions that the tasks name, each once."""
    processes = _definitions_of(tasks, _PROCESS_DEFINITION, "process-definition")
    cases = _definitions_of(tasks, _CASE_DEFINITION, "case-definition")
    return {
        **_if_any("processDefinition", list(processes)),
        **_if_any("caseDefinition", list(cases)),
    }


def _definitions_of(
    tasks: Sequence[Task], fields: dict[str, str | None], resource: str
) -> Iterator[Json]:
    """Each definition once, with the values of its first task."""
    included: set[str] = set()
    for task in tasks:
        shown = {name: field and task.get(field) for name, field in fields.items()}
        definition_id = shown["id"]
        if isinstance(definition_id, str) and definition_id not in included:
            included.add(definition_id)
            yield _embedded_resource(resource, definition_id, shown)


def _user_resources(ids: Iterable[str | None], people: Mapping[str, Person]) -> list[Json]:
    """Those of the users who exist, each once, in order of their ids."""
    known = sorted({user for user in ids if user is not None} & people.keys())
    return [_embedded_resource("user", user, profile_json(people[user])) for user in known]


def _group_resources(ids: Iterable[str | None], groups: Mapping[str, Group]) -> list[Json]:
    """Those of the groups that exist, each once, in order of their ids."""
    known = sorted({name for name in ids if name is not None} & groups.keys())
    return [_embedded_resource("group", name, group_json(groups[name])) for name in known]


def _link_resource(link: IdentityLink, task: Task) -> Json:
    """An identity link of a task."""
    links = {"task": address("task", task["id"])}
    if link["userId"] is not None:
        links["user"] = address("user", link["userId"])
    if link["groupId"] is not None:
        links["group"] = address("group", link["groupId"])
    return {"_links": links, "_embedded": None, **link, "taskId": task["id"]}


def _embedded_resource(kind: str, resource_id: str, shown: Json) -> Json:
    """A resource that is embedded, with its address."""
    return {"_links": {"self": address(kind, resource_id)}, "_embedded": None, **shown}


def address(kind: str, resource_id: str, below: str = "") -> Json:
    """The link to a resource."""
    return {"href": f"/{kind}/{quote(resource_id, safe=':')}{below}"}


def _if_any(relation: str, resources: list[Json]) -> Json:
    """The resources under their relation; nothing when there are none."""
    return {relation: resources} if resources else {}
