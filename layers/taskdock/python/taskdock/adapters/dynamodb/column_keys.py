"""The keys of what the table says of columns, and the names of their objects."""

import json
from typing import Final

from taskdock.adapters.dynamodb.keys import Key, digest, tenant_part
from taskdock.domain.query.read_specs import Tenant

_COLUMNS: Final = "COLUMNS#"


def head_key(tenant: Tenant) -> Key:
    """Where the table says which columns of the tenant's tasks count."""
    return {"PK": _partition(tenant), "SK": "HEAD"}


def compaction_key(tenant: Tenant) -> Key:
    """Where the table says who makes columns of the tenant's tasks."""
    return {"PK": _partition(tenant), "SK": "COMPACTION"}


def column_prefix(tenant: Tenant) -> str:
    """What the names of all objects with columns of the tenant start with; no object has two
    tenants' tasks."""
    return f"{digest(json.dumps(tenant))}/"


def is_of_columns(partition: str) -> bool:
    """Whether what has this partition key says something of columns."""
    return partition.startswith(_COLUMNS)


def _partition(tenant: Tenant) -> str:
    return f"{_COLUMNS}{tenant_part(tenant)}"
