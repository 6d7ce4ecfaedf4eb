"""Tokens as Cognito makes them, signed with moto's key. That key is public, so no deployment may
trust it; there, API Gateway checks tokens.
"""

import gzip
import time
import uuid
from collections.abc import Callable, Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any, Final, cast

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, RSAPublicKey
from jwt.algorithms import RSAAlgorithm

from local.settings import User

LIFETIME: Final = 12 * 60 * 60
"""Seconds that a local token lasts: a working day rather than Cognito's hour."""
SIGNED_IN: Final = 60 * 60
"""Seconds that a token of the sign-in pages lasts, as deployed: a page has to renew it."""
RENEWABLE: Final = 12 * 60 * 60
"""Seconds for which it can be renewed, as deployed."""

_KEY_ID: Final = "dummy"


@cache
def _private_key() -> RSAPrivateKey:
    """moto's key. It is kept without its prime factors, which take a second to find."""
    packed = resources.files("moto.cognitoidp").joinpath("resources/jwks-private.json.gz")
    key = RSAAlgorithm.from_jwk(gzip.decompress(packed.read_bytes()).decode())
    return cast(RSAPrivateKey, key)


class TokenIssuer:
    """Signs tokens for a pool."""

    def __init__(self, issuer: str, clock: Callable[[], float] = time.time) -> None:
        """`clock` says the seconds since 1970."""
        self.issuer = issuer
        self.clock = clock
        self._key = _private_key()

    @property
    def public_key(self) -> RSAPublicKey:
        """What the signatures are checked with."""
        return self._key.public_key()

    def for_user(
        self,
        name: str,
        user: User,
        client_id: str,
        scopes: Iterable[str],
        *,
        lifetime: int = LIFETIME,
        since: int | None = None,
    ) -> str:
        """The access token of a person who signs in through an app client; `lifetime` is in
        seconds, `since` the second since 1970 of the sign-in where that is not now.
        """
        claims = {"username": name, **self._person(name, user), **_signed_in(since)}
        return self._issue(client_id, scopes, claims, lifetime)

    def about_user(
        self,
        name: str,
        user: User,
        client_id: str,
        *,
        lifetime: int,
        since: int | None = None,
        **claims: str,
    ) -> str:
        """The id token of a person: who has signed in, for the program that asked."""
        known = {
            "cognito:username": name,
            "given_name": user.first_name,
            "family_name": user.last_name,
            "email": user.email,
        }
        return self.sign(
            {
                **self._person(name, user),
                **{key: value for key, value in known.items() if value},
                **self._dated(lifetime),
                **_signed_in(since),
                **claims,
                "aud": client_id,
                "token_use": "id",
            }
        )

    def for_client(self, client_id: str, scopes: Iterable[str]) -> str:
        """The token of a program, for its client's secret: without user name and groups."""
        return self._issue(client_id, scopes, {"sub": client_id}, LIFETIME)

    def _person(self, name: str, user: User) -> dict[str, Any]:
        claims: dict[str, Any] = {
            "sub": str(uuid.uuid5(uuid.NAMESPACE_URL, f"{self.issuer}/{name}"))
        }
        if user.memberships:
            claims["cognito:groups"] = list(user.memberships)
        return claims

    def _dated(self, lifetime: int) -> dict[str, Any]:
        now = int(self.clock())
        return {
            "iss": self.issuer,
            "auth_time": now,
            "iat": now,
            "exp": now + lifetime,
            "jti": _new_id(),
        }

    def _issue(
        self, client_id: str, scopes: Iterable[str], who: Mapping[str, Any], lifetime: int
    ) -> str:
        claims = {
            **self._dated(lifetime),
            **who,
            "client_id": client_id,
            "token_use": "access",
            "scope": " ".join(scopes),
            "version": 2,
        }
        return self.sign(claims)

    def sign(self, claims: Mapping[str, Any]) -> str:
        """A token with exactly these claims."""
        return jwt.encode(dict(claims), self._key, algorithm="RS256", headers={"kid": _KEY_ID})


class PrivateTokens:
    """Tokens that the local service alone reads, for what it need not remember over a restart.

    The gateway accepts none of them: they are of another issuer.
    """

    def __init__(self, issuer: TokenIssuer) -> None:
        self._tokens = issuer
        self._issuer = f"{issuer.issuer}/local"

    def sign(self, kind: str, lifetime: int, claims: Mapping[str, Any]) -> str:
        """A token of a kind for `lifetime` seconds."""
        now = int(self._tokens.clock())
        own = {"iss": self._issuer, "token_use": kind, "exp": now + lifetime, "jti": _new_id()}
        return self._tokens.sign({**claims, **own})

    def read(self, kind: str, token: str) -> Mapping[str, Any] | None:
        """What a token of that kind says; None for any other, and once it has expired."""
        options: Any = {"verify_exp": False, "verify_aud": False, "require": ["exp", "jti"]}
        key = self._tokens.public_key
        try:
            claims: Mapping[str, Any] = jwt.decode(
                token, key, algorithms=["RS256"], issuer=self._issuer, options=options
            )
        except jwt.PyJWTError:
            return None
        is_current = claims["exp"] > self._tokens.clock() and claims.get("token_use") == kind
        return claims if is_current else None


def _signed_in(since: int | None) -> dict[str, int]:
    return {} if since is None else {"auth_time": since}


def _new_id() -> str:
    return str(uuid.uuid4())
