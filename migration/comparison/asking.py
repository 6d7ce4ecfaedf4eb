"""Asks both servers a query and compares ids in order, and counts."""

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from migration.comparison.parts import Difference, brief
from migration.comparison.queries import Query, with_ties_broken
from migration.http_client import Connection, Refused

PAGE: Final = 200
_CANDIDATES: Final = ("candidateGroup", "candidateGroups", "candidateUser", "involvedUser")


@dataclass(frozen=True, slots=True)
class Reply:
    """The ids of the first page and the count, or the status of a refusal."""

    status: int
    ids: tuple[str, ...] = ()
    count: int = 0


def asked(connection: Connection, body: Mapping[str, Any]) -> Reply:
    """What a server answers to a query; raises `Trouble` when it does not answer at all."""
    try:
        page = connection.json_once("POST", "/task", query={"maxResults": PAGE}, body=body)
        unsorted = {name: value for name, value in body.items() if name != "sorting"}
        count = connection.json_once("POST", "/task/count", body=unsorted)
    except Refused as refused:
        if refused.status in (401, 503):
            raise
        return Reply(refused.status)
    return Reply(200, tuple(task["id"] for task in page), int(count["count"]))


def compared(
    query: Query, servers: tuple[Connection, Connection], absent: Collection[str]
) -> Difference | None:
    """How the answers differ, asked twice when they do; `absent` are tasks not on both servers."""
    body = with_ties_broken(query.body)
    for _ in range(2):
        old, new = (asked(server, body) for server in servers)
        if old == new or (old.status >= 400 and new.status >= 400):
            return None
    why = _explanation(query.body, old, new, absent)
    return Difference("", f"{query.origin}: {brief(query.body)}", _said(old), _said(new), why)


def rows(body: Mapping[str, Any]) -> Iterator[str]:
    """The rows of the table of differences that may govern the answer to a query."""
    for level in (body, *(body.get("orQueries") or ())):
        if any(name.endswith("Expression") for name in level):
            yield "D13"
        if any("Like" in name and "%" not in str(value) for name, value in level.items()):
            yield "D5"
        if sum(name.removesuffix("Expression") in _CANDIDATES for name in level) > 1:
            yield "D8"
        conditions = [
            each
            for name, value in level.items()
            if name.endswith("Variables") and isinstance(value, list)
            for each in value
            if isinstance(each, dict)
        ]
        if any(isinstance(each.get("value"), int | float) for each in conditions):
            yield "D9"
        if any(each.get("value") in ("", "null") for each in conditions):
            yield "D10"
    for order in body.get("sorting") or ():
        if order.get("sortBy") in ("dueDate", "followUpDate", "assignee", "owner", "description"):
            yield "D16"
        if "Variable" in str(order.get("sortBy")):
            yield "D17"


def _explanation(body: Mapping[str, Any], old: Reply, new: Reply, absent: Collection[str]) -> str:
    if old.status == 200 and new.status == 200 and absent:
        one, two = (_without(reply.ids, absent) for reply in (old, new))
        both = min(len(one), len(two))
        if one[:both] == two[:both] and abs(old.count - new.count) <= len(absent):
            return "tasks that are not on both sides"
    return ", ".join(dict.fromkeys(rows(body)))


def _without(ids: Sequence[str], absent: Collection[str]) -> list[str]:
    return [each for each in ids if each not in absent]


def _said(reply: Reply) -> str:
    if reply.status != 200:
        return f"status {reply.status}"
    return f"{reply.count} tasks, {json.dumps(reply.ids[:5])}"
