"""HTTP to a server that may be slow, wrong or away; every failure is one line."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any, Final, Protocol
from urllib.parse import urlencode, urlsplit

import urllib3

WAITS: Final = (0.5, 2.0, 5.0)
"""Seconds before the second, third and fourth try."""

_SHOWN: Final = 300
_JSON_LIMIT: Final = 64 * 1024 * 1024
_PASSING: Final = frozenset({429, 500, 502, 503, 504})


class Trouble(Exception):
    """Something that stops a command; the message is one line that says what and where."""


class Unreachable(Trouble):
    """No complete answer came: no connection, a broken one, or none in time."""


class TooLarge(Trouble):
    """The answer is longer than the caller takes."""


class Refused(Trouble):
    """The server answered with an error; `status` is its status."""

    def __init__(self, message: str, status: int) -> None:
        super().__init__(message)
        self.status = status


@dataclass(frozen=True, slots=True)
class Sent:
    """A request as it goes out."""

    method: str
    url: str
    headers: Mapping[str, str]
    body: bytes | None
    limit: int
    """Bytes that the answer may have."""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer as it came."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def media_type(self) -> str:
        """The content type without its parameters, in lower case; empty when there is none."""
        named = {name.lower(): value for name, value in self.headers.items()}
        return named.get("content-type", "").partition(";")[0].strip().lower()


class Transport(Protocol):
    """How a request reaches a server."""

    def __call__(self, request: Sent) -> Answer:
        """The answer, whatever its status; raises `Unreachable` and `TooLarge`."""


class Pool:
    """A transport that keeps its connections open."""

    def __init__(self, connections: int, seconds: float = 60.0) -> None:
        """`seconds` is how long a server may be silent."""
        timeout = urllib3.Timeout(connect=10.0, read=seconds)
        self._pool = urllib3.PoolManager(maxsize=connections, timeout=timeout, retries=False)

    def __call__(self, request: Sent) -> Answer:
        """The answer; raises `Unreachable` and `TooLarge`."""
        try:
            response = self._pool.request(
                request.method,
                request.url,
                body=request.body,
                headers=request.headers,
                redirect=False,
                preload_content=False,
            )
            body = response.read(request.limit + 1, decode_content=True)
            response.drain_conn() if len(body) <= request.limit else response.close()
            response.release_conn()
        except (urllib3.exceptions.HTTPError, OSError) as problem:
            raise Unreachable(_one_line(_reason(problem))) from None
        if len(body) > request.limit:
            raise TooLarge(f"the answer has more than {request.limit} bytes")
        return Answer(response.status, body, dict(response.headers))


class Pace:
    """At most so many requests a second, whichever thread sends them."""

    def __init__(
        self, per_second: float, clock: Callable[[], float], wait: Callable[[float], None]
    ) -> None:
        """`per_second` 0 is as fast as can be; `clock` counts seconds."""
        self._gap = 1 / per_second if per_second else 0.0
        self._clock, self._wait = clock, wait
        self._next = 0.0
        self._lock = Lock()

    def __call__(self) -> None:
        """Return when the next request may be sent."""
        if not self._gap:
            return
        with self._lock:
            now = self._clock()
            start = max(now, self._next)
            self._next = start + self._gap
        if start > now:
            self._wait(start - now)


@dataclass(slots=True)
class Connection:
    """One server: its address, the credentials, and how patient the caller is."""

    base_url: str
    headers: Mapping[str, str]
    transport: Transport
    wait: Callable[[float], None]
    pace: Callable[[], None] = lambda: None
    hint: str = ""
    """What a 401 means for the user of the command."""
    requests: int = 0
    _lock: Lock = field(default_factory=Lock)

    def json(self, method: str, path: str, *, query: Any = None, body: Any = None) -> Any:
        """The JSON that the server answers; tried again while the failure may pass.

        For requests that may be repeated. Raises `Refused`, `Unreachable` or `Trouble`.
        """
        return self._repeated(lambda: self.json_once(method, path, query=query, body=body))

    def json_once(self, method: str, path: str, *, query: Any = None, body: Any = None) -> Any:
        """The same without a second try."""
        encoded = None if body is None else json.dumps(body).encode()
        kind = {} if body is None else {"Content-Type": "application/json"}
        answer = self.ask(method, path, query=query, body=encoded, headers=kind)
        place = f"{method} {self.base_url}{path}"
        if not answer.body:
            return None
        if answer.media_type and not answer.media_type.endswith("json"):
            raise Trouble(f"{place}: answered {answer.media_type}, not JSON; is the address right?")
        try:
            return json.loads(answer.body)
        except ValueError as broken:
            raise Unreachable(f"{place}: answered broken JSON ({_one_line(str(broken))})") from None

    def content(self, path: str, limit: int) -> bytes:
        """The bytes at that path; raises `TooLarge` beyond `limit`, and as `json` does."""
        return self._repeated(lambda: self.ask("GET", path, limit=limit).body)  # type: ignore[no-any-return]

    def content_once(self, path: str, limit: int) -> bytes:
        """The same without a second try."""
        return self.ask("GET", path, limit=limit).body

    def ask(
        self,
        method: str,
        path: str,
        *,
        query: Mapping[str, Any] | None = None,
        body: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        limit: int = _JSON_LIMIT,
    ) -> Answer:
        """A successful answer, asked for once."""
        self.pace()
        with self._lock:
            self.requests += 1
        place = f"{method} {self.base_url}{path}"
        target = f"{self.base_url}{path}{'?' + urlencode(query) if query else ''}"
        said = {"Accept": "*/*", **self.headers, **(headers or {})}
        try:
            answer = self.transport(Sent(method, target, said, body, limit))
        except (Unreachable, TooLarge) as problem:
            raise type(problem)(f"{place}: {problem}") from None
        if answer.status >= 300:
            raise Refused(f"{place}: {answer.status}{self._why(answer)}", answer.status)
        return answer

    def _why(self, answer: Answer) -> str:
        if answer.status == 401 and self.hint:
            return f", {self.hint}"
        try:
            said = json.loads(answer.body)["message"]
        except (ValueError, KeyError, TypeError):
            said = "" if answer.media_type == "text/html" else answer.body.decode(errors="replace")
        return f": {_one_line(str(said))}" if said else ""

    def _repeated(self, attempt: Callable[[], Any]) -> Any:
        for seconds in WAITS:
            try:
                return attempt()
            except Unreachable:
                self.wait(seconds)
            except Refused as refused:
                if refused.status not in _PASSING:
                    raise
                self.wait(seconds)
        return attempt()


def may_pass(problem: Trouble) -> bool:
    """Whether the same request may succeed later."""
    if isinstance(problem, Refused):
        return problem.status in _PASSING
    return isinstance(problem, Unreachable)


def checked_address(address: str) -> str:
    """The address of a server without a slash at its end; raises `Trouble` for any other text."""
    parts = urlsplit(address)
    if parts.scheme not in ("http", "https") or not parts.hostname:
        raise Trouble(f"{address}: expected an address such as https://host/engine-rest")
    if parts.username or parts.password:
        raise Trouble(f"{parts.hostname}: credentials belong into the environment, not the address")
    return address.rstrip("/")


def _reason(problem: Exception) -> str:
    # A refused connection is a kind of timeout to the library, so it is asked for first.
    if isinstance(problem, urllib3.exceptions.NewConnectionError):
        return "cannot be reached"
    if isinstance(problem, urllib3.exceptions.TimeoutError):
        return "no answer in time"
    return f"the connection broke ({type(problem).__name__})"


def _one_line(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHOWN else f"{line[:_SHOWN]}…"
