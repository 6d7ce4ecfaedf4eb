"""Reads the bodies of a task's comment routes (docs/camunda-behaviour.md, Comments)."""

from dataclasses import dataclass

from taskdock.api.requests.lenient_fields import LenientFields
from taskdock.domain.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class NewComment:
    """A new comment."""

    message: str
    process_instance_id: str | None


@dataclass(frozen=True, slots=True)
class ChangedComment:
    """A comment's id and its new message."""

    id: str
    message: str


def new_comment_in(body: object) -> NewComment:
    """The new comment. Raises `InvalidRequest` without a message; an empty one is allowed."""
    fields = LenientFields(body, "")
    message, process_instance_id = fields.text("message"), fields.text("processInstanceId")
    if message is None:
        raise InvalidRequest("Not enough parameters submitted")
    return NewComment(message, process_instance_id)


def changed_comment_in(body: object) -> ChangedComment:
    """The change of a comment. Raises `InvalidRequest` without an id or a message."""
    fields = LenientFields(body, "")
    comment_id, message = fields.text("id"), fields.text("message")
    if comment_id is None:
        raise InvalidRequest("commentId is null")
    if message is None:
        raise InvalidRequest("message is null")
    return ChangedComment(comment_id, message)
