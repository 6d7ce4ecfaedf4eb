"""The functions' apps asked as a client asks: method, path, body, headers."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from taskdock.adapters.web import WebAnswer, WebRequest

from tests.support.deployed_routes import function_for
from tests.support.http_events import Reply, http_event, reply


class AskedApps:
    """All routes of all functions; a subclass says how a function is invoked."""

    def __init__(self, claims: Mapping[str, Any]) -> None:
        self._claims = claims

    def invoke(self, function: str, event: dict[str, Any]) -> Mapping[str, Any]:
        """What the function of that folder returns for an event."""
        raise NotImplementedError

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """The answer to a request; a body is sent as JSON."""
        text = None if body is None else json.dumps(body)
        declared = {} if body is None else {"content-type": "application/json"}
        return self._answer(method, path, text, {**declared, **(headers or {})})

    def web(self, request: WebRequest) -> WebAnswer:
        """The answer to a worker's request, whatever its host is."""
        text = None if request.body is None else request.body.decode()
        address = urlsplit(request.url)
        target = f"{address.path}?{address.query}" if address.query else address.path
        answer = self._answer(request.method, target, text, request.headers)
        return WebAnswer(answer.status, answer.text.encode())

    def _answer(
        self, method: str, target: str, text: str | None, headers: Mapping[str, str]
    ) -> Reply:
        path, _, query = target.partition("?")
        event = http_event(
            f"{method} {path}",
            body=text,
            query=query,
            headers={name.lower(): value for name, value in headers.items()},
            claims=self._claims,
        )
        return reply(self.invoke(function_for(method, path), event))
