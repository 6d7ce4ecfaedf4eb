"""Create, read, replace and remove stored filters, as far as the caller may see them."""

from collections.abc import Sequence
from dataclasses import dataclass

from taskdock.domain.caller import Caller
from taskdock.domain.errors import InvalidRequest, NotFound
from taskdock.domain.filters.stored_filter import (
    Content,
    StoredFilter,
    is_seen,
    must_be_changeable,
    named_tenant,
    tenant_for,
)
from taskdock.use_cases.filters.filter_store import FilterStore


@dataclass(frozen=True, slots=True)
class Filters:
    """The stored filters as a caller sees them (docs/api.md, D24)."""

    store: FilterStore
    caller: Caller

    def list(self) -> Sequence[StoredFilter]:
        """All of them."""
        found = self.store.list(self.caller.tenants)
        return [each for each in found if is_seen(each, self.caller.access.participant)]

    def get(self, filter_id: str) -> StoredFilter:
        """One of them; raises `NotFound`."""
        found = self.store.get(filter_id, self.caller.tenants)
        if found is None or not is_seen(found, self.caller.access.participant):
            raise _unknown(filter_id)
        return found

    def create(self, filter_id: str, content: Content) -> StoredFilter:
        """A new one; raises `NotAuthorized` when it is to be another tenant's."""
        created = StoredFilter(filter_id, content, tenant_for(content, self.caller))
        self.store.put(created, is_new=True)
        return created

    def replace(self, filter_id: str, content: Content) -> StoredFilter:
        """The one of that id with this content.

        Raises `NotFound`, `NotAuthorized` when it is somebody else's or to be another tenant's,
        `InvalidRequest` when it is to move to another tenant of the caller's.
        """
        before = self.get(filter_id)
        must_be_changeable(before, self.caller.access.participant)
        tenant_for(content, self.caller)
        named = named_tenant(content)
        if named is not None and named != before.tenant:
            raise InvalidRequest(
                "properties.tenantId: a filter stays with the tenant that it was created for"
            )
        after = StoredFilter(filter_id, content, before.tenant)
        if not self.store.put(after, is_new=False):
            raise _unknown(filter_id)
        return after

    def remove(self, filter_id: str) -> None:
        """Remove the one of that id; raises `NotFound`, `NotAuthorized` when it is somebody
        else's."""
        found = self.get(filter_id)
        must_be_changeable(found, self.caller.access.participant)
        if not self.store.remove(found):
            raise _unknown(filter_id)


def _unknown(filter_id: str) -> NotFound:
    return NotFound(f"Filter with id '{filter_id}' does not exist.")
