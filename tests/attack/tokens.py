"""Every operation with no token, with forged and foreign ones, and with one for less."""

import base64
import json
import time
from collections.abc import Iterator, Mapping
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

from local.service import LocalService
from local.tokens import TokenIssuer
from tests.attack.operations import every_request
from tests.attack.world import Attacked

VALUES = {
    "id": "of-none", "tid": "of-service", "sid": "operator-p4", "index": "0", "name": "amount",
    "cid": "c", "aid": "a", "key": "k", "tenant": "t1", "clientId": "c",
}  # fmt: skip


def attack(world: Attacked) -> tuple[int, list[str]]:
    """How many requests were sent, and which were answered otherwise than refused."""
    sent, faults = 0, []
    for kind, token, expected in _tokens(world.service):
        attacker = world.with_token(token)
        for request in every_request(VALUES):
            if request.operation.public:
                continue
            answer = attacker.ask(*request[1:])
            sent += 1
            if answer.status != expected:
                faults.append(f"{kind}: {request.operation.route} was answered {answer.status}")
    return sent, faults


def _tokens(service: LocalService) -> Iterator[tuple[str, str | None, int]]:
    issuer = service.api.tokens.issuer
    good = jwt.decode(service.token("mary"), options={"verify_signature": False})
    sign = TokenIssuer(issuer).sign
    now = int(time.time())
    foreign = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    kid = {"kid": "dummy"}
    yield "no token", None, 401
    yield "an empty one", "Bearer ", 401
    yield "garbage", "Bearer x.y.z", 401
    yield "another scheme", "Basic bWFyeTptYXJ5", 401
    yield "an expired one", f"Bearer {sign({**good, 'exp': now - 60})}", 401
    yield "one of tomorrow", f"Bearer {sign({**good, 'nbf': now + 86_400})}", 401
    yield "without an expiry", f"Bearer {sign(_without(good, 'exp'))}", 401
    yield "of another issuer", f"Bearer {sign({**good, 'iss': 'https://elsewhere.example'})}", 401
    yield "for another audience", f"Bearer {sign({**good, 'client_id': 'other'})}", 401
    yield "with an audience of its own", f"Bearer {sign({**good, 'aud': 'other'})}", 401
    yield "alg none", f"Bearer {_unsigned(good)}", 401
    yield "signed with another key", f"Bearer {jwt.encode(good, foreign, 'RS256', kid)}", 401
    secret = jwt.encode(good, "the public key as a shared secret", "HS256", kid)
    yield "signed with a shared secret", f"Bearer {secret}", 401
    yield "without a scope", f"Bearer {sign(_without(good, 'scope'))}", 403
    yield "of other scopes", f"Bearer {sign({**good, 'scope': 'other/tasks.read'})}", 403


def _without(claims: Mapping[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in claims.items() if key != name}


def _unsigned(claims: Mapping[str, Any]) -> str:
    parts = ({"alg": "none", "typ": "JWT", "kid": "dummy"}, claims)
    return ".".join(
        [
            *(
                base64.urlsafe_b64encode(json.dumps(each).encode()).decode().rstrip("=")
                for each in parts
            ),
            "",
        ]
    )
