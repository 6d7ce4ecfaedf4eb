"""A program's token: asked for once, kept until it expires, asked for anew when it is not taken."""

import base64
import json
from collections.abc import Mapping
from typing import Any

import pytest
from botocore.exceptions import ClientError
from taskdock.adapters.machine_token import MachineToken
from taskdock.adapters.web import WebAnswer, WebRequest
from taskdock.domain.errors import TemporarilyUnavailable

IDENTITY = "https://identity.example/pool"
ENDPOINT = "https://sign-in.example/oauth2/token"


class World:
    """The secret, the identity provider and the time."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.secret = "s3cret/+"
        self.asked: list[WebRequest] = []
        self.secrets_read = 0
        self.status = 200
        self.throttled = False
        self.token = MachineToken(
            self, "arn:secret", IDENTITY, web=self.web, clock=lambda: self.now
        )

    def get_secret_value(self, *, SecretId: str) -> Mapping[str, Any]:  # noqa: N803
        assert SecretId == "arn:secret"
        self.secrets_read += 1
        if self.throttled:
            told: Any = {
                "Error": {"Code": "ThrottlingException", "Message": "slow down"},
                "ResponseMetadata": {"HTTPStatusCode": 400},
            }
            raise ClientError(told, "GetSecretValue")
        return {"SecretString": json.dumps({"clientId": "c1", "clientSecret": self.secret})}

    def web(self, request: WebRequest) -> WebAnswer:
        if request.url == f"{IDENTITY}/.well-known/openid-configuration":
            return WebAnswer(self.status, json.dumps({"token_endpoint": ENDPOINT}).encode())
        assert (request.method, request.url) == ("POST", ENDPOINT)
        assert request.body == b"grant_type=client_credentials"
        self.asked.append(request)
        granted = {"access_token": f"token {len(self.asked)}", "expires_in": 3600}
        return WebAnswer(self.status, json.dumps(granted).encode())


def test_a_token_is_asked_for_with_the_clients_secret() -> None:
    world = World()
    assert world.token() == "token 1"
    [asked] = world.asked
    kind, _, packed = asked.headers["Authorization"].partition(" ")
    assert (kind, base64.b64decode(packed)) == ("Basic", b"c1:s3cret%2F%2B")
    assert asked.headers["Content-Type"] == "application/x-www-form-urlencoded"


def test_a_token_is_kept_until_a_minute_before_its_end() -> None:
    world = World()
    world.token()
    world.now += 3539
    assert world.token() == "token 1"
    world.now += 1
    assert world.token() == "token 2"
    assert world.secrets_read == 1


def test_a_token_that_was_not_taken_is_asked_for_anew() -> None:
    world = World()
    world.token()
    world.token.forget()
    assert world.token() == "token 2"


def test_a_secret_that_was_not_taken_is_read_anew() -> None:
    world = World()
    world.token()
    world.token.forget()
    world.status = 400
    with pytest.raises(TemporarilyUnavailable, match="token end point"):
        world.token()
    world.status, world.secret = 200, "new"
    world.token()
    assert world.secrets_read == 2
    assert base64.b64decode(world.asked[-1].headers["Authorization"][6:]) == b"c1:new"


def test_an_identity_provider_that_does_not_answer_can_be_asked_later() -> None:
    world = World()
    world.status = 503
    with pytest.raises(TemporarilyUnavailable, match="identity provider"):
        world.token()
    world.status = 200
    assert world.token() == "token 1"


def test_a_secret_out_of_reach_can_be_read_later() -> None:
    world = World()
    world.throttled = True
    with pytest.raises(TemporarilyUnavailable, match="client's secret"):
        world.token()
