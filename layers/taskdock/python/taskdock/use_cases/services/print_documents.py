"""A service's worker, as an example: it prints the input of started tasks.

There is no printer: a printed document is an item in the task's output that says which document,
on which printer and how often. It shows what a worker has to get right. It may be called twice for
one start, two workers may work on the same task, and a worker may die between any two steps: each
document is in the output once, and the task ends once.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final

from taskdock.domain.services.lists import MergedItem
from taskdock.use_cases.services.task_api import AskedDifferently, TaskApi, TaskMovedOn

PRINTER: Final = "Printer"
COPIES: Final = "copies"
"""The metadata that say where and how often to print."""

_MOST_COPIES: Final = 1_000


@dataclass(frozen=True, slots=True)
class Started:
    """A started task, from its event `TaskStarted`."""

    tid: str
    href: str
    items: Sequence[MergedItem] | None
    """The items to print; None when they did not fit into the event."""


class Outcome(StrEnum):
    """The result of the work on a started task."""

    PRINTED = "printed"
    FAILED = "failed"
    LEFT_ALONE = "left alone"
    """Another caller has ended it."""


class _CannotPrint(Exception):
    """A retry would not help."""


def print_documents(api: TaskApi, started: Started) -> Outcome:
    """Print the task's input and complete the task; or fail it with a reason.

    Raises `TemporarilyUnavailable`, and `NotThere` for a task that the worker was told of and does
    not see: it was deleted, or the worker is not registered for its tenant. Then call it again; in
    the end somebody has to look at it.
    """
    try:
        task = api.task(started.href)
        if task["state"] != "started":
            return Outcome.LEFT_ALONE
        items = _items_of(task) if started.items is None else started.items
        try:
            pages = [_printed(item) for item in items]
        except _CannotPrint as problem:
            api.act(started.href, {"action": "fail", "reason": str(problem)})
            return Outcome.FAILED
        for page in pages:
            if page["metadata"]["input"] not in _printed_before(task):
                _deliver(api, started, page)
        api.act(started.href, {"action": "complete"})
    except TaskMovedOn:
        return Outcome.LEFT_ALONE
    return Outcome.PRINTED


def _deliver(api: TaskApi, started: Started, page: Mapping[str, Any]) -> None:
    key = f"print:{started.tid}:{page['metadata']['input']}"
    try:
        api.add_output(started.href, page, key=key)
    except AskedDifferently:
        # Another worker printed it, and the task's metadata were changed in between.
        return


def _printed(item: MergedItem) -> dict[str, Any]:
    """The output's item for a printed item. It does not depend on time or worker, so a repetition
    makes the same."""
    place, metadata = item["index"], item["metadata"]
    printer, copies = metadata.get(PRINTER), metadata.get(COPIES, 1)
    if not isinstance(printer, str) or not printer.strip():
        raise _CannotPrint(f"input {place}: the metadata name no {PRINTER}")
    if isinstance(copies, bool) or not isinstance(copies, int) or not 1 <= copies <= _MOST_COPIES:
        raise _CannotPrint(f"input {place}: {COPIES} is no number from 1 to {_MOST_COPIES}")
    return {
        "href": item["href"],
        "metadata": {"input": place, "printer": printer, "copies": copies},
    }


def _items_of(task: Mapping[str, Any]) -> list[MergedItem]:
    """The task's input with its metadata merged, as `TaskStarted` has it."""
    given = task["lists"]["input"]
    around = {**task["metadata"], **given["metadata"]}
    return [
        {
            "index": item["index"],
            "href": item["href"],
            "metadata": {**around, **item["metadata"]},
        }
        for item in given["embedded"]["listItems"]
    ]


def _printed_before(task: Mapping[str, Any]) -> list[object]:
    """The input items that are in the output already; the output may hold other items too."""
    items = task["lists"]["output"]["embedded"]["listItems"]
    return [item["metadata"].get("input") for item in items]
