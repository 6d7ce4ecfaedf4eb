"""The table of users: which token taskdock gets for whom the old server knows by a password."""

import json
import time
from base64 import b64decode, b64encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from threading import Lock
from typing import Any, Final
from urllib.parse import urlencode

from migration.http_client import Answer, Sent, Transport, Trouble

_SPARE: Final = 60.0
"""Seconds before its end at which a token is renewed."""
_LIMIT: Final = 1_000_000


@dataclass(slots=True)
class Users:
    """Tokens by user. The file is read again when it has changed.

    It is a JSON object. A value is a token; or `{"url": …}`, which answers one; or `{"tokenUrl": …,
    "clientId": …}` with a `clientSecret` or a `refreshToken`, as OAuth 2 has them. The user `*`
    stands for everybody who is not named.
    """

    path: Path
    transport: Transport
    clock: Callable[[], float] = time.monotonic
    _known: Mapping[str, Any] = field(default_factory=dict)
    _read_at: tuple[int, int] = (0, 0)
    _tokens: dict[str, tuple[str, float]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def check(self) -> None:
        """Raises `Trouble` when the file cannot be read or is no such table."""
        with self._lock:
            self._refresh()

    def token(self, user: str) -> str | None:
        """The user's token; None when the table names neither the user nor `*`.

        Raises `Trouble` when none can be had now.
        """
        with self._lock:
            self._refresh()
            name = user if user in self._known else "*"
            if name not in self._known:
                return None
            kept, until = self._tokens.get(name, ("", 0.0))
            if kept and self.clock() < until:
                return kept
            token, seconds = self._asked(name, self._known[name])
            self._tokens[name] = (token, self.clock() + seconds)
            return token

    def forget(self, user: str) -> None:
        """Ask for a new token next time: this one was refused."""
        with self._lock:
            self._tokens.pop(user, None)
            self._tokens.pop("*", None)

    def _refresh(self) -> None:
        try:
            stat = self.path.stat()
            changed = (stat.st_mtime_ns, stat.st_size)
            if changed == self._read_at:
                return
            known = json.loads(self.path.read_text(encoding="utf-8"))
        except OSError as problem:
            raise Trouble(f"{self.path}: {problem.strerror}") from None
        except ValueError as problem:
            raise Trouble(f"{self.path}: this is no JSON ({problem})") from None
        if not isinstance(known, dict) or not all(_is_entry(each) for each in known.values()):
            raise Trouble(
                f"{self.path}: expected an object: user -> token, or url, or tokenUrl and clientId"
            )
        self._known, self._read_at = known, changed
        self._tokens.clear()

    def _asked(self, name: str, entry: Any) -> tuple[str, float]:
        """A token and the seconds for which it is kept."""
        if isinstance(entry, str):
            return entry, float("inf")
        if "url" in entry:
            request = Sent("GET", entry["url"], {}, None, _LIMIT)
        else:
            request = _token_request(entry)
        try:
            answer = self.transport(request)
        except Trouble as problem:
            raise Trouble(f"{request.url}: {problem}") from None
        return _token_of(answer, f"{request.url}, for {name}")


def basic_user(authorization: str) -> str:
    """Who signs in by a header of Basic authentication; empty for any other header."""
    scheme, _, encoded = authorization.partition(" ")
    if scheme.lower() != "basic":
        return ""
    try:
        return b64decode(encoded).decode().partition(":")[0]
    except ValueError:
        return ""


def _is_entry(entry: Any) -> bool:
    if isinstance(entry, str):
        return True
    return isinstance(entry, dict) and ("url" in entry or {"tokenUrl", "clientId"} <= entry.keys())


def _token_request(entry: Mapping[str, Any]) -> Sent:
    form = {"grant_type": "client_credentials", "client_id": entry["clientId"]}
    if "refreshToken" in entry:
        form |= {"grant_type": "refresh_token", "refresh_token": entry["refreshToken"]}
    headers = {"Content-Type": "application/x-www-form-urlencoded"}
    if entry.get("clientSecret"):
        pair = f"{entry['clientId']}:{entry['clientSecret']}"
        headers["Authorization"] = f"Basic {b64encode(pair.encode()).decode()}"
    return Sent("POST", entry["tokenUrl"], headers, urlencode(form).encode(), _LIMIT)


def _token_of(answer: Answer, place: str) -> tuple[str, float]:
    try:
        said = json.loads(answer.body)
        seconds = float(said.get("expires_in", 600))
        return str(said["access_token"]), max(seconds - _SPARE, 0)
    except (ValueError, KeyError, TypeError, AttributeError):
        raise Trouble(f"{place}: {answer.status}, and no access_token") from None
