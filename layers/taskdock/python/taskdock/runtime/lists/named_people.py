"""The people and groups that tasks name, as the directory has them."""

from collections.abc import Iterable
from typing import Final

from taskdock.domain.people import Group, Person, Search
from taskdock.domain.tasks.identity_links import shown_links
from taskdock.domain.tasks.task import Task
from taskdock.runtime.read_limits import time_left
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.find_people import Reader, find_groups
from taskdock.use_cases.query.page_reading import side_by_side

MOST_PEOPLE: Final = 20
"""As many people of an answer are looked up in the directory; further ones are left out."""


def people_at(tasks: Iterable[Task], wiring: Wiring) -> dict[str, Person]:
    """The assignees and owners of tasks, those who exist, by id."""
    return _people(
        (user for task in tasks for user in (task.get("assignee"), task.get("owner"))), wiring
    )


def linked_to(
    task: Task, request: Request, wiring: Wiring
) -> tuple[dict[str, Person], dict[str, Group]]:
    """The people and groups that a task's identity links name, those that exist, by id."""
    links = shown_links(task)
    people = _people((link["userId"] for link in links), wiring)
    return people, _groups((link["groupId"] for link in links), request, wiring)


def _people(ids: Iterable[str | None], wiring: Wiring) -> dict[str, Person]:
    """Those of the first users who exist, by id."""
    users = [user for user in dict.fromkeys(ids) if user is not None][:MOST_PEOPLE]
    found = side_by_side(wiring.people.person, users)
    return {user: each for user, each in zip(users, found, strict=True) if each is not None}


def _groups(ids: Iterable[str | None], request: Request, wiring: Wiring) -> dict[str, Group]:
    """Those of the groups that exist, by id."""
    names = tuple(name for name in dict.fromkeys(ids) if name is not None)
    if not names:
        return {}
    # The tasks that the caller sees name these groups.
    reader = Reader(wiring.people, time_left(request), is_administrator=True)
    found = find_groups(reader, Search(names, (), ()))
    return {group.id: group for group in found}
