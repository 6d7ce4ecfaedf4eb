"""What an old server has around its tasks: definitions, people, filters, jobs, history."""

import re
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Final
from urllib.parse import quote

from migration.http_client import Refused, Trouble
from migration.old_server import OldServer, Shown, rows

_COUNTED: Final = {
    "process instances": "/process-instance/count",
    "case instances": "/case-instance/count",
    "deployments": "/deployment/count",
    "process definitions": "/process-definition/count",
    "case definitions": "/case-definition/count",
    "decision definitions": "/decision-definition/count",
    "jobs and timers": "/job/count",
    "external tasks": "/external-task/count",
    "event subscriptions": "/event-subscription/count",
    "incidents": "/incident/count",
    "batches": "/batch/count",
    "filters": "/filter/count",
    "users": "/user/count",
    "groups": "/group/count",
    "tenants": "/tenant/count",
    "authorizations": "/authorization/count",
    "ended tasks in the history": "/history/task/count?finished=true",
}
_RUN_BY_ENGINE: Final = {
    "task listeners": "taskListener",
    "execution listeners": "executionListener",
    "scripts": "script|scriptTask",
    "timers": "timerEventDefinition",
    "service tasks": "serviceTask|sendTask|businessRuleTask",
}
_NEWEST_OPERATIONS: Final = (
    "/history/user-operation?entityType=Task&sortBy=timestamp&sortOrder=desc&maxResults=1000"
)


@dataclass(slots=True)
class Surroundings:
    """Counts by name; None is what the server does not show to this user."""

    counts: dict[str, int | None] = field(default_factory=dict)
    definitions: dict[str, dict[str, Any]] = field(default_factory=dict)
    """Of each definition with open tasks: key, name, version, and what the engine runs in it."""
    filters: list[dict[str, Any]] = field(default_factory=list)
    tenants_unseen: list[str] = field(default_factory=list)
    """Tenants whose tasks the user of the inspection does not see."""
    operations: dict[str, int] = field(default_factory=dict)
    """The newest entries of the operation log by type, as far as there is one."""
    operators: int = 0
    """How many users those entries name."""


def surveyed(server: OldServer, user: str, definitions: Iterable[str]) -> Surroundings:
    """Read them; `definitions` are the ids that open tasks name."""
    found = Surroundings()
    for name, path in _COUNTED.items():
        found.counts[name] = _count(server, path)
    for each in definitions:
        found.definitions[each] = _definition(server, each)
    found.filters = [_filter(each) for each in _list(server, "/filter?resourceType=Task")]
    tenants = {str(each["id"]) for each in _list(server, "/tenant")}
    if user:
        own = _list(server, f"/tenant?userMember={quote(user)}")
        found.tenants_unseen = sorted(tenants - {str(each["id"]) for each in own})
    entries = _list(server, _NEWEST_OPERATIONS)
    found.operations = dict(Counter(str(each["operationType"]) for each in entries).most_common())
    found.operators = len({each.get("userId") for each in entries} - {None})
    return found


def _count(server: OldServer, path: str) -> int | None:
    found = _shown(server, path)
    return int(found["count"]) if isinstance(found, dict) and "count" in found else None


def _list(server: OldServer, path: str) -> list[Shown]:
    found = _shown(server, path)
    place = f"{server.connection.base_url}{path}"
    return rows(found, place, ()) if isinstance(found, list) else []


def _shown(server: OldServer, path: str) -> Any:
    """What is there, or None when the server has no such route or forbids it."""
    try:
        return server.connection.json("GET", path)
    except Refused as refused:
        if refused.status in (403, 404):
            return None
        raise


def _definition(server: OldServer, definition_id: str) -> dict[str, Any]:
    for kind, xml in (("process", "bpmn20Xml"), ("case", "cmmnXml")):
        path = f"/{kind}-definition/{quote(definition_id, safe='')}"
        shown = server.object(path)
        if shown is None:
            continue
        found = {name: shown.get(name) for name in ("key", "name", "version", "tenantId")}
        text = (_shown(server, f"{path}/xml") or {}).get(xml) or ""
        return {"kind": kind, **found, "runs": run_by_engine(str(text))}
    place = server.connection.base_url
    raise Trouble(f"{place}: there is no definition {definition_id}, which a task names")


def run_by_engine(xml: str) -> Mapping[str, int]:
    """How many elements of a definition need the engine, by kind."""
    counts = {
        words: len(re.findall(rf"<(?:[\w.-]+:)?(?:{names})\b", xml))
        for words, names in _RUN_BY_ENGINE.items()
    }
    return {words: count for words, count in counts.items() if count}


def _filter(shown: Shown) -> dict[str, Any]:
    query = shown.get("query") or {}
    return {
        "id": shown.get("id"),
        "name": shown.get("name"),
        "owner": shown.get("owner"),
        "criteria": sorted(query),
        "expressions": sorted(name for name in query if name.endswith("Expression")),
    }
