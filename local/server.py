"""The socket side: HTTP/1.1 with keep-alive, one thread per connection, a line per request."""

import ssl
import string
import sys
import time
from collections.abc import Callable
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Final

from local.console import say, show_stack
from local.gateway import LARGEST_BODY, TOO_LARGE
from local.http_messages import Answer, Request
from local.settings import HOST, CannotStart

Respond = Callable[[Request], Answer]

_IDLE_SECONDS: Final = 75
_BODILESS: Final = frozenset({204, 304})


class _TooLarge(Exception):
    """The body is larger than the gateway's limit; the rest of it was read and dropped."""


class _Malformed(Exception):
    """The request cannot be read."""


class Server(ThreadingHTTPServer):
    """Listens on this machine alone and answers with `respond`."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, tls: ssl.SSLContext | None) -> None:
        try:
            super().__init__((HOST, port), _Connection)
        except OSError as problem:
            reason = problem.strerror or str(problem)
            raise CannotStart(f"port {port}: {reason} (PORT=… takes another one)") from None
        self._tls = tls
        self.respond: Respond = lambda _: Answer.of_gateway(503, "Service Unavailable")

    @property
    def url(self) -> str:
        """Where the server can be reached."""
        return f"{'https' if self._tls else 'http'}://{HOST}:{self.server_port}"

    @property
    def scheme(self) -> str:
        """`http` or `https`."""
        return "https" if self._tls else "http"

    def finish_request(self, request: Any, client_address: Any) -> None:
        """Speak TLS in the connection's own thread, so that a slow handshake blocks no other
        connection."""
        if self._tls is None:
            super().finish_request(request, client_address)
            return
        request.settimeout(_IDLE_SECONDS)
        try:
            secured = self._tls.wrap_socket(request, server_side=True)
        except OSError:
            return  # a client that does not trust the certificate hangs up
        with secured:
            super().finish_request(secured, client_address)

    def handle_error(self, request: Any, client_address: Any) -> None:  # noqa: ARG002 - the base class's
        """Ignore a client that went away; show any other error."""
        problem = sys.exception()
        if problem is not None and not isinstance(problem, (ConnectionError, TimeoutError)):
            show_stack(problem)


class _Connection(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = _IDLE_SECONDS
    wbufsize = -1
    disable_nagle_algorithm = True
    error_content_type = "application/json"
    error_message_format = '{"message": "%(message)s"}'
    server: Server

    def _serve(self) -> None:
        started = time.perf_counter()
        try:
            answer = self.server.respond(self._request())
        except _TooLarge:
            self.close_connection = True
            answer = TOO_LARGE
        except _Malformed as fault:
            self.close_connection = True
            answer = Answer.of_gateway(400, str(fault))
        milliseconds = (time.perf_counter() - started) * 1000
        path = self.path.partition("?")[0]
        say(f"{self.command} {path} {answer.status} {milliseconds:.0f} ms {answer.note}".rstrip())
        self._send(answer)

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = do_OPTIONS = do_HEAD = _serve  # noqa: N815

    def _request(self) -> Request:
        path, _, query = self.path.partition("?")
        return Request(
            method=self.command,
            path=path,
            query=query,
            headers=tuple((name.lower(), value.strip()) for name, value in self.headers.items()),
            body=self._body(),
            source_ip=self.client_address[0],
            protocol=self.request_version,
            scheme=self.server.scheme,
        )

    def _body(self) -> bytes:
        if self.headers.get("Transfer-Encoding", "").lower() == "chunked":
            return self._chunks()
        length = self.headers.get("Content-Length", "0")
        if not (length.isascii() and length.isdigit()):
            raise _Malformed("Bad Request")
        if int(length) > LARGEST_BODY:
            self._discard(int(length))
            raise _TooLarge
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise _Malformed(
                "Bad Request"
            )  # the caller hung up; the part that came may look complete
        return body

    def _chunks(self) -> bytes:
        body = bytearray()
        size = 0
        while length := self._chunk_length():
            size += length
            if size > LARGEST_BODY:
                self._discard(length)
            else:
                body += self.rfile.read(length)
            self.rfile.readline()
        while self.rfile.readline().strip():
            pass  # trailers are not used
        if size > LARGEST_BODY:
            raise _TooLarge
        return bytes(body)

    def _chunk_length(self) -> int:
        digits = self.rfile.readline(64).partition(b";")[0].strip().decode("latin-1")
        if not digits or not set(digits) <= set(string.hexdigits):
            raise _Malformed("Bad Request")
        return int(digits, 16)

    def _discard(self, length: int) -> None:
        """Read the body to its end, or the client would never see the answer to it."""
        while length > 0 and (chunk := self.rfile.read(min(length, 65536))):
            length -= len(chunk)

    def _send(self, answer: Answer) -> None:
        self.send_response_only(answer.status)
        self.send_header("date", formatdate(usegmt=True))
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.status not in _BODILESS:
            self.send_header("content-length", str(len(answer.body)))
        if self.close_connection:
            self.send_header("connection", "close")
        self.end_headers()
        if self.command != "HEAD" and answer.status not in _BODILESS:
            self.wfile.write(answer.body)
        self.wfile.flush()

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class's name
        """Print nothing: `_serve` has its own line for each request."""
