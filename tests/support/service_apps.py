"""The doors behind the template's routes, on any store, asked as a client asks: method and path."""

from collections.abc import Mapping
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final

from taskdock.use_cases.ports import Service, TaskStore

from tests.support.asked_apps import AskedApps
from tests.support.deployed_routes import deployed_routes
from tests.support.http_events import USER_CLAIMS, Context
from tests.support.in_memory_wiring import InMemoryWiring

if TYPE_CHECKING:
    from taskdock.runtime.http_app import HttpApp

PROGRAM: Final = {
    "sub": "4b2printer",
    "client_id": "4b2printer",
    "token_use": "access",
    "scope": "taskdock/tasks.read taskdock/tasks.write",
}
"""The claims of a program's access token in an HTTP API's event."""


class ServiceApps(AskedApps):
    """The apps in this process, on any store; the service `operator-p4` is registered.

    One request at a time: their resolvers share an event.
    """

    def __init__(self, store: TaskStore, claims: Mapping[str, Any] = USER_CLAIMS) -> None:
        super().__init__(claims)
        self.wiring = InMemoryWiring(Service("operator-p4", "Print connector"))
        self.wiring.store = store
        self._apps: dict[str, HttpApp] = {
            function: import_module(f"functions.{function}.handler").create_app(lambda: self.wiring)
            for function in {route.function.name for route in deployed_routes()}
        }

    def invoke(self, function: str, event: dict[str, Any]) -> Mapping[str, Any]:
        """See `AskedApps.invoke`."""
        return self._apps[function](event, Context())
