"""How Camunda 7's API shows a task."""

from collections.abc import Sequence
from typing import Any

from taskdock.domain import instants
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import NO_VARIABLES, Task, Variables
from taskdock.domain.variables.scopes import scopes, visible
from taskdock.domain.variables.values import to_api


def task_json(task: Task) -> dict[str, Any]:
    """The task in Camunda 7's form: every key, in its order
    (docs/camunda-behaviour.md, Task objects)."""
    return {
        "id": task["id"],
        "name": task.get("name"),
        "assignee": task.get("assignee"),
        "created": instants.write(task["created"]),
        "due": date_json(task.get("due")),
        "followUp": date_json(task.get("followUp")),
        "lastUpdated": date_json(task.get("lastUpdated")),
        "delegationState": task.get("delegationState"),
        "description": task.get("description"),
        "executionId": task.get("executionId"),
        "owner": task.get("owner"),
        "parentTaskId": task.get("parentTaskId"),
        "priority": task["priority"],
        "processDefinitionId": task.get("processDefinitionId"),
        "processInstanceId": task.get("processInstanceId"),
        "taskDefinitionKey": task.get("taskDefinitionKey"),
        "caseExecutionId": task.get("caseExecutionId"),
        "caseInstanceId": task.get("caseInstanceId"),
        "caseDefinitionId": task.get("caseDefinitionId"),
        "suspended": task.get("suspended", False),
        "formKey": task.get("formKey"),
        "camundaFormRef": task.get("camundaFormRef") if task.get("formKey") is None else None,
        "tenantId": task.get("tenantId"),
        "taskState": task.get("taskState"),
    }


def beyond_camunda(task: Task, version: int) -> dict[str, Any]:
    """What Camunda 7 does not show: the version, and of a service task the service and the state
    (docs/api.md, Calling it)."""
    service = task.get("service")
    return {
        "version": version,
        **({} if service is None else {"service": service, "state": task.get("state")}),
    }


def variables_json(variables: Variables, *, deserialized: bool = True) -> dict[str, Any]:
    """Variables by name, in the API's form (docs/camunda-behaviour.md, Variables in answers)."""
    return {
        name: to_api(variable, deserialized=deserialized) for name, variable in variables.items()
    }


def extended_task_json(
    task: Task,
    ancestors: Sequence[Task] = (),
    *,
    with_variables: bool = False,
    with_local_variables: bool = False,
    with_comment_attachment_info: bool = False,
    version: int | None = None,
) -> dict[str, Any]:
    """The task in Camunda 7's form, with the optional keys that a request asks for.

    `variables` are all that the task sees, in its `ancestors` too, or only its own; without any the
    key is absent. `attachment` and `comment` come last
    (docs/camunda-behaviour.md, Variables in answers, Flags in answers), but for the `version`,
    which Camunda 7 does not have, and what comes with it.
    """
    shown = task_json(task)
    variables = NO_VARIABLES
    if with_variables:
        variables = visible(scopes(task, ancestors))
    elif with_local_variables:
        variables = task.get("variables", NO_VARIABLES)
    if variables:
        shown["variables"] = variables_json(variables)
    if with_comment_attachment_info:
        shown["attachment"] = task.get("attachments", 0) > 0
        shown["comment"] = task.get("comments", 0) > 0
    if version is not None:
        shown |= beyond_camunda(task, version)
    return shown


def date_json(instant: Instant | None) -> str | None:
    """The instant as the API writes it, or null."""
    return None if instant is None else instants.write(instant)
