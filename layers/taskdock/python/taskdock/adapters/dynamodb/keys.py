"""Every key of the table, and nothing else builds one: primary keys and keys of the indexes.

A key consists of what it names, `#`, and the value itself, so that a console shows what an item is.
A value that the table would refuse in a key (too long, no valid text) is written as `~` and its
digest instead. No key is empty, and no two values share one.
"""

import hashlib
import json
from collections.abc import Mapping
from enum import StrEnum
from typing import Final
from zlib import crc32

from taskdock.domain.access import Authorization
from taskdock.domain.instants import Instant
from taskdock.domain.query.read_specs import (
    BY_FIELD,
    ENDED_BY,
    OPEN_SHARDS,
    EndedOf,
    EndedTasks,
    Inbox,
    Index,
    Partition,
    Tenant,
)
from taskdock.domain.tasks.task import (
    CANDIDATE,
    NO_LINKS,
    Task,
    TaskId,
    is_assigned,
    is_deleted,
    is_open,
)

type Key = Mapping[str, str]
"""A primary key: the attributes `PK` and `SK`."""


NUMBERS: Final = frozenset(index.sort_key for index in Index)
"""The key attributes that hold numbers; all others hold strings."""

PROJECTED: Final = ("doc", "version")
"""What every index carries beside its keys."""

# The table takes 1,024 bytes for a sort key, 2,048 for a partition key. Far below that a digest
# is already the shorter key, and keys are paid for in every index.
_LONGEST_VALUE: Final = 256

SERVICES: Final = "SERVICE"
"""The partition that all services share."""

SERVICE_PREFIX: Final = "SID#"
"""What the sort keys in it start with."""


FILTER_PREFIX: Final = "FILTER#"
"""What the sort keys of stored filters start with."""


TENANTS: Final = "TENANTS"
"""The partition that lists the tenants which tasks have had."""

TENANT_PREFIX: Final = "TENANT#"
"""What the sort keys in it start with."""

LAYOUT: Final[Key] = {"PK": "LAYOUT", "SK": "LAYOUT"}
"""Where the table says which layout its keys have."""


PROGRAMS: Final = "PROGRAMS"
"""The partition that all registered programs share."""

PROGRAM_PREFIX: Final = "PROGRAM#"
"""What the sort keys in it start with."""

FORMS: Final = "FORMS"
"""The partition that says which version of each registered form is the newest."""

FORM_PREFIX: Final = "FORM#"
"""What the sort keys in it start with."""

VERSION_PREFIX: Final = "VERSION#"
"""What the sort keys of a form's versions start with."""


class RecordKind(StrEnum):
    """What is kept beside a task in its item collection."""

    COMMENT = "comment"
    ATTACHMENT = "attachment"
    UPLOAD = "upload"
    """Notes that the content of an attachment is on its way."""
    OPERATION = "operation"
    """What an operation left in the log."""
    VARIABLE = "variable"
    """A variable that was removed."""


def task_key(task_id: TaskId) -> Key:
    """Where the task itself is."""
    return {"PK": _collection(task_id), "SK": "TASK"}


def record_key(task_id: TaskId, kind: str, record_id: str) -> Key:
    """Where a record beside the task is; keys of a kind are in order of the records' ids."""
    return {"PK": _collection(task_id), "SK": f"{record_prefix(kind)}{_value(record_id)}"}


def record_prefix(kind: str) -> str:
    """What the sort keys of all records of a kind start with."""
    return f"{RecordKind(kind).upper()}#"


def receipt_key(owner: str, key: str) -> Key:
    """Where the receipt under an owner's idempotency key is."""
    return {"PK": f"RECEIPT#{digest(json.dumps([owner, key]))}", "SK": "RECEIPT"}


def service_key(sid: str) -> Key:
    """Where the service is registered."""
    return {"PK": SERVICES, "SK": f"{SERVICE_PREFIX}{_value(sid)}"}


def program_key(client_id: str) -> Key:
    """Where the program is registered."""
    return {"PK": PROGRAMS, "SK": f"{PROGRAM_PREFIX}{_value(client_id)}"}


def form_key(key: str) -> Key:
    """Where the table says which version of the form is the newest."""
    return {"PK": FORMS, "SK": f"{FORM_PREFIX}{_value(key)}"}


def form_partition(key: str) -> str:
    """The partition of the form's versions."""
    return f"{FORM_PREFIX}{_value(key)}"


def form_version_key(key: str, version: int) -> Key:
    """Where a version of the form is; keys are in the order of versions."""
    return {"PK": form_partition(key), "SK": f"{VERSION_PREFIX}{version:010}"}


def tenant_key(tenant: str) -> Key:
    """Where the table notes that tasks have had that tenant."""
    return {"PK": TENANTS, "SK": f"{TENANT_PREFIX}{_value(tenant)}"}


def filter_partition(tenant: str | None) -> str:
    """The partition of a tenant's stored filters, or of those that are everybody's."""
    return "FILTERS" if tenant is None else f"FILTERS#{_value(tenant)}"


def filter_key(filter_id: str, tenant: str | None) -> Key:
    """Where the stored filter is."""
    return {"PK": filter_partition(tenant), "SK": f"{FILTER_PREFIX}{_value(filter_id)}"}


