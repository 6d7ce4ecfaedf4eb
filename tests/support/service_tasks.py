"""Builders of service tasks, for tests that care about a field or two."""

from typing import Any, cast

from taskdock.domain.instants import Instant
from taskdock.domain.task import ListItem, Task, TaskId

CREATED = Instant(1_769_172_162_000)
LATER = Instant(CREATED + 60_000)


def a_service_task(**fields: object) -> Task:
    """A task of the service `operator-p4`, just created; a field given None is left out."""
    document: dict[str, object] = {
        "id": TaskId("t1"),
        "name": "My Task",
        "priority": 50,
        "created": CREATED,
        "taskState": "Created",
        "service": "operator-p4",
        "state": "created",
        **fields,
    }
    return cast(Task, {key: value for key, value in document.items() if value is not None})


def an_item(name: str, **metadata: Any) -> ListItem:
    """A list item that refers to a document of that name."""
    href = f"/v1/services/operator-fileupload/repo/{name}"
    return {"href": href, "metadata": metadata} if metadata else {"href": href}
