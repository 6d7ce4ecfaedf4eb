"""Creates tasks: for a service, or as Camunda 7 does."""

from collections.abc import Callable
from functools import partial
from typing import Final
from uuid import uuid4

from taskdock.api.answers.service_tasks import service_task_json, task_href
from taskdock.api.requests.service_tasks import Origin, new_service_task
from taskdock.api.requests.standalone_tasks import new_standalone_task
from taskdock.domain.history.operation import Type
from taskdock.domain.tasks.task import Task, TaskId
from taskdock.runtime.answers import Answer
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.create_task import Order, create_service_task, create_standalone_task

ROUTES: Final = Routes()


@ROUTES.post("/v1/services/{sid}/tasks")
def create_for_service(request: Request, wiring: Wiring) -> Answer:
    """The created task, and where it is."""
    sid, body = request.path["sid"], request.json()
    origin = Origin(task_id=_new_id(), creator=request.caller.user, now=wiring.now())
    order = _order(request, wiring, body, partial(new_service_task, body, sid, origin))
    task = create_service_task(
        authored(request, wiring, Type.CREATE), wiring.known_services, order, sid=sid
    )
    base_path = wiring.settings.base_path
    return Answer(
        201,
        service_task_json(task, base_path),
        headers={"Location": task_href(task, base_path)},
        facts={"taskId": task["id"]},
    )


@ROUTES.post("/task/create", produces=())
def create_standalone(request: Request, wiring: Wiring) -> Answer:
    """Nothing, not even the id (docs/camunda-behaviour.md, Creating and replacing)."""
    body = request.json(trailing_junk_allowed=True)
    new_task = partial(new_standalone_task, body, _new_id(), wiring.now())
    order = _order(request, wiring, body, new_task)
    task = create_standalone_task(authored(request, wiring, Type.CREATE), order)
    return Answer(204, facts={"taskId": task["id"]})


def _new_id() -> TaskId:
    return TaskId(str(uuid4()))


def _order(request: Request, wiring: Wiring, body: object, new_task: Callable[[], Task]) -> Order:
    return Order(
        caller=request.caller,
        new_task=new_task,
        content=body,
        now=wiring.now(),
        idempotency_key=request.idempotency_key,
    )
