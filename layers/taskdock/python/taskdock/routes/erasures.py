"""Erases a task, or a person (docs/erasure.md)."""

from collections.abc import Mapping
from typing import Any, Final

from taskdock.api.requests.strict_fields import StrictFields
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import TaskId
from taskdock.runtime.answers import Answer
from taskdock.runtime.read_limits import time_left
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.erasure.erase_person import ErasePerson, Place
from taskdock.use_cases.erasure.erase_task import erase_task

ROUTES: Final = Routes()


@ROUTES.post("/v1/erasures")
def erase(request: Request, wiring: Wiring) -> Answer:
    """What was erased, what remains and for how long, and whether another request has to go on."""
    fields = StrictFields(request.json(), "")
    task_id, user = fields.filled("taskId"), fields.filled("userId")
    place = Place.of_token(fields.filled("pageToken"))
    fields.refuse_others()
    if (task_id is None) == (user is None):
        raise InvalidRequest("expected taskId or userId, one of them")
    done: dict[str, Any]
    if task_id is not None:
        erased = erase_task(wiring.store, TaskId(task_id))
        done = {"tasks": erased.tasks, "records": erased.records, "nextPageToken": None}
    else:
        run = ErasePerson(wiring.store, wiring.filters, str(user), time_left(request))
        found = run(place)
        token = None if found.next is None else found.next.token
        done = {"tasks": found.tasks, "filters": found.filters, "nextPageToken": token}
    remains = _remains(wiring, is_person=user is not None)
    return Answer(200, {**done, "remains": remains}, facts={"tasks": done["tasks"]})


def _remains(wiring: Wiring, *, is_person: bool) -> list[Mapping[str, Any]]:
    """Where something of it is still found, and the days until it is gone; None: until somebody
    removes it."""
    days = wiring.settings.log_retention_days
    places: list[tuple[str, int | None]] = [
        ("backups of the table (point-in-time recovery)", 35),
        ("removed versions of attachments", 35),
        ("the table's stream", 1),
        ("answers that are kept for idempotency keys", 1),
        ("logs of the functions and of the API: ids of tasks and of callers", days),
        ("events that services received", None),
    ]
    if is_person:
        places += [
            ("the account in the user pool", None),
            ("what people wrote: names, descriptions, comments, variables, attachments", None),
            ("queries of filters that name the person", None),
        ]
    return [{"place": place, "days": days} for place, days in places]
