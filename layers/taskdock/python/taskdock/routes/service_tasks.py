"""Shows one task of a service, changes it, moves it on through its life, and deletes it."""

from typing import Final

from taskdock.api.answers.service_tasks import service_task_json
from taskdock.api.requests.service_task_changes import merge, replace
from taskdock.domain.errors import TaskNotFound
from taskdock.domain.history.operation import Type
from taskdock.domain.services.actions import Action
from taskdock.runtime.answers import NO_CONTENT, Answer, etag
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.requests import JSON, MERGE_PATCH, Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.service_task_requests import action_of, reference
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.ports import StoredTask
from taskdock.use_cases.services.manage_service_task import (
    act_on_service_task,
    change_service_task,
    delete_service_task,
)
from taskdock.use_cases.tasks.read_task import read_service_task

_TASK: Final = "/v1/services/{sid}/tasks/{tid}"

ROUTES: Final = Routes()

_OPERATIONS: Final = {
    Action.START: Type.START,
    Action.COMPLETE: Type.COMPLETE,
    Action.FAIL: Type.FAIL,
    Action.CANCEL: Type.CANCEL,
}


@ROUTES.get(_TASK)
def show_task(request: Request, wiring: Wiring) -> Answer:
    """The task, open or ended."""
    tid, sid = request.path["tid"], request.path["sid"]
    return _shown(read_service_task(wiring.store, tid, request.caller, sid=sid), wiring)


@ROUTES.get(f"{_TASK}/history")
def show_history(request: Request, wiring: Wiring) -> Answer:
    """What was done to the task, open, ended or deleted, and by whom."""
    # Imported here: hardly any request is for it.
    from taskdock.api.history.service_tasks import task_history_json
    from taskdock.use_cases.history.read_log import historic_task, read_log

    tid, sid = request.path["tid"], request.path["sid"]
    task = historic_task(wiring.store, tid, request.caller.access)
    if task is None or task.get("service") != sid:
        raise TaskNotFound(tid)
    entries = read_log(wiring.store, task)
    return Answer(200, task_history_json(task, entries, wiring.settings.base_path))


@ROUTES.put(_TASK)
def replace_task(request: Request, wiring: Wiring) -> Answer:
    """The task as the body describes it; what the body leaves out is gone."""
    body = request.json()
    of = reference(request, wiring)
    return _shown(
        change_service_task(
            authored(request, wiring, Type.UPDATE, of.tid),
            of,
            lambda task: replace(task, body, of.now),
        ),
        wiring,
    )


@ROUTES.patch(_TASK)
def patch_task(request: Request, wiring: Wiring) -> Answer:
    """The task after the body, a JSON merge patch."""
    patch = request.json(types=(MERGE_PATCH, JSON))
    of = reference(request, wiring)
    return _shown(
        change_service_task(
            authored(request, wiring, Type.UPDATE, of.tid),
            of,
            lambda task: merge(task, patch, of.now),
        ),
        wiring,
    )


@ROUTES.delete(_TASK, produces=())
def delete_task(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the task is gone."""
    of = reference(request, wiring)
    delete_service_task(authored(request, wiring, Type.DELETE, of.tid), of)
    return NO_CONTENT


@ROUTES.post(f"{_TASK}/action", produces=())
def act_on_task(request: Request, wiring: Wiring) -> Answer:
    """Nothing but the task's new version, once the action is done; a start is only its begin."""
    action, reason = action_of(request)
    of = reference(request, wiring)
    store = authored(request, wiring, _OPERATIONS[action], of.tid)
    version = act_on_service_task(store, of, action, reason)
    return Answer(204, headers=etag(version), facts={"action": action})


def _shown(stored: StoredTask, wiring: Wiring) -> Answer:
    content = service_task_json(stored.task, wiring.settings.base_path)
    return Answer(200, content, headers=etag(stored.version))
