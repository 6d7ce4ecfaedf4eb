"""Asks both servers a query and compares ids in order, and counts."""

import json
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from migration.comparison.explaining import explanation
from migration.comparison.parts import Difference, brief
from migration.comparison.queries import Query, with_ties_broken
from migration.http_client import WAITS, Connection, Refused, Unreachable
from migration.old_server import OldServer

PAGE: Final = 200


@dataclass(frozen=True, slots=True)
class Reply:
    """The ids of the first page and the count, or the status and the words of a refusal."""

    status: int
    ids: tuple[str, ...] = ()
    count: int = 0
    message: str = ""


def asked(connection: Connection, body: Mapping[str, Any], stored: str = "") -> Reply:
    """What a server answers to a query, or to the stored filter of that id that `body` extends.

    Raises `Trouble` when it does not answer at all.
    """
    base = f"/filter/{quote(stored, safe='')}" if stored else "/task"
    listing = f"{base}/list" if stored else base
    try:
        page = _answered(connection, listing, {"maxResults": PAGE}, body)
        unsorted = {name: value for name, value in body.items() if name != "sorting"}
        count = _answered(connection, f"{base}/count", None, unsorted)
    except Refused as refused:
        if refused.status in (401, 503):
            raise
        return Reply(refused.status, message=str(refused))
    return Reply(200, tuple(task["id"] for task in page), int(count["count"]))


def _answered(
    connection: Connection, path: str, query: Mapping[str, Any] | None, body: Mapping[str, Any]
) -> Any:
    """What the server answers; asked again when no answer comes, but not after a refusal."""
    for seconds in WAITS:
        try:
            return connection.json_once("POST", path, query=query, body=body)
        except Unreachable:
            connection.wait(seconds)
    return connection.json_once("POST", path, query=query, body=body)


def compared(
    query: Query, servers: tuple[OldServer, OldServer], absent: Collection[str]
) -> Difference | None:
    """How the answers differ, asked twice when they do; `absent` are tasks not on both servers."""
    body = with_ties_broken(query.body)
    # A stored filter brings its own query; only what breaks ties is added.
    sent = {"sorting": body["sorting"][-1:]} if query.filters else body
    stored = query.filters or ("", "")
    for _ in range(2):
        old, new = (
            asked(server.connection, sent, filter_id)
            for server, filter_id in zip(servers, stored, strict=True)
        )
        if old == new or (old.status >= 400 and new.status >= 400):
            return None
    why = ""
    if (old.status, new.status) == (200, 200):
        why = _explanation(body, servers, absent, (old.count, new.count))
    elif new.status == 200 or new.status == 400:
        why = _refusal(body, old, new)
    return Difference("", f"{query.origin}: {brief(query.body)}", _said(old), _said(new), why)


def _explanation(
    body: Mapping[str, Any],
    servers: tuple[OldServer, OldServer],
    absent: Collection[str],
    counts: tuple[int, int],
) -> str:
    """The explanation; empty too where a server refuses one of the simpler queries it takes."""
    try:
        return explanation(body, servers, absent, counts)
    except Refused as refused:
        if refused.status in (401, 503):
            raise
        return ""


def _refusal(body: Mapping[str, Any], old: Reply, new: Reply) -> str:
    """The row that one side's refusal names itself; empty when it names none."""
    levels = [body, *(body.get("orQueries") or ())]
    expressions = [
        value
        for level in levels
        for name, value in level.items()
        if name.endswith("Expression") and isinstance(value, str)
    ]
    if new.status == 400 and any(each in new.message for each in expressions):
        return "D13: the expression yields nothing that can be used"
    if old.status >= 400 and expressions and "Expressions are forbidden" in old.message:
        return "D12: the old server has expressions switched off"
    texts = [
        name
        for level in levels
        for name, value in level.items()
        if isinstance(value, str) and (name.endswith("In") or name == "candidateGroups")
    ]
    if old.status == 400 and texts:
        return f"D6: {', '.join(texts)} as one text"
    return ""


def _said(reply: Reply) -> str:
    if reply.status != 200:
        return f"status {reply.status}: {reply.message}"
    return f"{reply.count} tasks, {json.dumps(reply.ids[:5])}"
