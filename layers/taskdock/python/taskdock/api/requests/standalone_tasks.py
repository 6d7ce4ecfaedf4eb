"""Reads the body that creates a standalone task, as Camunda 7 does
(docs/camunda-behaviour.md, Creating and replacing, JSON bodies)."""

from taskdock.api.requests.lenient_fields import LenientFields
from taskdock.api.requests.tasks import replacement_in
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import State, Task, TaskId, changed


def new_standalone_task(body: object, own_id: TaskId, now: Instant) -> Task:
    """The task that `body` describes, under the id it names or else under `own_id`.

    Without a priority it is 0. Raises `InvalidRequest` naming the property.
    """
    given_id = LenientFields(body, "").identifier("id")
    given = replacement_in(body)
    task: Task = {
        "id": own_id if given_id is None else TaskId(given_id),
        "priority": 0,
        "created": now,
        "taskState": "Created",
        "state": State.CREATED.value,
    }
    return changed(task, **{**given, "priority": given["priority"] or 0})
