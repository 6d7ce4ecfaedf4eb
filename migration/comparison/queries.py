"""Queries to ask both servers: those of filters, those in a file, and random ones."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from migration.http_client import Trouble
from migration.old_server import Facts

_FIELDS: Final = {
    "assignee": "assignee",
    "owner": "owner",
    "name": "name",
    "taskDefinitionKey": "taskDefinitionKey",
    "processInstanceId": "processInstanceId",
    "processDefinitionId": "processDefinitionId",
    "caseInstanceId": "caseInstanceId",
    "caseDefinitionId": "caseDefinitionId",
    "delegationState": "delegationState",
    "parentTaskId": "parentTaskId",
    "priority": "priority",
    "minPriority": "priority",
    "maxPriority": "priority",
    "createdBefore": "created",
    "createdAfter": "created",
    "dueBefore": "due",
    "dueAfter": "due",
    "followUpBefore": "followUp",
    "followUpAfter": "followUp",
}
"""Criteria by the field of a task that gives them a value."""

_LISTS: Final = {
    "assigneeIn": "assignee",
    "taskDefinitionKeyIn": "taskDefinitionKey",
    "tenantIdIn": "tenantId",
}
_FLAGS: Final = (
    "unassigned",
    "assigned",
    "active",
    "suspended",
    "withoutTenantId",
    "withoutDueDate",
    "withCandidateGroups",
    "withoutCandidateUsers",
)
_ORDERS: Final = (
    "created",
    "priority",
    "id",
    "dueDate",
    "followUpDate",
    "assignee",
    "owner",
    "name",
    "nameCaseInsensitive",
    "tenantId",
    "instanceId",
)
_TEXTS: Final = ("name", "description", "assignee", "owner", "taskDefinitionKey")
_NUMBERS: Final = frozenset({"Integer", "Long", "Short", "Double"})


@dataclass(frozen=True, slots=True)
class Query:
    """A query as `POST /task` takes it, and where it comes from."""

    origin: str
    body: Mapping[str, Any]
    filters: tuple[str, str] | None = None
    """The ids of a stored filter on both servers that has this query."""


def of_filters(filters: Sequence[Mapping[str, Any]], copied: Mapping[str, str]) -> Iterator[Query]:
    """The queries of filters, as the old server shows them, and the filters themselves.

    `copied` are the ids of the copies by those of the filters.
    """
    for each in filters:
        name, query = f"filter {each.get('name')}", each.get("query") or {}
        yield Query(f"query of {name}", query)
        if each["id"] in copied:
            yield Query(name, query, (each["id"], copied[each["id"]]))


def of_file(path: Path) -> Iterator[Query]:
    """The bodies in a file, one a line; raises `Trouble` for one that is no JSON object."""
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except OSError as problem:
        raise Trouble(f"{path}: {problem.strerror}") from None
    for number, line in enumerate(lines, 1):
        try:
            body = json.loads(line)
        except ValueError:
            body = None
        if not isinstance(body, dict):
            raise Trouble(f"{path}:{number}: expected the body of a query, a JSON object")
        yield Query(f"{path.name}:{number}", body)


def at_random(sample: Sequence[Facts], count: int, seed: int) -> Iterator[Query]:
    """So many queries made of values that tasks have; the same for the same seed and sample."""
    chance = random.Random(seed)  # noqa: S311 - chooses queries, no secrets
    for number in range(count if sample else 0):
        body = _criteria(chance, sample, chance.randint(1, 3), in_or=False)
        if chance.random() < 0.2:
            body["orQueries"] = [_criteria(chance, sample, 2, in_or=True)]
        body["sorting"] = [_order(chance, sample)]
        yield Query(f"random {seed}:{number}", body)


def with_ties_broken(body: Mapping[str, Any]) -> dict[str, Any]:
    """The query with tasks of equal rank in the order of their ids."""
    orders = [*(body.get("sorting") or ())]
    if all(each.get("sortBy") != "id" for each in orders):
        orders.append({"sortBy": "id", "sortOrder": "asc"})
    return {**body, "sorting": orders}


def _criteria(
    chance: random.Random, sample: Sequence[Facts], count: int, *, in_or: bool
) -> dict[str, Any]:
    makers = [_of_field, _of_field, _of_list, _of_name, _of_variable, _of_number, _like, _flag]
    if not in_or:
        makers.append(_of_link)
    body: dict[str, Any] = {}
    while len(body) < count:
        found = chance.choice(makers)(chance, chance.choice(sample))
        if "assigned" not in "".join(body).lower() or "ssigned" not in "".join(found):
            body.update(found)
    return body


def _of_field(chance: random.Random, facts: Facts) -> dict[str, Any]:
    given = [name for name, field in _FIELDS.items() if facts.task.get(field)]
    name = chance.choice(given)
    return {name: facts.task[_FIELDS[name]]}


def _of_list(chance: random.Random, facts: Facts) -> dict[str, Any]:
    name = chance.choice([*_LISTS])
    value = facts.task.get(_LISTS[name])
    return {name: [value, "nobody"]} if value else {}


def _of_name(chance: random.Random, facts: Facts) -> dict[str, Any]:
    words = [each for each in str(facts.task.get("name") or "").split() if each.isalnum()]
    return {"nameLike": f"%{chance.choice(words)}%"} if words else {}


def _of_variable(chance: random.Random, facts: Facts) -> dict[str, Any]:
    scope, shown = chance.choice(
        (("taskVariables", facts.variables), ("processVariables", facts.process_variables))
    )
    texts = [each for each in shown if each["type"] == "String" and each.get("value")]
    if not texts:
        return {}
    one = chance.choice(texts)
    operator = chance.choice(("eq", "neq"))
    return {scope: [{"name": one["name"], "operator": operator, "value": one["value"]}]}


def _of_number(chance: random.Random, facts: Facts) -> dict[str, Any]:
    scope, shown = chance.choice(
        (("taskVariables", facts.variables), ("processVariables", facts.process_variables))
    )
    numbers = [each for each in shown if each["type"] in _NUMBERS and each.get("value") is not None]
    if not numbers:
        return {}
    one = chance.choice(numbers)
    operator = chance.choice(("eq", "neq", "gt", "gteq", "lt", "lteq"))
    return {scope: [{"name": one["name"], "operator": operator, "value": one["value"]}]}


def _like(chance: random.Random, facts: Facts) -> dict[str, Any]:
    """A part of a text: with a `%` around it, or as it stands."""
    given = [name for name in _TEXTS if len(str(facts.task.get(name) or "")) > 3]
    if not given:
        return {}
    name = chance.choice(given)
    text = str(facts.task[name])
    part = text[1 : chance.randint(2, len(text))].replace("%", "_").replace("\\", "_")
    return {f"{name}Like": chance.choice((f"%{part}%", f"%{part}", part))}


def _order(chance: random.Random, sample: Sequence[Facts]) -> dict[str, Any]:
    order = chance.choice(("asc", "desc"))
    variables = [each for facts in sample for each in facts.process_variables]
    sortable = [each for each in variables if each["type"] in _NUMBERS | {"String", "Date"}]
    if sortable and chance.random() < 0.1:
        one = chance.choice(sortable)
        named = {"variable": one["name"], "type": one["type"]}
        return {"sortBy": "processVariable", "sortOrder": order, "parameters": named}
    return {"sortBy": chance.choice(_ORDERS), "sortOrder": order}


def _of_link(chance: random.Random, facts: Facts) -> dict[str, Any]:
    groups = [each["groupId"] for each in facts.links if each.get("groupId")]
    if not groups:
        return {}
    return {"candidateGroup": chance.choice(groups), "includeAssignedTasks": True}


def _flag(chance: random.Random, _facts: Facts) -> dict[str, Any]:
    return {chance.choice(_FLAGS): True}
