"""The sign-in pages of the local service: one chooses a user and goes back with a code.

They do what Cognito's do (authorization code, RFC 6749, 4.1, with PKCE, RFC 7636), without
passwords; so they send people to this machine alone.
"""

import base64
import hashlib
import secrets
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qs, urlencode, urlsplit

from local.http_messages import Answer, Request
from local.sign_in_page import chooser, refusal_page
from local.tokens import PrivateTokens
from local.user_pool import AppClient, UserPool

CODE_LIFETIME: Final = 5 * 60
"""Seconds in which a code can be exchanged, as Cognito's."""
SESSION_LIFETIME: Final = 12 * 60 * 60
"""Seconds for which a browser is not asked again."""

_COOKIE: Final = "taskdock-local-session"
_LOOPBACK: Final = frozenset({"127.0.0.1", "localhost", "::1"})
_ASKS_AGAIN: Final = frozenset({"login", "select_account"})

Clock = Callable[[], float]
"""Seconds since 1970."""
Fields = Mapping[str, str]
"""The fields of a form or of a query string; of several with a name the last one."""


@dataclass(frozen=True, slots=True)
class Granted:
    """What a user signed in for."""

    user: str
    client_id: str
    scopes: tuple[str, ...]
    nonce: str | None
    since: int | None
    """The second since 1970 of the sign-in: a program may insist that renewing keeps it."""


@dataclass(frozen=True, slots=True)
class _Code:
    granted: Granted
    redirect_uri: str
    challenge: str
    until: float


class _CannotReturn(Exception):
    """The request names no client, or no address on this machine."""


class SignIn:
    """The pages, and the codes that they gave."""

    def __init__(self, pool: UserPool, tokens: PrivateTokens, clock: Clock = time.time) -> None:
        self._pool = pool
        self._tokens = tokens
        self._clock = clock
        self._codes: dict[str, _Code] = {}

    def authorize(self, request: Request) -> Answer:
        """A page on which one chooses a user; for one who has chosen, the way back with a code."""
        asked = fields_in(request.query.encode())
        try:
            client = self._client(asked)
            address = _address_on_this_machine(asked, "redirect_uri")
        except _CannotReturn as problem:
            return refusal_page(str(problem))
        if (error := _fault_of(asked, client)) is not None:
            return _back(asked, error=error)
        if request.method == "POST":
            return self._chosen(request, asked, client)
        user = None if asked.get("prompt") in _ASKS_AGAIN else self._user_of(request)
        if user is not None:
            return self._with_code(asked, client, user)
        if asked.get("prompt") == "none":
            return _back(asked, error="login_required")
        return chooser(self._pool.users, _origin(address))

    def sign_out(self, request: Request) -> Answer:
        """The way to `logout_uri`, where nobody is signed in any more."""
        asked = fields_in(request.query.encode())
        try:
            self._client(asked)
            address = _address_on_this_machine(asked, "logout_uri")
        except _CannotReturn as problem:
            return refusal_page(str(problem))
        return _redirect(address).with_headers((_cookie("", 0, request.scheme),))

    def redeem(self, form: Fields) -> Granted | None:
        """What a code stands for, once, within `CODE_LIFETIME` and for the one who asked for it."""
        code = self._codes.pop(form.get("code", ""), None)
        if code is None or code.until < self._clock():
            return None
        told = (form.get("client_id"), form.get("redirect_uri"))
        if told != (code.granted.client_id, code.redirect_uri):
            return None
        return code.granted if _challenge(form.get("code_verifier", "")) == code.challenge else None

    def _client(self, asked: Fields) -> AppClient:
        for client in self._pool.clients:
            if "code" in client.flows and client.id == asked.get("client_id"):
                return client
        raise _CannotReturn("client_id names no app client for people")

    def _chosen(self, request: Request, asked: Fields, client: AppClient) -> Answer:
        user = fields_in(request.body).get("user", "")
        if user not in self._pool.users:
            return refusal_page("there is no such user")
        session = self._tokens.sign("session", SESSION_LIFETIME, {"user": user})
        cookie = _cookie(session, SESSION_LIFETIME, request.scheme)
        return self._with_code(asked, client, user).with_headers((cookie,))

    def _user_of(self, request: Request) -> str | None:
        """Who has chosen a user in this browser before."""
        sent = (request.header("cookie") or "").split(";")
        given = {name: value for name, _, value in (each.strip().partition("=") for each in sent)}
        claims = self._tokens.read("session", given.get(_COOKIE, ""))
        user = claims.get("user") if claims else None
        return user if user in self._pool.users else None

    def _with_code(self, asked: Fields, client: AppClient, user: str) -> Answer:
        now = self._clock()
        self._codes = {key: code for key, code in self._codes.items() if code.until >= now}
        scopes = tuple(asked["scope"].split()) if "scope" in asked else client.scopes
        granted = Granted(user, client.id, scopes, asked.get("nonce"), int(now))
        code = secrets.token_urlsafe(32)
        self._codes[code] = _Code(
            granted, asked["redirect_uri"], asked["code_challenge"], now + CODE_LIFETIME
        )
        return _back(asked, code=code).noting(user)


def fields_in(form: bytes) -> dict[str, str]:
    """What a form says, or a query string."""
    text = form.decode(errors="replace")
    return {name: values[-1] for name, values in parse_qs(text).items()}


def is_on_this_machine(address: str) -> bool:
    """Whether an address is of a program here: nobody else is sent a code, nobody else reads a
    token.
    """
    try:
        parts = urlsplit(address)
        named = parts.hostname in _LOOPBACK and parts.port != 0
    except ValueError:  # no host, or no port, that there can be
        return False
    is_text = address.isascii() and address.isprintable()
    is_plain = parts.username is None and not parts.fragment and is_text
    return named and is_plain and parts.scheme in ("http", "https")


def _address_on_this_machine(asked: Fields, name: str) -> str:
    address = asked.get(name, "")
    if not is_on_this_machine(address):
        raise _CannotReturn(f"{name} is no address on this machine")
    return address


def _fault_of(asked: Fields, client: AppClient) -> str | None:
    """The error of RFC 6749, 4.1.2.1, if the request has one."""
    if asked.get("response_type") != "code":
        return "unsupported_response_type"
    if asked.get("code_challenge_method") != "S256" or not asked.get("code_challenge"):
        return "invalid_request"
    scopes = asked["scope"].split() if "scope" in asked else client.scopes
    return None if set(scopes) <= set(client.scopes) else "invalid_scope"


def _challenge(verifier: str) -> str:
    digest = hashlib.sha256(verifier.encode()).digest()
    return base64.urlsafe_b64encode(digest).rstrip(b"=").decode()


def _back(asked: Fields, **told: str) -> Answer:
    state = {"state": asked["state"]} if "state" in asked else {}
    address = asked["redirect_uri"]
    joint = "&" if "?" in address else "?"
    return _redirect(f"{address}{joint}{urlencode({**told, **state})}")


def _redirect(address: str) -> Answer:
    return Answer(302, (("location", address), ("cache-control", "no-store")))


def _origin(address: str) -> str:
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}"


def _cookie(value: str, seconds: int, scheme: str) -> tuple[str, str]:
    secure = "; Secure" if scheme == "https" else ""
    attributes = f"Path=/local; Max-Age={seconds}; HttpOnly; SameSite=Lax{secure}"
    return "set-cookie", f"{_COOKIE}={value}; {attributes}"
