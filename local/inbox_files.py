"""The inbox as it was built, served below /inbox/ as the distribution of a deployment serves it."""

import gzip
import hashlib
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Final
from urllib.parse import unquote, urlsplit

from local.http_messages import Answer, Request

PREFIX: Final = "/inbox/"
DOCS: Final = "docs/"
"""The page with the API to try, below the inbox."""

POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
"""What the page may load, and from where: itself alone."""

_TYPES: Final = {
    ".css": "text/css; charset=utf-8",
    ".html": "text/html; charset=utf-8",
    ".ico": "image/x-icon",
    ".js": "text/javascript; charset=utf-8",
    ".mjs": "text/javascript; charset=utf-8",
    ".json": "application/json",
    ".map": "application/json",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".webmanifest": "application/manifest+json",
    ".woff2": "font/woff2",
}
_PACKED: Final = frozenset({".css", ".html", ".js", ".json", ".map", ".mjs", ".svg", ".txt"})
_FOREVER: Final = "public, max-age=31536000, immutable"
_SHOWN_AT_ONCE: Final = "public, max-age=0, stale-while-revalidate=604800"
"""For what the page cannot be drawn without and what seldom changes: the one that is kept is shown,
and the browser asks for a newer one for the next time."""
_BRAND: Final = frozenset({"brand.css", "icon.svg"})
_NOT_FOUND: Final = Answer.of_gateway(404, "Not Found")


class InboxFiles:
    """Answers requests for the page's files."""

    def __init__(self, folder: Path, url: str, base_path: str) -> None:
        """`folder` has the built files, `url` is the service's address. The page finds the API in
        front of `/inbox/` in its own path, so it is below the API's context path, too.
        """
        self._folder = folder.resolve()
        self._url = url
        self._base_path = base_path
        self._home = f"{base_path}{PREFIX}"

    def answer(self, request: Request) -> Answer | None:
        """The answer to a request for a page; None for a request to the API."""
        if request.method not in ("GET", "HEAD"):
            return None
        if request.path == "/":
            return _redirect(self._home) if _is_browser(request) else None
        if request.path == "/docs" and _is_browser(request):
            return _redirect(f"{self._home}{DOCS}")
        path = request.path
        if path.startswith(self._home) or path == self._home.rstrip("/"):
            path = path.removeprefix(self._base_path)
        elif self._base_path and path == PREFIX:
            # The sign-in comes back with a code in the query.
            query = f"?{request.query}" if request.query else ""
            return _redirect(f"{self._home}{query}")
        if path in (PREFIX.rstrip("/"), f"{PREFIX}{DOCS}".rstrip("/")):
            return _redirect(f"{self._base_path}{path}/")
        if not path.startswith(PREFIX):
            return None
        if request.header("host") == f"localhost:{urlsplit(self._url).port}":
            # Under another name the page may not call the addresses that the API tells it.
            query = f"?{request.query}" if request.query else ""
            return _redirect(f"{self._url}{request.path}{query}")
        return self._file(request, unquote(path.removeprefix(PREFIX)))

    def _file(self, request: Request, name: str) -> Answer:
        path = self._path(name)
        if path is None:
            return _NOT_FOUND
        content = _content(path, path.stat().st_mtime_ns)
        is_packed = content.packed is not None and _takes_gzip(request)
        headers = [
            ("content-type", content_type(path)),
            ("cache-control", cache_control(name)),
            ("etag", content.tag),
            ("vary", "accept-encoding"),
            ("content-security-policy", POLICY),
            ("x-content-type-options", "nosniff"),
            ("referrer-policy", "same-origin"),
        ]
        if request.header("if-none-match") == content.tag:
            return Answer(304, tuple(headers))
        if is_packed and content.packed is not None:
            return Answer(200, (*headers, ("content-encoding", "gzip")), content.packed)
        return Answer(200, tuple(headers), content.plain)

    def _path(self, name: str) -> Path | None:
        """The file that is meant. Paths without a dot are the inbox's own, but for one."""
        if "." not in name.rpartition("/")[2]:
            name = f"{DOCS if name == DOCS else ''}index.html"
        if "\0" in name:
            return None
        path = (self._folder / name).resolve()
        return path if path.is_file() and path.is_relative_to(self._folder) else None


@dataclass(frozen=True, slots=True)
class _Content:
    plain: bytes
    packed: bytes | None
    tag: str


@lru_cache(maxsize=256)
def _content(path: Path, changed: int) -> _Content:  # noqa: ARG001 - part of the key
    plain = path.read_bytes()
    packed = gzip.compress(plain) if path.suffix in _PACKED else None
    return _Content(plain, packed, f'"{hashlib.sha256(plain).hexdigest()[:32]}"')


def content_type(path: Path) -> str:
    """The content type of a file of the page."""
    return _TYPES.get(path.suffix, "application/octet-stream")


def cache_control(name: str) -> str:
    """For how long the file of that name may be kept; the assets have a hash in their names."""
    if name.startswith("assets/"):
        return _FOREVER
    return _SHOWN_AT_ONCE if name in _BRAND else "no-cache"


def _is_browser(request: Request) -> bool:
    return "text/html" in (request.header("accept") or "")


def _takes_gzip(request: Request) -> bool:
    return "gzip" in (request.header("accept-encoding") or "")


def _redirect(address: str) -> Answer:
    return Answer(302, (("location", address), ("cache-control", "no-store")))
