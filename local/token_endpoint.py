"""The local service's routes under /local: tokens, as the sign-in pages give them. None of them is
in the template; deployed, Cognito does this.
"""

import base64
import binascii
from collections.abc import Mapping
from typing import Any, Final
from urllib.parse import parse_qs, unquote

from local.http_messages import Answer, Request
from local.tokens import LIFETIME, TokenIssuer
from local.user_pool import AppClient, UserPool

PREFIX: Final = "/local/"


class UnknownUser(Exception):
    """The pool has no user of that name."""


class TokenEndpoint:
    """Gives tokens to the users and clients of the local pool."""

    def __init__(
        self, pool: UserPool, issuer: str, key_set: Mapping[str, Any], base_url: str
    ) -> None:
        self._pool = pool
        self._issuer = issuer
        self._tokens = TokenIssuer(issuer)
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
            case "POST", "oauth2/token":
                return self._answer_with_client_token(request)
            case "GET", ".well-known/openid-configuration":
                return Answer.of_json(200, self._configuration())
            case "GET", ".well-known/jwks.json":
                return Answer.of_json(200, self._key_set)
        return Answer.of_gateway(404, "Not Found")

    def _answer_with_user_token(self, request: Request) -> Answer:
        [name] = parse_qs(request.query).get("user", [""])[-1:]
        try:
            return Answer.of_json(200, {"access_token": self.for_user(name)}).noting(name)
        except UnknownUser:
            known = ", ".join(sorted(self._pool.users))
            return Answer.of_gateway(404, f"no user {name!r}; there are {known}")

    def _answer_with_client_token(self, request: Request) -> Answer:
        """As Cognito's token end point for the grant `client_credentials` (RFC 6749, 4.4)."""
        form = {name: values[-1] for name, values in parse_qs(request.body.decode()).items()}
        if form.get("grant_type") != "client_credentials":
            return _refusal("unsupported_grant_type")
        client = self._client(*_credentials(request, form))
        if client is None:
            return _refusal("invalid_client")
        scopes = form["scope"].split() if "scope" in form else list(client.scopes)
        if not set(scopes) <= set(client.scopes):
            return _refusal("invalid_scope")
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
        return {
            "issuer": self._issuer,
            "jwks_uri": f"{self.identity_provider_url}/.well-known/jwks.json",
            "token_endpoint": f"{self.identity_provider_url}/oauth2/token",
            "token_endpoint_auth_methods_supported": ["client_secret_basic", "client_secret_post"],
            "grant_types_supported": ["client_credentials"],
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


def _refusal(error: str) -> Answer:
    return Answer.of_json(400, {"error": error})
