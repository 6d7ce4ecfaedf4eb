"""All functions of the HTTP API on one wiring in memory; the template routes requests to them."""

import json
from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any

from taskdock.domain.tasks.task import Task, TaskId
from taskdock.use_cases.ports import Changes, Put

from tests.support.deployed_routes import function_for
from tests.support.http_events import USER_CLAIMS, Context, Reply, http_event, reply
from tests.support.in_memory_wiring import InMemoryWiring

if TYPE_CHECKING:
    from taskdock.runtime.http_app import HttpApp


class InMemoryApps:
    """Functions that share a table with these tasks; the caller is `demo` by default."""

    def __init__(self, *tasks: Task, wiring: InMemoryWiring | None = None) -> None:
        self.wiring = wiring or InMemoryWiring()
        for task in tasks:
            self.wiring.memory.commit(Changes([Put(task)]))
        self._apps: dict[str, HttpApp] = {}

    def ask(
        self,
        route: str,
        task_id: str = "t1",
        body: object = None,
        *,
        name: str | None = None,
        headers: Mapping[str, str] | None = None,
        claims: Mapping[str, Any] | None = USER_CLAIMS,
        query: Mapping[str, str] | str = "",
    ) -> Reply:
        """The answer to a request for the route, such as `POST /task/{id}/claim`.

        Bytes are sent as they are, text as it is, any other body as JSON.
        """
        path = {key: value for key, value in (("id", task_id), ("name", name)) if value is not None}
        given = {key: value for key, value in path.items() if f"{{{key}}}" in route}
        sent = body if body is None or isinstance(body, str | bytes) else json.dumps(body)
        declared = {"content-type": "application/json"} if body is not None else {}
        event = http_event(
            route,
            given,
            body=sent,
            query=query,
            headers=declared | dict(headers or {}),
            claims=claims,
        )
        return self.send(event)

    def send(self, event: Mapping[str, Any]) -> Reply:
        """The answer to an event, by the function that its path leads to."""
        http = event["requestContext"]["http"]
        function = function_for(http["method"], event["rawPath"])
        if function not in self._apps:
            handler = import_module(f"functions.{function}.handler")
            self._apps[function] = handler.create_app(lambda: self.wiring)
        return reply(self._apps[function](event, Context()))

    def task(self, task_id: str = "t1") -> Task:
        """The task as it is kept; there must be one."""
        stored = self.wiring.memory.get(TaskId(task_id))
        assert stored is not None, task_id
        return stored.task
