"""Requests for the operation log, read from a query string."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from taskdock.api.queries.values import text_instant, text_texts
from taskdock.api.requests.list_order import ListOrder, read_order
from taskdock.api.requests.offset_pages import OffsetPage, read_offset_page
from taskdock.domain.errors import InvalidRequest
from taskdock.use_cases.history.read_log import LogEntry

CATEGORY: Final = "TaskWorker"

_EQUAL: Final[Mapping[str, Callable[[LogEntry], object]]] = {
    "taskId": lambda entry: entry.task["id"],
    "processInstanceId": lambda entry: entry.task.get("processInstanceId"),
    "processDefinitionId": lambda entry: entry.task.get("processDefinitionId"),
    "processDefinitionKey": lambda entry: entry.task.get("processDefinitionKey"),
    "executionId": lambda entry: entry.task.get("executionId"),
    "caseInstanceId": lambda entry: entry.task.get("caseInstanceId"),
    "caseExecutionId": lambda entry: entry.task.get("caseExecutionId"),
    "caseDefinitionId": lambda entry: entry.task.get("caseDefinitionId"),
    "deploymentId": lambda _: None,
    "jobId": lambda _: None,
    "externalTaskId": lambda _: None,
    "userId": lambda entry: entry.user,
    "operationId": lambda entry: entry.operation_id,
    "operationType": lambda entry: entry.operation_type,
    "entityType": lambda entry: entry.entity,
    "property": lambda entry: entry.property,
    "category": lambda _: CATEGORY,
}
_WITHIN: Final[Mapping[str, Callable[[LogEntry], object]]] = {
    "entityTypeIn": _EQUAL["entityType"],
    "categoryIn": _EQUAL["category"],
}


@dataclass(frozen=True, slots=True)
class LogSearch:
    """Which lines of the log are looked for."""

    task_id: str | None
    process_instance_id: str | None
    tests: tuple[Callable[[LogEntry], bool], ...]
    order: ListOrder
    page: OffsetPage

    def found(self, entries: list[LogEntry]) -> list[LogEntry]:
        """Those that meet all conditions, the oldest first unless asked otherwise."""
        left = [each for each in entries if all(test(each) for test in self.tests)]
        left.sort(key=lambda each: (each.at, each.id))
        return left[::-1] if self.order.descending else left


def read_log_search(parameters: Mapping[str, str]) -> LogSearch:
    """What the query string asks for.

    Raises `InvalidRequest`, also when it names neither a task nor a process instance.
    """
    task_id, process = parameters.get("taskId"), parameters.get("processInstanceId")
    if task_id is None and process is None:
        raise InvalidRequest("taskId: is missing; the log is kept by task (or processInstanceId)")
    tests: list[Callable[[LogEntry], bool]] = [
        _equal(value, parameters[name]) for name, value in _EQUAL.items() if name in parameters
    ]
    for name, value in _WITHIN.items():
        if name in parameters:
            tests.append(_among(value, frozenset(text_texts(parameters[name], name) or ())))
    after, before = (_instant(parameters, name) for name in ("afterTimestamp", "beforeTimestamp"))
    if after is not None:
        tests.append(lambda entry: entry.at > after)
    if before is not None:
        tests.append(lambda entry: entry.at < before)
    order = read_order(parameters, ("timestamp",))
    return LogSearch(task_id, process, tuple(tests), order, read_offset_page(parameters))


def _equal(value: Callable[[LogEntry], object], wanted: str) -> Callable[[LogEntry], bool]:
    return lambda entry: value(entry) == wanted


def _among(
    value: Callable[[LogEntry], object], wanted: frozenset[str]
) -> Callable[[LogEntry], bool]:
    return lambda entry: value(entry) in wanted


def _instant(parameters: Mapping[str, str], name: str) -> int | None:
    return text_instant(parameters[name], name) if name in parameters else None
