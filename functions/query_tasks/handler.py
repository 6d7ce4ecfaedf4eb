"""Answers the task query: its list and its count, asked by POST or by GET."""

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.domain.query.model import TaskQuery
from taskdock.runtime.answers import Answer
from taskdock.runtime.door import Door
from taskdock.runtime.query_answers import count_answer, list_answer
from taskdock.runtime.query_requests import query_of_body, query_of_parameters
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring, deployed

Reader = Callable[[Request, Wiring], TaskQuery]


def create_app(wiring: Callable[[], Wiring] = deployed) -> Door:
    """The routes of this function."""
    door = Door(wiring)
    for method, read in (("POST", query_of_body), ("GET", query_of_parameters)):
        door.add(method, "/task", _listing(read))
        door.add(method, "/task/count", _counting(read))
    return door


def _listing(read: Reader) -> Callable[[Request, Wiring], Answer]:
    return lambda request, wiring: list_answer(read(request, wiring), request, wiring)


def _counting(read: Reader) -> Callable[[Request, Wiring], Answer]:
    return lambda request, wiring: count_answer(read(request, wiring), request, wiring)


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