def partition_key(index: Index, tenant: Tenant, partition: Partition) -> str:
    """The value that a tenant's entries of `partition` have in the index's partition attribute:
    the tenant, or nothing, then a bar, then what the partition is of.
    """
    return f"{tenant_part(tenant)}|{_of_tenant(index, partition)}"


def _of_tenant(index: Index, partition: Partition) -> str:
    match partition:
        case int():
            return str(partition)
        case Inbox(kind, name, assigned):
            return f"{'ASSIGNED' if assigned else 'UNASSIGNED'}#{kind.upper()}#{_value(name)}"
        case EndedTasks(value) | EndedOf(value):
            return f"ENDED#{_value(value)}"
        case _ if index is Index.SERVICE:
            return f"OPEN#{_value(partition)}"
        case _:
            return _value(partition)


def tenant_part(tenant: Tenant) -> str:
    """The tenant as a key names it; a name that could be taken for another thing by its digest."""
    if tenant is None:
        return ""
    return _value(tenant) if tenant and "|" not in tenant else f"~{digest(tenant)}"


def index_keys(
    task: Task, authorization: Authorization = Authorization.OPEN
) -> dict[str, str | int]:
    """The key attributes of the task's own item: what puts it into indexes.

    An ended task is in partitions of ended tasks: its service's, its assignee's, its process
    instance's, and those of `ENDED`. Of its inboxes the
    first is among them: most tasks have one candidate, and are a single item that way.
    """
    if not is_open(task):
        return _keys_of_ended(task)
    shard = shard_of(task["id"])
    keys: dict[str, str | int] = {"created": task["created"], **_entry(task, Index.OPEN, shard)}
    for index, field in BY_FIELD.items():
        value = task.get(field)
        if isinstance(value, str):
            keys |= _entry(task, index, value)
    for inbox in _inboxes(task, authorization)[:1]:
        keys |= _entry(task, Index.CANDIDATE, inbox)
    due = task.get("due")
    if due is not None:
        keys |= {**_entry(task, Index.DUE, shard), "due": due}
    return keys


def stamped_keys(task: Task, stamp: Instant) -> dict[str, str | int]:
    """The key attributes that put the task's own item into the index of changes."""
    return {**_entry(task, Index.CHANGES, shard_of(task["id"])), Index.CHANGES.sort_key: stamp}


def _entry(task: Task, index: Index, partition: Partition) -> dict[str, str]:
    return {index.partition_key: partition_key(index, task.get("tenantId"), partition)}


def _keys_of_ended(task: Task) -> dict[str, str | int]:
    keys: dict[str, str | int] = {
        "created": task["created"],
        "ended": task["ended"],
        **_entry(task, Index.ENDED, shard_of(task["id"])),
    }
    service = task.get("service")
    if service is not None and not is_deleted(task):
        keys |= _entry(task, Index.SERVICE, EndedTasks(service))
    for index in ENDED_BY:
        value = task.get(BY_FIELD[index])
        if isinstance(value, str):
            keys |= _entry(task, index, EndedOf(value))
    return keys


def queue_keys(
    task: Task, authorization: Authorization = Authorization.OPEN
) -> list[dict[str, str | int]]:
    """All key attributes of the task's queue entries: one for each inbox but the first.

    Candidate groups and candidate users of an open task make inboxes. Owners and other links do
    only where participants alone see a task: they have to find it.
    """
    return [
        {
            "PK": _collection(task["id"]),
            "SK": f"LINK#{CANDIDATE}#{inbox.kind}#{_value(inbox.name)}",
            "created": task["created"],
            **_entry(task, Index.CANDIDATE, inbox),
        }
        for inbox in _inboxes(task, authorization)[1:]
    ]


def shard_of(task_id: TaskId) -> int:
    """The shard that the task is in of every index of its tenant that has shards."""
    return crc32(task_id.encode("utf-8", "surrogatepass")) % OPEN_SHARDS


def _inboxes(task: Task, authorization: Authorization) -> list[Inbox]:
    if not is_open(task):
        return []
    assigned = is_assigned(task)
    links = task.get("links", NO_LINKS)
    candidates = [link for link in links if link["type"] == CANDIDATE]
    groups = dict.fromkeys(link["groupId"] for link in candidates)
    users = dict.fromkeys(link["userId"] for link in candidates)
    return [
        *(Inbox("group", group, assigned) for group in groups if group is not None),
        *(Inbox("user", user, assigned) for user in users if user is not None),
        *(_linked(task) if authorization is Authorization.PARTICIPANTS else ()),
    ]


def _linked(task: Task) -> list[Inbox]:
    links = task.get("links", NO_LINKS)
    users = (task.get("owner"), *(link["userId"] for link in links if link["type"] != CANDIDATE))
    return [Inbox.of_links(user) for user in dict.fromkeys(users) if user is not None]


def _collection(task_id: TaskId) -> str:
    return f"TASK#{_value(task_id)}"


def _value(text: str) -> str:
    try:
        fits = len(text.encode()) <= _LONGEST_VALUE and not text.startswith("~")
    except UnicodeEncodeError:  # half a surrogate pair: JSON can write it, UTF-8 cannot
        fits = False
    return text if fits else f"~{digest(text)}"


def digest(text: str) -> str:
    """What stands in a key for a text that cannot."""
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
