"""A task as it is stored: one flat document, its keys in the words of the API.

All layers use this one form. The table stores it as JSON, predicates read it as `json.loads`
returns it, and a change is a function from one document to the next. Fields that are null are
absent; unknown keys are kept, so old and new code can run side by side during a deployment.
"""

from collections.abc import Mapping
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final, NewType, Required, TypedDict

from taskdock.domain.errors import TaskSuspended
from taskdock.domain.instants import Instant

if TYPE_CHECKING:
    from typing_extensions import ReadOnly
else:
    try:
        from typing import ReadOnly
    except ImportError:  # Python 3.12, on which tests may run; Lambda's has it

        class ReadOnly:
            """At run time nothing but the type that it wraps."""

            def __class_getitem__(cls, wrapped: Any) -> Any:
                return wrapped


TaskId = NewType("TaskId", str)


class DelegationState(StrEnum):
    """The state of a delegation; absent on a task that was never delegated."""

    PENDING = "PENDING"
    RESOLVED = "RESOLVED"


class State(StrEnum):
    """A task's state in the service API; the last three are ends."""

    CREATED = "created"
    STARTED = "started"
    COMPLETED = "completed"
    FAILED = "failed"
    CANCELED = "canceled"


class IdentityLink(TypedDict):
    """One person or one group tied to a task; assignee and owner are fields, not links."""

    type: ReadOnly[str | None]
    userId: ReadOnly[str | None]
    groupId: ReadOnly[str | None]


CANDIDATE: Final = "candidate"
"""The link type that puts a task into inboxes."""


class Variable(TypedDict, total=False):
    """A typed value. `Date` is held in epoch milliseconds, `Bytes` and `File` in base64."""

    type: Required[ReadOnly[str]]
    value: Required[ReadOnly[Any]]
    valueInfo: ReadOnly[Mapping[str, Any]]


Variables = Mapping[str, Variable]


class FormRef(TypedDict):
    """A form deployed elsewhere."""

    key: ReadOnly[str]
    binding: ReadOnly[str]
    version: ReadOnly[int | None]


class ListItem(TypedDict, total=False):
    """An entry of a task's input or output list: a document by its address."""

    href: Required[ReadOnly[str]]
    metadata: ReadOnly[Mapping[str, Any]]


class Task(TypedDict, total=False):
    """A task document. Its `version` is a table attribute of its own."""

    id: Required[ReadOnly[TaskId]]
    name: ReadOnly[str]
    description: ReadOnly[str]
    priority: Required[ReadOnly[int]]
    assignee: ReadOnly[str]
    owner: ReadOnly[str]
    delegationState: ReadOnly[str]
    created: Required[ReadOnly[Instant]]
    lastUpdated: ReadOnly[Instant]
    due: ReadOnly[Instant]
    followUp: ReadOnly[Instant]
    parentTaskId: ReadOnly[str]
    taskDefinitionKey: ReadOnly[str]
    suspended: ReadOnly[bool]
    tenantId: ReadOnly[str]
    formKey: ReadOnly[str]
    camundaFormRef: ReadOnly[FormRef]
    taskState: ReadOnly[str]
    """`Created` or `Updated`, as Camunda 7 shows it."""

    # The surrounding process, copied into each of its tasks so that one read answers.
    executionId: ReadOnly[str]
    activityInstanceId: ReadOnly[str]
    processInstanceId: ReadOnly[str]
    processInstanceBusinessKey: ReadOnly[str]
    processDefinitionId: ReadOnly[str]
    processDefinitionKey: ReadOnly[str]
    processDefinitionName: ReadOnly[str]
    processVariables: ReadOnly[Variables]

    # The surrounding case, likewise.
    caseExecutionId: ReadOnly[str]
    caseInstanceId: ReadOnly[str]
    caseInstanceBusinessKey: ReadOnly[str]
    caseDefinitionId: ReadOnly[str]
    caseDefinitionKey: ReadOnly[str]
    caseDefinitionName: ReadOnly[str]
    caseInstanceVariables: ReadOnly[Variables]

    links: ReadOnly[list[IdentityLink]]
    variables: ReadOnly[Variables]
    """The task's own variables; of a service task, its metadata in the order it was given."""
    comments: ReadOnly[int]
    attachments: ReadOnly[int]

    # Of a task that works for a service.
    service: ReadOnly[str]
    state: Required[ReadOnly[str]]
    input: ReadOnly[list[ListItem]]
    inputMetadata: ReadOnly[Mapping[str, Any]]
    output: ReadOnly[list[ListItem]]
    outputMetadata: ReadOnly[Mapping[str, Any]]
    ended: ReadOnly[Instant]
    endReason: ReadOnly[str]

    deleted: ReadOnly[bool]
    """Somebody deleted the task: history alone shows it (docs/api.md, D29)."""

    erased: ReadOnly[bool]
    """This is what stays of an erased task for readers of changes: that it is gone."""

    # What it keeps of its past.
    formerLinks: ReadOnly[list[IdentityLink]]
    """Links that it had, assignees and owners among them; in no inbox."""
    variableTimes: ReadOnly[Mapping[str, Instant]]
    """When those of its own variables were made that are younger than the task."""

    importId: ReadOnly[str]
    """Id of the import that wrote the document; a change of it causes no events."""


NO_LINKS: Final[list[IdentityLink]] = []
NO_VARIABLES: Final[Variables] = {}


def is_open(task: Task) -> bool:
    """Whether the task has not ended; only open tasks are in the indexes."""
    return "ended" not in task


def is_deleted(task: Task) -> bool:
    """Whether somebody deleted the task: no route but history's shows it."""
    return task.get("deleted", False)


def is_assigned(task: Task) -> bool:
    """Whether the task has an assignee."""
    return task.get("assignee") is not None


def is_visible(task: Task, tenants: frozenset[str]) -> bool:
    """Whether a member of `tenants` may see the task: one of theirs, or one without tenant
    (docs/api.md, Calling it)."""
    tenant = task.get("tenantId")
    return tenant is None or tenant in tenants


def must_be_active(task: Task) -> None:
    """Raises `TaskSuspended` for a suspended task (docs/camunda-behaviour.md, Assignment)."""
    if task.get("suspended", False):
        raise TaskSuspended(task["id"])


def changed(task: Task, **fields: object) -> Task:
    """`task` with these fields replaced; a field given None is removed."""
    document = {**task, **fields}
    return {key: value for key, value in document.items() if value is not None}  # type: ignore[return-value]


def updated(task: Task, now: Instant, **fields: object) -> Task:
    """`task` with these fields replaced and the marks of an update
    (docs/camunda-behaviour.md, Updates, Task state)."""
    return changed(task, **{"lastUpdated": now, "taskState": "Updated", **fields})
