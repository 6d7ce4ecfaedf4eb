"""The HTTP API: routes, tokens, scopes, limits, and the functions behind them.

The gateway's own answers are API Gateway's: `{"message": …}`.
"""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Final

from local.authorizer import Admit, Claims, Refused
from local.console import report, say
from local.deployment import Api, Cors
from local.http_messages import Answer, Request
from local.invocation import (
    LARGEST_PAYLOAD,
    FunctionFailed,
    Invoker,
    StillRunning,
    payload_of,
)
from local.payload import Call, MalformedAnswer, answer_from
from local.routes import Match, Router

LARGEST_BODY: Final = 10 * 1024 * 1024
"""Bytes of a request's body that an HTTP API takes."""
LARGEST_HEAD: Final = 10_240
"""Bytes that an HTTP API takes of the request line and the values of all headers together."""
PATIENCE: Final = 30.0
"""Seconds that an HTTP API waits for a function."""

TOO_LARGE: Final = Answer.of_gateway(413, "Request Entity Too Large")
HEAD_TOO_LARGE: Final = Answer.of_gateway(431, "Request Header Fields Too Large")
NOT_FOUND: Final = Answer.of_gateway(404, "Not Found")
FAILED: Final = Answer.of_gateway(500, "Internal Server Error")
_SURELY_FITS: Final = 1_000_000
"""Bytes of a body whose event is never too large: a byte takes six at most."""
OUT_OF_TIME: Final = Answer.of_gateway(503, "Service Unavailable")


class Gateway:
    """Answers requests by the API's routes."""

    def __init__(
        self,
        api: Api,
        admit: Admit,
        invoker: Invoker,
        *,
        patience: float = PATIENCE,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self._api = api
        self._router = Router(api.routes)
        self._admit = admit
        self._invoker = invoker
        self._patience = patience
        self._clock = clock

    def answer(self, request: Request) -> Answer:
        """The answer to a request; never raises for what a caller or a function did wrong."""
        if _head_of(request) > LARGEST_HEAD:
            return HEAD_TOO_LARGE
        origin = request.header("origin")
        cors = self._api.cors
        if cors and origin and request.method == "OPTIONS":
            return _preflight(cors, origin)
        answer = self._answer_by_route(request)
        return answer.with_headers(_cors_headers(cors, origin)) if cors and origin else answer

    def _answer_by_route(self, request: Request) -> Answer:
        if len(request.body) > LARGEST_BODY:
            return TOO_LARGE
        match = self._match(request)
        if match is None:
            return NOT_FOUND
        claims: Claims | None = None
        if match.route.secured:
            try:
                claims = self._admit(request, match.route)
            except Refused as refusal:
                return refusal.answer
        return self._answer_of_function(request, match, claims).noting(_note(match, claims))

    def _match(self, request: Request) -> Match | None:
        base = self._api.base_path
        if base and not request.path.startswith(f"{base}/"):
            return None
        return self._router.match(request.method, request.path.removeprefix(base))

    def _answer_of_function(self, request: Request, match: Match, claims: Claims | None) -> Answer:
        call = Call(
            request=request,
            route=match.route,
            stage=self._api.stage,
            path_parameters=match.parameters,
            claims=claims,
            arrived=self._clock(),
        )
        function, event = match.route.function, call.event()
        if len(request.body) > _SURELY_FITS and len(payload_of(event)) > LARGEST_PAYLOAD:
            return TOO_LARGE
        try:
            returned = self._invoker.invoke(function, event, self._patience)
            return answer_from(returned)
        except StillRunning:
            say(f"{function.name}: no answer within {self._patience:g} seconds")
            return OUT_OF_TIME
        except (FunctionFailed, MalformedAnswer) as failure:
            report(failure)
            return FAILED


def _head_of(request: Request) -> int:
    """Bytes of the request line and of the headers' values."""
    target = f"{request.path}?{request.query}" if request.query else request.path
    line = f"{request.method} {target} {request.protocol}"
    return len(line) + sum(len(value) for _, value in request.headers)


def _note(match: Match, claims: Claims | None) -> str:
    who = "" if claims is None else claims.get("username", claims.get("client_id", ""))
    return f"{match.route.function.name} {who}".strip()


def _preflight(cors: Cors, origin: str) -> Answer:
    """The gateway's answer to a CORS preflight request."""
    allowed = _cors_headers(cors, origin)
    if not allowed:
        return Answer(204)
    headers = [*allowed]
    if cors.methods:
        headers.append(("access-control-allow-methods", ",".join(cors.methods)))
    if cors.headers:
        headers.append(("access-control-allow-headers", ",".join(cors.headers)))
    if cors.max_age is not None:
        headers.append(("access-control-max-age", str(cors.max_age)))
    return Answer(204, tuple(headers))


def _cors_headers(cors: Cors, origin: str) -> tuple[tuple[str, str], ...]:
    """The CORS headers for a page of `origin`; none when it may not call."""
    if "*" in cors.origins:
        headers = [("access-control-allow-origin", "*")]
    elif origin in cors.origins:
        headers = [("access-control-allow-origin", origin), ("vary", "origin")]
    else:
        return ()
    if cors.exposed:
        headers.append(("access-control-expose-headers", ",".join(cors.exposed)))
    return tuple(headers)
