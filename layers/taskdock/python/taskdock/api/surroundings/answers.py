"""How Camunda 7's API shows instances and definitions; what no task tells is null."""

from typing import Any

from taskdock.domain.tasks.task import Task
from taskdock.use_cases.surroundings.find_surroundings import Kind, version

type Json = dict[str, Any]


def process_instance_json(task: Task) -> Json:
    """The process instance of a task."""
    return {
        "id": task.get("processInstanceId"),
        "definitionId": task.get("processDefinitionId"),
        "businessKey": task.get("processInstanceBusinessKey"),
        "caseInstanceId": task.get("caseInstanceId"),
        "ended": False,
        "suspended": task.get("suspended", False),
        "tenantId": task.get("tenantId"),
        "definitionKey": task.get("processDefinitionKey"),
    }


def case_instance_json(task: Task) -> Json:
    """The case instance of a task."""
    return {
        "id": task.get("caseInstanceId"),
        "caseDefinitionId": task.get("caseDefinitionId"),
        "businessKey": task.get("caseInstanceBusinessKey"),
        "tenantId": task.get("tenantId"),
        "active": True,
        "completed": False,
        "terminated": False,
    }


def execution_json(task: Task, kind: Kind, execution_id: str) -> Json:
    """An execution of a process or a case."""
    if kind is Kind.PROCESS:
        return {
            "id": execution_id,
            "processInstanceId": task.get("processInstanceId"),
            "ended": False,
            "tenantId": task.get("tenantId"),
        }
    return {
        "id": execution_id,
        "caseInstanceId": task.get("caseInstanceId"),
        "parentId": None,
        "caseDefinitionId": task.get("caseDefinitionId"),
        "activityId": task.get("taskDefinitionKey"),
        "activityName": None,
        "activityType": None,
        "activityDescription": None,
        "tenantId": task.get("tenantId"),
        "required": False,
        "active": True,
        "enabled": False,
        "disabled": False,
    }


def definition_json(task: Task, kind: Kind) -> Json:
    """The definition that a task names."""
    words = kind.value
    of_processes = kind is Kind.PROCESS
    name = task.get("processDefinitionName" if of_processes else "caseDefinitionName")
    shown: Json = {
        "id": task.get(words.definition),
        "key": task.get(words.key),
        "category": None,
        "name": name,
        "version": version(task, kind),
        "resource": None,
        "deploymentId": None,
        "tenantId": task.get("tenantId"),
        "historyTimeToLive": None,
    }
    if not of_processes:
        return shown
    return {
        **shown,
        "description": None,
        "diagram": None,
        "suspended": False,
        "versionTag": None,
        "startableInTasklist": False,
    }


NO_FORM: Json = {"key": None, "camundaFormRef": None, "contextPath": None}
"""The form that a process is started with: none is known."""
