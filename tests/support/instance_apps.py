"""The functions in instances of their own on one table: for callers who ask at the same time."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from taskdock.adapters.web import WebAnswer, WebRequest
from taskdock.use_cases.ports import Service

from local.instances import Instances
from tests.support.deployed_functions import functions_on
from tests.support.deployed_routes import function_for
from tests.support.http_events import USER_CLAIMS, Reply, http_event, reply
from tests.support.tables import Table

_PATIENCE = 60.0


class InstanceApps:
    """All routes of all functions, each call served by an instance that serves no other."""

    def __init__(self, table: Table, instances: Instances, claims: Mapping[str, Any]) -> None:
        self._functions = functions_on(table.name, table.endpoint)
        self._instances = instances
        self._claims = claims

    def ask(
        self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        """The answer to a request; a body is sent as JSON."""
        text = None if body is None else json.dumps(body)
        declared = {} if body is None else {"content-type": "application/json"}
        return self._answer(method, path, text, {**declared, **(headers or {})})

    def web(self, request: WebRequest) -> WebAnswer:
        """The functions as a place on the web, for a worker of ours."""
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
        function = self._functions[function_for(method, path)]
        return reply(self._instances.invoke(function, event, _PATIENCE))


@contextmanager
def instance_apps(table: Table, claims: Mapping[str, Any] = USER_CLAIMS) -> Iterator[InstanceApps]:
    """The functions on the table, where the service `operator-p4` is registered."""
    table.services().put(Service("operator-p4", "Print connector"))
    with Instances(()) as instances:
        yield InstanceApps(table, instances, claims)
