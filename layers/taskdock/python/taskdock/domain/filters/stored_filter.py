"""A stored filter: a task query with a name, and who may see it (docs/api.md, D24)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from taskdock.domain.access import Participant
from taskdock.domain.caller import Caller
from taskdock.domain.errors import InvalidRequest, NotAuthorized

TASK: Final = "Task"
"""The one kind of resource that filters find."""

type StoredQuery = Mapping[str, Any]
"""A query as JSON, in the one form in which filters keep it (`api/filters/queries.py`)."""


@dataclass(frozen=True, slots=True)
class Content:
    """What a caller says of a filter."""

    name: str
    owner: str | None
    query: StoredQuery
    properties: Mapping[str, Any] | None
    """Anything that programs keep with the filter."""


@dataclass(frozen=True, slots=True)
class StoredFilter:
    """A filter as it is kept."""

    id: str
    content: Content
    tenant: str | None = None
    """The tenant that the filter belongs to; None for one that is everybody's."""


def tenant_for(content: Content, caller: Caller) -> str | None:
    """The tenant that a new filter of the caller belongs to.

    That is the only tenant of the caller, or the one of the caller's that the properties name.
    Raises `NotAuthorized` when they name another's, `InvalidRequest` when they name no text.
    """
    named = named_tenant(content)
    if named is not None and named not in caller.tenants:
        raise NotAuthorized(f"properties.tenantId: {caller.user} is no member of tenant '{named}'")
    if named is None and len(caller.tenants) == 1:
        [only] = caller.tenants
        return only
    return named


def is_seen(stored: StoredFilter, participant: Participant | None) -> bool:
    """Whether a member of the filter's tenant sees it; where participants alone see tasks, that
    are its owner and the groups in its properties."""
    if participant is None or _owns(stored, participant):
        return True
    groups = (stored.content.properties or {}).get("groups")
    return isinstance(groups, list) and any(
        isinstance(group, str) and group in participant.groups for group in groups
    )


def must_be_changeable(stored: StoredFilter, participant: Participant | None) -> None:
    """Raises `NotAuthorized` for a person who sees no other tasks than their own, unless they own
    the filter."""
    if participant is not None and not _owns(stored, participant):
        raise NotAuthorized("A filter is changed and removed by its owner or by a supervisor.")


def _owns(stored: StoredFilter, participant: Participant) -> bool:
    return stored.content.owner == participant.user


def named_tenant(content: Content) -> str | None:
    """The tenant that the properties name; raises `InvalidRequest` when they name no text."""
    named = (content.properties or {}).get("tenantId")
    if named is None or isinstance(named, str):
        return named
    raise InvalidRequest("properties.tenantId: expected a string")
