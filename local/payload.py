"""An HTTP API's payload format 2.0: requests as events, and what functions return as answers."""

import base64
import binascii
import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final
from urllib.parse import parse_qsl, unquote

from local.deployment import Route
from local.http_messages import Answer, Request
from local.template import ACCOUNT

Claims = Mapping[str, Any]

_API_ID: Final = "local"
_TEXT_TYPES: Final = frozenset({"application/json", "application/javascript", "application/xml"})
"""Beside text/*, the only bodies that an event has as text; all others are in base64."""


class MalformedAnswer(Exception):
    """A function returned something that an HTTP API cannot pass on."""


@dataclass(frozen=True, slots=True)
class Call:
    """A request that found its route and may pass."""

    request: Request
    route: Route
    stage: str
    path_parameters: Mapping[str, str]
    claims: Claims | None
    """The token's claims; None where the route asks for no token."""
    arrived: datetime

    def event(self) -> dict[str, Any]:
        """What the route's function is invoked with.

        The path arrives decoded and under `rawPath` all the same, as API Gateway sends it.
        """
        request = self.request
        cookies = [part for value in self._cookie_headers() for part in value.split("; ")]
        event: dict[str, Any] = {
            "version": "2.0",
            "routeKey": self.route.key,
            "rawPath": unquote(request.path),
            "rawQueryString": request.query,
            **({"cookies": cookies} if cookies else {}),
            "headers": self._headers(),
            **_present("queryStringParameters", _joined(_query_parameters(request.query))),
            "requestContext": self._context(),
            **_present("pathParameters", self.path_parameters),
            "isBase64Encoded": False,
        }
        if request.body:
            event["body"], event["isBase64Encoded"] = _body(request)
        return event

    def _cookie_headers(self) -> list[str]:
        return [value for name, value in self.request.headers if name == "cookie"]

    def _headers(self) -> dict[str, str]:
        headers = _joined([pair for pair in self.request.headers if pair[0] != "cookie"])
        host = headers.get("host", "")
        return {
            **headers,
            "x-amzn-trace-id": f"Root=1-{self._seconds():08x}-{secrets.token_hex(12)}",
            "x-forwarded-for": self.request.source_ip,
            "x-forwarded-port": host.rpartition(":")[2] if ":" in host else "443",
            "x-forwarded-proto": self.request.scheme,
        }

    def _seconds(self) -> int:
        return int(self.arrived.timestamp())

    def _context(self) -> dict[str, Any]:
        request = self.request
        domain = (request.header("host") or "localhost").partition(":")[0]
        context: dict[str, Any] = {
            "accountId": ACCOUNT,
            "apiId": _API_ID,
            "domainName": domain,
            "domainPrefix": domain.partition(".")[0],
            "http": {
                "method": request.method,
                "path": unquote(request.path),
                "protocol": request.protocol,
                "sourceIp": request.source_ip,
                "userAgent": request.header("user-agent") or "",
            },
            "requestId": secrets.token_urlsafe(11) + "=",
            "routeKey": self.route.key,
            "stage": self.stage,
            "time": f"{self.arrived.astimezone(UTC):%d/%b/%Y:%H:%M:%S +0000}",
            "timeEpoch": int(self.arrived.timestamp() * 1000),
        }
        if self.claims is not None:
            claims = {name: as_text(value) for name, value in self.claims.items()}
            scopes = list(self.route.scopes) or None
            context["authorizer"] = {"jwt": {"claims": claims, "scopes": scopes}}
        return context


def as_text(claim: Any) -> str:
    """A claim as an HTTP API hands it over: always text, a list as `[sales accounting]`."""
    if isinstance(claim, list):
        return f"[{' '.join(as_text(each) for each in claim)}]"
    if isinstance(claim, str):
        return claim
    return json.dumps(claim)


def _present(name: str, content: Mapping[str, str]) -> dict[str, Mapping[str, str]]:
    return {name: content} if content else {}


def _query_parameters(query: str) -> list[tuple[str, str]]:
    return parse_qsl(query, keep_blank_values=True, max_num_fields=None)


def _joined(pairs: list[tuple[str, str]]) -> dict[str, str]:
    """One entry per name, the values of a name that comes again joined with commas."""
    joined: dict[str, str] = {}
    for name, value in pairs:
        joined[name] = f"{joined[name]},{value}" if name in joined else value
    return joined


def _body(request: Request) -> tuple[str, bool]:
    """The body as the event carries it, and whether that is base64."""
    media_type = (request.header("content-type") or "").partition(";")[0].strip().lower()
    if media_type.startswith("text/") or media_type in _TEXT_TYPES:
        return request.body.decode("utf-8", errors="replace"), False
    return base64.b64encode(request.body).decode("ascii"), True


def answer_from(returned: Any) -> Answer:
    """The HTTP answer for what a function returned (already through JSON).

    Without a `statusCode` the whole of it is the body of a 200, in JSON. Raises
    `MalformedAnswer` for what API Gateway answers with a 500.
    """
    if not isinstance(returned, dict) or "statusCode" not in returned:
        body = returned if isinstance(returned, str) else json.dumps(returned)
        return Answer(200, (("content-type", "application/json"),), body.encode())
    try:
        status = int(returned["statusCode"])
    except (TypeError, ValueError):
        raise MalformedAnswer(f"statusCode is {returned['statusCode']!r}") from None
    if not 100 <= status <= 599:
        raise MalformedAnswer(f"statusCode is {status}")
    return Answer(status, _answer_headers(returned), _answer_body(returned))


def _answer_headers(returned: Mapping[str, Any]) -> tuple[tuple[str, str], ...]:
    headers = [(name.lower(), as_text(v)) for name, v in (returned.get("headers") or {}).items()]
    headers += [("set-cookie", cookie) for cookie in returned.get("cookies") or ()]
    for name, value in headers:
        if "\r" in value or "\n" in value:
            raise MalformedAnswer(f"the header {name} contains a line break")
    if returned.get("body") and not any(name == "content-type" for name, _ in headers):
        headers.append(("content-type", "text/plain;charset=utf-8"))
    return tuple((name, value) for name, value in headers if name != "content-length")


def _answer_body(returned: Mapping[str, Any]) -> bytes:
    body = returned.get("body") or ""
    if not isinstance(body, str):
        raise MalformedAnswer(f"the body is no string but {type(body).__name__}")
    if not returned.get("isBase64Encoded"):
        # Half a surrogate pair is sayable in the function's JSON, but not in UTF-8.
        return body.encode("utf-8", errors="replace")
    try:
        return base64.b64decode(body, validate=True)
    except binascii.Error as problem:
        raise MalformedAnswer(f"the body is no base64: {problem}") from None
