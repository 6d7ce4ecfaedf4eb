"""What a task keeps of its past in its own record: former links, and when variables were made.

History asks for people who had something to do with a task, those included who no longer have. The
traces are outside every inbox: no index is made of them.
"""

from collections.abc import Iterator
from typing import Final

from taskdock.domain.instants import Instant
from taskdock.domain.tasks.identity_links import ASSIGNEE, OWNER
from taskdock.domain.tasks.task import (
    NO_LINKS,
    NO_VARIABLES,
    IdentityLink,
    Task,
    changed,
)

MOST_FORMER_LINKS: Final = 200
"""As many former links are kept, the latest ones: a task is read with all of them."""


def with_traces(before: Task | None, after: Task, now: Instant) -> Task:
    """The task after a change, with what it keeps of the one before."""
    if before is None:
        return after
    return _with_variable_times(before, _with_former_links(before, after), now)


def links_ever(task: Task) -> Iterator[IdentityLink]:
    """Every link that the task has or had, assignee and owner included."""
    yield from _links(task)
    yield from task.get("formerLinks", NO_LINKS)


def variable_created(task: Task, name: str) -> Instant:
    """When the task's own variable of that name was made."""
    return task.get("variableTimes", {}).get(name, task["created"])


def _with_former_links(before: Task, after: Task) -> Task:
    current = list(_links(after))
    former = [link for link in after.get("formerLinks", NO_LINKS) if link not in current]
    gone = [link for link in _links(before) if link not in current and link not in former]
    kept = [*former, *_each_once(gone)][-MOST_FORMER_LINKS:]
    return after if kept == after.get("formerLinks", NO_LINKS) else changed(
        after, formerLinks=kept or None
    )  # fmt: skip


def _each_once(links: list[IdentityLink]) -> list[IdentityLink]:
    seen: list[IdentityLink] = []
    for link in links:
        if link not in seen:
            seen.append(link)
    return seen


def _links(task: Task) -> Iterator[IdentityLink]:
    for link_type, user in ((ASSIGNEE, task.get("assignee")), (OWNER, task.get("owner"))):
        if user is not None:
            yield {"type": link_type, "userId": user, "groupId": None}
    yield from task.get("links", NO_LINKS)


def _with_variable_times(before: Task, after: Task, now: Instant) -> Task:
    held = before.get("variables", NO_VARIABLES)
    names = after.get("variables", NO_VARIABLES)
    if held.keys() == names.keys():
        return after
    times = {name: at for name, at in before.get("variableTimes", {}).items() if name in names}
    times |= {name: now for name in names if name not in held}
    return changed(after, variableTimes=times or None)
