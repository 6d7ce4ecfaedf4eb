"""Keeps the `description` of a service task equal to that of its metadata."""

from taskdock.domain.tasks.task import NO_VARIABLES, Task, Variables, changed

_NAME = "description"


def with_description(task: Task, description: str | None) -> Task:
    """The task with this description; of a service task, the metadata follow.

    A `description` in the metadata that is not a text stays as it is.
    """
    if "service" in task:
        variables = task.get("variables", NO_VARIABLES)
        if description is not None:
            entry = {_NAME: {"type": "String", "value": description}}
            task = changed(task, variables={**variables, **entry})
        elif described_by(variables) is not None:
            rest = {name: variable for name, variable in variables.items() if name != _NAME}
            task = changed(task, variables=rest or None)
    return changed(task, description=description)


def with_own_variables(task: Task, variables: Variables) -> Task:
    """The task with these as all its own variables; of a service task, the description follows."""
    task = changed(task, variables=variables or None)
    if "service" in task:
        return changed(task, description=described_by(variables))
    return task


def described_by(variables: Variables) -> str | None:
    """The description that metadata hold: the text of `description`, if that is a text."""
    variable = variables.get(_NAME)
    if variable is None or variable["type"] != "String":
        return None
    text: str | None = variable["value"]
    return text
