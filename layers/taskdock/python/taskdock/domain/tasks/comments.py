"""What people say about a task and what they attach to it, as it is kept beside the task."""

from collections.abc import Iterable
from typing import TypedDict

from taskdock.domain import instants
from taskdock.domain.instants import Instant


class Comment(TypedDict, total=False):
    """A remark (docs/camunda-behaviour.md, Comments); without `userId` when nobody knows whose."""

    id: str
    userId: str
    time: Instant
    message: str
    processInstanceId: str


class Attachment(TypedDict, total=False):
    """A document, by its address or with its content (docs/camunda-behaviour.md, Attachments)."""

    id: str
    name: str
    description: str
    type: str
    url: str
    content: str
    """Of one that was brought in by an import."""
    contentId: str
    """The name under which the content lies apart from the table (docs/decisions/0011)."""
    createTime: Instant


def comment_key(comment: Comment, place: int) -> str:
    """What sorts a task's comments: by time, then in the order in which they were made.

    `place` tells that order among comments of the same millisecond.
    """
    return f"{instants.write(comment['time'])}#{place:010d}#{comment['id']}"


def newest_first(comments: Iterable[Comment]) -> list[Comment]:
    """The comments, given in the order of their keys, as they are shown.

    Those of one millisecond stay in the order in which they were made.
    """
    return sorted(comments, key=lambda comment: comment["time"], reverse=True)
