"""Reads requests of the service API about tasks and their lists."""

import re
from collections.abc import Mapping
from typing import Any, Final

from taskdock.api.requests.property_values import shown
from taskdock.api.requests.strict_fields import StrictFields
from taskdock.domain.errors import InvalidRequest, NotFound
from taskdock.domain.services.actions import Action, action_named
from taskdock.domain.services.lists import ListName, list_item
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.services.manage_service_task import NewItem, ServiceTaskReference

_INDEX: Final = re.compile("[0-9]{1,9}")


def reference(request: Request, wiring: Wiring) -> ServiceTaskReference:
    """The task that the path names."""
    return ServiceTaskReference(
        sid=request.path["sid"],
        tid=request.path["tid"],
        caller=request.caller,
        now=wiring.now(),
        expected_version=request.expected_version,
    )


def action_of(request: Request) -> tuple[Action, str | None]:
    """The action, and the reason of a failure; raises `InvalidRequest`."""
    fields = StrictFields(request.json(), "")
    action, reason = action_named(fields.needed("action")), fields.filled("reason")
    fields.refuse_others()
    return action, reason


def new_item(request: Request, name: ListName) -> NewItem:
    """The item to add: its address is in the query string or in the body, but not in both.

    Raises `InvalidRequest`.
    """
    fields = StrictFields(request.json(), "")
    given = request.parameters.get("href")
    if given is None:
        href = fields.needed("href")
    elif "href" in fields.given:
        raise InvalidRequest("href: is in the query string and in the body; send one")
    else:
        href = StrictFields({"href": given}, "the query string").needed("href")
    metadata = _metadata(fields)
    fields.refuse_others()
    index = request.parameters.get("index")
    return NewItem(
        list=name,
        item=list_item(href, metadata),
        index=None if index is None else _index(index),
        idempotency_key=request.idempotency_key,
    )


def item_patch(body: object) -> Mapping[str, Any] | None:
    """The patch of an item's metadata, None to remove all of them; raises `InvalidRequest`. The
    address of an item cannot change.
    """
    fields = StrictFields(body, "")
    for name in ("href", "index"):
        if name in fields.given:
            raise fields.wrong(name, "of an item stays; remove the item and add another")
    patch = _metadata(fields)
    fields.refuse_others()
    if "metadata" not in fields.given:
        return {}
    return None if fields.value("metadata") is None else patch


def index_in_path(request: Request, name: ListName) -> int:
    """The index in the path; raises `NotFound` for anything but an index."""
    text = request.path["index"]
    if not _INDEX.fullmatch(text):
        raise NotFound(f"The {name} of task '{request.path['tid']}' has no item with index {text}")
    return int(text)


def _index(text: str) -> int:
    if not _INDEX.fullmatch(text):
        raise InvalidRequest(f"index: expected a whole number, got {shown(text)}")
    return int(text)


def _metadata(fields: StrictFields) -> dict[str, Any]:
    return {key: value for key, value, _ in fields.entries("metadata")}
