"""Answers the task query: its list and its count, asked by POST or by GET."""

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.api.answers.hal import HAL
from taskdock.runtime.answers import Answer
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.query_answers import count_answer, hal_list_answer, list_answer
from taskdock.runtime.query_requests import query_of_body, query_of_parameters
from taskdock.runtime.requests import JSON, Request
from taskdock.runtime.wiring import Wiring, deployed

LIST_TYPES: Final = (JSON, HAL)


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The routes of this function."""
    app = HttpApp(wiring)
    app.add("POST", "/task", list_for_body)
    app.add("GET", "/task", list_for_parameters, produces=LIST_TYPES)
    app.add("POST", "/task/count", count_for_body)
    app.add("GET", "/task/count", count_for_parameters)
    return app


def list_for_body(request: Request, wiring: Wiring) -> Answer:
    """The tasks that match the body."""
    return list_answer(query_of_body(request, wiring), request, wiring)


def list_for_parameters(request: Request, wiring: Wiring) -> Answer:
    """The tasks that match the query string, in HAL for those who like it best."""
    answer = hal_list_answer if request.accepted(LIST_TYPES) == HAL else list_answer
    return answer(query_of_parameters(request, wiring), request, wiring)


def count_for_body(request: Request, wiring: Wiring) -> Answer:
    """How many tasks match the body."""
    return count_answer(query_of_body(request, wiring), request, wiring)


def count_for_parameters(request: Request, wiring: Wiring) -> Answer:
    """How many tasks match the query string."""
    return count_answer(query_of_parameters(request, wiring), request, wiring)


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
