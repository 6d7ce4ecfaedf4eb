"""Entries of an import, made of what the old server shows; what does not fit is left, and said."""

import base64
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import quote

from migration.http_client import Refused, TooLarge
from migration.journal import Left
from migration.old_server import Facts, OldServer, Shown

RECORD_LIMIT: Final = 280 * 1024
"""Bytes of an attachment that an import takes; a form takes what is larger."""

FORM_LIMIT: Final = 4_400_000
"""Bytes of an attachment that a form takes, with room for the form itself."""

TASK_LIMIT: Final = 300 * 1024
"""Bytes of a task with its variables."""

_SERIALIZED: Final = "application/x-java-serialized-object"
_TASK_FIELDS: Final = (
    "id",
    "name",
    "assignee",
    "created",
    "due",
    "followUp",
    "lastUpdated",
    "delegationState",
    "description",
    "executionId",
    "owner",
    "parentTaskId",
    "priority",
    "processDefinitionId",
    "processInstanceId",
    "taskDefinitionKey",
    "caseExecutionId",
    "caseInstanceId",
    "caseDefinitionId",
    "suspended",
    "formKey",
    "camundaFormRef",
    "tenantId",
    "taskState",
)
_COMMENT_FIELDS: Final = (
    "id",
    "userId",
    "time",
    "message",
    "processInstanceId",
    "rootProcessInstanceId",
)
_ATTACHMENT_FIELDS: Final = (
    "id",
    "name",
    "description",
    "type",
    "url",
    "createTime",
    "rootProcessInstanceId",
)


@dataclass(frozen=True, slots=True)
class LargeFile:
    """An attachment that goes to the target in a form of its own."""

    id: str
    shown: Shown
    content: bytes


@dataclass(frozen=True, slots=True)
class Prepared:
    """A task as the target takes it."""

    id: str
    entry: Mapping[str, Any]
    digest: str
    left: tuple[Left, ...]
    files: tuple[LargeFile, ...]

    @property
    def size(self) -> int:
        """Bytes of the entry in a request."""
        return len(json.dumps(self.entry).encode()) + 2


def prepared(facts: Facts, server: OldServer) -> Prepared:
    """The entry of a task. Contents of files are read from the old server."""
    left: list[Left] = []
    address = f"{server.connection.base_url}/task/{facts.task['id']}"
    attachments, files = _attachments(facts, server, left)

    def variables(shown: Sequence[Shown]) -> dict[str, Any]:
        kept: dict[str, Any] = {}
        for each in shown:
            value = _variable(each, server, left)
            if value is not None:
                kept[each["name"]] = value
        return kept

    entry: dict[str, Any] = {
        "task": {name: facts.task[name] for name in _TASK_FIELDS if _given(facts.task, name)},
        "identityLinks": _links(facts.links),
        "variables": variables(facts.variables),
        "comments": [
            {name: each[name] for name in _COMMENT_FIELDS if _given(each, name)}
            for each in reversed(facts.comments)
        ],
        "attachments": attachments,
    }
    if facts.process:
        entry["processInstance"] = {
            **facts.process,
            "variables": variables(facts.process_variables),
        }
    if facts.case:
        entry["caseInstance"] = {**facts.case, "variables": variables(facts.case_variables)}
    left += _too_much(entry, address)
    stable = {**entry, "task": {k: v for k, v in entry["task"].items() if k != "lastUpdated"}}
    contents = [hashlib.sha256(file.content).hexdigest() for file in files]
    digest = hashlib.sha256(json.dumps([stable, contents], sort_keys=True).encode()).hexdigest()
    return Prepared(facts.task["id"], entry, digest, tuple(left), tuple(files))


def _given(shown: Shown, name: str) -> bool:
    return shown.get(name) is not None


def _links(links: Sequence[Shown]) -> list[dict[str, Any]]:
    """The links but those that are fields of the task, in an order that does not change."""
    kept = [
        {"type": link["type"], "userId": link.get("userId"), "groupId": link.get("groupId")}
        for link in links
        if link["type"] not in ("assignee", "owner")
    ]
    return sorted(kept, key=lambda link: [str(part) for part in link.values()])


def _variable(shown: Shown, server: OldServer, left: list[Left]) -> dict[str, Any] | None:
    info = shown.get("valueInfo") or {}
    path = f"/variable-instance/{quote(str(shown['id']), safe='')}"
    address = f"{server.connection.base_url}{path}"

    def leave(why: str) -> None:
        left.append(Left(f"variable {shown['name']}", address, why))

    if info.get("serializationDataFormat") == _SERIALIZED:
        leave(f"a serialized Java object ({info.get('objectTypeName')})")
        return None
    value = shown.get("value")
    if shown["type"] in ("Bytes", "File") and value is None:
        try:
            content = server.connection.content(f"{path}/data", TASK_LIMIT)
        except TooLarge:
            leave(f"more than {TASK_LIMIT} bytes")
            return None
        except Refused as refused:
            if refused.status not in (400, 404):
                raise
            content = None  # a variable of this type whose value is null
        value = None if content is None else base64.b64encode(content).decode()
    kept: dict[str, Any] = {"type": shown["type"], "value": value}
    if info:
        kept["valueInfo"] = info
    return kept


def _attachments(
    facts: Facts, server: OldServer, left: list[Left]
) -> tuple[list[dict[str, Any]], list[LargeFile]]:
    kept: list[dict[str, Any]] = []
    files: list[LargeFile] = []
    for shown in facts.attachments:
        entry = {name: shown[name] for name in _ATTACHMENT_FIELDS if _given(shown, name)}
        if _given(shown, "url"):
            kept.append(entry)
            continue
        path = f"/task/{quote(facts.task['id'], safe='')}/attachment/{shown['id']}/data"
        try:
            content: bytes | None = _content(server, path)
        except TooLarge:
            address = f"{server.connection.base_url}{path}"
            why = f"more than {FORM_LIMIT} bytes"
            left.append(Left(f"attachment {shown.get('name') or shown['id']}", address, why))
            continue
        if content is not None and len(content) > RECORD_LIMIT:
            files.append(LargeFile(shown["id"], shown, content))
            continue
        if content is not None:
            entry["content"] = base64.b64encode(content).decode()
        kept.append(entry)
    return kept, files


def _content(server: OldServer, path: str) -> bytes | None:
    read: Callable[[], bytes] = lambda: server.connection.content(path, FORM_LIMIT)  # noqa: E731
    content: bytes | None = server.if_there(read)
    return content


def _too_much(entry: dict[str, Any], address: str) -> list[Left]:
    """Take out the largest variables until the task fits; what was taken out."""
    taken: list[Left] = []
    scopes = [
        entry["variables"],
        *(
            entry[name]["variables"]
            for name in ("processInstance", "caseInstance")
            if name in entry
        ),
    ]
    while True:
        sizes = [
            (len(json.dumps(value)), name, scope)
            for scope in scopes
            for name, value in scope.items()
        ]
        if sum(size for size, _, _ in sizes) <= TASK_LIMIT - 20_000:
            return taken
        size, name, scope = max(sizes, key=lambda each: each[:2])
        del scope[name]
        why = f"{size} bytes, with which the task is over {TASK_LIMIT}"
        taken.append(Left(f"variable {name}", f"{address}/variables/{quote(name, safe='')}", why))
