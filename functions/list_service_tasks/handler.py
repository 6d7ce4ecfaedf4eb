"""Lists the tasks of a service, or of all services, page by page."""

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.runtime.answers import Answer
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.requests import Request
from taskdock.runtime.service_task_listings import listing_answer
from taskdock.runtime.wiring import Wiring, deployed


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The routes of this function."""
    app = HttpApp(wiring)
    app.add("GET", "/v1/tasks", list_all_tasks)
    app.add("GET", "/v1/services/{sid}/tasks", list_tasks_of_service)
    return app


def list_all_tasks(request: Request, wiring: Wiring) -> Answer:
    """A page of the tasks of all services."""
    services = [service.sid for service in wiring.services.list()]
    return listing_answer(request, wiring, services)


def list_tasks_of_service(request: Request, wiring: Wiring) -> Answer:
    """A page of one service's tasks."""
    service = wiring.known_services.service(request.path["sid"], wiring.now())
    return listing_answer(request, wiring, [service.sid])


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
