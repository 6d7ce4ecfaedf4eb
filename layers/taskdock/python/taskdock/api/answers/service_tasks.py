"""How the service API shows services, their tasks and the tasks' lists."""

from collections.abc import Collection, Sequence
from typing import Any

from taskdock.api.answers.tasks import date_json
from taskdock.api.requests.service_tasks import DEFAULT_PRIORITY
from taskdock.domain import instants
from taskdock.domain.services.actions import state_of
from taskdock.domain.services.lists import ListName, items, list_metadata, metadata_of
from taskdock.domain.tasks.task import CANDIDATE, NO_LINKS, ListItem, Task
from taskdock.use_cases.ports import Service


def service_task_json(
    task: Task, base_path: str, embedded: Collection[ListName] = tuple(ListName)
) -> dict[str, Any]:
    """A service's task in the service API's form (docs/service-api.md, Creating).

    Optional properties are shown where they have a value. An ended task also shows when and why it
    ended. The items of lists that are not `embedded` are left out.
    """
    href = task_href(task, base_path)
    shown = {
        "tid": task["id"],
        "name": task.get("name"),
        "service": task.get("service"),
        "type": task.get("taskDefinitionKey"),
        "owner": task.get("owner"),
        "state": state_of(task),
        "created": instants.write(task["created"]),
        "lastUpdated": date_json(task.get("lastUpdated")),
        "metadata": metadata_of(task),
        "lists": {
            name.value: list_json(task, name, with_items=name in embedded) for name in ListName
        },
        "href": href,
        "links": {"self": {"href": href}},
    }
    beside = {name: value for name, value in _beside(task).items() if value not in (None, [])}
    return shown | beside


def _beside(task: Task) -> dict[str, Any]:
    """The optional properties; null or an empty list where this task has no value."""
    candidates = [link for link in task.get("links", NO_LINKS) if link["type"] == CANDIDATE]
    return {
        "assignee": task.get("assignee"),
        "candidateUsers": [link["userId"] for link in candidates if link["userId"] is not None],
        "candidateGroups": [link["groupId"] for link in candidates if link["groupId"] is not None],
        "priority": task["priority"] if task["priority"] != DEFAULT_PRIORITY else None,
        "due": date_json(task.get("due")),
        "followUp": date_json(task.get("followUp")),
        "parentTaskId": task.get("parentTaskId"),
        "tenantId": task.get("tenantId"),
        "formKey": task.get("formKey"),
        "ended": date_json(task.get("ended")),
        "endReason": task.get("endReason"),
    }


def task_href(task: Task, base_path: str) -> str:
    """The task's address in the service API."""
    return f"{base_path}/v1/services/{task.get('service')}/tasks/{task['id']}"


def list_json(task: Task, name: ListName, *, with_items: bool = True) -> dict[str, Any]:
    """One of the task's lists: its metadata and its items with their indexes."""
    shown: dict[str, Any] = {"metadata": list_metadata(task, name)}
    if with_items:
        listed = [item_json(index, item) for index, item in enumerate(items(task, name))]
        shown["embedded"] = {"listItems": listed}
    return shown


def list_resource_json(task: Task, name: ListName, base_path: str) -> dict[str, Any]:
    """One of the task's lists as a resource of its own."""
    href = list_href(str(task.get("service")), task["id"], name, base_path)
    return {**list_json(task, name), "href": href, "links": {"self": {"href": href}}}


def list_href(sid: str, tid: str, name: ListName, base_path: str) -> str:
    """The list's address in the service API."""
    return f"{base_path}/v1/services/{sid}/tasks/{tid}/{name}"


def item_json(index: int, item: ListItem) -> dict[str, Any]:
    """An item of a list: its index, and the document it refers to."""
    return {"index": index, "href": item["href"], "metadata": item.get("metadata", {})}


def service_json(service: Service, base_path: str) -> dict[str, Any]:
    """A service in the service API's form."""
    href = service_href(service, base_path)
    return {
        "sid": service.sid,
        "name": service.name,
        "description": service.description,
        "types": list(service.types),
        "href": href,
        "links": {"self": {"href": href}},
    }


def services_json(services: Sequence[Service], base_path: str) -> dict[str, Any]:
    """The collection of all services."""
    return {
        "embedded": {"services": [service_json(service, base_path) for service in services]},
        "links": {"self": {"href": f"{base_path}/v1/services"}},
    }


def service_href(service: Service, base_path: str) -> str:
    """The service's address in the service API."""
    return f"{base_path}/v1/services/{service.sid}"
