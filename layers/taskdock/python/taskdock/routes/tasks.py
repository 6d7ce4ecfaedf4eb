"""Shows one task, replaces it and deletes it."""

from collections.abc import Sequence
from typing import Final

from taskdock.api.answers.hal import HAL, hal_task
from taskdock.api.answers.tasks import extended_task_json
from taskdock.api.requests.tasks import replacement_in
from taskdock.domain.history.operation import Type
from taskdock.runtime.answers import NO_CONTENT, Answer, etag
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.lists.named_people import linked_to
from taskdock.runtime.requests import JSON, Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.task_answers import body_of, changed_answer, task_id
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.delete_task import delete_task
from taskdock.use_cases.tasks.read_task import read_open_task
from taskdock.use_cases.tasks.replace_task import replacing
from taskdock.use_cases.tasks.task_family import read_ancestors

_TYPES: Final[Sequence[str]] = (JSON, HAL)

ROUTES: Final = Routes()


@ROUTES.get("/task/{id}", produces=_TYPES)
def show(request: Request, wiring: Wiring) -> Answer:
    """An open task, with what the flags in the query string ask for.

    Source: docs/camunda-behaviour.md, Task objects.
    """
    with_variables = request.flag("withTaskVariablesInReturn")
    with_local_variables = request.flag("withTaskLocalVariablesInReturn")
    with_info = request.flag("withCommentAttachmentInfo")
    stored = read_open_task(wiring.store, request.path["id"], request.caller)
    if request.accepted(_TYPES) == HAL:
        content = hal_task(stored.task, *linked_to(stored.task, request, wiring))
        return Answer(200, content, etag(stored.version), media_type=HAL)
    access = request.caller.access
    content = extended_task_json(
        stored.task,
        read_ancestors(wiring.store, stored.task, access) if with_variables else (),
        with_variables=with_variables,
        with_local_variables=with_local_variables,
        with_comment_attachment_info=with_info,
        version=stored.version if request.with_version else None,
    )
    return Answer(200, content, etag(stored.version))


@ROUTES.put("/task/{id}", produces=())
def put(request: Request, wiring: Wiring) -> Answer:
    """The task as the body describes it; what the body leaves out becomes null."""
    replacement, now = replacement_in(body_of(request)), wiring.now()
    change = replacing(wiring.store, request.caller.access, replacement, now)
    return changed_answer(request, wiring, Type.UPDATE, change)


@ROUTES.delete("/task/{id}", produces=())
def delete(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the task and its sub tasks are gone."""
    delete_task(
        authored(request, wiring, Type.DELETE, task_id(request)),
        task_id(request),
        request.caller.access,
        now=wiring.now(),
        expected_version=request.expected_version,
    )
    return NO_CONTENT
