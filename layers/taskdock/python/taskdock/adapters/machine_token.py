"""A program's access token, requested with the client's secret and cached until it expires."""

import base64
import json
import time
from collections.abc import Callable, Mapping
from typing import Any, Final, Protocol
from urllib.parse import quote

from taskdock.adapters.outages import reaching, unavailable
from taskdock.adapters.web import Web, WebRequest, send

_DISCOVERY: Final = "/.well-known/openid-configuration"
_EARLY: Final = 60.0
"""A token is no longer used this many seconds before it expires."""


class Secrets(Protocol):
    """The part of Secrets Manager's client that is used."""

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803 - AWS' name
        """The secret, its text under `SecretString`."""
        ...


class MachineToken:
    """The token of one app client, by OAuth's client credentials (RFC 6749, section 4.4).

    The secret is a JSON object with `clientId` and `clientSecret`. It is read once, and again when
    the identity provider refuses it.
    """

    def __init__(
        self,
        secrets: Secrets,
        secret_id: str,
        identity_provider: str,
        *,
        web: Web = send,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._secrets = secrets
        self._secret_id = secret_id
        self._identity_provider = identity_provider
        self._web = web
        self._clock = clock
        self._endpoint: str | None = None
        self._authorization: str | None = None
        self._token = ""
        self._until = -1.0

    def __call__(self) -> str:
        """A token that is valid for another minute at least. Raises `TemporarilyUnavailable` when
        there is none.
        """
        if self._clock() >= self._until:
            self._renew()
        return self._token

    def forget(self) -> None:
        """Get a new token next time, because this one was refused."""
        self._until = -1.0

    def _renew(self) -> None:
        asked = self._clock()
        headers = {
            "Authorization": self._client_authorization(),
            "Content-Type": "application/x-www-form-urlencoded",
        }
        body = b"grant_type=client_credentials"
        answer = self._web(WebRequest("POST", self._token_endpoint(), headers, body))
        if answer.status != 200:
            self._authorization = None  # the client may have another secret by now
            raise unavailable("token end point")
        granted = json.loads(answer.body)
        self._token = granted["access_token"]
        self._until = asked + float(granted["expires_in"]) - _EARLY

    def _token_endpoint(self) -> str:
        if self._endpoint is None:
            answer = self._web(WebRequest("GET", self._identity_provider + _DISCOVERY))
            if answer.status != 200:
                raise unavailable("identity provider")
            self._endpoint = str(json.loads(answer.body)["token_endpoint"])
        return self._endpoint

    def _client_authorization(self) -> str:
        if self._authorization is None:
            with reaching("client's secret"):
                found = self._secrets.get_secret_value(SecretId=self._secret_id)
            client: dict[str, Any] = json.loads(found["SecretString"])
            pair = f"{quote(client['clientId'], '')}:{quote(client['clientSecret'], '')}"
            self._authorization = f"Basic {base64.b64encode(pair.encode()).decode()}"
        return self._authorization
