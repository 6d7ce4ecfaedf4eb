"""What the bodies of a task's comment routes say (docs/camunda-behaviour.md, Comments)."""

from dataclasses import dataclass

from taskdock.api.requests.lenient_fields import LenientFields
from taskdock.domain.errors import InvalidRequest


@dataclass(frozen=True, slots=True)
class NewComment:
    """What is to be said about a task."""

    message: str
    process_instance_id: str | None


@dataclass(frozen=True, slots=True)
class ChangedComment:
    """Which comment is to say something else."""

    id: str
    message: str


def new_comment_in(body: object) -> NewComment:
    """The comment to be made; raises `InvalidRequest` without a message, which may be empty."""
    fields = LenientFields(body, "")
    message, process_instance_id = fields.text("message"), fields.text("processInstanceId")
    if message is None:
        raise InvalidRequest("Not enough parameters submitted")
    return NewComment(message, process_instance_id)


def changed_comment_in(body: object) -> ChangedComment:
    """The comment to be changed; raises `InvalidRequest` without its id or a message."""
    fields = LenientFields(body, "")
    comment_id, message = fields.text("id"), fields.text("message")
    if comment_id is None:
        raise InvalidRequest("commentId is null")
    if message is None:
        raise InvalidRequest("message is null")
    return ChangedComment(comment_id, message)
