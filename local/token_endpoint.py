"""The local service's routes under /local: sign-in pages and tokens. None of them is in the
template; deployed, Cognito does this.
"""

import base64
import binascii
import time
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import unquote

from local.http_messages import Answer, Request
from local.sign_in import Clock, Fields, SignIn, fields_in, is_on_this_machine
from local.signed_in import SignedIn, token_refusal
from local.tokens import LIFETIME, PrivateTokens, TokenIssuer
from local.user_pool import AppClient, UserPool

PREFIX: Final = "/local/"


class UnknownUser(Exception):
    """The pool has no user of that name."""


class TokenEndpoint:
    """Gives tokens to the users and clients of the local pool."""

    def __init__(
        self,
        pool: UserPool,
        issuer: str,
        key_set: Mapping[str, Any],
        base_url: str,
        clock: Clock = time.time,
    ) -> None:
        self._pool = pool
        self._tokens = TokenIssuer(issuer, clock)
        private = PrivateTokens(self._tokens)
        self._sign_in = SignIn(pool, private, clock)
        self._signed_in = SignedIn(pool, self._tokens, private, self._sign_in)
        self._key_set = key_set
        self._base_url = base_url

    @property
    def identity_provider_url(self) -> str:
        """The address under which OpenID clients find everything else."""
        return f"{self._base_url}{PREFIX.rstrip('/')}"

    def for_user(self, name: str) -> str:
        """An access token for a user, with the scopes of the sign-in pages' client.

        An admin's token carries the admin scope as well; deployed, only programs get that one.
        Raises `UnknownUser`.
        """
        user = self._pool.users.get(name)
        if user is None:
            raise UnknownUser(name)
        client = self._pool.client_for("code")
        own = self._pool.admin_scopes if user.admin else ()
        return self._tokens.for_user(name, user, client.id, [*client.scopes, *own])

    def for_program(self) -> str:
        """An access token for the pool's client for administrating programs, with all that it may
        ask for.
        """
        client = self._pool.widest_client_for("client_credentials")
        return self._tokens.for_client(client.id, client.scopes)

    def answer(self, request: Request) -> Answer:
        """The answer to a request whose path starts with `PREFIX`."""
        match request.method, request.path.removeprefix(PREFIX):
            case "GET", "token":
                return self._answer_with_user_token(request)
            case "GET" | "POST", "oauth2/authorize":
                return self._sign_in.authorize(request)
            case "GET", "logout":
                return self._sign_in.sign_out(request)
            case "POST", "oauth2/token":
                return _for_pages(request, self._granted(request))
            case "POST", "oauth2/revoke":
                return _for_pages(request, self._signed_in.revoke(fields_in(request.body)))
            case "GET", ".well-known/openid-configuration":
                return Answer.of_json(200, self._configuration())
            case "GET", ".well-known/jwks.json":
                return Answer.of_json(200, self._key_set)
        return Answer.of_gateway(404, "Not Found")

    def _answer_with_user_token(self, request: Request) -> Answer:
        name = fields_in(request.query.encode()).get("user", "")
        try:
            return Answer.of_json(200, {"access_token": self.for_user(name)}).noting(name)
        except UnknownUser:
            known = ", ".join(sorted(self._pool.users))
            return Answer.of_gateway(404, f"no user {name!r}; there are {known}")

    def _granted(self, request: Request) -> Answer:
        """As Cognito's token end point (RFC 6749)."""
        form = fields_in(request.body)
        match form.get("grant_type"):
            case "authorization_code":
                return self._signed_in.with_code(form)
            case "refresh_token":
                return self._signed_in.renewed(form)
            case "client_credentials":
                return self._answer_with_client_token(request, form)
        return token_refusal("unsupported_grant_type")

    def _answer_with_client_token(self, request: Request, form: Fields) -> Answer:
        client = self._client(*_credentials(request, form))
        if client is None:
            return token_refusal("invalid_client")
        scopes = form["scope"].split() if "scope" in form else list(client.scopes)
        if not set(scopes) <= set(client.scopes):
            return token_refusal("invalid_scope")
        token = self._tokens.for_client(client.id, scopes)
        answer = {"access_token": token, "expires_in": LIFETIME, "token_type": "Bearer"}
        return Answer.of_json(200, answer, cache_control="no-store")

    def _client(self, client_id: str, secret: str) -> AppClient | None:
        for client in self._pool.clients:
            allowed = "client_credentials" in client.flows
            if allowed and client.id == client_id and client.secret == secret:
                return client
        return None

    def _configuration(self) -> Mapping[str, Any]:
        url = self.identity_provider_url
        methods = ["client_secret_basic", "client_secret_post", "none"]
        return {
            "issuer": self._tokens.issuer,
            "jwks_uri": f"{url}/.well-known/jwks.json",
            "authorization_endpoint": f"{url}/oauth2/authorize",
            "token_endpoint": f"{url}/oauth2/token",
            "revocation_endpoint": f"{url}/oauth2/revoke",
            "end_session_endpoint": f"{url}/logout",
            "token_endpoint_auth_methods_supported": methods,
            "grant_types_supported": ["authorization_code", "refresh_token", "client_credentials"],
            "response_types_supported": ["code"],
            "code_challenge_methods_supported": ["S256"],
            "subject_types_supported": ["public"],
            "id_token_signing_alg_values_supported": ["RS256"],
            "scopes_supported": ["openid", *self._pool.scopes],
        }


def _credentials(request: Request, form: Mapping[str, str]) -> tuple[str, str]:
    """The client's id and secret, from basic authentication or from the form."""
    kind, _, packed = (request.header("authorization") or "").partition(" ")
    if kind.lower() != "basic":
        return form.get("client_id", ""), form.get("client_secret", "")
    try:
        client_id, _, secret = base64.b64decode(packed, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return "", ""
    return unquote(client_id), unquote(secret)


def _for_pages(request: Request, answer: Answer) -> Answer:
    """An answer that a page of this machine may read from another port, as Cognito's may be read
    from everywhere.
    """
    origin = request.header("origin") or ""
    if not is_on_this_machine(origin):
        return answer
    return answer.with_headers((("access-control-allow-origin", origin), ("vary", "origin")))
