"""The proxy: clients speak to it as to the old server, and get what that answers."""

import json
import time
import uuid
from collections.abc import Callable, Iterator, Mapping
from contextlib import nullcontext
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import chain
from typing import Any, Final

import urllib3

from migration.shadow.connections import Old
from migration.shadow.exchange import Exchange, as_json, below
from migration.shadow.pages import as_html
from migration.shadow.report import Report
from migration.shadow.users import basic_user

PAGE: Final = "/shadow"
LOOPBACK: Final = ("127.0.0.1", "::1")

_OF_A_CONNECTION: Final = frozenset(
    {
        "connection",
        "keep-alive",
        "proxy-authenticate",
        "proxy-authorization",
        "te",
        "trailer",
        "transfer-encoding",
        "upgrade",
        "expect",
    }
)
"""Headers that are said to the next server alone."""

_ASKED_TOO: Final = ("accept", "content-type", "if-match", "idempotency-key")
_COPIED: Final = 8 * 1024 * 1024
"""Bytes of an answer that are kept for comparing; all of it goes to the client."""

_PIECE: Final = 64 * 1024


class Proxy(ThreadingHTTPServer):
    """Forwards everything, and tells `offer` of what the old server has answered."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(
        self, address: tuple[str, int], old: Old, offer: Callable[[Exchange], None], report: Report
    ) -> None:
        self.old, self.offer, self.report = old, offer, report
        super().__init__(address, _Handler)

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A client that hangs up is no error."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    # Head and body in one packet: apart, the second waits for the client's system, 40 ms or more.
    wbufsize = -1
    disable_nagle_algorithm = True
    server: Proxy

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the library's name
        """Nothing: the report counts."""

    def _serve(self) -> None:
        begun = time.perf_counter()
        path, _, query = self.path.partition("?")
        if path in (PAGE, f"{PAGE}.json"):
            self._show(path)
            return
        body = self._body()
        if body is None:
            return
        base = self.server.old.base
        route = below(path, base)
        if route == "/task/create" and self.command == "POST":
            body = with_id(body)
        try:
            self._forward(body, (route, query), begun)
        except (urllib3.exceptions.HTTPError, OSError):
            self.close_connection = True

    do_GET = do_POST = do_PUT = do_DELETE = do_PATCH = do_HEAD = do_OPTIONS = _serve  # noqa: N815

    def _forward(self, body: bytes, named: tuple[str | None, str], begun: float) -> None:
        is_read = self.command in ("GET", "HEAD", "OPTIONS")
        old = self.server.old
        with nullcontext(old.reads) if is_read else old.for_write() as pool:
            self._forward_by(pool, self._sent(body, is_read), body, named, begun)

    def _sent(self, body: bytes, is_read: bool) -> urllib3.HTTPHeaderDict:
        """The headers that the old server gets."""
        dropped = _OF_A_CONNECTION | {"content-length"}
        sent = urllib3.HTTPHeaderDict(
            [each for each in self.headers.items() if each[0].lower() not in dropped]
        )
        if body or self.command in ("POST", "PUT", "PATCH"):
            sent["Content-Length"] = str(len(body))
        if not is_read:
            sent["Connection"] = "close"
        return sent

    def _forward_by(
        self,
        pool: urllib3.PoolManager,
        sent: Mapping[str, str],
        body: bytes,
        named: tuple[str | None, str],
        begun: float,
    ) -> None:
        asked = time.perf_counter()
        try:
            answer = self._asked(pool, sent, body, tries=2 if pool is self.server.old.reads else 1)
        except (urllib3.exceptions.HTTPError, OSError) as problem:
            self.server.report.failed()
            self._say(502, {"type": "ShadowProxy", "message": f"the old server: {_kind(problem)}"})
            return
        content = answer.read(_COPIED + 1, decode_content=False)
        took = 1000 * (time.perf_counter() - asked)
        # Told before the client hears of it, so that the order is that of the old server.
        is_whole = len(content) <= _COPIED
        exchange = self._exchange(named, body, answer, content if is_whole else b"")
        if exchange is not None:
            self._tell(exchange, is_whole)
        self._pass_on(answer, content, is_whole)
        if exchange is not None:
            total = 1000 * (time.perf_counter() - begun)
            self.server.report.forwarded(exchange.route, took, total - took)

    def _asked(
        self, pool: urllib3.PoolManager, headers: Mapping[str, str], body: bytes, tries: int
    ) -> urllib3.BaseHTTPResponse:
        """The answer; a read is asked for again when a kept connection turns out to be closed."""
        while True:
            tries -= 1
            try:
                return pool.request(
                    self.command,
                    f"{self.server.old.origin}{self.path}",
                    body=body or None,
                    headers=headers,
                    redirect=False,
                    preload_content=False,
                    decode_content=False,
                )
            except urllib3.exceptions.ProtocolError:
                if not tries:
                    raise

    def _pass_on(self, answer: urllib3.BaseHTTPResponse, content: bytes, is_whole: bool) -> None:
        """Send the answer to the client: what was read, then the rest as it comes."""
        self.send_response_only(answer.status, answer.reason)
        for name, value in answer.headers.iteritems():
            if name.lower() not in _OF_A_CONNECTION:
                self.send_header(name, value)
        has_body = self.command != "HEAD" and answer.status not in (204, 304)
        is_chunked = has_body and answer.headers.get("content-length") is None
        if is_chunked and is_whole:
            self.send_header("Content-Length", str(len(content)))
        elif is_chunked:
            self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        pieces = [content] if is_whole else chain([content], answer.stream(_PIECE))
        for piece in pieces:
            is_piece = is_chunked and not is_whole
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece) if is_piece else piece)
        if is_chunked and not is_whole:
            self.wfile.write(b"0\r\n\r\n")
        self.wfile.flush()
        answer.release_conn()

    def _exchange(
        self,
        named: tuple[str | None, str],
        body: bytes,
        answer: urllib3.BaseHTTPResponse,
        content: bytes,
    ) -> Exchange | None:
        path, query = named
        if path is None:
            return None
        given = {name.lower(): value for name, value in self.headers.items()}
        authorization = given.get("authorization", "")
        return Exchange(
            self.command,
            path,
            query,
            {name: given[name] for name in _ASKED_TOO if name in given},
            basic_user(authorization),
            authorization,
            body,
            answer.status,
            _decoded(content, answer.headers.get("content-encoding", "")),
            answer.headers.get("content-type", "").partition(";")[0],
        )

    def _tell(self, exchange: Exchange, is_whole: bool) -> None:
        if is_whole or exchange.changes:
            self.server.offer(exchange)
        else:
            self.server.report.not_asked("too much is waiting, or it is too large")

    def _body(self) -> bytes | None:
        """The request's body; None when the client broke off."""
        if "chunked" in self.headers.get("transfer-encoding", "").lower():
            return b"".join(self._chunks())
        length = int(self.headers.get("content-length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:
            self.close_connection = True
            return None
        return body

    def _chunks(self) -> Iterator[bytes]:
        while size := int(self.rfile.readline().partition(b";")[0].strip() or b"0", 16):
            yield self.rfile.read(size)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass

    def _show(self, path: str) -> None:
        """The report, to a browser on this machine alone."""
        if self.client_address[0] not in LOOPBACK:
            self._say(403, {"message": "the report is shown on this machine alone"})
            return
        report = self.server.report.as_json()
        if path == PAGE:
            self._write(200, "text/html; charset=utf-8", as_html(report).encode())
        else:
            self._say(200, report)

    def _say(self, status: int, shown: Mapping[str, Any]) -> None:
        self._write(status, "application/json", json.dumps(shown).encode())

    def _write(self, status: int, kind: str, content: bytes) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def with_id(body: bytes) -> bytes:
    """A new task with an id of ours when the client gave none, so that both servers have one."""
    task = as_json(body)
    if not isinstance(task, dict) or task.get("id"):
        return body
    return json.dumps({**task, "id": str(uuid.uuid4())}).encode()


def _kind(problem: Exception) -> str:
    if isinstance(problem, urllib3.exceptions.NewConnectionError):
        return "cannot be reached"
    is_slow = isinstance(problem, urllib3.exceptions.TimeoutError)
    return "no answer in time" if is_slow else type(problem).__name__


def _decoded(content: bytes, encoding: str) -> bytes:
    if not content or encoding not in ("gzip", "deflate"):
        return content
    response = urllib3.HTTPResponse(body=content, headers={"content-encoding": encoding})
    return response.data
