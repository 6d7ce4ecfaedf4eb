"""Lists the tasks of a service, or of all services, page by page."""

from typing import Final

from taskdock.runtime.answers import Answer
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.service_task_listings import listing_answer
from taskdock.runtime.wiring import Wiring

ROUTES: Final = Routes()


@ROUTES.get("/v1/tasks")
def list_all_tasks(request: Request, wiring: Wiring) -> Answer:
    """A page of the tasks of all services."""
    services = [service.sid for service in wiring.services.list()]
    return listing_answer(request, wiring, services)


@ROUTES.get("/v1/services/{sid}/tasks")
def list_tasks_of_service(request: Request, wiring: Wiring) -> Answer:
    """A page of one service's tasks."""
    service = wiring.known_services.service(request.path["sid"], wiring.now())
    return listing_answer(request, wiring, [service.sid])
