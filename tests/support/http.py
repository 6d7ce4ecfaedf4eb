"""A plain HTTP client for tests: what came back, nothing raised for a status."""

import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit


@dataclass(frozen=True, slots=True)
class Answered:
    """An answer as it came over the wire."""

    status: int
    headers: http.client.HTTPMessage
    body: bytes

    def json(self) -> Any:
        """The body, read."""
        return json.loads(self.body)


def call(
    method: str,
    url: str,
    body: bytes | None = None,
    headers: Mapping[str, str] | None = None,
) -> Answered:
    """The answer to one request over a connection of its own; certificates are not checked."""
    parts = urlsplit(url)
    target = parts.path + (f"?{parts.query}" if parts.query else "")
    connection = connected(url)
    try:
        connection.request(method, target, body, dict(headers or {}))
        answer = connection.getresponse()
        return Answered(answer.status, answer.headers, answer.read())
    finally:
        connection.close()


def connected(url: str) -> http.client.HTTPConnection:
    """A connection to a URL's host."""
    parts = urlsplit(url)
    assert parts.hostname
    if parts.scheme == "https":
        context = ssl.create_default_context()
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
        return http.client.HTTPSConnection(parts.hostname, parts.port, timeout=30, context=context)
    return http.client.HTTPConnection(parts.hostname, parts.port, timeout=30)


def bearer(token: str) -> dict[str, str]:
    """The header that carries a token."""
    return {"Authorization": f"Bearer {token}"}
