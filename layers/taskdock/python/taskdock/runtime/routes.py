"""The routes of a resource: which action answers which method and path."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote

from aws_lambda_powertools.event_handler.api_gateway import Response, Router
from aws_lambda_powertools.event_handler.request import Request as Matched

from taskdock.domain.errors import TaskdockError
from taskdock.domain.identifiers import is_identifier
from taskdock.runtime.answers import Answer, error_answer, rendered
from taskdock.runtime.identity import caller_id
from taskdock.runtime.logging import logger
from taskdock.runtime.read_limits import without_figures
from taskdock.runtime.requests import BODY_LIMIT, JSON, Request
from taskdock.runtime.wiring import Wiring

if TYPE_CHECKING:
    from aws_lambda_powertools.utilities.typing import LambdaContext

    from taskdock.api.answers.errors import Row

type Action = Callable[[Request, Wiring], Answer]
"""What a route does: it reads the request, calls a use case and describes the answer."""

_PARAMETER: Final = re.compile(r"\{(\w+)\}")


class Routes:
    """The routes of one resource, registered by decorators on their actions.

    A path is written as in the API's description, parameters in braces. `produces` are the
    media types that an action may answer with; none for an answer without a body. A `public`
    route also answers callers without a verified token. A body of more than `body_limit` bytes is
    a 413 on every route.
    """

    def __init__(self) -> None:
        self.router = Router()  # type: ignore[no-untyped-call] # it has no annotations
        """The routes as Powertools' resolver includes them."""
        self.operations: Final[list[str]] = []
        """What the routes answer: `GET /task/{id}` and so on."""

    def get(
        self, path: str, *, produces: Sequence[str] = (JSON,), public: bool = False
    ) -> Callable[[Action], Action]:
        """Registers the action for GET, and so for HEAD."""
        return self._register("GET", path, produces, public=public)

    def post(
        self, path: str, *, produces: Sequence[str] = (JSON,), body_limit: int = BODY_LIMIT
    ) -> Callable[[Action], Action]:
        """Registers the action for POST."""
        return self._register("POST", path, produces, body_limit=body_limit)

    def put(self, path: str, *, produces: Sequence[str] = (JSON,)) -> Callable[[Action], Action]:
        """Registers the action for PUT."""
        return self._register("PUT", path, produces)

    def patch(self, path: str, *, produces: Sequence[str] = (JSON,)) -> Callable[[Action], Action]:
        """Registers the action for PATCH."""
        return self._register("PATCH", path, produces)

    def delete(self, path: str, *, produces: Sequence[str] = (JSON,)) -> Callable[[Action], Action]:
        """Registers the action for DELETE."""
        return self._register("DELETE", path, produces)

    def options(self, path: str) -> Callable[[Action], Action]:
        """Registers the action for OPTIONS; without one the answer says which methods there are."""
        return self._register("OPTIONS", path, (JSON,))

    def _register(
        self,
        method: str,
        path: str,
        produces: Sequence[str],
        *,
        public: bool = False,
        body_limit: int = BODY_LIMIT,
    ) -> Callable[[Action], Action]:
        def register(action: Action) -> Action:
            def checked(request: Request, wiring: Wiring) -> Answer:
                if not public:
                    _ = request.caller  # raises `Unauthenticated`
                request.check_size()
                if produces:
                    request.accepted(produces)
                return action(request, wiring)

            def serve(matched: Matched, **_values: str) -> Response[Any]:
                return _serve(checked, matched, body_limit)

            self.operations.append(f"{method} {path}")
            self.router.route(_PARAMETER.sub(r"<\1>", path), method)(serve)
            return action

        return register


def _serve(action: Action, matched: Matched, body_limit: int) -> Response[Any]:
    started = perf_counter()
    wiring: Wiring = matched.context["wiring"]
    event = matched.resolved_event.raw_event
    path = _path_values(matched.path_parameters)
    context: LambdaContext = matched.context["lambda_context"]
    request = Request(
        event,
        path,
        wiring.settings,
        context,
        lambda client_id: wiring.known_programs.program(client_id, wiring.now()),
        body_limit=body_limit,
    )
    try:
        answer = _not_cached(matched.method, action(request, wiring))
        answer = without_figures(answer, request, wiring)
        response = rendered(answer, request.header("accept-encoding"))
    except TaskdockError as error:
        answer = error_answer(error, _reference_row(error, matched, wiring))
        answer = without_figures(answer, request, wiring)
        response = rendered(answer, None)
    logger.info(
        "answered",
        route=f"{matched.method} {matched.route}",
        requestId=event["requestContext"].get("requestId"),
        invocationId=context.aws_request_id,
        caller=caller_id(event, wiring.settings),
        ids={name: value for name, value in path.items() if is_identifier(value)},
        status=answer.status,
        milliseconds=round((perf_counter() - started) * 1000, 1),
        **answer.facts,
    )
    return response


def _reference_row(error: TaskdockError, matched: Matched, wiring: Wiring) -> "Row | None":
    """Camunda 7's row of the error where the deployment wants it, else None."""
    if not wiring.settings.reference_statuses:
        return None
    # Imported here: hardly any deployment wants them.
    from taskdock.api.answers.reference_statuses import reference_row

    return reference_row(error, f"{matched.method} {matched.route}")


def _not_cached(method: str, answer: Answer) -> Answer:
    """The answer; one to a GET says that caches must ask again (docs/camunda-behaviour.md, HAL)."""
    if method != "GET":
        return answer
    return replace(answer, headers={"Cache-Control": "no-cache", **answer.headers})


def _path_values(matched: Mapping[str, str]) -> dict[str, str]:
    return {name: unquote(value) for name, value in matched.items()}
