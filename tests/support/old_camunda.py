"""A Camunda 7 server and a target in memory, reached through the migration's transport."""

import json
from collections.abc import Callable, Mapping
from fnmatch import fnmatchcase
from itertools import groupby
from typing import Any, Final
from urllib.parse import parse_qs, urlsplit

from migration.http_client import Answer, Sent, TooLarge

OLD = "http://old/engine-rest"
NEW = "http://new"

_BY_CREATION: Final = (
    {"sortBy": "created", "sortOrder": "asc"},
    {"sortBy": "id", "sortOrder": "asc"},
)


def shown(task_id: str, second: int = 0, **facts: Any) -> dict[str, Any]:
    """A task as the old server shows it."""
    created = f"2026-01-01T00:{second // 60:02d}:{second % 60:02d}.000+0000"
    quiet = {"hasComment": False, "hasAttachment": False}
    return {"id": task_id, "name": task_id, "created": created, "priority": 50, **quiet, **facts}


class TwoServers:
    """The transport to both; `faults` sees each request first and may answer or raise."""

    def __init__(self, *tasks: dict[str, Any]) -> None:
        self.tasks = {task["id"]: task for task in tasks}
        self.nulls_last = False
        """Whether nulls come as on the target; else first with `asc`."""
        self.reads_parts = False
        """Whether a pattern without `%` is a part of a text, as on the target."""
        self.compares_all = False
        """Whether numbers of all types are compared, as on the target."""
        self.around: dict[str, Any] = {}
        """What the old server answers at other paths; 404 elsewhere."""
        self.links: dict[str, list[dict[str, Any]]] = {}
        self.variables: list[dict[str, Any]] = []
        self.attachments: dict[str, list[dict[str, Any]]] = {}
        self.contents: dict[str, bytes] = {}
        self.taken: dict[str, Any] = {}
        self.filters: dict[str, Any] = {}
        """What the target has stored, by its ids."""
        self.uploads: dict[str, str] = {}
        self.written: list[str] = []
        self.faults: Callable[[Sent], Answer | None] = lambda _request: None

    def __call__(self, request: Sent) -> Answer:
        """The answer of the server that the address names."""
        answer = self.faults(request)
        if answer is None:
            path = urlsplit(request.url).path
            if request.url.startswith(OLD):
                answer = self._old(request, path.removeprefix("/engine-rest"))
            else:
                answer = self._new(request, path)
        if len(answer.body) > request.limit:
            raise TooLarge(f"the answer has more than {request.limit} bytes")
        return answer

    def _old(self, request: Sent, path: str) -> Answer:
        body = json.loads(request.body or b"{}")
        if path.endswith("/data"):
            return Answer(200, self.contents[path.split("/")[-2]])
        if path == "/task":
            return said(self._page(body, _query(request)))
        if path == "/task/count":
            return said({"count": len(self._page(body, {}))})
        if path == "/variable-instance":
            wanted = body.get("taskIdIn", [])
            return said([each for each in self.variables if each["taskId"] in wanted])
        if path.startswith("/task/") and path.count("/") == 3:
            _, _, task_id, kind = path.split("/")
            if task_id not in self.tasks:
                return said({"message": "no such task"}, 404)
            if kind.endswith("ariables"):
                own = [each for each in self.variables if each["taskId"] == task_id]
                return said({each["name"]: each for each in own})
            lists = {"attachment": self.attachments, "identity-links": self.links}
            return said(lists.get(kind, {}).get(task_id, []))
        fixed = {
            "/version": {"version": "7.24.0"},
            "/history/task": [],
            **self.around,
        }
        if path not in fixed:
            return said({"message": "no such resource"}, 404)
        return said(fixed[path])

    def _page(self, body: Mapping[str, Any], query: Mapping[str, str]) -> list[dict[str, Any]]:
        found = [task for task in self.tasks.values() if self._matches(task, body)]
        found.sort(key=lambda task: task["id"])
        for order in reversed(body.get("sorting") or _BY_CREATION):
            found.sort(key=lambda task: self._rank(task, order))
            if order["sortOrder"] == "desc":
                groups = groupby(found, key=lambda task: self._rank(task, order))
                found = [task for group in [list(g) for _, g in groups][::-1] for task in group]
        first, most = int(query.get("firstResult", 0)), int(query.get("maxResults", len(found)))
        return found[first : first + most]

    def _rank(self, task: Mapping[str, Any], order: Mapping[str, Any]) -> tuple[int, Any]:
        value = task.get({"dueDate": "due"}.get(order["sortBy"], order["sortBy"]))
        if value is None:
            return (2 if self.nulls_last else 0), ""
        return 1, value

    def _matches(self, task: Mapping[str, Any], body: Mapping[str, Any]) -> bool:
        wanted = body.get("taskIdIn")
        if task["created"] <= body.get("createdAfter", ""):
            return False
        if wanted is not None and task["id"] not in wanted:
            return False
        pattern = body.get("nameLike")
        if pattern is not None and not self._is_like(str(task.get("name")), pattern):
            return False
        return all(self._holds(task, each) for each in body.get("taskVariables") or ())

    def _is_like(self, text: str, pattern: str) -> bool:
        if self.reads_parts and "%" not in pattern:
            return pattern in text
        return fnmatchcase(text, pattern.replace("%", "*"))

    def _holds(self, task: Mapping[str, Any], condition: Mapping[str, Any]) -> bool:
        """`gt` of numbers alone: all of them, or those of the operand's own type."""
        for each in self.variables:
            if each["taskId"] == task["id"] and each["name"] == condition["name"]:
                fits = self.compares_all or (each["type"] == "Double") == isinstance(
                    condition["value"], float
                )
                return bool(fits and each["value"] > condition["value"])
        return False

    def _new(self, request: Sent, path: str) -> Answer:
        if path == "/v1/import":
            return self._import(request)
        if path == "/task":
            wanted = json.loads(request.body or b"{}")["taskIdIn"]
            return said([{"id": key} for key in wanted if key in self.taken])
        if path.startswith("/filter"):
            return self._filter(request, path)
        if request.method == "DELETE":
            del self.taken[path.rpartition("/")[2]]
            return Answer(204, b"")
        key = request.headers["Idempotency-Key"]
        return said({"id": self.uploads.setdefault(key, f"new-{len(self.uploads)}")})

    def _filter(self, request: Sent, path: str) -> Answer:
        body = json.loads(request.body or b"null")
        if request.method == "GET":
            return said([{"id": key, **each} for key, each in self.filters.items()])
        if "bad" in (body.get("query") or {}):
            return said({"message": "query.bad: nothing can run this"}, 400)
        if path == "/filter/create":
            key = f"filter-{len(self.filters)}"
        else:
            key = path.rpartition("/")[2]
            if key not in self.filters:
                return said({"message": "no such filter"}, 404)
        self.filters[key] = body
        return said({"id": key})

    def _import(self, request: Sent) -> Answer:
        entries = {e["task"]["id"]: e for e in json.loads(request.body or b"")["tasks"]}
        if _query(request)["onExisting"] == "fail" and entries.keys() & self.taken.keys():
            return said({"message": "These tasks exist already"}, 409)
        if any(len(entry["task"].get("assignee", "")) > 255 for entry in entries.values()):
            return said({"message": "tasks[0].task.assignee: is longer than 255"}, 400)
        self.taken.update(entries)
        self.written += entries
        return said({"imported": len(entries), "skipped": 0})


def said(value: Any, status: int = 200) -> Answer:
    """A JSON answer."""
    return Answer(status, json.dumps(value).encode(), {"Content-Type": "application/json"})


def _query(request: Sent) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(urlsplit(request.url).query).items()}
