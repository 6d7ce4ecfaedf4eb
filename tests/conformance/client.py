"""A client of a running service: one connection, a token for each user."""

import http.client
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Any, Final
from urllib.parse import urlsplit

JSON: Final = "application/json"


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back."""

    status: int
    body: bytes
    content_type: str = ""

    @property
    def json(self) -> Any:
        """The body's value; None when there is no body or it is no JSON."""
        try:
            return json.loads(self.body)
        except ValueError:
            return None

    @property
    def message(self) -> str:
        """What an error says."""
        return self._of_error("message")

    @property
    def type(self) -> str:
        """What an error is called."""
        return self._of_error("type")

    def _of_error(self, name: str) -> str:
        value = self.json
        return str(value.get(name, "")) if isinstance(value, dict) else ""


class Client:
    """Sends requests as this user or that; not to be shared by threads."""

    def __init__(self, url: str, token_of: Callable[[str], str]) -> None:
        parts = urlsplit(url)
        assert parts.hostname is not None
        self._token_of = cache(token_of)
        self._connection = http.client.HTTPConnection(parts.hostname, parts.port, timeout=60)

    def send(
        self,
        caller: str,
        method: str,
        target: str,
        body: bytes | None = None,
        content_type: str | None = JSON,
        accept: str | None = None,
    ) -> Reply:
        """The reply to one request; `target` is path and query string, encoded."""
        headers = {"Authorization": f"Bearer {self._token_of(caller)}"}
        if accept is not None:
            headers["Accept"] = accept
        if body is not None and content_type is not None:
            headers["Content-Type"] = content_type
        self._connection.request(method, target, body, headers)
        answer = self._connection.getresponse()
        return Reply(answer.status, answer.read(), answer.getheader("Content-Type", ""))

    def close(self) -> None:
        """End the connection."""
        self._connection.close()
