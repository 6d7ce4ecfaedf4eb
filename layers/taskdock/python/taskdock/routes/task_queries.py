"""Answers the task query: its list and its count, asked by POST or by GET."""

from typing import Final

from taskdock.api.answers.hal import HAL
from taskdock.runtime.answers import Answer
from taskdock.runtime.query_answers import count_answer, hal_list_answer, list_answer
from taskdock.runtime.query_requests import query_of_body, query_of_parameters
from taskdock.runtime.requests import JSON, Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring

LIST_TYPES: Final = (JSON, HAL)

ROUTES: Final = Routes()


@ROUTES.post("/task")
def list_for_body(request: Request, wiring: Wiring) -> Answer:
    """The tasks that match the body."""
    return list_answer(query_of_body(request, wiring), request, wiring)


@ROUTES.get("/task", produces=LIST_TYPES)
def list_for_parameters(request: Request, wiring: Wiring) -> Answer:
    """The tasks that match the query string, in HAL for those who like it best."""
    answer = hal_list_answer if request.accepted(LIST_TYPES) == HAL else list_answer
    return answer(query_of_parameters(request, wiring), request, wiring)


@ROUTES.post("/task/count")
def count_for_body(request: Request, wiring: Wiring) -> Answer:
    """How many tasks match the body."""
    return count_answer(query_of_body(request, wiring), request, wiring)


@ROUTES.get("/task/count")
def count_for_parameters(request: Request, wiring: Wiring) -> Answer:
    """How many tasks match the query string."""
    return count_answer(query_of_parameters(request, wiring), request, wiring)
