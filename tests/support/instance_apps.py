"""The functions in instances of their own on one table: for callers who ask at the same time."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from taskdock.use_cases.ports import Service

from local.instances import Instances
from tests.support.asked_apps import AskedApps
from tests.support.deployed_functions import functions_on
from tests.support.http_events import USER_CLAIMS
from tests.support.tables import Table

_PATIENCE = 60.0


class InstanceApps(AskedApps):
    """The functions on one table, each call served by an instance that serves no other."""

    def __init__(self, table: Table, instances: Instances, claims: Mapping[str, Any]) -> None:
        super().__init__(claims)
        self._functions = functions_on(table.name, table.endpoint)
        self._instances = instances

    def invoke(self, function: str, event: dict[str, Any]) -> Mapping[str, Any]:
        """See `AskedApps.invoke`."""
        answer: Mapping[str, Any] = self._instances.invoke(
            self._functions[function], event, _PATIENCE
        )
        return answer


@contextmanager
def instance_apps(table: Table, claims: Mapping[str, Any] = USER_CLAIMS) -> Iterator[InstanceApps]:
    """The functions on the table, where the service `operator-p4` is registered."""
    table.services().put(Service("operator-p4", "Print connector"))
    with Instances(()) as instances:
        yield InstanceApps(table, instances, claims)
