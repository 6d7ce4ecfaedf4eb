"""Access tokens as Cognito makes them, signed with moto's key. That key is public, so no deployment
may trust it; there, API Gateway checks tokens.
"""

import gzip
import time
import uuid
from collections.abc import Iterable, Mapping
from importlib import resources
from typing import Any, Final, cast

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from jwt.algorithms import RSAAlgorithm

from local.settings import User

LIFETIME: Final = 12 * 60 * 60
"""Seconds that a local token lasts: a working day rather than Cognito's hour."""

_KEY_ID: Final = "dummy"


class TokenIssuer:
    """Signs access tokens for a pool."""

    def __init__(self, issuer: str) -> None:
        self._issuer = issuer
        packed = resources.files("moto.cognitoidp").joinpath("resources/jwks-private.json.gz")
        key = RSAAlgorithm.from_jwk(gzip.decompress(packed.read_bytes()).decode())
        self._key = cast(RSAPrivateKey, key)

    def for_user(self, name: str, user: User, client_id: str, scopes: Iterable[str]) -> str:
        """The token of a person who signs in through an app client."""
        claims: dict[str, Any] = {
            "sub": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self._issuer}/{name}")),
            "username": name,
        }
        if user.memberships:
            claims["cognito:groups"] = list(user.memberships)
        return self._issue(client_id, scopes, claims)

    def for_client(self, client_id: str, scopes: Iterable[str]) -> str:
        """The token of a program, for its client's secret: without user name and groups."""
        return self._issue(client_id, scopes, {"sub": client_id})

    def _issue(self, client_id: str, scopes: Iterable[str], who: Mapping[str, Any]) -> str:
        now = int(time.time())
        claims = {
            **who,
            "iss": self._issuer,
            "client_id": client_id,
            "token_use": "access",
            "scope": " ".join(scopes),
            "auth_time": now,
            "iat": now,
            "exp": now + LIFETIME,
            "jti": str(uuid.uuid4()),
            "version": 2,
        }
        return self.sign(claims)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with exactly these claims."""
        return jwt.encode(dict(claims), self._key, algorithm="RS256", headers={"kid": _KEY_ID})
