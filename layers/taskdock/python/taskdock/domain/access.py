"""What a caller may see and change: the tasks of their tenants, or only those they take part in.

Who sees a task may change it (docs/authorization.md, Who may do what).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import CANDIDATE, NO_LINKS, Task, is_visible

SEEN_BY: Final = frozenset(("tenantId", "assignee", "owner", "links"))
"""The fields that decide who sees a task."""


class Authorization(StrEnum):
    """Who sees the tasks of a tenant."""

    OPEN = "open"
    """Every member of the tenant."""
    PARTICIPANTS = "participants"
    """Those who take part in a task, and supervisors."""


@dataclass(frozen=True, slots=True)
class Participant:
    """A person who sees no other tasks than those that they take part in."""

    user: str
    groups: frozenset[str]

    def takes_part(self, task: Task) -> bool:
        """Whether the person is assignee, owner, candidate, in a candidate group or otherwise
        linked to the task."""
        return (
            task.get("assignee") == self.user
            or task.get("owner") == self.user
            or any(
                link["userId"] == self.user
                or (link["type"] == CANDIDATE and link["groupId"] in self.groups)
                for link in task.get("links", NO_LINKS)
            )
        )


@dataclass(frozen=True, slots=True)
class Access:
    """The tasks that a caller may see and change."""

    tenants: frozenset[str]
    """The caller's tenants; tasks without a tenant are everybody's."""
    participant: Participant | None = None
    """Whom the caller is restricted to; None for a caller who sees all tasks of the tenants."""
    tenant_required: bool = False
    """Whether the deployment has no tasks without a tenant."""

    @property
    def reach(self) -> tuple[str | None, ...]:
        """Where the tasks are that the caller may see: in which tenants, None for those without."""
        return (*(() if self.tenant_required else (None,)), *sorted(self.tenants))

    def must_hold(self, task: Task, place: str = "tenantId") -> None:
        """Raises `InvalidRequest`, which names the place, for a task without a tenant where each
        has to have one."""
        if self.tenant_required and task.get("tenantId") is None:
            raise InvalidRequest(f"{place}: every task of this deployment belongs to a tenant")

    def sees(self, task: Task) -> bool:
        """Whether the caller may see the task."""
        return is_visible(task, self.tenants) and (
            self.participant is None or self.participant.takes_part(task)
        )

    @property
    def of_tenants(self) -> "Access":
        """The access to all tasks of the tenants, for what follows from a change that the caller
        may make: the sub tasks of a task that is deleted, the copies of a process variable."""
        return replace(self, participant=None)
