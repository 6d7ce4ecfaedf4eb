"""Shows one task of a service, changes it, moves it on through its life, and deletes it."""

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.api.answers.service_tasks import service_task_json
from taskdock.api.requests.service_task_changes import merge, replace
from taskdock.runtime.answers import NO_CONTENT, Answer, etag
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.requests import JSON, MERGE_PATCH, Request
from taskdock.runtime.service_task_requests import action_of, reference
from taskdock.runtime.wiring import Wiring, deployed
from taskdock.use_cases.manage_service_task import (
    act_on_service_task,
    change_service_task,
    delete_service_task,
)
from taskdock.use_cases.ports import StoredTask
from taskdock.use_cases.read_task import read_service_task

_TASK: Final = "/v1/services/{sid}/tasks/{tid}"


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The routes of this function."""
    app = HttpApp(wiring)
    app.add("GET", _TASK, show_task)
    app.add("PUT", _TASK, replace_task)
    app.add("PATCH", _TASK, patch_task)
    app.add("DELETE", _TASK, delete_task, produces=())
    app.add("POST", f"{_TASK}/action", act_on_task, produces=())
    return app


def show_task(request: Request, wiring: Wiring) -> Answer:
    """The task, open or ended."""
    tid, sid = request.path["tid"], request.path["sid"]
    return _shown(read_service_task(wiring.store, tid, request.caller, sid=sid), wiring)


def replace_task(request: Request, wiring: Wiring) -> Answer:
    """The task as the body describes it; what the body leaves out is gone."""
    body = request.json()
    of = reference(request, wiring)
    return _shown(
        change_service_task(wiring.store, of, lambda task: replace(task, body, of.now)), wiring
    )


def patch_task(request: Request, wiring: Wiring) -> Answer:
    """The task after the body, a JSON merge patch."""
    patch = request.json(types=(MERGE_PATCH, JSON))
    of = reference(request, wiring)
    return _shown(
        change_service_task(wiring.store, of, lambda task: merge(task, patch, of.now)), wiring
    )


def delete_task(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the task is gone."""
    delete_service_task(wiring.store, reference(request, wiring))
    return NO_CONTENT


def act_on_task(request: Request, wiring: Wiring) -> Answer:
    """Nothing but the task's new version, once the action is done; a start is only its begin."""
    action, reason = action_of(request)
    version = act_on_service_task(wiring.store, reference(request, wiring), action, reason)
    return Answer(204, headers=etag(version), facts={"action": action})


def _shown(stored: StoredTask, wiring: Wiring) -> Answer:
    content = service_task_json(stored.task, wiring.settings.base_path)
    return Answer(200, content, headers=etag(stored.version))


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
