"""Says who works on a task: assignee, owner, and everybody else that it is linked to."""

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.api.requests.tasks import link_in, submission_in, user_in
from taskdock.domain.tasks.changes import assign, claim, delegate, unclaim
from taskdock.domain.tasks.identity_links import shown_links, with_link, without_link
from taskdock.runtime.answers import Answer, etag
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.requests import Request
from taskdock.runtime.task_answers import body_of, changed_answer, completion, task_id
from taskdock.runtime.wiring import Wiring, deployed
from taskdock.use_cases.complete_task import resolve_task
from taskdock.use_cases.read_task import read_open_task


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The routes of this function."""
    app = HttpApp(wiring)
    app.add("POST", "/task/{id}/claim", claim_task, produces=())
    app.add("POST", "/task/{id}/unclaim", unclaim_task, produces=())
    app.add("POST", "/task/{id}/assignee", set_assignee, produces=())
    app.add("POST", "/task/{id}/delegate", delegate_task, produces=())
    app.add("POST", "/task/{id}/resolve", resolve, produces=())
    app.add("GET", "/task/{id}/identity-links", list_links)
    app.add("POST", "/task/{id}/identity-links", add_link, produces=())
    app.add("POST", "/task/{id}/identity-links/delete", remove_link, produces=())
    return app


def claim_task(request: Request, wiring: Wiring) -> Answer:
    """The task in the user's hands, unless somebody else has it; without a user in nobody's."""
    user, now = user_in(body_of(request)), wiring.now()
    return changed_answer(request, wiring, lambda task: claim(task, user, now))


def unclaim_task(request: Request, wiring: Wiring) -> Answer:
    """The task in nobody's hands; a body means nothing."""
    now = wiring.now()
    return changed_answer(request, wiring, lambda task: unclaim(task, now))


def set_assignee(request: Request, wiring: Wiring) -> Answer:
    """The task in the user's hands, whoever had it."""
    user, now = user_in(body_of(request)), wiring.now()
    return changed_answer(request, wiring, lambda task: assign(task, user, now))


def delegate_task(request: Request, wiring: Wiring) -> Answer:
    """The task in the user's hands, to be resolved for whoever had it."""
    user, now = user_in(body_of(request)), wiring.now()
    return changed_answer(request, wiring, lambda task: delegate(task, user, now))


def resolve(request: Request, wiring: Wiring) -> Answer:
    """The task back in its owner's hands, and its variables where they belong."""
    prefix = f"Cannot resolve task {task_id(request)}"
    submission = submission_in(body_of(request), prefix)
    done = resolve_task(wiring.store, completion(request, wiring, submission.variables))
    return Answer(204, headers=etag(done.version))


def list_links(request: Request, wiring: Wiring) -> Answer:
    """The task's links, or those of one type."""
    stored = read_open_task(wiring.store, request.path["id"], request.caller)
    return Answer(200, shown_links(stored.task, request.parameters.get("type")))


def add_link(request: Request, wiring: Wiring) -> Answer:
    """The task with one more link."""
    link, now = link_in(body_of(request)), wiring.now()
    return changed_answer(request, wiring, lambda task: with_link(task, link, now))


def remove_link(request: Request, wiring: Wiring) -> Answer:
    """The task without that link, which need not have been there."""
    link, now = link_in(body_of(request)), wiring.now()
    return changed_answer(request, wiring, lambda task: without_link(task, link, now))


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
