"""A small server that answers a few routes as Camunda 7 or as taskdock does, over HTTP."""

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs

from tests.support.old_camunda import shown

type Fault = Callable[[str, str], tuple[int, bytes] | None]
"""May answer a method and a path in the server's place."""


class SmallCamunda(ThreadingHTTPServer):
    """Tasks, comments and what was asked; `letter` begins the ids that it makes."""

    daemon_threads = True

    def __init__(self, base: str, letter: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.base, self.letter = base, letter
        self.tasks: dict[str, dict[str, Any]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.asked: list[tuple[str, str]] = []
        self.signed: set[str] = set()
        self.made = 0
        self.fault: Fault = lambda _method, _path: None
        self.next_task: dict[str, str] = {}
        """The task that the engine makes when another is completed."""
        self.before_closing: Callable[[], object] = lambda: None
        """Called when a write is answered and its connection is still open."""

    @property
    def url(self) -> str:
        """Where its API is."""
        return f"http://127.0.0.1:{self.server_address[1]}{self.base}"

    def new_id(self) -> str:
        """An id that the other server does not give."""
        self.made += 1
        return f"{self.letter}{self.made}"

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error."""


@contextmanager
def serving(server: SmallCamunda) -> Iterator[SmallCamunda]:
    """The server while it answers."""
    thread = threading.Thread(target=server.serve_forever, args=(0.02,), daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: SmallCamunda

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing."""

    def _serve(self) -> None:
        text = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        path, _, query = self.path.removeprefix(self.server.base).partition("?")
        self.server.asked.append((self.command, path))
        self.server.signed.add(self.headers.get("Authorization") or "")
        status, answer = self.server.fault(self.command, path) or self._answer(
            path, parse_qs(query), json.loads(text or b"{}") if text[:1] in (b"{", b"") else {}
        )
        self.send_response_only(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("X-Read-Units", "2.5")
        if status != 204:
            self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(answer)
        if self.close_connection:
            self.wfile.flush()
            self.server.before_closing()

    do_GET = do_POST = do_PUT = do_DELETE = do_HEAD = _serve  # noqa: N815

    def _answer(self, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, bytes]:
        parts = path.strip("/").split("/")
        if path == "/version":
            return _said({"version": "7.24.0"})
        if path == "/task" or path == "/task/count":
            return self._listed(path, query, body)
        if path == "/task/create":
            key = body.get("id") or self.server.new_id()
            self.server.tasks[key] = shown(key, assignee=None, **{**body, "id": key})
            return 204, b""
        if path == "/v1/import":
            tasks = [each["task"] for each in body["tasks"]]
            self.server.tasks |= {task["id"]: {**shown(task["id"]), **task} for task in tasks}
            return _said({"imported": len(body["tasks"]), "skipped": 0})
        if parts[0] == "task" and parts[1] in self.server.tasks:
            return self._of_task(parts, body)
        if parts[0] in ("variable-instance", "history", "process-instance", "filter"):
            return _said([])
        return _said({"message": f"no {path}"}, 404)

    def _listed(self, path: str, query: dict[str, list[str]], body: Any) -> tuple[int, bytes]:
        wanted = body.get("taskIdIn")
        instance = body.get("processInstanceId")
        found = [
            task
            for key, task in sorted(self.server.tasks.items())
            if (wanted is None or key in wanted)
            and task["created"] > body.get("createdAfter", "")
            and (instance is None or task.get("processInstanceId") == instance)
        ]
        if path.endswith("/count"):
            return _said({"count": len(found)})
        return _said(found[: int(query.get("maxResults", ["1000"])[0])])

    def _of_task(self, parts: list[str], body: Any) -> tuple[int, bytes]:
        tasks, key = self.server.tasks, parts[1]
        match self.command, parts[2:]:
            case "GET", []:
                return _said(tasks[key])
            case "DELETE", []:
                del tasks[key]
                return 204, b""
            case "POST", ["claim"]:
                tasks[key] = {**tasks[key], "assignee": body["userId"]}
                return 204, b""
            case "POST", ["complete"]:
                task = tasks.pop(key)
                made = self.server.next_task.get(key)
                if made:
                    instance = {
                        name: task[name] for name in ("processInstanceId", "processDefinitionId")
                    }
                    tasks[made] = shown(made, 9, **instance)
                return 204, b""
            case "POST", ["comment", "create"]:
                comment = {"id": self.server.new_id(), "message": body["message"]}
                self.server.comments.setdefault(key, []).append(comment)
                return _said(comment)
            case "GET", ["comment", cid]:
                found = [e for e in self.server.comments.get(key, []) if e["id"] == cid]
                return _said(found[0]) if found else _said({"message": "no comment"}, 404)
            case "GET", ["comment"]:
                return _said(self.server.comments.get(key, []))
        return _said([])


def _said(value: Any, status: int = 200) -> tuple[int, bytes]:
    return status, json.dumps(value).encode()
