"""Once a change is written, nothing can fail its answer: the table may be out of reach from then
on."""

from typing import Any

import pytest
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.use_cases.ports import Changes, Put

from tests.integration.test_rights import BODIES, CALLERS, FIELDS, PLACES, apps
from tests.support.builders import a_task
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.multipart import FORM_TYPE, form, part

CHANGES: dict[str, Any] = {
    **{
        operation: body
        for operation, body in BODIES.items()
        if "Escalation" not in operation
        and operation not in ("PUT /task/{id}/comment", "POST /v1/look")
    },
    "PUT /task/{id}": {"name": "x", "tenantId": "t1"},
    "DELETE /task/{id}": None,
    "POST /task/create": {"id": "new", "name": "x"},
    "POST /v1/services/{sid}/tasks": {"name": "x"},
    "POST /v1/import": {
        "tasks": [{"task": {"id": "new", "created": "2026-01-01T00:00:00.000+0000"}}]
    },
    "POST /task/{id}/unclaim": None,
    "POST /task/{id}/resolve": {"variables": {"v": {"value": 2}}},
    "POST /task/{id}/complete": {"variables": {"v": {"value": 2}}, "withVariablesInReturn": True},
    "POST /task/{id}/submit-form": {"withVariablesInReturn": True},
    "DELETE /task/{id}/variables/{name}": None,
    "DELETE /task/{id}/localVariables/{name}": None,
    "DELETE /v1/services/{sid}/tasks/{tid}": None,
    "DELETE /v1/services/{sid}/tasks/{tid}/input/{index}": None,
    "POST /task/{id}/attachment/create": form(part("content", b"x")),
}


class LostAfterwards(InMemoryTaskStore):
    """A table that is out of reach as soon as something was written while it is watched."""

    is_watched = False
    is_lost = False

    def commit(self, changes: Changes) -> None:
        """See `TaskStore.commit`."""
        self._check()
        super().commit(changes)
        self.is_lost = self.is_watched and bool(changes.writes)

    def _check(self) -> None:
        if self.is_lost:
            raise TemporarilyUnavailable("out of reach")

    def __getattribute__(self, name: str) -> Any:
        if name in ("get", "get_many", "page", "records", "receipt", "note", "tenants"):
            self._check()
        return super().__getattribute__(name)


@pytest.mark.parametrize("operation", CHANGES)
def test_a_change_that_is_written_is_answered(operation: str) -> None:
    body = CHANGES[operation]
    served = apps("open")
    store = LostAfterwards()
    served.wiring.store = served.wiring.memory = store
    seed(store, of_a_process=operation != "DELETE /task/{id}")
    store.is_watched = True
    route = operation
    for place, value in PLACES.items():
        route = route.replace(place, value)
    headers = {"content-type": FORM_TYPE} if isinstance(body, bytes) else {}
    claims = CALLERS["administrator" if "/v1/" in operation else "assignee"][0]
    if "import" in operation:
        claims = {**claims, "scope": "taskdock/admin"}

    answer = served.ask(route, "t1", body, headers=headers, claims=claims)

    assert store.is_lost, answer.text
    assert answer.status < 300, answer.text


def seed(store: InMemoryTaskStore, *, of_a_process: bool) -> None:
    """The task, another one of its process instance, and a sub task."""
    left_out = ("case",) if of_a_process else ("case", "process", "execution")
    fields = {name: value for name, value in FIELDS.items() if not name.startswith(left_out)}
    for task in (
        a_task("t1", **fields),
        a_task("t2", **fields),
        a_task("t3", tenantId="t1", parentTaskId="t1"),
    ):
        store.commit(Changes([Put(task)]))
