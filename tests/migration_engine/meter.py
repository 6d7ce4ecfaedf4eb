"""Counts what taskdock reads and writes: a proxy before the table that asks for the capacity."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

import urllib3

from local.dynoxide import Dynoxide, find
from local.settings import REPOSITORY

_READS: Final = frozenset({"GetItem", "BatchGetItem", "Query", "TransactGetItems"})
_WRITES: Final = frozenset(
    {"PutItem", "UpdateItem", "DeleteItem", "BatchWriteItem", "TransactWriteItems"}
)


class Meter(ThreadingHTTPServer):
    """The units that were used since the last reset."""

    daemon_threads = True

    def __init__(self, endpoint: str) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.endpoint = endpoint
        self.pool = urllib3.PoolManager(maxsize=32, retries=False)
        self.lock = threading.Lock()
        self.read = self.written = 0.0

    @property
    def url(self) -> str:
        """Where the table is reached through the meter."""
        return f"http://127.0.0.1:{self.server_address[1]}"

    def reset(self) -> None:
        """Count from zero."""
        with self.lock:
            self.read = self.written = 0.0

    def handle_error(self, request: Any, client_address: Any) -> None:
        """An instance that ends is no error."""


@contextmanager
def metered() -> Iterator[Meter]:
    """A table in memory behind a meter; raises `local.dynoxide.Unavailable`."""
    with Dynoxide(find(REPOSITORY / ".local"), None) as table, Meter(table.endpoint) as meter:
        threading.Thread(target=meter.serve_forever, daemon=True).start()
        try:
            yield meter
        finally:
            meter.shutdown()


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    wbufsize = -1
    server: Meter

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing: the meter counts."""

    def do_POST(self) -> None:
        """Pass the request on, and count what it used."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        operation = self.headers.get("X-Amz-Target", "").rpartition(".")[2]
        is_counted = operation in _READS | _WRITES
        if is_counted:
            body = json.dumps({**json.loads(body), "ReturnConsumedCapacity": "TOTAL"}).encode()
        headers = {name: value for name, value in self.headers.items() if name != "Content-Length"}
        answer = self.server.pool.request("POST", self.server.endpoint, body=body, headers=headers)
        if is_counted and answer.status == 200:
            self._count(operation, json.loads(answer.data))
        self.send_response_only(answer.status)
        self.send_header("Content-Type", answer.headers.get("Content-Type", ""))
        self.send_header("Content-Length", str(len(answer.data)))
        self.end_headers()
        self.wfile.write(answer.data)

    def _count(self, operation: str, answer: dict[str, Any]) -> None:
        used = answer.get("ConsumedCapacity") or []
        units = sum(each["CapacityUnits"] for each in (used if isinstance(used, list) else [used]))
        with self.server.lock:
            if operation in _READS:
                self.server.read += units
            else:
                self.server.written += units
