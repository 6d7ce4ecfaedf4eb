"""Forgetting columns: what was erased is in none of them."""

from collections.abc import Iterable

from taskdock.domain.query.read_specs import Tenant
from taskdock.use_cases.columns.column_store import ColumnStore


def forget_columns(store: ColumnStore, tenants: Iterable[Tenant]) -> None:
    """Remove all columns of the tenants; the next broad query asks for new ones."""
    for tenant in tenants:
        store.drop(tenant)
        store.remove([each.name for each in store.objects(tenant)])
