"""The tokens of those who have signed in on the local pages: for a code, and renewed."""

from collections.abc import Mapping
from typing import Any, Final

from local.http_messages import Answer
from local.sign_in import Fields, Granted, SignIn
from local.tokens import RENEWABLE, SIGNED_IN, PrivateTokens, TokenIssuer
from local.user_pool import UserPool

_REFRESH: Final = "refresh"


class SignedIn:
    """Gives, renews and revokes the tokens of people, as Cognito's token end point does."""

    def __init__(
        self, pool: UserPool, tokens: TokenIssuer, private: PrivateTokens, sign_in: SignIn
    ) -> None:
        self._pool = pool
        self._tokens = tokens
        self._private = private
        self._sign_in = sign_in
        self._revoked: set[str] = set()

    def with_code(self, form: Fields) -> Answer:
        """The tokens for a code, a refresh token among them (RFC 6749, 4.1.3)."""
        granted = self._sign_in.redeem(form)
        if granted is None:
            return token_refusal("invalid_grant")
        kept = {
            "user": granted.user,
            "client": granted.client_id,
            "scopes": granted.scopes,
            "since": granted.since,
        }
        refresh = self._private.sign(_REFRESH, RENEWABLE, kept)
        return self._tokens_for(granted, refresh_token=refresh)

    def renewed(self, form: Fields) -> Answer:
        """Tokens for a refresh token, which stays good until it expires (RFC 6749, 6)."""
        kept = self._kept(form.get("refresh_token", ""))
        is_known = kept is not None and kept["user"] in self._pool.users
        if kept is None or not is_known or kept["client"] != form.get("client_id"):
            return token_refusal("invalid_grant")
        scopes = tuple(kept["scopes"])
        return self._tokens_for(
            Granted(kept["user"], kept["client"], scopes, nonce=None, since=kept.get("since"))
        )

    def revoke(self, form: Fields) -> Answer:
        """Nothing; the refresh token is good for nothing from now on (RFC 7009)."""
        kept = self._kept(form.get("token", ""))
        if kept is not None and kept["client"] != form.get("client_id"):
            return token_refusal("invalid_client")
        if kept is not None:
            self._revoked.add(kept["jti"])
        return Answer(200)

    def _kept(self, token: str) -> Mapping[str, Any] | None:
        claims = self._private.read(_REFRESH, token)
        return None if claims is None or claims["jti"] in self._revoked else claims

    def _tokens_for(self, granted: Granted, **more: str) -> Answer:
        name, client_id = granted.user, granted.client_id
        user = self._pool.users[name]
        answer: dict[str, Any] = {
            "access_token": self._tokens.for_user(
                name, user, client_id, granted.scopes, lifetime=SIGNED_IN, since=granted.since
            ),
            "token_type": "Bearer",
            "expires_in": SIGNED_IN,
            **more,
        }
        if "openid" in granted.scopes:
            nonce = {} if granted.nonce is None else {"nonce": granted.nonce}
            answer["id_token"] = self._tokens.about_user(
                name, user, client_id, lifetime=SIGNED_IN, since=granted.since, **nonce
            )
        return Answer.of_json(200, answer, cache_control="no-store").noting(name)


def token_refusal(error: str) -> Answer:
    """The answer to a request for a token that gets none (RFC 6749, 5.2)."""
    return Answer.of_json(400, {"error": error})
