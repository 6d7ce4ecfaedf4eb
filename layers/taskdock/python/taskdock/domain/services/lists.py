"""The input and the output of a service's task: lists of documents by their addresses.

Indexes start at 0 and have no gaps: an insertion moves later items down, a deletion moves them up
(docs/service-api.md, Lists).
"""

from collections.abc import Iterator, Mapping, Sequence
from enum import StrEnum
from typing import Any, Final, TypedDict

from taskdock.domain import merge_patch
from taskdock.domain.errors import InvalidRequest, NotFound, StateConflict
from taskdock.domain.instants import Instant
from taskdock.domain.services.actions import state_of
from taskdock.domain.tasks.task import ListItem, State, Task, updated
from taskdock.domain.variables.values import plain
from taskdock.domain.web_addresses import must_be_harmless


class ListName(StrEnum):
    """The two lists; the values are the document's keys and the API's paths."""

    INPUT = "input"
    OUTPUT = "output"


CHANGEABLE: Final[Mapping[ListName, frozenset[str]]] = {
    ListName.INPUT: frozenset({State.CREATED}),
    ListName.OUTPUT: frozenset({State.CREATED, State.STARTED}),
}
"""The states in which a list may change: a start freezes the input, an end freezes both."""


class MergedItem(TypedDict):
    """An input item as a service gets it at start, its metadata merged with what surrounds it."""

    index: int
    href: str
    metadata: Mapping[str, Any]


def list_item(href: str, metadata: Mapping[str, Any]) -> ListItem:
    """An item as it is stored: without the key `metadata` when it has none. Raises
    `InvalidRequest` for an address that runs a program when a browser opens it."""
    must_be_harmless(href, "href")
    return {"href": href, "metadata": metadata} if metadata else {"href": href}


def items(task: Task, name: ListName) -> Sequence[ListItem]:
    """The list's items in order; empty when the task was created without."""
    return task.get("input", ()) if name is ListName.INPUT else task.get("output", ())


def item_at(task: Task, name: ListName, index: int) -> ListItem:
    """The item at `index`; raises `NotFound` when the list has none there."""
    listed = items(task, name)
    if not 0 <= index < len(listed):
        raise NotFound(f"The {name} of task '{task['id']}' has no item with index {index}")
    return listed[index]


def metadata_of(task: Task) -> dict[str, Any]:
    """The task's metadata: its own variables as plain values, in the order they were given."""
    return {name: plain(variable) for name, variable in task.get("variables", {}).items()}


def list_metadata(task: Task, name: ListName) -> Mapping[str, Any]:
    """The metadata of the list as a whole."""
    if name is ListName.INPUT:
        return task.get("inputMetadata", {})
    return task.get("outputMetadata", {})


def insert(
    task: Task, name: ListName, item: ListItem, now: Instant, *, index: int | None = None
) -> Task:
    """The task with `item` at `index`, or at the end without one; later items move down.

    Raises `StateConflict` when the list may not change any more, `InvalidRequest` for an index
    that would leave a gap.
    """
    _must_be_changeable(task, name)
    listed = items(task, name)
    place = len(listed) if index is None else index
    if not 0 <= place <= len(listed):
        raise InvalidRequest(f"index: expected 0 to {len(listed)}, got {index}")
    return _with_items(task, name, [*listed[:place], item, *listed[place:]], now)


def merge_item_metadata(
    task: Task, name: ListName, index: int, metadata: Mapping[str, Any], now: Instant
) -> Task:
    """The task with `metadata` merged into that of an item, as JSON merge patch has it.

    Raises `StateConflict` when the list may not change any more, `NotFound` without such an item.
    """
    _must_be_changeable(task, name)
    item = item_at(task, name, index)
    merged: ListItem = {
        **item,
        "metadata": merge_patch.merged(item.get("metadata", {}), metadata),
    }
    listed = items(task, name)
    return _with_items(task, name, [*listed[:index], merged, *listed[index + 1 :]], now)


def remove(task: Task, name: ListName, index: int, now: Instant) -> Task:
    """The task without the item at `index`; later items move up.

    Raises `StateConflict` when the list may not change any more, `NotFound` without such an item.
    """
    _must_be_changeable(task, name)
    item_at(task, name, index)
    listed = items(task, name)
    return _with_items(task, name, [*listed[:index], *listed[index + 1 :]], now)


def merged_items(task: Task) -> Iterator[MergedItem]:
    """What a service works on, item by item: metadata of task, input list and item merged.

    The merge is shallow and the later wins (docs/service-api.md, What a service gets at the start).
    Lazy, because each item repeats what surrounds it: a task of 300 KB can come to hundreds of MB.
    """
    surrounding = {**metadata_of(task), **list_metadata(task, ListName.INPUT)}
    for index, item in enumerate(items(task, ListName.INPUT)):
        merged = {**surrounding, **item.get("metadata", {})}
        yield {"index": index, "href": item["href"], "metadata": merged}


def _must_be_changeable(task: Task, name: ListName) -> None:
    state = state_of(task)
    if state not in CHANGEABLE[name]:
        raise StateConflict(f"The {name} of task '{task['id']}' cannot change: it is {state}.")


def _with_items(task: Task, name: ListName, listed: list[ListItem], now: Instant) -> Task:
    return updated(task, now, **{name.value: listed})
