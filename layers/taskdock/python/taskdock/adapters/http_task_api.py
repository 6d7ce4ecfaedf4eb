"""The public API over HTTPS, for a worker."""

import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol

from taskdock.adapters.outages import unavailable
from taskdock.adapters.web import Web, WebAnswer, WebRequest, send
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.use_cases.services.task_api import AskedDifferently, NotThere, TaskMovedOn

_TRIES: Final = 3
_FIRST_PAUSE: Final = 0.2
"""Seconds before the second try; doubled for the third."""

_CONCURRENT: Final = "OptimisticLockingException"


class Token(Protocol):
    """An access token, and a way to renew it."""

    def __call__(self) -> str:
        """A token that has not expired."""
        ...

    def forget(self) -> None:
        """Get a new token next time."""
        ...


class Unexpected(Exception):
    """A 4xx answer: a retry would not help."""


class HttpTaskApi:
    """`TaskApi` at an address, with the token of a program."""

    def __init__(
        self,
        address: str,
        token: Token,
        *,
        web: Web = send,
        pause: Callable[[float], object] = time.sleep,
    ) -> None:
        self._address = address.rstrip("/")
        self._token = token
        self._web = web
        self._pause = pause

    def task(self, href: str) -> Mapping[str, Any]:
        """See `TaskApi.task`."""
        task: Mapping[str, Any] = json.loads(self._asked("GET", href).body)
        return task

    def add_output(self, href: str, item: Mapping[str, Any], *, key: str) -> None:
        """See `TaskApi.add_output`."""
        self._asked("POST", f"{href}/output", item, {"Idempotency-Key": key})

    def act(self, href: str, action: Mapping[str, str]) -> None:
        """See `TaskApi.act`."""
        self._asked("POST", f"{href}/action", action)

    def _asked(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> WebAnswer:
        """The answer, which is a success. Every call can be repeated: it takes effect once, or is
        refused because it already has."""
        if not path.startswith("/"):
            raise Unexpected(f"{path} is no path of the API")
        content = None if body is None else json.dumps(body).encode()
        declared = {} if content is None else {"Content-Type": "application/json"}
        given = {"Accept": "application/json", **declared, **(headers or {})}
        for attempt in range(_TRIES):
            if attempt:
                self._pause(_FIRST_PAUSE * 2 ** (attempt - 1))
            authorized = {**given, "Authorization": f"Bearer {self._token()}"}
            try:
                answer = self._web(WebRequest(method, self._address + path, authorized, content))
            except TemporarilyUnavailable:
                continue
            if 200 <= answer.status < 300:
                return answer
            self._note(answer, f"{method} {path}")
        raise unavailable("API")

    def _note(self, answer: WebAnswer, asked: str) -> None:
        """Raise the error of a refusal, unless a retry may succeed."""
        match answer.status:
            case 401:
                self._token.forget()
            case 404:
                raise NotThere(asked)
            case 409 if _type_of(answer) != _CONCURRENT:
                raise TaskMovedOn(asked)
            case 422:
                raise AskedDifferently(asked)
            case status if status in (409, 429) or status >= 500:
                return
            case status:
                raise Unexpected(f"{asked}: {status} {_type_of(answer)}")


def _type_of(answer: WebAnswer) -> str:
    """The error's `type`; empty when the gateway itself refused."""
    try:
        content = json.loads(answer.body)
    except ValueError:
        return ""
    return str(content.get("type", "")) if isinstance(content, dict) else ""
