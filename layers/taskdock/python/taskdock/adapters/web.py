"""HTTP as a client: one request, one answer, whatever its status."""

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
    """What is asked of whom."""

    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class WebAnswer:
    """What came back."""

    status: int
    body: bytes


type Web = Callable[[WebRequest], WebAnswer]
"""Sends a request. Raises `TemporarilyUnavailable` when nothing comes back."""


def send(request: WebRequest) -> WebAnswer:
    """See `Web`. Redirects are not followed: a token is for the one it was meant for."""
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
        """Go nowhere else."""


_OPENER: Final = urllib.request.build_opener(_Direct)
