"""The form of a task (docs/camunda-behaviour.md, Forms). A task only names its form, which may be
registered here (docs/api.md, Forms)."""

import re
from typing import Any, Final, NoReturn

from taskdock.domain.errors import InvalidRequest, NotFound
from taskdock.domain.tasks.task import Task

_DEPLOYED: Final = re.compile(r"((embedded|camunda-forms):)?deployment:(?P<name>.+)", re.DOTALL)

type WantedForm = tuple[str, int | None]
"""The key of a form, and the version; the newest one without it."""


def shown_form(task: Task) -> dict[str, Any]:
    """Which form the task has: its key, or else a reference; all null for a task without one."""
    key = task.get("formKey")
    reference = task.get("camundaFormRef") if key is None else None
    return {"key": key, "camundaFormRef": reference, "contextPath": None}


def wanted_form(task: Task) -> WantedForm | None:
    """The registered form that the task is to be shown with, if there is one of that key.

    A form key is the form's, without `deployment:` in front and `.form` behind. A reference names
    key and version; there are no deployments here, so a binding to one means the newest.
    """
    key = task.get("formKey")
    if key is not None:
        deployed = _DEPLOYED.fullmatch(key)
        return (deployed["name"] if deployed else key).removesuffix(".form"), None
    reference = task.get("camundaFormRef")
    if reference is None:
        return None
    is_fixed = reference["binding"] == "version"
    return reference["key"], reference["version"] if is_fixed else None


def refuse_rendered_form(task: Task) -> NoReturn:
    """Raises `NotFound`: no form is rendered here."""
    raise NotFound(f"No matching rendered form for task with the id {task['id']} found.")


def refuse_deployed_form(task: Task) -> NoReturn:
    """Raises `InvalidRequest` for a form key without `deployment:`, otherwise `NotFound`."""
    key = task.get("formKey")
    if key is not None and not _DEPLOYED.fullmatch(key):
        raise InvalidRequest(f"The form key '{key}' does not refer to a deployed form.")
    raise NotFound(f"No deployed form for task with the id {task['id']} found.")
