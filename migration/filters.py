"""Copies the stored filters for tasks; each once, and again when it has changed."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from migration.http_client import Connection, Refused, Trouble, Unreachable
from migration.journal import CopiedFilter, Journal, Left
from migration.old_server import OldServer, Shown, rows

_KEPT: Final = ("resourceType", "name", "owner", "query", "properties")
_LIST: Final = "/filter?resourceType=Task"


@dataclass(frozen=True, slots=True)
class FilterCounts:
    """What one run has done with the filters."""

    seen: int = 0
    written: int = 0


def copy_filters(server: OldServer, target: Connection, journal: Journal) -> FilterCounts:
    """Bring over what is new or has changed; what the target refuses is left, and said.

    Filters that are gone on the old server stay on the target. Raises `Trouble`.
    """
    shown = server.listed_if_allowed(_LIST)
    written = 0
    for each in shown:
        wanted = _body(each)
        digest = _digest(wanted)
        known = journal.state.filters.get(each["id"])
        if known is not None and known.digest == digest:
            continue
        try:
            new_id = _written(target, journal, each["id"], wanted)
        except Refused as refused:
            if refused.status not in (400, 403, 413):
                raise
            address = f"{server.connection.base_url}/filter/{each['id']}"
            left = Left(f"filter {each['name']}", address, str(refused))
            journal.filter(each["id"], CopiedFilter("", digest, (left,)))
            continue
        journal.filter(each["id"], CopiedFilter(new_id, digest))
        written += 1
    return FilterCounts(len(shown), written)


def _written(target: Connection, journal: Journal, old_id: str, wanted: Mapping[str, Any]) -> str:
    known = journal.state.filters.get(old_id)
    if known is not None and known.id:
        path = f"/filter/{quote(known.id, safe='')}"
        try:
            target.json("PUT", path, body=wanted)
        except Refused as refused:
            if refused.status != 404:
                raise
        else:
            return known.id
    if old_id in journal.state.begun_filters:
        # An earlier run may have created it and have been stopped before it could say so.
        twin = _twin(target, journal, wanted)
        if twin is not None:
            return twin
    journal.sending_filter(old_id)
    try:
        created = target.json_once("POST", "/filter/create", body=wanted)
    except Unreachable:
        twin = _twin(target, journal, wanted)
        if twin is None:
            raise
        return twin
    if not isinstance(created, dict) or not created.get("id"):
        raise Trouble(f"{target.base_url}/filter/create: the answer does not name the filter")
    return str(created["id"])


def _twin(target: Connection, journal: Journal, wanted: Mapping[str, Any]) -> str | None:
    """A filter of the target that no record names and that says the same."""
    ours = {each.id for each in journal.state.filters.values()}
    for each in rows(target.json("GET", _LIST), f"{target.base_url}{_LIST}", ("id",)):
        if each["id"] not in ours and _digest(_body(each)) == _digest(wanted):
            return str(each["id"])
    return None


def _body(shown: Shown) -> dict[str, Any]:
    return {name: shown[name] for name in _KEPT if shown.get(name) is not None}


def _digest(body: Mapping[str, Any]) -> str:
    """Of what a filter says; lists and objects that are empty say nothing."""
    query = {name: value for name, value in (body.get("query") or {}).items() if value}
    told = [body.get("name"), body.get("owner"), query, body.get("properties") or {}]
    return hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()
