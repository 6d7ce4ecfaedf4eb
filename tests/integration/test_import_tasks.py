"""The import over HTTP: from a request to tasks in a store, and its answers."""

import json
from typing import Any

import pytest
from taskdock.domain.tasks.task import TaskId
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.services.programs import KnownPrograms

from functions.administer.handler import create_app
from tests.support.builders import CREATED
from tests.support.http_events import Context, Reply, http_event, reply, sample
from tests.support.in_memory_services import InMemoryProgramRegistry
from tests.support.in_memory_store import InMemoryTaskStore
from tests.support.tables import Table

BODY_LIMIT = 3 * 1024 * 1024
"""Written out, so that a change of the limit is noticed."""

TASKS = {"tasks": [{"task": {"id": name, "created": CREATED}} for name in ("a", "b")]}


def answer_to(event: dict[str, Any], store: TaskStore) -> Reply:
    wiring = Wiring(Settings())
    wiring.store = store
    wiring.known_programs = KnownPrograms(InMemoryProgramRegistry())
    return reply(create_app(lambda: wiring)(event, Context()))


def imported(body: object, store: TaskStore, query: str = "") -> Reply:
    event = http_event("POST /v1/import", body=json.dumps(body), query=query)
    return answer_to(event, store)


def test_the_sample_is_imported_and_repeated_without_harm(store: TaskStore) -> None:
    event = sample("administer", "import_two_tasks")
    first, again = answer_to(event, store), answer_to(event, store)
    assert (first.status, first.json) == (200, {"imported": 2, "skipped": 0})
    assert (again.status, again.json) == (200, {"imported": 0, "skipped": 2})
    stored = store.get(TaskId("stock-1"))
    assert stored is not None
    assert stored.version == 1
    assert stored.task["tenantId"] == "t9"
    assert stored.task["variables"]["amount"]["value"] == 9007199254740993
    (comment,) = store.records(TaskId("stock-2"), "comment")
    assert comment.content == {
        "id": "remark-1",
        "userId": "mary",
        "time": CREATED - 448_962_000,
        "message": "Twice, please",
    }


def test_existing_tasks_fail_an_import_unless_it_says_otherwise() -> None:
    store = InMemoryTaskStore()
    imported(TASKS, store)
    refused = imported(TASKS, store)
    assert refused.status == 409
    assert refused.json["message"] == "These tasks exist already: a, b"
    assert imported(TASKS, store, "onExisting=replace").json == {"imported": 2, "skipped": 0}


def test_each_import_has_a_name_of_its_own() -> None:
    store = InMemoryTaskStore()
    names = set()
    for _ in range(2):
        imported(TASKS, store, "onExisting=replace")
        tasks = [stored.task for stored in store.get_many([TaskId("a"), TaskId("b")]).values()]
        (name,) = {task["importId"] for task in tasks}
        names.add(name)
    assert len(names) == 2


def test_a_bad_entry_is_named_and_nothing_is_written() -> None:
    store = InMemoryTaskStore()
    bad = {"tasks": [*TASKS["tasks"], {"task": {"id": "c", "created": "tomorrow"}}]}
    refused = imported(bad, store)
    assert refused.status == 400
    assert refused.json["type"] == "InvalidRequestException"
    assert refused.json["message"].startswith("tasks[2].task.created: expected a date")
    assert store.get(TaskId("a")) is None


def test_an_unknown_way_with_existing_tasks_is_refused() -> None:
    refused = imported(TASKS, InMemoryTaskStore(), "onExisting=ignore")
    assert refused.status == 400
    assert refused.json["message"] == "onExisting: expected one of fail, skip, replace"


@pytest.mark.parametrize(("surplus", "status"), [(0, 200), (1, 413)])
def test_a_body_has_five_mebibytes_at_most(surplus: int, status: int) -> None:
    body = json.dumps(TASKS)
    body += " " * (BODY_LIMIT + surplus - len(body))
    event = http_event("POST /v1/import", body=body)
    assert answer_to(event, InMemoryTaskStore()).status == status


def test_many_entries_are_written_side_by_side_and_all_arrive(dynoxide_table: Table) -> None:
    store = dynoxide_table.store()
    names = [f"t{number}" for number in range(300)]
    links = [{"type": "candidate", "groupId": "sales"}]
    body = {
        "tasks": [
            {"task": {"id": each, "created": CREATED}, "identityLinks": links} for each in names
        ]
    }
    assert imported(body, store).json == {"imported": 300, "skipped": 0}
    assert set(store.get_many([TaskId(name) for name in names])) == set(names)
