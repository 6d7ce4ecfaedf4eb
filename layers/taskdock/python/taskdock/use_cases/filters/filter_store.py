"""The port to the stored filters; `adapters` implements it."""

from collections.abc import Iterable, Sequence
from typing import Protocol

from taskdock.domain.filters.stored_filter import StoredFilter


class FilterStore(Protocol):
    """The stored filters. Every method raises `TemporarilyUnavailable` when the store is throttled
    or out of reach.
    """

    def list(self, tenants: Iterable[str]) -> Sequence[StoredFilter]:
        """The filters of these tenants, and those that are everybody's."""
        ...

    def get(self, filter_id: str, tenants: Iterable[str]) -> StoredFilter | None:
        """The filter of that id, if it is one of these tenants' or everybody's."""
        ...

    def put(self, stored: StoredFilter, *, is_new: bool) -> bool:
        """Write a new filter, or replace one; False when the one to replace is gone."""
        ...

    def remove(self, stored: StoredFilter) -> bool:
        """Remove; False when there was none."""
        ...
