"""Who asks for what surrounds tasks, with the limits of the request."""

from taskdock.domain.query.model import TaskQuery
from taskdock.runtime.query_requests import query_request
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.surroundings.find_surroundings import Asker


def asker(request: Request, wiring: Wiring) -> Asker:
    """The caller, who may see what the caller's own tasks tell."""
    return Asker(wiring.store, query_request(TaskQuery(), request, wiring))
