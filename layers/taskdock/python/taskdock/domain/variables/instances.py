"""Variables as things of their own: each with an id, in the scope that holds it."""

import base64
import binascii
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from taskdock.domain.tasks.task import NO_VARIABLES, Task, Variable, Variables
from taskdock.domain.variables.scopes import Holder

_LETTERS: Final = {Holder.TASK: "t", Holder.PROCESS_INSTANCE: "p", Holder.CASE_INSTANCE: "c"}
_HOLDERS: Final = {letter: holder for holder, letter in _LETTERS.items()}


@dataclass(frozen=True, slots=True)
class Place:
    """Where a variable is: the scope that holds it, and its name."""

    holder: Holder
    scope_id: str
    name: str

    @property
    def id(self) -> str:
        """The id of the variable; the same for as long as there is one of that name."""
        text = json.dumps([_LETTERS[self.holder], self.scope_id, self.name], ensure_ascii=False)
        return base64.urlsafe_b64encode(text.encode("utf-8", "surrogatepass")).decode().rstrip("=")


def place_of(variable_id: str) -> Place | None:
    """The place that an id names; None for what is no id of ours."""
    try:
        padded = variable_id + "=" * (-len(variable_id) % 4)
        text = base64.b64decode(padded, altchars="-_", validate=True)
        content = json.loads(text.decode("utf-8", "surrogatepass"))
    except (binascii.Error, ValueError, RecursionError):
        return None
    match content:
        case [str(letter), str(scope_id), str(name)] if letter in _HOLDERS:
            return Place(_HOLDERS[letter], scope_id, name)
    return None


@dataclass(frozen=True, slots=True)
class VariableInstance:
    """A variable with the task that it was found in."""

    place: Place
    variable: Variable
    task: Task

    @property
    def task_id(self) -> str | None:
        """The task whose own it is; None for one of an instance."""
        return self.place.scope_id if self.place.holder is Holder.TASK else None


def instances_in(tasks: Iterable[Task]) -> Iterator[VariableInstance]:
    """Every variable in the tasks and in what surrounds them, each once."""
    seen: set[tuple[Holder, str]] = set()
    for task in tasks:
        for holder, scope_id, variables in _scopes(task):
            if (holder, scope_id) in seen:
                continue
            seen.add((holder, scope_id))
            for name, variable in variables.items():
                yield VariableInstance(Place(holder, scope_id, name), variable, task)


def _scopes(task: Task) -> Iterator[tuple[Holder, str, Variables]]:
    yield Holder.TASK, task["id"], task.get("variables", NO_VARIABLES)
    if "processInstanceId" in task:
        variables = task.get("processVariables", NO_VARIABLES)
        yield Holder.PROCESS_INSTANCE, task["processInstanceId"], variables
    if "caseInstanceId" in task:
        variables = task.get("caseInstanceVariables", NO_VARIABLES)
        yield Holder.CASE_INSTANCE, task["caseInstanceId"], variables
