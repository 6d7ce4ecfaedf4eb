"""The HTTP side of a function: from an API Gateway event through a route to an answer."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final
from urllib.parse import quote

from aws_lambda_powertools.event_handler.api_gateway import APIGatewayHttpResolver, Response
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskdock.domain.errors import NoSuchPath, NotAllowed
from taskdock.runtime.answers import Answer, error_answer, rendered
from taskdock.runtime.routes import Routes
from taskdock.runtime.settings import is_initialized_ahead
from taskdock.runtime.wiring import Wiring

ENGINE: Final = "/engine/default"
"""What Camunda 7's clients write in front of every path when they name the engine."""


class HttpApp:
    """Routes that answer API Gateway's events, one event at a time.

    A `TaskdockError` is answered as `error_answers` says. Any other exception is a fault of
    ours and passes through: the invocation fails, and API Gateway answers 500.
    """

    def __init__(
        self,
        wiring: Callable[[], Wiring],
        *routes: Routes,
        rare: Callable[[], Sequence[Routes]] = tuple,
        elsewhere: Callable[[], Sequence[Routes]] = tuple,
    ) -> None:
        """An app with these routes; `wiring` is called at the first request.

        `rare` loads routes that few requests are for. It is called for a request that no other
        route matches, and for HEAD and a path with a last slash, with which API Gateway sends
        requests here that are another function's.

        `elsewhere` loads routes that other functions answer: a path of theirs is no unknown path,
        it is there for other methods.

        Where an instance is initialised ahead of requests, all of it is done now: what takes time
        is part of the snapshot that other instances start from.
        """
        self._wiring = wiring
        self._operations: set[str] = set()
        self._has_missed = False
        self._resolver = APIGatewayHttpResolver()
        self._resolver.not_found(self._no_such_route)
        self._include(routes)
        self._rare: Callable[[], Sequence[Routes]] | None = rare
        self._elsewhere = elsewhere
        if is_initialized_ahead():
            self._include_rare()
            wiring().get_ready()

    @property
    def operations(self) -> frozenset[str]:
        """What the app answers: `GET /task/{id}` and so on."""
        self._include_rare()
        return frozenset(self._operations)

    def __call__(self, event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
        """The answer to the event, in the form that API Gateway expects."""
        wiring = self._wiring()
        if _is_head(event) or event["rawPath"].endswith("/"):
            self._include_rare()
        request = _routable(event, wiring.settings.base_path)
        answer = self._resolved(request, context, wiring)
        if self._has_missed and self._rare is not None:
            self._include_rare()
            answer = self._resolved(request, context, wiring)
        return answer | {"body": "", "isBase64Encoded": False} if _is_head(event) else answer

    def _resolved(
        self, request: dict[str, Any], context: LambdaContext, wiring: Wiring
    ) -> dict[str, Any]:
        self._has_missed = False
        self._resolver.append_context(  # type: ignore[no-untyped-call] # it has no annotations
            wiring=wiring, lambda_context=context
        )
        return self._resolver.resolve(request, context)

    def _include(self, routes: Sequence[Routes]) -> None:
        for each in routes:
            self._resolver.include_router(each.router)
            self._operations.update(each.operations)

    def _include_rare(self) -> None:
        if self._rare is not None:
            self._include(self._rare())
            self._rare = None

    def _no_such_route(self, _: Exception) -> Response[Any]:
        """A redirect to the path without its last slash if it has one; else the methods that the
        path is there for, as the answer to OPTIONS or in a 405; else a 404.

        API Gateway may send `/task/` to another function than `/task` (docs/decisions/0022).
        """
        self._has_missed = True
        event = self._resolver.current_event.raw_event
        path: str = event["requestContext"]["http"]["path"]
        if len(path) > 1 and path.endswith("/") and "//" not in path:
            query = event.get("rawQueryString")
            target = quote(path.removesuffix("/")) + (f"?{query}" if query else "")
            return rendered(Answer(308, headers={"Location": target}), None)
        route_path = self._resolver.current_event.path
        methods = _methods_for(route_path, self._known())
        if not methods:
            return rendered(
                error_answer(NoSuchPath("There is nothing under this method and path.")), None
            )
        if event["requestContext"]["http"]["method"] == "OPTIONS":
            return rendered(Answer(200, headers={"Allow": ", ".join(sorted(methods))}), None)
        return rendered(error_answer(NotAllowed(methods)), None)

    def _known(self) -> set[str]:
        """Every operation of this function and of those that it answers unknown paths for."""
        if self._rare is not None:
            return set()  # asked again in a moment, with all routes
        return self._operations.union(*(each.operations for each in self._elsewhere()))


def _methods_for(path: str, operations: Iterable[str]) -> set[str]:
    """The methods that the path is there for; none for a path that is not there."""
    segments = path.split("/")
    methods = set()
    for operation in operations:
        method, _, pattern = operation.partition(" ")
        parts = pattern.split("/")
        if len(parts) == len(segments) and all(
            part == segment or (part.startswith("{") and segment)
            for part, segment in zip(parts, segments, strict=True)
        ):
            methods.add(method)
    if "GET" in methods:
        methods.add("HEAD")
    return methods | {"OPTIONS"} if methods else methods


def _is_head(event: Mapping[str, Any]) -> bool:
    return bool(event["requestContext"]["http"]["method"] == "HEAD")


def _routable(event: Mapping[str, Any], base_path: str) -> dict[str, Any]:
    """The event with the method and the path that routes are registered for.

    HEAD becomes GET. The path loses the stage or the base path, the engine and a last slash.
    """
    context = event["requestContext"]
    http = context["http"]
    method = "GET" if _is_head(event) else http["method"]
    return {
        **event,
        "rawPath": _route_path(event["rawPath"], context.get("stage"), base_path),
        "requestContext": {**context, "stage": "$default", "http": {**http, "method": method}},
    }


def _route_path(path: str, stage: str | None, base_path: str) -> str:
    # The base path is the stage's name or the custom domain's mapping: it is there once.
    for prefix in (f"/{stage}", base_path):
        if prefix and path.startswith(f"{prefix}/"):
            path = path.removeprefix(prefix)
            break
    if path.startswith(f"{ENGINE}/"):
        path = path.removeprefix(ENGINE)
    if len(path) > 1:
        path = path.removesuffix("/")
    # API Gateway sends the path decoded; the resolver matches only what a URL may contain.
    return quote(path, safe="/", errors="replace")
