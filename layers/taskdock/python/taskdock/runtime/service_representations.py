"""How the service API shows services, their tasks and the tasks' lists."""

from collections.abc import Sequence
from typing import Any

from taskdock.domain import instants
from taskdock.domain.service_lists import ListName, items, list_metadata, metadata_of
from taskdock.domain.task import Task
from taskdock.runtime.representations import date_json
from taskdock.use_cases.ports import Service


def service_task_json(task: Task, base_path: str) -> dict[str, Any]:
    """A service's task in the service API's form (`service-tasks`, Creating).

    A task that has ended says when and why as well.
    """
    href = task_href(task, base_path)
    shown = {
        "tid": task["id"],
        "name": task.get("name"),
        "service": task.get("service"),
        "type": task.get("taskDefinitionKey"),
        "owner": task.get("owner"),
        "state": task["state"],
        "created": instants.write(task["created"]),
        "lastUpdated": date_json(task.get("lastUpdated")),
        "metadata": metadata_of(task),
        "lists": {name.value: list_json(task, name) for name in ListName},
        "href": href,
        "links": {"self": {"href": href}},
    }
    if "ended" in task:
        shown["ended"] = instants.write(task["ended"])
        shown["endReason"] = task.get("endReason")
    return shown


def task_href(task: Task, base_path: str) -> str:
    """Where the service API has the task."""
    return f"{base_path}/v1/services/{task.get('service')}/tasks/{task['id']}"


def list_json(task: Task, name: ListName) -> dict[str, Any]:
    """One of the task's lists: its metadata and its items with their indexes."""
    return {
        "metadata": list_metadata(task, name),
        "embedded": {
            "listItems": [
                {"index": index, "href": item["href"], "metadata": item.get("metadata", {})}
                for index, item in enumerate(items(task, name))
            ]
        },
    }


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
    """Where the service API has the service."""
    return f"{base_path}/v1/services/{service.sid}"
