"""The doors behind the template's routes, on any store, asked as a client asks: method and path."""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from urllib.parse import urlsplit

from taskdock.adapters.web import WebAnswer, WebRequest
from taskdock.use_cases.ports import Service, TaskStore

from local.settings import REPOSITORY
from local.template import Template
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


class _Route(NamedTuple):
    key: str
    pattern: re.Pattern[str]
    function: str


class ServiceApps:
    """All routes of all functions; the service `operator-p4` is registered. Threads may share."""

    def __init__(self, store: TaskStore, claims: Mapping[str, Any] = USER_CLAIMS) -> None:
        self.wiring = InMemoryWiring(Service("operator-p4", "Print connector"))
        self.wiring.store = store
        self._claims = claims
        self._doors: dict[str, HttpApp] = {
            function: import_module(f"functions.{function}.handler").create_app(lambda: self.wiring)
            for function in {route.function for route in _routes()}
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
        for route in _routes():
            found = route.pattern.fullmatch(path)
            if found and route.key.startswith(f"{method} "):
                event = http_event(
                    route.key,
                    found.groupdict(),
                    body=text,
                    query=query,
                    headers={name.lower(): value for name, value in headers.items()},
                    claims=self._claims,
                )
                return reply(self._doors[route.function](event, Context()))
        raise AssertionError(f"no route for {method} {path}")


@cache
def _routes() -> tuple[_Route, ...]:
    """The template's routes without greedy ones, those with fewer parameters first."""
    functions = Template.load(REPOSITORY / "template.yaml").resources("AWS::Serverless::Function")
    routes = [
        _Route(
            f"{event['Properties']['Method']} {event['Properties']['Path']}",
            re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", event["Properties"]["Path"])),
            function["CodeUri"].removeprefix("functions/"),
        )
        for function in functions.values()
        for event in function.get("Events", {}).values()
        if event["Type"] == "HttpApi" and "+" not in event["Properties"]["Path"]
    ]
    return tuple(sorted(routes, key=lambda route: route.key.count("{")))
