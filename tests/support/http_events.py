"""HTTP API events (payload format 2.0) for tests: samples from `events/`, and built ones."""

import base64
import gzip
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from aws_lambda_powertools.utilities.typing import LambdaContext

_EVENTS: Final = Path(__file__).parents[2] / "events"

USER_CLAIMS: Final = {
    "sub": "0c1f6a3e-7f0d-4a53-9e47-0c0e8f1f9d11",
    "token_use": "access",
    "client_id": "7k3people",
    "username": "demo",
    "cognito:groups": "[accounting sales tenant:t1]",
    "scope": "taskdock/tasks.read taskdock/tasks.write",
}
"""The claims of a person's access token in an HTTP API's event."""


class Context(LambdaContext):
    """The context that Lambda passes to a handler."""

    _aws_request_id = "e3a1c5b0-invocation"
    _function_name = "test"
    _memory_limit_in_mb = 1769

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 29_000


def sample(function: str, case: str) -> dict[str, Any]:
    """The sample event `events/<function>/<case>.json`."""
    event: dict[str, Any] = json.loads((_EVENTS / function / f"{case}.json").read_text())
    return event


def http_event(
    route: str,
    path: Mapping[str, str] | None = None,
    *,
    body: str | bytes | None = None,
    query: Mapping[str, str] | Sequence[tuple[str, str]] | str = "",
    headers: Mapping[str, str] | None = None,
    claims: Mapping[str, Any] | None = USER_CLAIMS,
) -> dict[str, Any]:
    """A request for the route (`GET /task/{id}`) with these values in its path.

    A text body is declared to be JSON unless `headers` say otherwise, bytes come in base64.
    """
    method, _, template = route.partition(" ")
    values = dict(path or {})
    raw_path = template.format(**values)
    given = {"content-type": "application/json"} if body is not None else {}
    context: dict[str, Any] = {
        "http": {"method": method, "path": raw_path, "protocol": "HTTP/1.1"},
        "requestId": "Jp1w0request=",
        "routeKey": route,
        "stage": "$default",
    }
    if claims is not None:
        context["authorizer"] = {"jwt": {"claims": dict(claims), "scopes": None}}
    event: dict[str, Any] = {
        "version": "2.0",
        "routeKey": route,
        "rawPath": raw_path,
        "rawQueryString": query if isinstance(query, str) else urlencode(query),
        "headers": given if headers is None else dict(headers),
        "requestContext": context,
        "isBase64Encoded": isinstance(body, bytes),
    }
    if values:
        event["pathParameters"] = values
    if body is not None:
        event["body"] = base64.b64encode(body).decode() if isinstance(body, bytes) else body
    return event


@dataclass(frozen=True, slots=True)
class Reply:
    """A handler's answer as a client sees it."""

    status: int
    headers: Mapping[str, str]
    text: str

    @property
    def json(self) -> Any:
        """The body's value; None when there is no body."""
        return json.loads(self.text) if self.text else None


def reply(answer: Mapping[str, Any]) -> Reply:
    """What a client receives when a function returns `answer`."""
    headers = {name.lower(): value for name, value in answer["headers"].items()}
    body = answer["body"]
    if answer["isBase64Encoded"]:
        content = base64.b64decode(body)
        if headers.get("content-encoding") == "gzip":
            content = gzip.decompress(content)
        body = content.decode()
    return Reply(answer["statusCode"], headers, body)
