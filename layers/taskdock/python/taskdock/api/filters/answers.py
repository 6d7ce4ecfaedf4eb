"""How stored filters are shown, and their results in HAL."""

from collections.abc import Mapping
from typing import Any

from taskdock.domain.filters.stored_filter import TASK, StoredFilter


def filter_json(found: StoredFilter, item_count: int | None = None) -> dict[str, Any]:
    """A filter; properties that were never given are shown as none."""
    return _shown(found, found.content.properties or {}, item_count)


def created_filter_json(created: StoredFilter) -> dict[str, Any]:
    """A filter that was just created, its properties as they were sent."""
    return _shown(created, created.content.properties, None)


def _shown(
    found: StoredFilter, properties: Mapping[str, Any] | None, item_count: int | None
) -> dict[str, Any]:
    shown = {
        "id": found.id,
        "resourceType": TASK,
        "name": found.content.name,
        "owner": found.content.owner,
        "query": found.content.query,
        "properties": properties,
    }
    return shown if item_count is None else {**shown, "itemCount": item_count}
