"""Changes of a task by people: functions from one document to the next.

Every function returns the task as it is afterwards and leaves its argument alone. An update sets
`lastUpdated` to `now` and `taskState` to `Updated` (docs/camunda-behaviour.md, Updates). The rules
are docs/camunda-behaviour.md, Creating and replacing, Assignment. Identity links and variables have
modules of their own; completing is in `services/actions.py`.
"""

from collections.abc import Mapping
from typing import Final, TypedDict

from taskdock.domain.errors import BadUserRequest, TaskAlreadyClaimed
from taskdock.domain.instants import Instant
from taskdock.domain.services.actions import complete
from taskdock.domain.tasks.description import with_description
from taskdock.domain.tasks.task import DelegationState, Task, changed, must_be_active, updated


class Replacement(TypedDict, total=False):
    """What `PUT /task/{id}` replaces; what is left out becomes null, `priority` 0."""

    name: str | None
    description: str | None
    priority: int | None
    assignee: str | None
    owner: str | None
    delegationState: DelegationState | None
    due: Instant | None
    followUp: Instant | None
    parentTaskId: str | None
    caseInstanceId: str | None
    tenantId: str | None


_REPLACED: Final = (
    "name",
    "assignee",
    "owner",
    "delegationState",
    "due",
    "followUp",
    "parentTaskId",
    "caseInstanceId",
)


def claim(task: Task, user: str | None, now: Instant) -> Task:
    """The task assigned to `user`, or unclaimed when `user` is None.

    Claiming one's own task again changes nothing but counts as an update, also while the task
    is suspended. Raises `TaskAlreadyClaimed` (docs/api.md, D4) and `TaskSuspended`.
    """
    if user is None:
        return unclaim(task, now)
    assignee = task.get("assignee")
    if assignee == user:
        return updated(task, now)
    if assignee is not None:
        raise TaskAlreadyClaimed(task["id"])
    must_be_active(task)
    return updated(task, now, assignee=user)


def unclaim(task: Task, now: Instant) -> Task:
    """The task without assignee. Raises `TaskSuspended`."""
    return assign(task, None, now)


def assign(task: Task, user: str | None, now: Instant) -> Task:
    """The task assigned to `user`, or unassigned when `user` is None; no claim is checked.

    Owner and delegation stay as they are. Raises `TaskSuspended`.
    """
    must_be_active(task)
    return updated(task, now, assignee=user)


def delegate(task: Task, user: str | None, now: Instant) -> Task:
    """The task delegated to `user`. Its assignee becomes its owner unless it has an owner. Raises
    `TaskSuspended`.
    """
    must_be_active(task)
    return updated(
        task,
        now,
        delegationState=DelegationState.PENDING.value,
        owner=task.get("owner", task.get("assignee")),
        assignee=user,
    )


def resolve(task: Task, now: Instant) -> Task:
    """The task resolved: its owner becomes its assignee. It need not have been delegated. Raises
    `TaskSuspended`.
    """
    must_be_active(task)
    return updated(
        task,
        now,
        delegationState=DelegationState.RESOLVED.value,
        assignee=task.get("owner"),
    )


def replace(task: Task, replacement: Replacement, now: Instant) -> Task:
    """The task with all the properties that `PUT` replaces.

    Always an update. A task that leaves its case instance leaves that instance's business key
    and variables behind. Raises `BadUserRequest` when the tenant would change, `TaskSuspended`.
    """
    must_be_active(task)
    _must_keep_tenant(task, replacement.get("tenantId"))
    fields: dict[str, object] = {key: replacement.get(key) for key in _REPLACED}
    fields["priority"] = replacement.get("priority") or 0
    if replacement.get("caseInstanceId") != task.get("caseInstanceId"):
        fields |= {"caseInstanceBusinessKey": None, "caseInstanceVariables": None}
    described_task = with_description(task, replacement.get("description"))
    return updated(described_task, now, **fields)


def adjusted(task: Task, fields: Mapping[str, object], now: Instant) -> Task:
    """The task with another priority or other dates; None removes a date. Always an update, as all
    that `replace` sets. Raises `TaskSuspended`.
    """
    must_be_active(task)
    return updated(task, now, **fields)


def submit(task: Task, now: Instant) -> Task:
    """The task resolved while its delegation is pending, otherwise completed.

    Raises `TaskSuspended`.
    """
    if task.get("delegationState") == DelegationState.PENDING:
        return resolve(task, now)
    return complete(task, now)


def delete(task: Task, now: Instant) -> Task:
    """The task deleted: its record stays for history, until its time to live runs out
    (docs/api.md, D29). An ended task has ended when it did."""
    return changed(
        task,
        deleted=True,
        ended=task.get("ended", now),
        endReason=task.get("endReason", "deleted"),
    )


def must_be_deletable(task: Task) -> None:
    """Raises `BadUserRequest` for a task that a process or a case waits for
    (docs/camunda-behaviour.md, Creating and replacing)."""
    if "processInstanceId" in task:
        raise BadUserRequest("The task cannot be deleted because is part of a running process")
    if "caseExecutionId" in task:
        raise BadUserRequest(
            "The task cannot be deleted because is part of a running case instance"
        )


def with_comments(task: Task, change: int, now: Instant) -> Task:
    """The task after `change` comments were added or, below zero, removed; 0: one was edited.

    Always an update, also of a suspended task (docs/camunda-behaviour.md, Updates, Assignment).
    """
    return updated(task, now, comments=_counted(task.get("comments", 0) + change))


def with_attachments(task: Task, change: int, now: Instant) -> Task:
    """The task after `change` attachments were added or, below zero, removed
    (docs/camunda-behaviour.md, Updates, Assignment)."""
    return updated(task, now, attachments=_counted(task.get("attachments", 0) + change))


def _counted(count: int) -> int | None:
    return count if count > 0 else None


def _must_keep_tenant(task: Task, tenant: str | None) -> None:
    current = task.get("tenantId")
    if tenant != current:
        raise BadUserRequest(
            f"ENGINE-03072 Cannot change tenantId of Task '{task['id']}'."
            f" Current tenant id '{current}', Tenant id to set '{tenant}'"
        )
