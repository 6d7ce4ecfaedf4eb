"""Imports tasks from another system, unchanged."""

from typing import Final
from uuid import uuid4

from taskdock.api.requests.imports import read_import
from taskdock.domain.errors import InvalidRequest
from taskdock.runtime.answers import Answer
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.import_tasks import ImportTasks, OnExisting

BODY_LIMIT: Final = 3 * 1024 * 1024
"""Bytes that an import may have (docs/api.md, Limits)."""

ROUTES: Final = Routes()


@ROUTES.post("/v1/import", body_limit=BODY_LIMIT)
def import_tasks(request: Request, wiring: Wiring) -> Answer:
    """How many tasks were imported, and how many were there and skipped."""
    on_existing = _on_existing(request.parameters.get("onExisting", OnExisting.FAIL))
    entries = read_import(request.json())
    access = request.caller.access
    for index, entry in enumerate(entries):
        access.must_hold(entry.task, f"tasks[{index}].task.tenantId")
    import_id = str(uuid4())
    run = ImportTasks(wiring.store, import_id, on_existing, request.seconds_left)
    outcome = run(entries)
    counts = {"imported": outcome.imported, "skipped": outcome.skipped}
    return Answer(200, counts, facts={"importId": import_id, **counts})


def _on_existing(word: str) -> OnExisting:
    if word not in OnExisting:
        raise InvalidRequest(f"onExisting: expected one of {', '.join(OnExisting)}")
    return OnExisting(word)
