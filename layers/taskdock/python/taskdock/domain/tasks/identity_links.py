"""Identity links: users and groups of a task, beside its assignee and its owner.

Assignee and owner are fields of the task; the API shows them, and lets them be set, as links of
those types. The rules are docs/camunda-behaviour.md, Identity links; of a suspended task no link
changes.
"""

from typing import Final

from taskdock.domain.errors import BadUserRequest, InvalidRequest
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import NO_LINKS, IdentityLink, Task, must_be_active, updated

ASSIGNEE: Final = "assignee"
OWNER: Final = "owner"


def requested_link(link_type: str | None, user: str | None, group: str | None) -> IdentityLink:
    """The link that a caller names to be added or removed.

    Raises `InvalidRequest` unless it has a type and either a user or a group. Camunda 7 takes a
    link without type; here it is refused (docs/api.md, D1).
    """
    if user is not None and group is not None:
        raise InvalidRequest("Identity Link requires userId or groupId, but not both.")
    if user is None and group is None:
        raise InvalidRequest("Identity Link requires userId or groupId.")
    if link_type is None:
        raise InvalidRequest("Identity Link requires a type.")
    return {"type": link_type, "userId": user, "groupId": group}


def with_link(task: Task, link: IdentityLink, now: Instant) -> Task:
    """The task with one more link, even when it has the same already.

    A link of type `assignee` or `owner` sets that field; an owner that is a group clears it, as
    in Camunda 7. Raises `BadUserRequest` for a group as assignee, `TaskSuspended`.
    """
    if link["type"] == ASSIGNEE and link["groupId"] is not None:
        raise BadUserRequest("Incompatible usage: cannot use ASSIGNEE together with a groupId")
    must_be_active(task)
    if link["type"] in (ASSIGNEE, OWNER):
        return updated(task, now, **{link["type"]: link["userId"]})
    return updated(task, now, links=[*task.get("links", NO_LINKS), link])


def without_link(task: Task, link: IdentityLink, now: Instant) -> Task:
    """The task without any link like this one; an update even when there was none.

    A link of type `assignee` or `owner` clears that field, whatever user it names. Raises
    `BadUserRequest` for a group as assignee or owner, `TaskSuspended`.
    """
    if link["type"] in (ASSIGNEE, OWNER) and link["groupId"] is not None:
        raise BadUserRequest(
            f"Incompatible usage: cannot use type '{link['type']}' together with a groupId"
        )
    must_be_active(task)
    if link["type"] in (ASSIGNEE, OWNER):
        return updated(task, now, **{link["type"]: None})
    left = [other for other in task.get("links", NO_LINKS) if other != link]
    return updated(task, now, links=left or None)


def shown_links(task: Task, link_type: str | None = None) -> list[IdentityLink]:
    """The task's links in the order they were added, then its assignee, then its owner.

    With `link_type` only those of exactly that type.
    """
    links = list(task.get("links", NO_LINKS))
    for field in (ASSIGNEE, OWNER):
        user = task.get(field)
        if isinstance(user, str):
            links.append({"type": field, "userId": user, "groupId": None})
    return [link for link in links if link_type in (None, link["type"])]
