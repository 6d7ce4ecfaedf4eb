"""What creating a task takes: tasks per second, and the write units of each."""

import json
import statistics
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from time import perf_counter
from typing import Any, Final

from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.ports import Service

from functions.create_task.handler import create_app
from tests.support.http_events import Context, http_event
from tests.support.tables import Table

_TASKS: Final = 300
_SERVICE: Final = "operator-p4"
_BODIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "a name alone": {"name": "My Task"},
    "for a service, one candidate group": {
        "name": "My Task",
        "type": "print",
        "candidateGroups": ["sales"],
        "metadata": {"description": "Print task", "Printer": "LocalPrinter"},
    },
    "of a process, due, two groups and a user": {
        "name": "Approve order 4711",
        "type": "approve",
        "due": "2026-12-24T12:00:00.000+0000",
        "candidateGroups": ["sales", "accounting"],
        "candidateUsers": ["mary"],
        "processInstance": {
            "id": "instance-1",
            "businessKey": "order-1",
            "definitionKey": "order",
            "variables": {"amount": {"type": "Integer", "value": 5}},
        },
    },
}


@dataclass(frozen=True, slots=True)
class Creation:
    """What creating tasks of one kind took."""

    title: str
    write_units: float
    table_units: float
    index_units: Mapping[str, float]
    per_second: float


@dataclass(frozen=True, slots=True)
class Created:
    """What creating took, kind by kind."""

    kinds: tuple[Creation, ...]

    def lines(self) -> Iterator[str]:
        """A table of it."""
        yield "| task | write units | of the table | of the indexes | tasks per second |"
        yield "|---|--:|--:|---|--:|"
        for each in self.kinds:
            indexes = ", ".join(f"{name} {units:g}" for name, units in each.index_units.items())
            yield (
                f"| {each.title} | {each.write_units:g} | {each.table_units:g} "
                f"| {indexes} | {each.per_second:,.0f} |"
            )


class AccountingClient:
    """A DynamoDB client that adds up what writing and reading consumes."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self.table = 0.0
        self.indexes: dict[str, float] = {}

    def put_item(self, **request: Any) -> Any:
        """DynamoDB's PutItem."""
        return self._accounted([self._client.put_item(**request, **_INDEXES)["ConsumedCapacity"]])

    def transact_write_items(self, **request: Any) -> Any:
        """DynamoDB's TransactWriteItems."""
        answer = self._client.transact_write_items(**request, **_INDEXES)
        return self._accounted(answer["ConsumedCapacity"])

    def __getattr__(self, name: str) -> Any:
        return getattr(self._client, name)

    def _accounted(self, consumed: list[Mapping[str, Any]]) -> Mapping[str, Any]:
        for each in consumed:
            self.table += each["Table"]["CapacityUnits"]
            for name, index in each.get("GlobalSecondaryIndexes", {}).items():
                self.indexes[name] = self.indexes.get(name, 0.0) + index["CapacityUnits"]
        return {}


_INDEXES: Final = {"ReturnConsumedCapacity": "INDEXES"}


def creates(table: Table) -> Created:
    """Create tasks of each kind through the handler, one after another."""
    table.services().put(Service(_SERVICE, "Printing"))
    return Created(tuple(_creation(table, title, body) for title, body in _BODIES.items()))


def _creation(table: Table, title: str, body: Mapping[str, Any]) -> Creation:
    client = AccountingClient(table.client)
    wiring = Wiring(Settings(table_name=table.name, dynamodb_endpoint=table.endpoint))
    wiring.__dict__["_dynamodb"] = client
    app = create_app(lambda: wiring)
    times = []
    for _ in range(_TASKS):
        event = http_event(
            "POST /v1/services/{sid}/tasks", {"sid": _SERVICE}, body=json.dumps(body)
        )
        started = perf_counter()
        answer = app(event, Context())
        times.append(perf_counter() - started)
        if answer["statusCode"] != 201:
            raise SystemExit(f"{title}: {answer['statusCode']} {answer['body'][:300]}")
    of_indexes = {name: units / _TASKS for name, units in sorted(client.indexes.items())}
    return Creation(
        title,
        client.table / _TASKS + sum(of_indexes.values()),
        client.table / _TASKS,
        of_indexes,
        1 / statistics.median(times),
    )
