"""Erases a task, or a person (docs/erasure.md)."""

from collections.abc import Mapping, Sequence
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

type _Place = tuple[str, int | None]
"""Where something is still found, and the days until it is gone; None: until somebody removes
it."""


@ROUTES.post("/v1/erasures")
def erase(request: Request, wiring: Wiring) -> Answer:
    """What was erased, what remains and for how long, and whether another request has to go on."""
    fields = StrictFields(request.json(), "")
    task_id, user = fields.filled("taskId"), fields.filled("userId")
    if task_id is not None and user is None:
        fields.refuse_others()
        return _erased_task(TaskId(task_id), wiring)
    if user is not None and task_id is None:
        place = Place.of_token(fields.filled("pageToken"))
        fields.refuse_others()
        return _erased_person(user, place, request, wiring)
    raise InvalidRequest("expected taskId or userId, one of them")


def _erased_task(task_id: TaskId, wiring: Wiring) -> Answer:
    erased = erase_task(wiring.store, task_id)
    _forget_columns(wiring)
    done = {"tasks": erased.tasks, "records": erased.records, "nextPageToken": None}
    return _answer(done, [*_places(wiring), *_places_of_tasks(wiring)])


def _erased_person(user: str, place: Place, request: Request, wiring: Wiring) -> Answer:
    erased = ErasePerson(wiring.store, wiring.filters, user, time_left(request))(place)
    token = None if erased.next is None else erased.next.token
    if token is None:
        _forget_columns(wiring)
    done = {"tasks": erased.tasks, "filters": erased.filters, "nextPageToken": token}
    return _answer(done, [*_places(wiring), *_PLACES_OF_PEOPLE])


def _forget_columns(wiring: Wiring) -> None:
    if wiring.columns is not None:
        wiring.columns.forget()


def _answer(done: Mapping[str, Any], places: Sequence[_Place]) -> Answer:
    remains = [{"place": place, "days": days} for place, days in places]
    return Answer(200, {**done, "remains": remains}, facts={"tasks": done["tasks"]})


_PLACES_OF_PEOPLE: Final[Sequence[_Place]] = (
    ("the account in the user pool", None),
    ("what people wrote: names, descriptions, comments, variables, attachments", None),
    ("queries of filters that name the person", None),
)


def _places_of_tasks(wiring: Wiring) -> Sequence[_Place]:
    if not wiring.settings.keep_changes:
        return ()
    mark = "the task's id and tenant, in the index of changes"
    return ((mark, wiring.settings.ended_task_days),)


def _places(wiring: Wiring) -> Sequence[_Place]:
    return (
        ("backups of the table (point-in-time recovery)", 35),
        ("removed versions of attachments", 35),
        ("the table's stream", 1),
        ("answers that are kept for idempotency keys", 1),
        (
            "logs of the functions and of the API: ids of tasks and of callers",
            wiring.settings.log_retention_days,
        ),
        ("events that services received", None),
    )
