"""Lists, shows, adds, changes and takes back the comments of a task."""

from collections.abc import Callable
from typing import Any, Final
from uuid import uuid4

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.api.answers.records import comment_json, self_link
from taskdock.api.requests.comments import changed_comment_in, new_comment_in
from taskdock.runtime.answers import NO_CONTENT, Answer
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.record_contexts import record_context
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring, deployed
from taskdock.use_cases.task_comments import (
    add_comment,
    list_comments,
    remove_all_comments,
    remove_comment,
    replace_comment,
    show_comment,
)


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The routes of this function."""
    app = HttpApp(wiring)
    app.add("GET", "/task/{id}/comment", list_all)
    app.add("GET", "/task/{id}/comment/{cid}", show_one)
    app.add("POST", "/task/{id}/comment/create", add)
    app.add("PUT", "/task/{id}/comment", change, produces=())
    app.add("DELETE", "/task/{id}/comment/{cid}", remove_one, produces=())
    app.add("DELETE", "/task/{id}/comment", remove_all, produces=())
    return app


def list_all(request: Request, wiring: Wiring) -> Answer:
    """The task's comments, the newest first."""
    here = record_context(request, wiring)
    comments = list_comments(wiring.store, here)
    return Answer(200, [comment_json(comment, here.task_id) for comment in comments])


def show_one(request: Request, wiring: Wiring) -> Answer:
    """One comment."""
    here = record_context(request, wiring)
    comment = show_comment(wiring.store, here, request.path["cid"])
    return Answer(200, comment_json(comment, here.task_id))


def add(request: Request, wiring: Wiring) -> Answer:
    """The comment as it was added, with its address."""
    here = record_context(request, wiring)
    new = new_comment_in(request.json(trailing_junk_allowed=True))
    comment = add_comment(
        wiring.store,
        here,
        str(uuid4()),
        new.message,
        process_instance_id=new.process_instance_id,
    )
    links = self_link(request.base_url, here.task_id, "comment", comment["id"])
    return Answer(200, comment_json(comment, here.task_id, links))


def change(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the comment says something else."""
    here = record_context(request, wiring)
    wanted = changed_comment_in(request.json(trailing_junk_allowed=True))
    replace_comment(wiring.store, here, wanted.id, wanted.message)
    return NO_CONTENT


def remove_one(request: Request, wiring: Wiring) -> Answer:
    """Nothing, whether the comment was there or not."""
    remove_comment(wiring.store, record_context(request, wiring), request.path["cid"])
    return NO_CONTENT


def remove_all(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once no comment is left."""
    remove_all_comments(wiring.store, record_context(request, wiring))
    return NO_CONTENT


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
