"""Requests for instances and definitions, read from a query string."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from taskdock.api.queries.values import text_texts
from taskdock.api.requests.list_order import ListOrder, read_order
from taskdock.api.requests.offset_pages import OffsetPage, read_offset_page
from taskdock.api.requests.property_values import text_flag
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.like import like

_INSTANCES: Final[Mapping[str, str]] = {
    "processInstanceIds": "processInstanceIdIn",
    "processInstanceId": "processInstanceId",
    "businessKey": "processInstanceBusinessKey",
    "businessKeyLike": "processInstanceBusinessKeyLike",
    "processDefinitionId": "processDefinitionId",
    "processDefinitionKey": "processDefinitionKey",
    "processDefinitionKeyIn": "processDefinitionKeyIn",
    "caseInstanceId": "caseInstanceId",
    "tenantIdIn": "tenantIdIn",
    "withoutTenantId": "withoutTenantId",
    "active": "active",
    "suspended": "suspended",
}
"""Parameters for process instances -> the filters of the tasks in them."""

_CASES: Final[Mapping[str, str]] = {
    "caseInstanceId": "caseInstanceId",
    "businessKey": "caseInstanceBusinessKey",
    "caseDefinitionId": "caseDefinitionId",
    "caseDefinitionKey": "caseDefinitionKey",
    "tenantIdIn": "tenantIdIn",
    "withoutTenantId": "withoutTenantId",
}
_LISTS: Final = frozenset({"processInstanceIds", "processDefinitionKeyIn", "tenantIdIn"})
_FLAGS: Final = frozenset({"withoutTenantId", "active", "suspended"})

_INSTANCE_ORDERS: Final = ("instanceId", "definitionId", "definitionKey", "tenantId", "businessKey")
_CASE_ORDERS: Final = ("caseInstanceId", "caseDefinitionKey", "caseDefinitionId", "tenantId")
_DEFINITION_ORDERS: Final = (
    "category", "key", "id", "name", "version", "deploymentId", "deployTime", "tenantId",
    "versionTag",
)  # fmt: skip
_DEFINITION_FLAGS: Final = (
    "latestVersion", "active", "suspended", "startableInTasklist", "notStartableInTasklist",
    "startablePermissionCheck", "withoutTenantId",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listing:
    """Which part of a list is wanted, and in which order."""

    order: ListOrder
    page: OffsetPage


@dataclass(frozen=True, slots=True)
class InstanceSearch:
    """Which instances are looked for."""

    filters: Mapping[str, Any]
    """Filters of the task query."""
    listing: Listing


@dataclass(frozen=True, slots=True)
class DefinitionSearch:
    """Which definitions are looked for."""

    ids: tuple[str, ...] | None
    keys: tuple[str, ...] | None
    flags: frozenset[str]
    name: Callable[[str | None], bool]
    listing: Listing


def process_instance_search(parameters: Mapping[str, str]) -> InstanceSearch:
    """The process instances that a query string asks for; raises `InvalidRequest`."""
    return _instance_search(parameters, _INSTANCES, _INSTANCE_ORDERS)


def case_instance_search(parameters: Mapping[str, str]) -> InstanceSearch:
    """The case instances that a query string asks for; raises `InvalidRequest`."""
    return _instance_search(parameters, _CASES, _CASE_ORDERS)


def definition_search(parameters: Mapping[str, str], prefix: str) -> DefinitionSearch:
    """The definitions that a query string asks for; `prefix` is `process` or `case`.

    Raises `InvalidRequest`.
    """
    flags = frozenset(name for name in _DEFINITION_FLAGS if _flag(parameters, name))
    ids = _either(parameters, f"{prefix}DefinitionId", f"{prefix}DefinitionIdIn")
    keys = _either(parameters, "key", "keysIn")
    listing = _listing(parameters, _DEFINITION_ORDERS)
    return DefinitionSearch(ids, keys, flags, _name_test(parameters), listing)


def _instance_search(
    parameters: Mapping[str, str], names: Mapping[str, str], orders: Collection[str]
) -> InstanceSearch:
    filters: dict[str, Any] = {}
    for name, criterion in names.items():
        if name in _FLAGS:
            if _flag(parameters, name):
                filters[criterion] = True
        elif name in _LISTS and name in parameters:
            filters[criterion] = text_texts(parameters[name], name) or ()
        elif name in parameters:
            filters[criterion] = parameters[name]
    return InstanceSearch(filters, _listing(parameters, orders))


def _listing(parameters: Mapping[str, str], orders: Collection[str]) -> Listing:
    return Listing(read_order(parameters, orders), read_offset_page(parameters))


def _either(parameters: Mapping[str, str], single: str, several: str) -> tuple[str, ...] | None:
    listed = None
    if several in parameters:
        listed = text_texts(parameters[several], several) or ()
    if single not in parameters:
        return listed
    one = parameters[single]
    return (one,) if listed is None or one in listed else ()


def _name_test(parameters: Mapping[str, str]) -> Callable[[str | None], bool]:
    exact = parameters.get("name")
    matches = like(parameters["nameLike"]) if "nameLike" in parameters else None

    def test(name: str | None) -> bool:
        if exact is not None and name != exact:
            return False
        return matches is None or (name is not None and matches(name))

    return test


def _flag(parameters: Mapping[str, str], name: str) -> bool:
    if name not in parameters:
        return False
    try:
        return text_flag(parameters[name], name) is True
    except InvalidRequest as error:
        raise InvalidRequest(
            f"Cannot set query parameter '{name}' to value '{parameters[name]}': {error.message}"
        ) from error
