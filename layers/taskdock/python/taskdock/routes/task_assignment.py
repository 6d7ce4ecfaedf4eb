"""Who works on a task: assignee, owner, and the other users and groups it is linked to."""

from collections.abc import Callable
from typing import Final

from taskdock.api.requests.tasks import link_in, submission_in, user_in
from taskdock.domain.history.operation import Detail, Type
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.changes import assign, claim, delegate, unclaim
from taskdock.domain.tasks.identity_links import shown_links, with_link, without_link
from taskdock.domain.tasks.task import IdentityLink, Task
from taskdock.runtime.answers import Answer, etag
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.task_answers import body_of, changed_answer, completion, task_id
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.complete_task import resolve_task
from taskdock.use_cases.tasks.read_task import read_open_task

ROUTES: Final = Routes()


@ROUTES.post("/task/{id}/claim", produces=())
def claim_task(request: Request, wiring: Wiring) -> Answer:
    """Assigns the task to the user; without a user, unassigns it.

    A task that is assigned to another user is refused.
    """
    return _changed(request, wiring, Type.CLAIM, user_in, claim)


@ROUTES.post("/task/{id}/unclaim", produces=())
def unclaim_task(request: Request, wiring: Wiring) -> Answer:
    """Unassigns the task; a body is ignored."""
    now = wiring.now()
    return changed_answer(request, wiring, Type.ASSIGN, lambda task: unclaim(task, now))


@ROUTES.post("/task/{id}/assignee", produces=())
def set_assignee(request: Request, wiring: Wiring) -> Answer:
    """Assigns the task to the user, also when it has another assignee."""
    return _changed(request, wiring, Type.ASSIGN, user_in, assign)


@ROUTES.post("/task/{id}/delegate", produces=())
def delegate_task(request: Request, wiring: Wiring) -> Answer:
    """Assigns the task to the user, who resolves it for the previous assignee."""
    return _changed(request, wiring, Type.DELEGATE, user_in, delegate)


@ROUTES.post("/task/{id}/resolve", produces=())
def resolve(request: Request, wiring: Wiring) -> Answer:
    """Assigns the task to its owner again, and sets the variables of the body."""
    prefix = f"Cannot resolve task {task_id(request)}"
    submission = submission_in(body_of(request), prefix)
    store = authored(request, wiring, Type.RESOLVE, task_id(request))
    done = resolve_task(store, completion(request, wiring, submission.variables))
    return Answer(204, headers=etag(done.version))


@ROUTES.get("/task/{id}/identity-links")
def list_links(request: Request, wiring: Wiring) -> Answer:
    """The task's identity links, or those of one type."""
    stored = read_open_task(wiring.store, request.path["id"], request.caller)
    return Answer(200, shown_links(stored.task, request.parameters.get("type")))


@ROUTES.post("/task/{id}/identity-links", produces=())
def add_link(request: Request, wiring: Wiring) -> Answer:
    """Adds an identity link."""
    return _linked(request, wiring, (Type.ADD_USER_LINK, Type.ADD_GROUP_LINK), with_link)


@ROUTES.post("/task/{id}/identity-links/delete", produces=())
def remove_link(request: Request, wiring: Wiring) -> Answer:
    """Removes an identity link; a link that does not exist is no error."""
    return _linked(request, wiring, (Type.DELETE_USER_LINK, Type.DELETE_GROUP_LINK), without_link)


def _changed[Value](
    request: Request,
    wiring: Wiring,
    kind: Type,
    value_in: Callable[[object], Value],
    change: Callable[[Task, Value, Instant], Task],
) -> Answer:
    """Changes the task by what the body holds."""
    value, now = value_in(body_of(request)), wiring.now()
    return changed_answer(request, wiring, kind, lambda task: change(task, value, now))


def _linked(
    request: Request,
    wiring: Wiring,
    kinds: tuple[Type, Type],
    change: Callable[[Task, IdentityLink, Instant], Task],
) -> Answer:
    """Changes the task by the link in the body; `kinds` are for a user and for a group."""
    link, now = link_in(body_of(request)), wiring.now()
    of_user, of_group = kinds
    kind = of_user if link["userId"] is not None else of_group
    detail = Detail(link["type"], None, link["userId"] or link["groupId"])
    return changed_answer(request, wiring, kind, lambda task: change(task, link, now), detail)
