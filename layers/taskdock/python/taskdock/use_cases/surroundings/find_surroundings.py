"""Instances and definitions of processes and cases, as the open tasks in them tell.

There is no engine here: what the caller's own tasks do not name does not exist.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from typing import Any, Final

from taskdock.domain.errors import NotFound
from taskdock.domain.query.model import Level, TaskQuery, filters_of
from taskdock.domain.query.operands import Switches
from taskdock.domain.query.sorting import SortKey
from taskdock.domain.tasks.task import Task
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.paging import Window
from taskdock.use_cases.query.query_tasks import QueryRequest, find_tasks

_NO_SWITCHES: Final = Switches()
_NEWEST: Final = (SortKey("created", descending=True, nulls_first=True),)


@dataclass(frozen=True, slots=True)
class Words:
    """What processes, or cases, are called in a task and in messages."""

    instance: str
    """The task's field with the instance's id; the filter has the same name."""
    definition: str
    key: str
    execution: str


class Kind(Enum):
    """What surrounds a task."""

    PROCESS = Words(
        "processInstanceId", "processDefinitionId", "processDefinitionKey", "executionId"
    )
    CASE = Words("caseInstanceId", "caseDefinitionId", "caseDefinitionKey", "caseExecutionId")


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, with the limits of the request; `asked` is for any task."""

    store: TaskStore
    asked: QueryRequest

    def tasks(
        self,
        filters: Mapping[str, Any],
        *,
        switches: Switches = _NO_SWITCHES,
        newest_alone: bool = False,
        tenant: str | None = None,
    ) -> Sequence[Task]:
        """The open tasks that the caller may see and that meet these filters of the task query."""
        given = filters if tenant is None else {**filters, "tenantIdIn": (tenant,)}
        level = Level(tuple(filters_of(given)), switches)
        query = TaskQuery(level, sorting=_NEWEST if newest_alone else ())
        window = Window(maximum=1) if newest_alone else Window()
        return find_tasks(replace(self.asked, query=query), self.store, window).tasks


def instances(
    asker: Asker, kind: Kind, filters: Mapping[str, Any], switches: Switches = _NO_SWITCHES
) -> list[Task]:
    """A task of each instance that the filters find."""
    return list(_by(kind.value.instance, asker.tasks(filters, switches=switches)).values())


def instance(asker: Asker, kind: Kind, instance_id: str) -> Task | None:
    """A task of the instance of that id; None for an unknown one."""
    return next(iter(asker.tasks({kind.value.instance: instance_id}, newest_alone=True)), None)


def execution(asker: Asker, kind: Kind, execution_id: str) -> Task | None:
    """A task of the execution of that id; None for an unknown one.

    The execution that is an instance itself is found by an index.
    """
    own = instance(asker, kind, execution_id)
    if own is not None:
        return own
    return next(iter(asker.tasks({kind.value.execution: execution_id}, newest_alone=True)), None)


def definition(asker: Asker, kind: Kind, definition_id: str) -> Task | None:
    """The newest task of the definition of that id; None for an unknown one.

    An id that an engine made starts with the key, by which an index finds the tasks.
    """
    by_id = {kind.value.definition: definition_id}
    key = definition_id.partition(":")[0]
    if kind is Kind.PROCESS and key != definition_id:
        found = asker.tasks({**by_id, kind.value.key: key}, newest_alone=True)
        if found:
            return found[0]
    return next(iter(asker.tasks(by_id, newest_alone=True)), None)


def definition_of_key(asker: Asker, kind: Kind, key: str, tenant: str | None) -> Task | None:
    """The newest task of the latest version of a key, without tenant or of that one."""
    filters: dict[str, Any] = {kind.value.key: key}
    if tenant is None:
        filters["withoutTenantId"] = True
    found = asker.tasks(filters, tenant=tenant)
    named = [task for task in found if task.get(kind.value.definition) is not None]
    return max(named, key=lambda task: (version(task, kind) or 0, task["created"]), default=None)


def definitions(
    asker: Asker, kind: Kind, ids: Iterable[str] | None, keys: Iterable[str] | None
) -> list[Task]:
    """A task of each definition of these ids, or of these keys; none without either."""
    if ids is not None:
        found = [definition(asker, kind, each) for each in dict.fromkeys(ids)]
        tasks = [task for task in found if task is not None]
        if keys is not None:
            wanted = frozenset(keys)
            tasks = [task for task in tasks if task.get(kind.value.key) in wanted]
    else:
        tasks = [
            task for key in dict.fromkeys(keys or ()) for task in asker.tasks({kind.value.key: key})
        ]
    return list(_by(kind.value.definition, tasks).values())


def version(task: Task, kind: Kind) -> int | None:
    """The version that the id of the task's definition names, if an engine made it."""
    parts = str(task.get(kind.value.definition, "")).split(":")
    return int(parts[1]) if len(parts) == 3 and parts[1].isascii() and parts[1].isdigit() else None


def unknown_instance(kind: Kind, instance_id: str) -> NotFound:
    """What is said of an instance that no task names."""
    if kind is Kind.PROCESS:
        return NotFound(f"Process instance with id {instance_id} does not exist")
    return NotFound(f"Case instance with id {instance_id} does not exist.")


def _by(field: str, tasks: Iterable[Task]) -> dict[str, Task]:
    """The first task of each value of the field."""
    found: dict[str, Task] = {}
    for task in tasks:
        value = task.get(field)
        if isinstance(value, str):
            found.setdefault(value, task)
    return found
