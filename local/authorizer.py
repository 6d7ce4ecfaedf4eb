"""API Gateway's JWT authorizer: the same checks, in the same order, with the same answers."""

from collections.abc import Callable, Mapping
from typing import Any, Final

import jwt

from local.deployment import Route, TokenRules
from local.http_messages import Answer, Request

Claims = Mapping[str, Any]
Admit = Callable[[Request, Route], Claims]
"""Whether a request may pass: its token's claims, or `Refused`."""


class Refused(Exception):
    """The token is not accepted for this route; `answer` is the gateway's answer."""

    def __init__(self, answer: Answer) -> None:
        super().__init__(answer.status)
        self.answer = answer


_FAULTS: Final[Mapping[type[jwt.PyJWTError], str]] = {
    jwt.ExpiredSignatureError: "the token has expired",
    jwt.ImmatureSignatureError: "the token is not valid yet",
    jwt.InvalidIssuerError: "the token does not have a valid issuer",
    jwt.InvalidAlgorithmError: "the token is not signed with RS256",
    jwt.InvalidSignatureError: "the token does not have a valid signature",
    jwt.MissingRequiredClaimError: "the token lacks a claim",
}


class Authorizer:
    """Checks signature, issuer, expiry and audience of a token, and a route's scopes."""

    def __init__(self, rules: TokenRules, key_set: Mapping[str, Any]) -> None:
        self._rules = rules
        self._keys = {key.key_id: key for key in jwt.PyJWKSet.from_dict(dict(key_set)).keys}

    def admit(self, request: Request, route: Route) -> Claims:
        """The claims of the request's token.

        Raises `Refused`: 401 without a valid token, 403 when it has none of the route's scopes.
        """
        claims = self._verified(request.header(self._rules.header))
        held = set(str(claims.get("scope") or claims.get("scp") or "").split())
        if route.scopes and held.isdisjoint(route.scopes):
            challenge = f'Bearer scope="{" ".join(route.scopes)}" error="insufficient_scope"'
            raise Refused(Answer.of_gateway(403, "Forbidden", www_authenticate=challenge))
        return claims

    def _verified(self, header: str | None) -> Claims:
        if not header:
            raise Refused(_unauthorized("Bearer"))
        kind, _, rest = header.partition(" ")
        token = (rest if kind.lower() == "bearer" else header).strip()
        try:
            claims = self._decoded(token)
        except jwt.PyJWTError as fault:
            raise _invalid(_FAULTS.get(type(fault), "the token is malformed")) from None
        # The audience is `aud`, and `client_id` only where there is none: Cognito's access
        # tokens have none.
        audience = claims.get("aud", claims.get("client_id"))
        named = audience if isinstance(audience, list) else [audience]
        if set(self._rules.audience).isdisjoint(named):
            raise _invalid("the token does not have a valid audience")
        return claims

    def _decoded(self, token: str) -> Claims:
        key = self._keys.get(jwt.get_unverified_header(token).get("kid"))
        if key is None:
            raise jwt.InvalidSignatureError
        # `_verified` checks the audience; API Gateway checks neither `sub` nor `jti`.
        options: Any = {
            "require": ["exp", "iss"],
            "verify_aud": False,
            "verify_sub": False,
            "verify_jti": False,
        }
        claims: Claims = jwt.decode(
            token, key, algorithms=["RS256"], issuer=self._rules.issuer, options=options
        )
        return claims


def _unauthorized(challenge: str) -> Answer:
    return Answer.of_gateway(401, "Unauthorized", www_authenticate=challenge)


def _invalid(description: str) -> Refused:
    challenge = f'Bearer scope="" error="invalid_token" error_description="{description}"'
    return Refused(_unauthorized(challenge))
