"""Stored filters in memory."""

from collections.abc import Iterable, Sequence

from taskdock.domain.filters.stored_filter import StoredFilter


class InMemoryFilterStore:
    """`FilterStore`."""

    def __init__(self) -> None:
        self._filters: dict[str, StoredFilter] = {}

    def list(self, tenants: Iterable[str]) -> Sequence[StoredFilter]:
        """See `FilterStore.list`."""
        seen = {None, *tenants}
        return [each for each in self._filters.values() if each.tenant in seen]

    def get(self, filter_id: str, tenants: Iterable[str]) -> StoredFilter | None:
        """See `FilterStore.get`."""
        found = self._filters.get(filter_id)
        return found if found is not None and found.tenant in {None, *tenants} else None

    def put(self, stored: StoredFilter, *, is_new: bool) -> bool:
        """See `FilterStore.put`."""
        if not is_new and stored.id not in self._filters:
            return False
        self._filters[stored.id] = stored
        return True

    def remove(self, stored: StoredFilter) -> bool:
        """See `FilterStore.remove`."""
        return self._filters.pop(stored.id, None) is not None
