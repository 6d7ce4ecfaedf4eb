"""Records a function's calls to the table."""

import json
import threading
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from local.settings import HOST

_FORWARDED: Final = ("Authorization", "Content-Type", "X-Amz-Date", "X-Amz-Target")

Call = tuple[str, str | None]
"""An action as IAM names it, and the index that it reads, if it reads one."""


@dataclass(slots=True)
class Recording:
    """A proxy's address, and the recorded calls."""

    endpoint: str
    calls: set[Call] = field(default_factory=set)

    def take(self) -> set[Call]:
        """What was asked since this was last called."""
        taken, self.calls = self.calls, set()
        return taken


@contextmanager
def recorded(endpoint: str) -> Iterator[Recording]:
    """A proxy of the DynamoDB at `endpoint` that records every call; closed afterwards."""
    recording = Recording("")

    class PathSpec(BaseHTTPRequestHandler):
        """Passes a call to DynamoDB and returns its answer."""

        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = -1

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            operation = self.headers["X-Amz-Target"].rpartition(".")[2]
            recording.calls |= set(_calls(operation, json.loads(body)))
            headers = {name: self.headers[name] for name in _FORWARDED if name in self.headers}
            status, content = _answer(urllib.request.Request(endpoint, body, headers))
            self.send_response(status)
            self.send_header("Content-Type", "application/x-amz-json-1.0")
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - inherited
            """Print no log line."""

    with ThreadingHTTPServer((HOST, 0), PathSpec) as server:
        recording.endpoint = f"http://{HOST}:{server.server_port}"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield recording
        finally:
            server.shutdown()
            thread.join()


def _answer(request: urllib.request.Request) -> tuple[int, bytes]:
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.read()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read()


def _calls(operation: str, request: Mapping[str, Any]) -> Iterator[Call]:
    """A transaction needs the permission of each of its writes, and none of its own."""
    if operation == "TransactWriteItems":
        names = {"Put": "PutItem", "Delete": "DeleteItem", "Update": "UpdateItem"}
        for write in request["TransactItems"]:
            [kind] = write
            yield f"dynamodb:{names.get(kind, f'{kind}Item')}", None
    else:
        yield f"dynamodb:{operation}", request.get("IndexName")
