"""The form of a task (docs/camunda-behaviour.md, Forms). Forms are deployed elsewhere: a task only
names its form."""

import re
from typing import Any, Final, NoReturn

from taskdock.domain.errors import InvalidRequest, NotFound
from taskdock.domain.tasks.task import Task

_DEPLOYED: Final = re.compile(r"((embedded|camunda-forms):)?deployment:.+", re.DOTALL)


def shown_form(task: Task) -> dict[str, Any]:
    """Which form the task has: its key, or else a reference; all null for a task without one."""
    key = task.get("formKey")
    reference = task.get("camundaFormRef") if key is None else None
    return {"key": key, "camundaFormRef": reference, "contextPath": None}


def refuse_rendered_form(task: Task) -> NoReturn:
    """Raises `NotFound`: no form is rendered here."""
    raise NotFound(f"No matching rendered form for task with the id {task['id']} found.")


def refuse_deployed_form(task: Task) -> NoReturn:
    """Raises `InvalidRequest` for a form key without `deployment:`, otherwise `NotFound`."""
    key = task.get("formKey")
    if key is not None and not _DEPLOYED.fullmatch(key):
        raise InvalidRequest(f"The form key '{key}' does not refer to a deployed form.")
    raise NotFound(f"No deployed form for task with the id {task['id']} found.")
