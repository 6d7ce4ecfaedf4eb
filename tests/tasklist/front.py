"""What stands in front of Camunda 7's web application instead of its own server.

It serves the application's static files, plays its sign-in servlet, and passes everything below
`/camunda/api/engine` on to the API, with the signed-in user's token. Nothing of the application is
changed; the placeholders in its page are filled in as its server does.
"""

import http.client
import json
import mimetypes
import zipfile
from collections.abc import Callable
from contextlib import suppress
from functools import cached_property
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Lock, Thread
from time import monotonic
from typing import Any, Final, Self
from urllib.parse import parse_qs, urlsplit

ROOT: Final = "/camunda"
PAGE: Final = f"{ROOT}/app/tasklist/default/"

_FILES: Final = "META-INF/resources/webjars/camunda"
_PLUGINS: Final = f"{ROOT}/api/tasklist/plugin/tasklistPlugins/static/"
_PLUGIN_FILES: Final = "META-INF/resources/plugin/tasklist/"
_PLUGIN: Final = {
    "ngModuleName": "tasklist.plugin.tasklistPlugins",
    "requirePackageName": "tasklist-plugin-tasklistPlugins",
}
_PLUGIN_PACKAGE: Final = {
    "name": "tasklist-plugin-tasklistPlugins",
    "location": f"{_PLUGINS}app",
    "main": "plugin.js",
}
"""The part of the application that creates tasks; its server names it in the page."""

_SIGN_IN: Final = f"{ROOT}/api/admin/auth/user/default"
_ENGINE: Final = f"{ROOT}/api/engine"
_PASSED_ON: Final[tuple[str, ...]] = ("accept", "content-type", "if-match")


class Front:
    """A server on a port of this machine, a free one unless told; all callers are one user."""

    def __init__(
        self,
        jar: Path,
        api: str,
        token_of: Callable[[str], str],
        guest: str = "demo",
        port: int = 0,
    ) -> None:
        self._archive = zipfile.ZipFile(jar)
        self._api = urlsplit(api)
        self._token_of = token_of
        self._guest = guest
        self.user: str | None = None
        """Who has signed in."""
        self.failures: list[str] = []
        """Requests to the API that it did not answer well."""
        self.calls: set[tuple[str, str]] = set()
        """Methods and paths of the requests that the API answered."""
        self.missing: list[str] = []
        """Files that the application asked for in vain."""
        self._asking = 0
        self._last_asked = monotonic()
        self._lock = Lock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))

    def __enter__(self) -> Self:
        Thread(target=self._server.serve_forever, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def address(self) -> str:
        """Where the Tasklist is."""
        return f"http://127.0.0.1:{self._server.server_address[1]}{PAGE}"

    @property
    def idle_seconds(self) -> float:
        """For how long the API has not been asked; 0 while it is."""
        with self._lock:
            return 0.0 if self._asking else monotonic() - self._last_asked

    def answer(
        self, method: str, target: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        """Status, media type and body of an answer."""
        path = urlsplit(target).path
        if path.startswith(_SIGN_IN):
            return self._signed(method, path, body)
        if path.startswith(f"{_ENGINE}/"):
            return self._passed_on(method, target.removeprefix(_ENGINE), body, headers)
        if path == PAGE:
            return 200, "text/html", self._page
        if path.startswith(_PLUGINS):
            return self._file(_PLUGIN_FILES + path.removeprefix(_PLUGINS))
        return self._file(_FILES + path.removeprefix(ROOT))

    @cached_property
    def _page(self) -> bytes:
        page = self._archive.read(f"{_FILES}/app/tasklist/index.html").decode()
        for placeholder, value in (
            ("$APP_ROOT", ROOT),
            ("$BASE", PAGE),
            ("$CSP_NONCE", ""),
            ("$PLUGIN_DEPENDENCIES", json.dumps([_PLUGIN])),
            ("$PLUGIN_PACKAGES", json.dumps([_PLUGIN_PACKAGE])),
        ):
            page = page.replace(placeholder, value)
        return page.encode()

    def _file(self, path: str) -> tuple[int, str, bytes]:
        try:
            content = self._archive.read(path)
        except KeyError:
            self.missing.append(path)
            return 404, "text/plain", b"no such file"
        return 200, mimetypes.guess_type(path)[0] or "application/octet-stream", content

    def _signed(self, method: str, path: str, body: bytes) -> tuple[int, str, bytes]:
        if path.endswith("/logout"):
            self.user = None
            return 204, "", b""
        if method == "POST":
            self.user = parse_qs(body.decode())["username"][0]
        if self.user is None:
            return 401, "", b""
        session = {"userId": self.user, "authorizedApps": ["tasklist"]}
        return 200, "application/json", json.dumps(session).encode()

    def _passed_on(
        self, method: str, target: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        with self._lock:
            self._asking += 1
        try:
            return self._asked(method, target, body, headers)
        finally:
            with self._lock:
                self._asking -= 1
                self._last_asked = monotonic()

    def _asked(
        self, method: str, target: str, body: bytes, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        connection = http.client.HTTPConnection(self._api.netloc, timeout=30)
        # The page asks for the engine's name before anybody has signed in.
        token = {"authorization": f"Bearer {self._token_of(self.user or self._guest)}"}
        sent: dict[str, str] = {name: headers[name] for name in _PASSED_ON if name in headers}
        sent |= token
        connection.request(method, target, body or None, sent)
        answer = connection.getresponse()
        content = answer.read()
        connection.close()
        self.calls.add((method, urlsplit(target).path))
        if answer.status >= 400:
            self.failures.append(f"{method} {target}: {answer.status} {content.decode()[:200]}")
        return answer.status, answer.getheader("content-type", ""), content


def _handler(front: Front) -> Any:
    class Handler(BaseHTTPRequestHandler):
        """Hands each request to the front."""

        protocol_version = "HTTP/1.1"

        def _answer(self) -> None:
            length = int(self.headers.get("content-length") or 0)
            body = self.rfile.read(length)
            headers = {name.lower(): value for name, value in self.headers.items()}
            status, kind, content = front.answer(self.command, self.path, body, headers)
            self.send_response(status)
            if kind:
                self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            with suppress(ConnectionError):  # the page is gone already
                if self.command != "HEAD":
                    self.wfile.write(content)

        do_GET = do_POST = do_PUT = do_DELETE = do_OPTIONS = do_HEAD = _answer  # noqa: N815

        def log_message(self, *_: object) -> None:
            """Nothing."""

    return Handler
