"""Requests for instances and definitions: read from a query string, for instances from a body
too."""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final

from taskdock.api.queries.values import FROM_JSON, FROM_TEXT, json_texts, text_texts
from taskdock.api.requests.list_order import ListOrder, read_order
from taskdock.api.requests.offset_pages import OffsetPage, read_offset_page
from taskdock.api.requests.property_values import json_flag, json_text, refuse, text_flag
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.criteria import BY_NAME
from taskdock.domain.query.like import like
from taskdock.domain.query.operands import Switches

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

_SWITCHES: Final = {
    "names_ignore_case": "variableNamesIgnoreCase",
    "values_ignore_case": "variableValuesIgnoreCase",
}

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
    switches: Switches
    listing: Listing


@dataclass(frozen=True, slots=True)
class DefinitionSearch:
    """Which definitions are looked for."""

    ids: tuple[str, ...] | None
    keys: tuple[str, ...] | None
    flags: frozenset[str]
    name: Callable[[str | None], bool]
    listing: Listing


@dataclass(frozen=True, slots=True)
class _Instances:
    """What instances of one kind are searched by."""

    names: Mapping[str, str]
    """Properties -> the filters of the tasks in the instances."""
    variables: str
    """The filter of the tasks for variables of the instance."""
    orders: Collection[str]


_PROCESS_INSTANCES: Final = _Instances(_INSTANCES, "processVariables", _INSTANCE_ORDERS)
_CASE_INSTANCES: Final = _Instances(_CASES, "caseInstanceVariables", _CASE_ORDERS)


def process_instance_search(parameters: Mapping[str, str]) -> InstanceSearch:
    """The process instances that a query string asks for; raises `InvalidRequest`."""
    return _text_search(_PROCESS_INSTANCES, parameters)


def case_instance_search(parameters: Mapping[str, str]) -> InstanceSearch:
    """The case instances that a query string asks for; raises `InvalidRequest`."""
    return _text_search(_CASE_INSTANCES, parameters)


def process_instance_search_of(body: object, parameters: Mapping[str, str]) -> InstanceSearch:
    """The process instances that a body asks for; the page is in the query string.

    Raises `InvalidRequest`.
    """
    return _json_search(_PROCESS_INSTANCES, body_of_search(body), parameters)


def case_instance_search_of(body: object, parameters: Mapping[str, str]) -> InstanceSearch:
    """The case instances that a body asks for; the page is in the query string.

    Raises `InvalidRequest`.
    """
    return _json_search(_CASE_INSTANCES, body_of_search(body), parameters)


def body_of_search(body: object) -> Mapping[str, Any]:
    """The body as an object, with its one order as a query string has it.

    Raises `InvalidRequest` for anything else.
    """
    if not isinstance(body, dict):
        raise refuse("the body", "an object", body)
    sorting = body.get("sorting")
    if sorting in (None, []):
        return body
    if not isinstance(sorting, list) or len(sorting) > 1 or not isinstance(sorting[0], dict):
        raise InvalidRequest("sorting: expected a list of one object with sortBy and sortOrder")
    return {**body, "sortBy": sorting[0].get("sortBy"), "sortOrder": sorting[0].get("sortOrder")}


def definition_search(parameters: Mapping[str, str], prefix: str) -> DefinitionSearch:
    """The definitions that a query string asks for; `prefix` is `process` or `case`.

    Raises `InvalidRequest`.
    """
    flags = frozenset(name for name in _DEFINITION_FLAGS if _flag(parameters, name))
    ids = _either(parameters, f"{prefix}DefinitionId", f"{prefix}DefinitionIdIn")
    keys = _either(parameters, "key", "keysIn")
    listing = _listing(parameters, _DEFINITION_ORDERS)
    return DefinitionSearch(ids, keys, flags, _name_test(parameters), listing)


def _text_search(instances: _Instances, parameters: Mapping[str, str]) -> InstanceSearch:
    filters: dict[str, Any] = {}
    for name, criterion in instances.names.items():
        if name in _FLAGS:
            if _flag(parameters, name):
                filters[criterion] = True
        elif name in _LISTS and name in parameters:
            filters[criterion] = text_texts(parameters[name], name) or ()
        elif name in parameters:
            filters[criterion] = parameters[name]
    if parameters.get("variables"):
        read = FROM_TEXT[BY_NAME[instances.variables].kind]
        filters[instances.variables] = read(parameters["variables"], "variables")
    switches = Switches(**{name: _flag(parameters, said) for name, said in _SWITCHES.items()})
    return InstanceSearch(filters, switches, _listing(parameters, instances.orders))


def _json_search(
    instances: _Instances, body: Mapping[str, Any], parameters: Mapping[str, str]
) -> InstanceSearch:
    filters: dict[str, Any] = {}
    for name, criterion in instances.names.items():
        value = body.get(name)
        if value is None:
            continue
        if name in _FLAGS:
            if json_flag(value, name):
                filters[criterion] = True
        elif name in _LISTS:
            filters[criterion] = json_texts(value, name) or ()
        else:
            filters[criterion] = json_text(value, name)
    if body.get("variables") is not None:
        read = FROM_JSON[BY_NAME[instances.variables].kind]
        conditions = read(body["variables"], "variables")
        if conditions:
            filters[instances.variables] = conditions
    switches = Switches(
        **{name: json_flag(body.get(said), said) is True for name, said in _SWITCHES.items()}
    )
    listing = Listing(read_order(body, instances.orders), read_offset_page(parameters))
    return InstanceSearch(filters, switches, listing)


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
