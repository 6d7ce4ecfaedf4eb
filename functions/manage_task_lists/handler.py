"""Shows and edits the input and the output of a service's task, item by item."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.api.answers.service_tasks import (
    item_json,
    list_href,
    list_resource_json,
)
from taskdock.domain.services.lists import ListName, item_at
from taskdock.runtime.answers import Answer, etag
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.requests import JSON, MERGE_PATCH, Request
from taskdock.runtime.service_task_requests import (
    index_in_path,
    item_patch,
    new_item,
    reference,
)
from taskdock.runtime.wiring import Wiring, deployed
from taskdock.use_cases.manage_service_task import ListedItem, add_item, merge_item, remove_item
from taskdock.use_cases.ports import StoredTask
from taskdock.use_cases.read_task import read_service_task


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The routes of this function."""
    app = HttpApp(wiring)
    for name in ListName:
        path = f"/v1/services/{{sid}}/tasks/{{tid}}/{name}"
        item = f"{path}/{{index}}"
        app.add("GET", path, partial(show_list, name))
        app.add("POST", path, partial(post_item, name))
        app.add("GET", item, partial(show_item, name))
        app.add("PATCH", item, partial(patch_item, name))
        app.add("DELETE", item, partial(delete_item, name), produces=())
    return app


def show_list(name: ListName, request: Request, wiring: Wiring) -> Answer:
    """The whole list."""
    stored = _task(request, wiring)
    content = list_resource_json(stored.task, name, wiring.settings.base_path)
    return Answer(200, content, headers=etag(stored.version))


def show_item(name: ListName, request: Request, wiring: Wiring) -> Answer:
    """One item."""
    stored = _task(request, wiring)
    index = index_in_path(request, name)
    item = item_at(stored.task, name, index)
    return Answer(200, item_json(index, item), headers=etag(stored.version))


def post_item(name: ListName, request: Request, wiring: Wiring) -> Answer:
    """The item that is in the list now, and where it is."""
    task = reference(request, wiring)
    added = add_item(wiring.store, task, new_item(request, name))
    place = f"{list_href(task.sid, task.tid, name, wiring.settings.base_path)}/{added.index}"
    return _item(201, added, Location=place)


def patch_item(name: ListName, request: Request, wiring: Wiring) -> Answer:
    """The item after the body, a JSON merge patch, was merged into its metadata."""
    patch = item_patch(request.json(types=(MERGE_PATCH, JSON)))
    place = name, index_in_path(request, name)
    return _item(200, merge_item(wiring.store, reference(request, wiring), place, patch))


def delete_item(name: ListName, request: Request, wiring: Wiring) -> Answer:
    """Nothing but the task's new version: the item is gone, and later ones have moved up."""
    place = name, index_in_path(request, name)
    return Answer(204, headers=etag(remove_item(wiring.store, reference(request, wiring), place)))


def _task(request: Request, wiring: Wiring) -> StoredTask:
    tid, sid = request.path["tid"], request.path["sid"]
    return read_service_task(wiring.store, tid, request.caller, sid=sid)


def _item(status: int, listed: ListedItem, **headers: str) -> Answer:
    content = item_json(listed.index, listed.item)
    return Answer(status, content, headers={**headers, **etag(listed.version)})


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
