"""Compares one task, field by field, as both servers show it."""

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from migration.entries import FORM_LIMIT
from migration.http_client import Refused, TooLarge
from migration.old_server import PLAIN, OldServer, Shown, may_have

VARIABLES: Final = {
    "variables": "withTaskVariablesInReturn",
    "localVariables": "withTaskLocalVariablesInReturn",
}
"""The lists of variables of a task, by the flag that shows them in a list of tasks."""

_BINARY: Final = frozenset({"Bytes", "File"})
_SHOWN: Final = 200


@dataclass(frozen=True, slots=True)
class Difference:
    """Something that the servers show differently."""

    task: str
    what: str
    old: str
    new: str
    why: str = ""
    """What was shown to explain it, such as a row of the table of differences; else empty."""


@dataclass(frozen=True, slots=True)
class View:
    """Some tasks as one server lists them."""

    server: OldServer
    tasks: Mapping[str, Shown]
    variables: Mapping[str, Mapping[str, Shown] | None]
    """By the names of `VARIABLES`: the same tasks with these, None where no list shows them."""


def viewed(server: OldServer, ids: Sequence[str]) -> View:
    """Those of the tasks that are open; raises `Trouble`."""
    listed: dict[str, Mapping[str, Shown] | None] = {
        part: server.with_variables(ids, flag) for part, flag in VARIABLES.items()
    }
    tasks = server.tasks(ids)
    if listed["localVariables"] is None and not server.variables("taskIdIn", ids):
        # The list shows none because there are none.
        listed["localVariables"] = tasks
    return View(server, tasks, listed)


def differences(
    task_id: str, views: tuple[View, View], renamed: Mapping[str, str]
) -> list[Difference]:
    """What differs between the task in the first view and in the second; both have it.

    `renamed` gives the ids of attachments that have another one on the second. Raises `Trouble`.
    """
    task, other = (view.tasks[task_id] for view in views)
    found = [*_unequal(task_id, "", task, other)]
    for part in _parts(task, other):
        one, two = (_read(view, task_id, part) for view in views)
        if part == "attachment":
            one = {
                renamed.get(key, key): _undated(each, key in renamed) for key, each in one.items()
            }
            for new in renamed.values():
                two = {**two, new: _undated(two[new], True)} if new in two else two
        found += _unequal(task_id, f"{part} ", one, two)
    return found


def brief(value: Any) -> str:
    """A value as a report shows it."""
    text = json.dumps(value, ensure_ascii=False, sort_keys=True)
    return text if len(text) <= _SHOWN else f"{text[:_SHOWN]}…"


def _parts(task: Shown, other: Shown) -> Iterator[str]:
    yield from ("identity-links", *VARIABLES)
    for part in ("comment", "attachment"):
        # A server that does not say whether there are any is asked.
        if may_have(task, part) or may_have(other, part):
            yield part


def _read(view: View, task_id: str, part: str) -> dict[str, Any]:
    """The part, by a key that both servers have."""
    path = f"/task/{quote(task_id, safe='')}/{part}"
    if part in VARIABLES:
        shown = _variables(view, task_id, part)
        return {name: _variable(view.server, path, name, each) for name, each in shown.items()}
    rows = view.server.of_task(task_id, part)
    if part == "identity-links":
        return _counted(" ".join(str(each[name]) for name in sorted(each)) for each in rows)
    if part == "comment":
        return {each["id"]: _without(each, "links") for each in rows}
    return {each["id"]: _attachment(view.server, path, each) for each in rows}


def _variables(view: View, task_id: str, part: str) -> Shown:
    """From the list where it shows them as they are, else asked for by themselves."""
    listed = view.variables[part]
    if listed is not None and task_id in listed:
        shown: Shown = listed[task_id].get("variables") or {}
        if all(each["type"] in PLAIN for each in shown.values()):
            return shown
    path = f"/task/{quote(task_id, safe='')}/{part}?deserializeValues=false"
    return view.server.object(path) or {}


def _counted(rows: Iterator[str]) -> dict[str, int]:
    counts: dict[str, int] = {}
    for row in rows:
        counts[row] = counts.get(row, 0) + 1
    return counts


def _variable(server: OldServer, path: str, name: str, shown: Shown) -> dict[str, Any]:
    kept = {key: shown.get(key) for key in ("type", "value", "valueInfo")}
    if shown["type"] in _BINARY:
        kept["value"] = _digest(server, f"{path}/{quote(name, safe='')}/data")
    return kept


def _attachment(server: OldServer, path: str, shown: Shown) -> dict[str, Any]:
    kept = _without(shown, "links", "taskId", "removalTime", "id")
    if not shown.get("url"):
        kept["content"] = _digest(server, f"{path}/{quote(shown['id'], safe='')}/data")
    return kept


def _digest(server: OldServer, path: str) -> str:
    """A digest of what is there; a word when there is nothing, or more than is compared."""
    try:
        content = server.connection.content(path, FORM_LIMIT)
    except TooLarge:
        return "too large"
    except Refused as refused:
        if refused.status not in (400, 404):
            raise
        return "nothing"
    return hashlib.sha256(content).hexdigest() if content else "nothing"


def _undated(shown: Shown, is_renamed: bool) -> dict[str, Any]:
    return _without(shown, "createTime") if is_renamed else dict(shown)


def _without(shown: Shown, *names: str) -> dict[str, Any]:
    return {name: value for name, value in shown.items() if name not in names}


def _unequal(task_id: str, part: str, one: Shown, two: Shown) -> Iterator[Difference]:
    for name in sorted({*one, *two}):
        if one.get(name) != two.get(name):
            old, new = (brief(each.get(name)) for each in (one, two))
            yield Difference(task_id, f"{part}{name}", old, new)
