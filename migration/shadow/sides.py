"""The two servers as one client sees them, and whether taskdock answers at all."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final
from urllib.parse import quote

from migration.http_client import Answer, Connection, Sent, Transport, Trouble, Unreachable
from migration.old_server import OldServer
from migration.shadow.exchange import Exchange
from migration.shadow.ids import Ids
from migration.shadow.report import Report
from migration.shadow.users import Users

_LIMIT: Final = 16 * 1024 * 1024
_FAILURES: Final = 5
_REST: Final = 5.0
"""Seconds for which taskdock is left alone after so many failures."""


class NotAsked(Trouble):
    """Taskdock was not asked; the message says why in words that can be counted."""


@dataclass(slots=True)
class Sides:
    """How both servers are reached."""

    old_url: str
    new_url: str
    old: Transport
    new: Transport
    users: Users
    ids: Ids
    report: Report
    clock: Callable[[], float] = time.monotonic
    _failures: int = 0
    _rests_until: float = 0.0
    _lock: Lock = field(default_factory=Lock)

    def taskdock(self, exchange: Exchange, body: bytes, more: Mapping[str, str]) -> Answer:
        """Taskdock's answer to the request, whatever its status; `more` are further headers.

        Raises `NotAsked` when the user has no token or taskdock does not answer.
        """
        answer = self._asked(exchange, body, more)
        if answer.status == 401:
            self.users.forget(exchange.user)
            answer = self._asked(exchange, body, more)
        return answer

    def servers(self, exchange: Exchange) -> tuple[OldServer, OldServer]:
        """Both servers as the client's user sees them. Raises `NotAsked`."""
        given = {"Authorization": exchange.authorization} if exchange.authorization else {}
        theirs = {"Authorization": f"Bearer {self._token(exchange.user)}"}
        return (
            OldServer(Connection(self.old_url, given, self.old, time.sleep)),
            OldServer(Connection(self.new_url, theirs, self.new, time.sleep)),
        )

    def old_answer(self, exchange: Exchange) -> Answer:
        """What the old server answers to the request now. Raises `Unreachable`."""
        headers = dict(exchange.headers)
        if exchange.authorization:
            headers["authorization"] = exchange.authorization
        question = f"?{exchange.query}" if exchange.query else ""
        url = f"{self.old_url}{exchange.path}{question}"
        return self.old(Sent(exchange.method, url, headers, exchange.body or None, _LIMIT))

    def _asked(self, exchange: Exchange, body: bytes, more: Mapping[str, str]) -> Answer:
        if self.clock() < self._rests_until:
            raise NotAsked("taskdock does not answer")
        headers = {
            **exchange.headers,
            "Authorization": f"Bearer {self._token(exchange.user)}",
            **more,
        }
        question = f"?{exchange.query}" if exchange.query else ""
        url = f"{self.new_url}{self.ids.there(exchange.path)}{question}"
        begun = self.clock()
        try:
            answer = self.new(Sent(exchange.method, url, headers, body or None, _LIMIT))
        except Unreachable:
            self._count_failure()
            raise NotAsked("taskdock does not answer") from None
        except Trouble:
            raise NotAsked("taskdock's answer is too long") from None
        self._failures = 0
        named = {name.lower(): value for name, value in answer.headers.items()}
        took = 1000 * (self.clock() - begun)
        self.report.asked(exchange.route, took, _number(named.get("x-read-units")))
        return answer

    def _token(self, user: str) -> str:
        try:
            token = self.users.token(user)
        except Trouble as problem:
            self.report.differed("a token", user, [str(problem)])
            raise NotAsked("no token can be had") from None
        if token is None:
            raise NotAsked("the table of users does not name the user")
        return token

    def _count_failure(self) -> None:
        with self._lock:
            self._failures += 1
            if self._failures >= _FAILURES:
                self._rests_until = self.clock() + _REST
                self._failures = 0


def task_path(task_id: str) -> str:
    """Where a task is."""
    return f"/task/{quote(task_id, safe=':')}"


def _number(text: Any) -> float:
    try:
        return float(text or 0)
    except ValueError:
        return 0.0
