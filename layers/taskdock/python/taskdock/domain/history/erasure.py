"""What is left of a person in tasks and in their history, once the person is erased.

In open tasks the person is removed as assignee and owner and from the links. In ended tasks and in
the log a pseudonym replaces the person's id.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from taskdock.domain.tasks.task import NO_LINKS, IdentityLink, Task, changed, is_open

ERASE: Final = "Erase"
"""The type of an operation that only takes a person out; it leaves no event and no entry in the
log."""


def without_person(task: Task, user: str, pseudonym: str) -> Task:
    """The task without the person; the same task when it does not name them."""
    former = [_renamed(link, user, pseudonym) for link in task.get("formerLinks", NO_LINKS)]
    links: Sequence[IdentityLink] = task.get("links", NO_LINKS)
    if is_open(task):
        name = None
        links = [link for link in links if link["userId"] != user]
    else:
        name = pseudonym
        links = [_renamed(link, user, pseudonym) for link in links]
    people = {field: name for field in ("assignee", "owner") if task.get(field) == user}
    return changed(task, **people, links=links or None, formerLinks=former or None)


def record_without_person(
    kind: str, content: Mapping[str, Any], user: str, pseudonym: str
) -> Mapping[str, Any]:
    """The content of a record beside a task: a comment's author, and the names in the log. What
    people wrote stays as it is."""
    if kind == "comment":
        return {**content, "userId": pseudonym} if content.get("userId") == user else content
    operation = dict(content.get("operation", {}))
    if operation.get("user") == user:
        operation["user"] = pseudonym
    if "detail" in operation:
        operation["detail"] = [_other(each, user, pseudonym) for each in operation["detail"]]
    entries = [
        [entity, name, *(_other(value, user, pseudonym) for value in values)]
        for entity, name, *values in content.get("entries", ())
    ]
    return {**content, "operation": operation, "entries": entries}


def _renamed(link: IdentityLink, user: str, pseudonym: str) -> IdentityLink:
    if link["userId"] != user:
        return link
    return {"type": link["type"], "userId": pseudonym, "groupId": link["groupId"]}


def _other(value: Any, user: str, pseudonym: str) -> Any:
    return pseudonym if value == user else value
