"""How Camunda 7's API shows a task."""

import json
from collections.abc import Iterable, Sequence
from json.encoder import encode_basestring
from typing import Any, Final

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


def tasks_text(tasks: Iterable[Task]) -> str:
    """The JSON text of a list of `task_json`, as `json.dumps` writes it without blanks.

    It is written task by task: no list of dictionaries is held.
    """
    return f"[{','.join(map(_task_text, tasks))}]"


def _task_text(task: Task) -> str:
    try:
        return _written(task)
    except (TypeError, ValueError, LookupError):  # a value that this version does not write
        return _json_text(task_json(task))


def _written(task: Task) -> str:
    get: Any = task.get
    form_ref: Any = None if get("formKey") is not None else get("camundaFormRef")
    ref_text = "null" if form_ref is None else _json_text(form_ref)
    suspended = _BOOLEANS[get("suspended", False)]
    return (
        f'{{"id":{_quoted(task["id"])},"name":{_text(get("name"))},'
        f'"assignee":{_text(get("assignee"))},"created":"{instants.write(task["created"])}",'
        f'"due":{_date(get("due"))},"followUp":{_date(get("followUp"))},'
        f'"lastUpdated":{_date(get("lastUpdated"))},'
        f'"delegationState":{_text(get("delegationState"))},'
        f'"description":{_text(get("description"))},"executionId":{_text(get("executionId"))},'
        f'"owner":{_text(get("owner"))},"parentTaskId":{_text(get("parentTaskId"))},'
        f'"priority":{task["priority"]:d},'
        f'"processDefinitionId":{_text(get("processDefinitionId"))},'
        f'"processInstanceId":{_text(get("processInstanceId"))},'
        f'"taskDefinitionKey":{_text(get("taskDefinitionKey"))},'
        f'"caseExecutionId":{_text(get("caseExecutionId"))},'
        f'"caseInstanceId":{_text(get("caseInstanceId"))},'
        f'"caseDefinitionId":{_text(get("caseDefinitionId"))},"suspended":{suspended},'
        f'"formKey":{_text(get("formKey"))},"camundaFormRef":{ref_text},'
        f'"tenantId":{_text(get("tenantId"))},"taskState":{_text(get("taskState"))}}}'
    )


def _text(value: str | None) -> str:
    return "null" if value is None else _quoted(value)


def _date(instant: Instant | None) -> str:
    return "null" if instant is None else f'"{instants.write(instant)}"'


def _json_text(content: object) -> str:
    return json.dumps(content, ensure_ascii=False, separators=_SEPARATORS)


_SEPARATORS: Final = (",", ":")
_BOOLEANS: Final = {True: "true", False: "false"}
_quoted: Final = encode_basestring
"""Quotes a text as `json.dumps` does that keeps what is not ASCII."""


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
) -> dict[str, Any]:
    """The task in Camunda 7's form, with the optional keys that a request asks for.

    `variables` are all that the task sees, in its `ancestors` too, or only its own; without any the
    key is absent. `attachment` and `comment` come last
    (docs/camunda-behaviour.md, Variables in answers, Flags in answers).
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
    return shown


def date_json(instant: Instant | None) -> str | None:
    """The instant as the API writes it, or null."""
    return None if instant is None else instants.write(instant)
