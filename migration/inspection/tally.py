"""Counts what a copy would read, task by task."""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from migration.entries import Prepared
from migration.journal import Left
from migration.old_server import Facts, Shown

NAME_LIMIT: Final = 255
"""Characters of the names of users, groups, tenants and types."""

ID_LIMIT: Final = 64
"""Characters of a task's id."""

_SIZES: Final = ((4096, "up to 4 KB"), (280 * 1024, "up to 280 KB"), (4_400_000, "up to 4.4 MB"))
_SERIALIZED: Final = "application/x-java-serialized-object"


@dataclass(slots=True)
class Tally:
    """Everything that was counted; sizes in bytes."""

    kinds: Counter[str] = field(default_factory=Counter)
    """Tasks by what they belong to: process, case, standalone."""
    definitions: Counter[str] = field(default_factory=Counter)
    states: Counter[str] = field(default_factory=Counter)
    tenants: Counter[str] = field(default_factory=Counter)
    forms: Counter[str] = field(default_factory=Counter)
    links: Counter[str] = field(default_factory=Counter)
    variables: Counter[str] = field(default_factory=Counter)
    variable_bytes: Counter[str] = field(default_factory=Counter)
    attachments: Counter[str] = field(default_factory=Counter)
    comments: int = 0
    largest_task: int = 0
    left: list[Left] = field(default_factory=list)
    """What would not be moved."""
    refused: list[Left] = field(default_factory=list)
    """Tasks that would not be moved at all."""
    _instances: set[str] = field(default_factory=set)

    @property
    def tasks(self) -> int:
        """How many tasks were counted."""
        return self.kinds.total()

    @property
    def instances(self) -> int:
        """How many process and case instances those tasks belong to."""
        return len(self._instances)

    def add(self, facts: Facts, task: Prepared, address: str) -> None:
        """Count one task; `address` is where it is."""
        self._add_task(facts.task)
        self.links.update(str(link["type"]) for link in facts.links)
        self.comments += len(facts.comments)
        for each in (*facts.variables, *self._of_new_instances(facts)):
            self._add_variable(each)
        self._add_attachments(task, len(facts.attachments))
        self.largest_task = max(self.largest_task, task.size)
        self.left += task.left
        for why in too_long(facts):
            self.refused.append(Left(f"task {facts.task['id']}", address, why))

    def _add_task(self, task: Shown) -> None:
        if task.get("processInstanceId"):
            self.kinds["process"] += 1
        else:
            self.kinds["case" if task.get("caseInstanceId") else "standalone"] += 1
        definition = task.get("processDefinitionId") or task.get("caseDefinitionId")
        if definition:
            self.definitions[definition] += 1
        self.tenants[task.get("tenantId") or ""] += 1
        for name in ("suspended", "assignee", "owner", "due", "followUp", "parentTaskId"):
            self.states[name] += bool(task.get(name))
        if task.get("delegationState"):
            self.states[f"delegation {task['delegationState']}"] += 1
        self.forms[_form(task)] += 1

    def _of_new_instances(self, facts: Facts) -> list[Shown]:
        found: list[Shown] = []
        for instance, variables in (
            (facts.task.get("processInstanceId"), facts.process_variables),
            (facts.task.get("caseInstanceId"), facts.case_variables),
        ):
            if instance and instance not in self._instances:
                self._instances.add(instance)
                found += variables
        return found

    def _add_variable(self, shown: Shown) -> None:
        kind = str(shown["type"])
        info = shown.get("valueInfo") or {}
        if kind == "Object":
            is_java = info.get("serializationDataFormat") == _SERIALIZED
            kind = "Object (serialized Java)" if is_java else "Object (text)"
        self.variables[kind] += 1
        self.variable_bytes[kind] += len(json.dumps(shown.get("value")))

    def _add_attachments(self, task: Prepared, count: int) -> None:
        sizes: list[int] = []
        for each in task.entry["attachments"]:
            if "content" in each:
                sizes.append(len(each["content"]) * 3 // 4)
            else:
                self.attachments["a link"] += 1
        sizes += [len(file.content) for file in task.files]
        for size in sizes:
            self.attachments[next(words for limit, words in _SIZES if size <= limit)] += 1
        over = count - len(task.entry["attachments"]) - len(task.files)
        self.attachments["more than 4.4 MB"] += over


def too_long(facts: Facts) -> list[str]:
    """Why the target would refuse the task: names and ids that are over its limits."""
    found = []
    if len(facts.task["id"]) > ID_LIMIT:
        found.append(f"its id has {len(facts.task['id'])} characters, over {ID_LIMIT}")
    names: list[tuple[str, Any]] = [
        (name, facts.task.get(name))
        for name in ("assignee", "owner", "taskDefinitionKey", "tenantId")
    ]
    for link in facts.links:
        names += [(f"{link['type']} link", link[name]) for name in ("type", "userId", "groupId")]
    for name, text in names:
        if text and len(text) > NAME_LIMIT:
            found.append(f"{name}: {len(text)} characters, over {NAME_LIMIT}")
    return found


def numbers(counter: Mapping[str, int]) -> dict[str, int]:
    """The counts but zeros, the largest first."""
    kept = [(name, count) for name, count in counter.items() if count]
    return dict(sorted(kept, key=lambda each: (-each[1], each[0])))


def _form(task: Shown) -> str:
    if task.get("camundaFormRef"):
        return "Camunda form"
    key = task.get("formKey")
    if not key:
        return "none"
    return str(key).partition(":")[0] if ":" in str(key) else "other key"
