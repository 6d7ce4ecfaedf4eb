"""Comments and attachments of a task, as they are stored beside it."""

from collections.abc import Iterable
from typing import TypedDict

from taskdock.domain import instants
from taskdock.domain.instants import Instant


class Comment(TypedDict, total=False):
    """A comment (docs/camunda-behaviour.md, Comments); `userId` is absent when its author is
    unknown."""

    id: str
    userId: str
    time: Instant
    message: str
    processInstanceId: str
    rootProcessInstanceId: str
    """The outermost process instance when the task belongs to a process."""


class Attachment(TypedDict, total=False):
    """A document, by its address or with its content (docs/camunda-behaviour.md, Attachments)."""

    id: str
    name: str
    description: str
    type: str
    url: str
    content: str
    """Only of an imported attachment."""
    contentId: str
    """Key of the content in the bucket (docs/decisions/0011)."""
    createTime: Instant
    rootProcessInstanceId: str


def comment_key(comment: Comment, place: int) -> str:
    """The sort key of a comment: its time, then the order of creation.

    `place` is that order among comments of the same millisecond.
    """
    return f"{instants.write(comment['time'])}#{place:010d}#{comment['id']}"


def newest_first(comments: Iterable[Comment]) -> list[Comment]:
    """The comments, given in the order of their keys, as they are shown.

    Those of one millisecond stay in the order in which they were made.
    """
    return sorted(comments, key=lambda comment: comment["time"], reverse=True)
