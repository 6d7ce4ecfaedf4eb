"""Creates tasks: for a service, or as the reference does."""

from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.api.answers.service_tasks import service_task_json, task_href
from taskdock.domain.tasks.task import TaskId
from taskdock.runtime.answers import Answer
from taskdock.runtime.door import Door
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring, deployed
from taskdock.use_cases.create_task import Order, create_service_task, create_standalone_task


def create_app(wiring: Callable[[], Wiring] = deployed) -> Door:
    """The routes of this function."""
    door = Door(wiring)
    door.add("POST", "/v1/services/{sid}/tasks", create_for_service)
    door.add("POST", "/task/create", create_standalone, produces=())
    return door


def create_for_service(request: Request, wiring: Wiring) -> Answer:
    """The created task, and where it is."""
    order = _order(request, wiring, request.json())
    task = create_service_task(wiring.store, wiring.known_services, order, sid=request.path["sid"])
    base_path = wiring.settings.base_path
    return Answer(
        201,
        service_task_json(task, base_path),
        headers={"Location": task_href(task, base_path)},
        facts={"taskId": task["id"]},
    )


def create_standalone(request: Request, wiring: Wiring) -> Answer:
    """Nothing, not even the id, as in the reference (§9.1)."""
    order = _order(request, wiring, request.json(trailing_junk_allowed=True))
    task = create_standalone_task(wiring.store, order)
    return Answer(204, facts={"taskId": task["id"]})


def _order(request: Request, wiring: Wiring, body: object) -> Order:
    return Order(
        caller=request.caller,
        body=body,
        task_id=TaskId(str(uuid4())),
        now=wiring.now(),
        idempotency_key=request.idempotency_key,
    )


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
