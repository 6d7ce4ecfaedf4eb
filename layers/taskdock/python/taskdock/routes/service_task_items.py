"""Shows and edits the input and the output of a service's task, item by item."""

from collections.abc import Callable
from functools import partial
from typing import Any, Final

from taskdock.api.answers.service_tasks import (
    item_json,
    list_href,
    list_resource_json,
)
from taskdock.domain.history.operation import Type
from taskdock.domain.services.lists import ListName, item_at
from taskdock.runtime.answers import Answer, etag
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.requests import JSON, MERGE_PATCH, Request
from taskdock.runtime.routes import Action, Routes
from taskdock.runtime.service_task_requests import (
    index_in_path,
    item_patch,
    new_item,
    reference,
)
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.ports import StoredTask, TaskStore
from taskdock.use_cases.services.manage_service_task import (
    ListedItem,
    add_item,
    merge_item,
    remove_item,
)
from taskdock.use_cases.tasks.read_task import read_service_task

ROUTES: Final = Routes()

_ITEM: Final = "/{index}"


def _each_list(
    register: Callable[..., Callable[[Action], Action]], below: str = "", **options: Any
) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """Registers an action for the input and for the output of a task."""

    def registered(action: Callable[..., Answer]) -> Callable[..., Answer]:
        for name in ListName:
            path = f"/v1/services/{{sid}}/tasks/{{tid}}/{name}{below}"
            register(path, **options)(partial(action, name))
        return action

    return registered


@_each_list(ROUTES.get)
def show_list(name: ListName, request: Request, wiring: Wiring) -> Answer:
    """The whole list."""
    stored = _task(request, wiring)
    content = list_resource_json(stored.task, name, wiring.settings.base_path)
    return Answer(200, content, headers=etag(stored.version))


@_each_list(ROUTES.get, _ITEM)
def show_item(name: ListName, request: Request, wiring: Wiring) -> Answer:
    """One item."""
    stored = _task(request, wiring)
    index = index_in_path(request, name)
    item = item_at(stored.task, name, index)
    return Answer(200, item_json(index, item), headers=etag(stored.version))


@_each_list(ROUTES.post)
def post_item(name: ListName, request: Request, wiring: Wiring) -> Answer:
    """The item that is in the list now, and where it is."""
    task = reference(request, wiring)
    added = add_item(_store(request, wiring), task, new_item(request, name))
    place = f"{list_href(task.sid, task.tid, name, wiring.settings.base_path)}/{added.index}"
    return _item(201, added, Location=place)


@_each_list(ROUTES.patch, _ITEM)
def patch_item(name: ListName, request: Request, wiring: Wiring) -> Answer:
    """The item after the body, a JSON merge patch, was merged into its metadata."""
    patch = item_patch(request.json(types=(MERGE_PATCH, JSON)))
    place = name, index_in_path(request, name)
    return _item(200, merge_item(_store(request, wiring), reference(request, wiring), place, patch))


@_each_list(ROUTES.delete, _ITEM, produces=())
def delete_item(name: ListName, request: Request, wiring: Wiring) -> Answer:
    """Nothing but the task's new version: the item is gone, and later ones have moved up."""
    place = name, index_in_path(request, name)
    return Answer(
        204, headers=etag(remove_item(_store(request, wiring), reference(request, wiring), place))
    )


def _store(request: Request, wiring: Wiring) -> TaskStore:
    return authored(request, wiring, Type.UPDATE, request.path["tid"])


def _task(request: Request, wiring: Wiring) -> StoredTask:
    tid, sid = request.path["tid"], request.path["sid"]
    return read_service_task(wiring.store, tid, request.caller, sid=sid)


def _item(status: int, listed: ListedItem, **headers: str) -> Answer:
    content = item_json(listed.index, listed.item)
    return Answer(status, content, headers={**headers, **etag(listed.version)})
