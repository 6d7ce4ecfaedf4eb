"""How Camunda 7's API shows historic tasks, the operation log, and variables that are kept."""

from typing import Any

from taskdock.api.answers.tasks import date_json
from taskdock.api.surroundings.variable_instances import variable_instance_json
from taskdock.domain import instants
from taskdock.domain.history.historic_tasks import Historic
from taskdock.domain.instants import Instant
from taskdock.domain.variables.instances import VariableInstance
from taskdock.use_cases.history.read_log import LogEntry

type Json = dict[str, Any]

_AS_IN_THE_TASK = (
    "processDefinitionKey", "processDefinitionId", "processInstanceId", "executionId",
    "caseDefinitionKey", "caseDefinitionId", "caseInstanceId", "caseExecutionId",
    "activityInstanceId", "name", "description", "deleteReason", "owner", "assignee",
)  # fmt: skip


def historic_task_json(task: Historic) -> Json:
    """A task, open or ended."""
    return {
        "id": task["id"],
        **{name: task.get(name) for name in _AS_IN_THE_TASK},
        "startTime": instants.write(task["created"]),
        "endTime": date_json(task.get("ended")),
        "duration": task.get("duration"),
        "taskDefinitionKey": task.get("taskDefinitionKey"),
        "priority": task["priority"],
        "due": date_json(task.get("due")),
        "parentTaskId": task.get("parentTaskId"),
        "followUp": date_json(task.get("followUp")),
        "tenantId": task.get("tenantId"),
        "removalTime": None,
        "rootProcessInstanceId": task.get("processInstanceId"),
        "taskState": task.get("taskState"),
    }


def log_entry_json(entry: LogEntry) -> Json:
    """A line of the operation log."""
    task = entry.task
    return {
        "id": entry.id,
        "deploymentId": None,
        "processDefinitionId": task.get("processDefinitionId"),
        "processDefinitionKey": task.get("processDefinitionKey"),
        "processInstanceId": task.get("processInstanceId"),
        "executionId": task.get("executionId"),
        "caseDefinitionId": task.get("caseDefinitionId"),
        "caseInstanceId": task.get("caseInstanceId"),
        "caseExecutionId": task.get("caseExecutionId"),
        "taskId": task["id"],
        "jobId": None,
        "jobDefinitionId": None,
        "batchId": None,
        "userId": entry.user,
        "timestamp": instants.write(entry.at),
        "operationId": entry.operation_id,
        "externalTaskId": None,
        "operationType": entry.operation_type,
        "entityType": entry.entity,
        "property": entry.property,
        "orgValue": entry.before,
        "newValue": entry.after,
        "removalTime": None,
        "rootProcessInstanceId": task.get("processInstanceId"),
        "category": "TaskWorker",
        "annotation": None,
    }


def historic_variable_json(
    each: VariableInstance, created: Instant, *, removed: bool, deserialized: bool
) -> Json:
    """A variable that is kept: one that is there, or was when its task ended, or was removed."""
    shown = variable_instance_json(each, deserialized=deserialized)
    del shown["batchId"]
    of_process, of_case = shown["processInstanceId"], shown["caseInstanceId"]
    return {
        **shown,
        "processDefinitionKey": each.task.get("processDefinitionKey") if of_process else None,
        "caseDefinitionKey": each.task.get("caseDefinitionKey") if of_case else None,
        "caseDefinitionId": each.task.get("caseDefinitionId") if of_case else None,
        "state": "DELETED" if removed else "CREATED",
        "createTime": instants.write(created),
        "removalTime": None,
        "rootProcessInstanceId": of_process,
    }
