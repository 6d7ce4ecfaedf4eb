"""The order that the table of differences demands, worked out from the old server's own orders."""

from collections.abc import Callable, Collection, Mapping, Sequence
from itertools import groupby
from typing import Any, Final

from migration.old_server import OldServer, Shown

_FIELDS: Final = {
    "instanceId": "processInstanceId",
    "caseInstanceId": "caseInstanceId",
    "dueDate": "due",
    "followUpDate": "followUp",
    "executionId": "executionId",
    "caseExecutionId": "caseExecutionId",
    "assignee": "assignee",
    "created": "created",
    "lastUpdated": "lastUpdated",
    "description": "description",
    "id": "id",
    "name": "name",
    "nameCaseInsensitive": "name",
    "priority": "priority",
    "tenantId": "tenantId",
}
_SCOPES: Final = {
    "taskVariable": ("taskIdIn", "taskId", "id"),
    "processVariable": ("processInstanceIdIn", "processInstanceId", "processInstanceId"),
    "caseInstanceVariable": ("caseInstanceIdIn", "caseInstanceId", "caseInstanceId"),
}
_PAGE: Final = 200

type Order = Mapping[str, Any]


def ordered(
    kept: Collection[str],
    orders: Sequence[Order],
    server: OldServer,
    listed: Callable[[Sequence[Order]], Sequence[Shown]],
) -> tuple[list[Shown], set[str]]:
    """The kept tasks as D16 and D17 demand, and those of both rows that matter to them.

    `listed` gives all tasks in an order as the old server has it: with nulls at one end, and by a
    process variable with tasks that have such a variable of their own too twice, or by that.
    """
    tasks = [each for each in listed(orders) if each["id"] in kept]
    first, rows = orders[0], set[str]()
    if first["sortBy"] in _SCOPES:
        theirs = [each["id"] for each in tasks]
        tasks = [each for each in listed(orders[1:]) if each["id"] in kept]
        key = _of_variables(tasks, first, server)
        placed = _nulls_moved(tasks, [(each, _of_field(tasks, each)) for each in orders[1:]])
        placed = _by_value(placed, key, first)
        own = first["sortBy"] == "processVariable" and _have_their_own(tasks, first, server)
        if own and _without_nulls(placed, key) != [
            each for each in theirs if key[each] is not None
        ]:
            rows.add("D17")
        if None in key.values():
            rows.add("D16")
        return placed, rows
    placed = _nulls_moved(tasks, [(each, _of_field(tasks, each)) for each in orders])
    if [each["id"] for each in placed] != [each["id"] for each in tasks]:
        rows.add("D16")
    return placed, rows


def _of_field(tasks: Sequence[Shown], order: Order) -> dict[str, Any]:
    """The value that each task has for a sort key, for comparing with the next task's."""
    name = _FIELDS[str(order["sortBy"])]
    values = {task["id"]: task.get(name) for task in tasks}
    if order["sortBy"] != "nameCaseInsensitive":
        return values
    return {key: None if value is None else value.upper() for key, value in values.items()}


def _of_variables(tasks: Sequence[Shown], order: Order, server: OldServer) -> dict[str, Any]:
    """The same of a variable's value in its scope; texts in lower case."""
    many, owner, own = _SCOPES[str(order["sortBy"])]
    ids = sorted({task[own] for task in tasks if task.get(own)})
    values: dict[str, Any] = {}
    for start in range(0, len(ids), _PAGE):
        for each in server.variables(many, ids[start : start + _PAGE]):
            if _is_sought(each, order) and (owner == "taskId" or each.get("taskId") is None):
                value = each.get("value")
                values[each[owner]] = value.lower() if isinstance(value, str) else value
    return {task["id"]: values.get(str(task.get(own))) for task in tasks}


def _have_their_own(tasks: Sequence[Shown], order: Order, server: OldServer) -> bool:
    """Whether tasks have a variable of their own that the order names."""
    ids = [task["id"] for task in tasks]
    return any(
        _is_sought(each, order)
        for start in range(0, len(ids), _PAGE)
        for each in server.variables("taskIdIn", ids[start : start + _PAGE])
    )


def _is_sought(variable: Shown, order: Order) -> bool:
    sought = order.get("parameters") or {}
    kind = str(sought.get("type") or "")
    named = (variable["name"], variable["type"])
    return named == (sought.get("variable"), kind.capitalize())


def _by_value(tasks: Sequence[Shown], key: Mapping[str, Any], order: Order) -> list[Shown]:
    """The tasks by a value, else in the order that they have."""
    valued = [task for task in tasks if key[task["id"]] is not None]
    valued.sort(key=lambda task: key[task["id"]])
    if order["sortOrder"] == "desc":
        groups = groupby(valued, key=lambda task: key[task["id"]])
        valued = [task for group in [list(each) for _, each in groups][::-1] for task in group]
    nulls = [task for task in tasks if key[task["id"]] is None]
    return [*valued, *nulls] if _nulls_are_last(order) else [*nulls, *valued]


def _without_nulls(tasks: Sequence[Shown], key: Mapping[str, Any]) -> list[str]:
    return [task["id"] for task in tasks if key[task["id"]] is not None]


def _nulls_moved(
    tasks: Sequence[Shown], orders: Sequence[tuple[Order, Mapping[str, Any]]]
) -> list[Shown]:
    """Nulls at the end that the contract says, among tasks that are equal before this key."""
    if not orders:
        return list(tasks)
    (order, key), rest = orders[0], orders[1:]
    nulls: list[Shown] = []
    others: list[Shown] = []
    for value, group in groupby(tasks, key=lambda task: key[task["id"]]):
        run = _nulls_moved(list(group), rest)
        (nulls if value is None else others).extend(run)
    return [*others, *nulls] if _nulls_are_last(order) else [*nulls, *others]


def _nulls_are_last(order: Order) -> bool:
    default = "last" if order["sortOrder"] == "asc" else "first"
    return str(order.get("nulls", default)) == "last"
