"""Lists, shows, adds, changes and takes back the comments of a task."""

from typing import Final
from uuid import uuid4

from taskdock.api.answers.records import comment_json, self_link
from taskdock.api.requests.comments import changed_comment_in, new_comment_in
from taskdock.domain.history.operation import Type
from taskdock.runtime.answers import NO_CONTENT, Answer
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.record_contexts import record_context
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.task_comments import (
    add_comment,
    list_comments,
    remove_all_comments,
    remove_comment,
    replace_comment,
    show_comment,
)

ROUTES: Final = Routes()


@ROUTES.get("/task/{id}/comment")
def list_all(request: Request, wiring: Wiring) -> Answer:
    """The task's comments, the newest first."""
    here = record_context(request, wiring)
    comments = list_comments(wiring.store, here)
    return Answer(200, [comment_json(comment, here.task_id) for comment in comments])


@ROUTES.get("/task/{id}/comment/{cid}")
def show_one(request: Request, wiring: Wiring) -> Answer:
    """One comment."""
    here = record_context(request, wiring)
    comment = show_comment(wiring.store, here, request.path["cid"])
    return Answer(200, comment_json(comment, here.task_id))


@ROUTES.post("/task/{id}/comment/create")
def add(request: Request, wiring: Wiring) -> Answer:
    """The comment as it was added, with its address."""
    here = record_context(request, wiring)
    new = new_comment_in(request.json(trailing_junk_allowed=True))
    comment = add_comment(
        authored(request, wiring, Type.ADD_COMMENT, request.path["id"]),
        here,
        str(uuid4()),
        new.message,
        process_instance_id=new.process_instance_id,
    )
    links = self_link(request.base_url, here.task_id, "comment", comment["id"])
    return Answer(200, comment_json(comment, here.task_id, links))


@ROUTES.put("/task/{id}/comment", produces=())
def change(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the comment says something else."""
    here = record_context(request, wiring)
    wanted = changed_comment_in(request.json(trailing_junk_allowed=True))
    replace_comment(
        authored(request, wiring, Type.UPDATE_COMMENT, request.path["id"]),
        here,
        wanted.id,
        wanted.message,
    )
    return NO_CONTENT


@ROUTES.delete("/task/{id}/comment/{cid}", produces=())
def remove_one(request: Request, wiring: Wiring) -> Answer:
    """Nothing, whether the comment was there or not."""
    remove_comment(
        authored(request, wiring, Type.DELETE_COMMENT, request.path["id"]),
        record_context(request, wiring),
        request.path["cid"],
    )
    return NO_CONTENT


@ROUTES.delete("/task/{id}/comment", produces=())
def remove_all(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once no comment is left."""
    remove_all_comments(
        authored(request, wiring, Type.DELETE_COMMENT, request.path["id"]),
        record_context(request, wiring),
    )
    return NO_CONTENT
