"""Builders of tasks, for tests that care about a field or two."""

import base64
from collections.abc import Iterable
from random import Random
from typing import cast

from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import CANDIDATE, IdentityLink, Task, TaskId

CREATED = Instant(1_769_172_162_000)
"""2026-01-23T12:42:42Z, when the tasks of tests are created unless they say otherwise."""

MINUTE = 60_000


def a_task(
    name: str = "t1",
    /,
    *,
    groups: Iterable[str] = (),
    users: Iterable[str] = (),
    **fields: object,
) -> Task:
    """An open task with the id `name`, offered to these groups and users.

    Any field of a task may be given; one given None is left out.
    """
    offered = [*(to_group(group) for group in groups), *(to_user(user) for user in users)]
    document: dict[str, object] = {
        "id": TaskId(name),
        "name": f"Task {name}",
        "priority": 50,
        "created": CREATED,
        "taskState": "Created",
        "state": "created",
        "links": offered or None,
        **fields,
    }
    return cast(Task, {key: value for key, value in document.items() if value is not None})


def to_group(group: str, link_type: str | None = CANDIDATE) -> IdentityLink:
    """A link to a group, of type candidate by default."""
    return {"type": link_type, "userId": None, "groupId": group}


def to_user(user: str, link_type: str | None = CANDIDATE) -> IdentityLink:
    """A link to a user, of type candidate by default."""
    return {"type": link_type, "userId": user, "groupId": None}


def noise(length: int) -> str:
    """A text that hardly shrinks: deflated, it takes about three quarters of its length."""
    return base64.b64encode(Random(length).randbytes(length)).decode()[:length]
