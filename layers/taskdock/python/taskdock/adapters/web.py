"""An HTTP client: one request, one answer of any status."""

import http.client
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Final

from taskdock.adapters.outages import unavailable

TIMEOUT: Final = 10.0
"""Seconds to wait for a connection and for each piece of an answer."""


@dataclass(frozen=True, slots=True)
class WebRequest:
    """An HTTP request."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """An HTTP answer."""

    status: int
    body: bytes


type Web = Callable[[WebRequest], WebAnswer]
"""Sends a request. Raises `TemporarilyUnavailable` without an answer."""


def send(request: WebRequest) -> WebAnswer:
    """See `Web`. Redirects are not followed, because a token is meant for one host."""
    if not request.url.startswith(("https://", "http://")):
        raise ValueError(f"{request.url} is no address of the web")
    asked = urllib.request.Request(  # noqa: S310 - checked above
        request.url, request.body, dict(request.headers), method=request.method
    )
    try:
        with _OPENER.open(asked, timeout=TIMEOUT) as answer:
            return WebAnswer(answer.status, answer.read())
    except urllib.error.HTTPError as refusal:
        with refusal:
            return WebAnswer(refusal.code, refusal.read())
    except (OSError, http.client.HTTPException) as problem:
        raise unavailable(request.url.split("/")[2]) from problem


class _Direct(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_: object) -> None:
        """Refuse the redirect."""


_OPENER: Final = urllib.request.build_opener(_Direct)
