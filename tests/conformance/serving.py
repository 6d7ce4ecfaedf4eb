"""The recorded world behind the local gateway and the real functions."""

import contextlib
import io
import json
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from enum import StrEnum
from importlib import import_module
from typing import TYPE_CHECKING, Any, Self

import pytest
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring

from local.deployment import Function
from local.instances import LambdaContext
from local.invocation import STANDARD_VARIABLES
from local.settings import Store
from tests.conformance.client import Client
from tests.conformance.recordings import ADMIN, World
from tests.support.in_memory_filters import InMemoryFilterStore
from tests.support.in_memory_history import catch_up
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.local_service import in_memory

if TYPE_CHECKING:
    from taskdock.runtime.http_app import HttpApp


class Behind(StrEnum):
    """Where the functions keep tasks."""

    MEMORY = "memory"
    """A store in this process: quick, and the same as a table to its users."""
    TABLE = "table"
    """The template's table in dynoxide."""


class InThisProcess:
    """The functions of the API in this process, their tasks in its memory.

    For one caller that asks one request after another: their resolvers share an event.
    """

    def __init__(self, functions: Sequence[Function]) -> None:
        [*_, any_function] = functions
        settings = Settings.from_environment(any_function.environment)
        wiring = Wiring(replace(settings, column_bucket=None))
        wiring.store = self._store = InMemoryTaskStore()
        wiring.filters = InMemoryFilterStore()
        handlers = {each.name: import_module(each.module) for each in functions}
        self._apps: Mapping[str, HttpApp] = {
            name: handler.create_app(lambda: wiring)
            for name, handler in handlers.items()
            if hasattr(handler, "create_app")
        }
        self._environment = pytest.MonkeyPatch()

    def __enter__(self) -> Self:
        for name, value in STANDARD_VARIABLES.items():
            self._environment.setenv(name, value)
        return self

    def __exit__(self, *_: object) -> None:
        self._environment.undo()

    def load(self) -> None:
        """Nothing is left to be loaded."""

    def invoke(self, function: Function, event: Mapping[str, Any], patience: float) -> Any:
        """See `Invoker.invoke`."""
        context: Any = LambdaContext(function.name, function.memory, time.monotonic() + patience)
        answer = json.loads(json.dumps(self._apps[function.name](event, context)))
        catch_up(self._store)
        return answer


@contextlib.contextmanager
def serving(world: World, behind: Behind) -> Iterator[Client]:
    """A client of a service that holds the recorded tasks; its clock is stopped at the recordings'
    time."""
    is_memory = behind is Behind.MEMORY
    # The service says a line for each request, and there are thousands.
    with (
        contextlib.redirect_stdout(io.StringIO()),
        in_memory(
            store=Store.MOTO if is_memory else Store.DYNOXIDE,
            users=world.users,
            now=world.now,
            place=InThisProcess if is_memory else None,
        ) as service,
        contextlib.closing(Client(service.url, service.token)) as client,
    ):
        bring_in(world, client)
        yield client


def bring_in(world: World, client: Client) -> None:
    """Import the world's tasks."""
    body = json.dumps({"tasks": world.entries}).encode()
    reply = client.send(ADMIN, "POST", "/v1/import", body)
    assert reply.json == {"imported": len(world.entries), "skipped": 0}, reply.body
