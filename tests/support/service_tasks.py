"""Builders of service tasks, for tests that care about a field or two."""

from typing import Any

from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import ListItem, Task

from tests.support.builders import CREATED, MINUTE, a_task

LATER = Instant(CREATED + MINUTE)


def a_service_task(tid: str = "t1", /, **fields: Any) -> Task:
    """A task of the service `operator-p4`, just created; a field given None is left out."""
    return a_task(tid, **{"name": "My Task", "service": "operator-p4"} | fields)


def an_item(name: str, **metadata: Any) -> ListItem:
    """A list item that refers to a document of that name."""
    href = f"/v1/services/operator-fileupload/repo/{name}"
    return {"href": href, "metadata": metadata} if metadata else {"href": href}
