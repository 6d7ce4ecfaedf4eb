"""The door of a function: the way from an API Gateway event through a route to an answer."""

import re
from collections.abc import Callable, Mapping, Sequence
from copy import copy
from dataclasses import replace
from time import perf_counter
from typing import Any, Final
from urllib.parse import quote, unquote

from aws_lambda_powertools.event_handler.api_gateway import APIGatewayHttpResolver, Response
from aws_lambda_powertools.event_handler.request import Request as Matched
from aws_lambda_powertools.utilities.data_classes import APIGatewayProxyEventV2
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskdock.domain.errors import NotFound, TaskdockError
from taskdock.domain.identifiers import is_identifier
from taskdock.runtime.answers import Answer, error_answer, rendered
from taskdock.runtime.logging import logger
from taskdock.runtime.requests import JSON, Request
from taskdock.runtime.settings import is_initialized_ahead
from taskdock.runtime.wiring import Wiring

type Action = Callable[[Request, Wiring], Answer]
"""What a route does: reads the request, calls a use case, says what came of it."""

ENGINE: Final = "/engine/default"
"""What the reference's clients write in front of every route when they name the engine."""

_PARAMETER: Final = re.compile(r"\{(\w+)\}")


class HttpApp:
    """The routes of one function. Called with an event, it answers; threads may share one.

    A `TaskdockError` is answered as `error_answers` says. Any other exception is a fault of
    ours and passes through: the invocation fails, and API Gateway answers 500.
    """

    def __init__(self, wiring: Callable[[], Wiring]) -> None:
        """A door without routes; `wiring` is asked for at the first request.

        Where an instance is made ahead of requests it is asked for now: what takes time is done
        by then, and lies in the snapshot that other instances start from.
        """
        self._wiring = wiring
        self._resolver = APIGatewayHttpResolver()
        self._resolver.not_found(_no_such_route)
        if is_initialized_ahead():
            wiring().get_ready()

    def add(
        self,
        method: str,
        path: str,
        action: Action,
        *,
        produces: Sequence[str] = (JSON,),
        public: bool = False,
    ) -> None:
        """A route; `path` is written as in the template, parameters in braces.

        `produces` are the media types that the action may answer with; none for an answer
        without a body. Only a `public` route answers those who have no verified token.
        """

        def checked(request: Request, wiring: Wiring) -> Answer:
            if not public:
                _ = request.caller  # raises: nobody unknown gets any further
            if produces:
                request.accepted(produces)
            return action(request, wiring)

        def serve(matched: Matched, **_values: str) -> Response[Any]:
            return _serve(checked, matched)

        self._resolver.route(_PARAMETER.sub(r"<\1>", path), method)(serve)

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """The answer to the event, in the form that API Gateway expects."""
        wiring = self._wiring()
        own = {
            **event,
            "rawPath": _matchable_path(event, wiring.settings.base_path),
            "requestContext": {**event["requestContext"], "stage": "$default"},
        }
        # The library keeps the current event where all resolvers of a process share it. A copy
        # with an event of its own lets the local service answer requests at the same time.
        resolver = copy(self._resolver)
        resolver.context = {"wiring": wiring, "lambda_context": context}
        resolver.current_event = APIGatewayProxyEventV2(own)
        return resolver.resolve(own, context)


def _serve(action: Action, matched: Matched) -> Response[Any]:
    started = perf_counter()
    wiring: Wiring = matched.context["wiring"]
    event = matched.resolved_event.raw_event
    path = _path_values(event, matched.path_parameters)
    context: LambdaContext = matched.context["lambda_context"]
    request = Request(event, path, wiring.settings, context)
    try:
        answer = _fresh(matched.method, action(request, wiring))
        response = rendered(answer, request.header("accept-encoding"))
    except TaskdockError as error:
        answer = error_answer(error)
        response = rendered(answer, None)
    logger.info(
        "answered",
        route=f"{matched.method} {matched.route}",
        requestId=event["requestContext"].get("requestId"),
        invocationId=context.aws_request_id,
        ids={name: value for name, value in path.items() if is_identifier(value)},
        status=answer.status,
        milliseconds=round((perf_counter() - started) * 1000, 1),
        **answer.facts,
    )
    return response


def _fresh(method: str, answer: Answer) -> Answer:
    """The answer, which nobody may show again without asking when it only reads (§8.4)."""
    if method != "GET":
        return answer
    return replace(answer, headers={"Cache-Control": "no-cache", **answer.headers})


def _no_such_route(_: Exception) -> Response[Any]:
    return rendered(error_answer(NotFound("There is nothing under this method and path.")), None)


def _matchable_path(event: Mapping[str, Any], base_path: str) -> str:
    """The path without stage, context path and engine, in characters that routes match."""
    path: str = event["rawPath"]
    # The context path is the stage's name, or the custom domain's mapping: it is there once.
    for prefix in (f"/{event['requestContext'].get('stage')}", base_path):
        if prefix and path.startswith(f"{prefix}/"):
            path = path.removeprefix(prefix)
            break
    if path.startswith(f"{ENGINE}/"):
        path = path.removeprefix(ENGINE)
    return quote(path, safe="/%", errors="replace")


def _path_values(event: Mapping[str, Any], matched: Mapping[str, str]) -> dict[str, str]:
    """The path's values, decoded once: API Gateway hands them over decoded already."""
    decoded = event.get("pathParameters") or {}
    return {name: decoded.get(name, unquote(value)) for name, value in matched.items()}
