"""A Camunda 7 server and a target in memory, reached through the migration's transport."""

import json
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import parse_qs, urlsplit

from migration.http_client import Answer, Sent, TooLarge

OLD = "http://old/engine-rest"
NEW = "http://new"


def shown(task_id: str, second: int = 0, **facts: Any) -> dict[str, Any]:
    """A task as the old server shows it."""
    created = f"2026-01-01T00:{second // 60:02d}:{second % 60:02d}.000+0000"
    quiet = {"hasComment": False, "hasAttachment": False}
    return {"id": task_id, "name": task_id, "created": created, "priority": 50, **quiet, **facts}


class TwoServers:
    """The transport to both; `faults` sees each request first and may answer or raise."""

    def __init__(self, *tasks: dict[str, Any]) -> None:
        self.tasks = {task["id"]: task for task in tasks}
        self.around: dict[str, Any] = {}
        """What the old server answers at other paths; 404 elsewhere."""
        self.links: dict[str, list[dict[str, Any]]] = {}
        self.variables: list[dict[str, Any]] = []
        self.attachments: dict[str, list[dict[str, Any]]] = {}
        self.contents: dict[str, bytes] = {}
        self.taken: dict[str, Any] = {}
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
            return said(self._page(body, int(_query(request)["maxResults"])))
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
            "/task/count": {"count": len(self.tasks)},
            "/history/task": [],
            **self.around,
        }
        if path not in fixed:
            return said({"message": "no such resource"}, 404)
        return said(fixed[path])

    def _page(self, body: Mapping[str, Any], size: int) -> list[dict[str, Any]]:
        wanted, after = body.get("taskIdIn"), body.get("createdAfter", "")
        found = [
            task
            for key, task in self.tasks.items()
            if task["created"] > after and (wanted is None or key in wanted)
        ]
        return sorted(found, key=lambda task: (task["created"], task["id"]))[:size]

    def _new(self, request: Sent, path: str) -> Answer:
        if path == "/v1/import":
            return self._import(request)
        if path == "/task":
            wanted = json.loads(request.body or b"{}")["taskIdIn"]
            return said([{"id": key} for key in wanted if key in self.taken])
        if request.method == "DELETE":
            del self.taken[path.rpartition("/")[2]]
            return Answer(204, b"")
        key = request.headers["Idempotency-Key"]
        return said({"id": self.uploads.setdefault(key, f"new-{len(self.uploads)}")})

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
