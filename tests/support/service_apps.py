"""The doors behind the template's routes, on any store, asked as a client asks: method and path."""

import json
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

from taskdock.adapters.web import WebAnswer, WebRequest
from taskdock.use_cases.ports import Service, TaskStore

from tests.support.deployed_routes import deployed_routes, function_for
from tests.support.http_events import USER_CLAIMS, Context, Reply, http_event, reply
from tests.support.in_memory_wiring import InMemoryWiring

if TYPE_CHECKING:
    from taskdock.runtime.http_app import HttpApp

PROGRAM: Final = {
    "sub": "4b2printer",
    "client_id": "4b2printer",
    "token_use": "access",
    "scope": "taskdock/tasks.read taskdock/tasks.write",
}
"""What an HTTP API hands over of a program's access token."""


class ServiceApps:
    """All routes of all functions; the service `operator-p4` is registered. Threads may share."""

    def __init__(self, store: TaskStore, claims: Mapping[str, Any] = USER_CLAIMS) -> None:
        self.wiring = InMemoryWiring(Service("operator-p4", "Print connector"))
        self.wiring.store = store
        self._claims = claims
        self._apps: dict[str, HttpApp] = {
            function: import_module(f"functions.{function}.handler").create_app(lambda: self.wiring)
            for function in {route.function.name for route in deployed_routes()}
        }

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """The answer to a request; a body is sent as JSON."""
        text = None if body is None else json.dumps(body)
        declared = {} if body is None else {"content-type": "application/json"}
        return self._answer(method, path, text, {**declared, **(headers or {})})

    def web(self, request: WebRequest) -> WebAnswer:
        """The doors as a place on the web, for a worker of ours."""
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
        return reply(self._apps[function_for(method, path)](event, Context()))
