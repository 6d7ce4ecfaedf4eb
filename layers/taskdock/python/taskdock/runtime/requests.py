"""An HTTP request as routes see it: the caller, parameters, headers and body."""

import base64
import binascii
import re
from collections.abc import Callable, Mapping, Sequence
from functools import cached_property
from typing import Any, Final
from urllib.parse import parse_qsl

from aws_lambda_powertools.utilities.typing import LambdaContext

from taskdock.api.negotiation import best_type
from taskdock.api.requests.property_values import text_flag
from taskdock.domain.caller import Caller
from taskdock.domain.errors import InvalidRequest, RequestTooLarge, UnsupportedMediaType
from taskdock.domain.json_text import read_json
from taskdock.runtime.identity import caller_of, is_program
from taskdock.runtime.settings import Settings
from taskdock.use_cases.services.programs import Program

BODY_LIMIT: Final = 256 * 1024
"""Bytes that a body may have (docs/api.md, Limits)."""

JSON: Final = "application/json"
MERGE_PATCH: Final = "application/merge-patch+json"
"""JSON merge patch (RFC 7396)."""

_KEY_LIMIT: Final = 255
_ENTITY_TAG: Final = re.compile(r'(?:W/)?"[\x21\x23-\x7e]*"')
_OUR_TAG: Final = re.compile(r'"([1-9][0-9]{0,17})"')
_NO_VERSION: Final = 0
# Versions start at 1.


class Request:
    """One request. Its parts are read and checked when a route asks for them."""

    def __init__(
        self,
        event: Mapping[str, Any],
        path: Mapping[str, str],
        settings: Settings,
        context: LambdaContext,
        program_of: Callable[[str], Program | None] = lambda _: None,
        *,
        body_limit: int = BODY_LIMIT,
    ) -> None:
        self._event = event
        self._settings = settings
        self._context = context
        self._program_of = program_of
        self._body_limit = body_limit
        self.path = path
        """The values in the path by their names in the route, decoded."""

    @cached_property
    def caller(self) -> Caller:
        """The caller; raises `Unauthenticated` without a verified token, and `NotAuthorized` for a
        program whose registration was removed."""
        return caller_of(self._event, self._settings, self._program_of)

    @property
    def is_program(self) -> bool:
        """Whether the caller is a program, whose token names no user."""
        return is_program(self._event, self._settings)

    @cached_property
    def parameters(self) -> Mapping[str, str]:
        """The query string's parameters; of one that is repeated, the first
        (docs/camunda-behaviour.md, Query strings).

        Raises `InvalidRequest` for text that is no UTF-8.
        """
        raw = self._event.get("rawQueryString")
        if raw is None:
            return self._event.get("queryStringParameters") or {}
        try:
            pairs = parse_qsl(raw, keep_blank_values=True, errors="strict")
        except UnicodeDecodeError:
            raise InvalidRequest("the query string is not valid UTF-8") from None
        return dict(reversed(pairs))

    def flag(self, name: str, *, default: bool = False) -> bool:
        """Whether the parameter is true; raises `InvalidRequest` for another value than true and
        false."""
        given = self.parameters.get(name)
        return default if given is None else text_flag(given, name) is True

    @property
    def with_version(self) -> bool:
        """Whether tasks are shown with their versions; raises `InvalidRequest`."""
        return self.flag("withVersion")

    @property
    def deserialized(self) -> bool:
        """Whether a map or a list of variables shows objects by their JSON, not by its text; raises
        `InvalidRequest`. Either name of the parameter will do (docs/api.md, D26)."""
        names = ("deserializeValues", "deserializeValue")
        return all(self.flag(name, default=True) for name in names)

    def header(self, name: str) -> str | None:
        """The header of that (lower case) name."""
        return self._headers.get(name)

    def accepted(self, offered: Sequence[str]) -> str:
        """The offered media type that the caller prefers; raises `NotAcceptable` for none."""
        return best_type(self.header("accept"), offered)

    @property
    def idempotency_key(self) -> str | None:
        """The key under which the caller may repeat the request; raises `InvalidRequest`."""
        key = self.header("idempotency-key")
        if key is None:
            return None
        if not (0 < len(key) <= _KEY_LIMIT and key.isascii() and key.isprintable()):
            raise InvalidRequest(
                f"Idempotency-Key: expected 1 to {_KEY_LIMIT} printable ASCII characters"
            )
        return key

    @property
    def expected_version(self) -> int | None:
        """The version of the task that `If-Match` asks for (RFC 9110, section 13.1.1).

        None accepts every version; 0, which no task has, stands for a tag of another form, weak
        tags included. Raises `InvalidRequest` for what is no entity tag, and for several: a task
        has one version.
        """
        text = self.header("if-match")
        if text is None or text.strip() == "*":
            return None
        if not _ENTITY_TAG.fullmatch(text.strip()):
            raise InvalidRequest('If-Match: expected one entity tag, such as "3", or *')
        ours = _OUR_TAG.fullmatch(text.strip())
        return int(ours[1]) if ours else _NO_VERSION

    def json(
        self,
        *,
        trailing_junk_allowed: bool = False,
        types: Sequence[str] = (JSON,),
    ) -> object:
        """The body's value; a request without a body counts as `{}`
        (docs/camunda-behaviour.md, JSON bodies).

        Raises `UnsupportedMediaType` when a body is not declared to be of one of the `types`, in
        UTF-8, and `InvalidRequest` for one that is not JSON.
        """
        body = self.body()
        declared = self.header("content-type")
        if (body or declared is not None) and not _is_one_of(types, declared or ""):
            raise UnsupportedMediaType(f"Content-Type: expected {' or '.join(types)}")
        return read_json(body, trailing_junk_allowed=trailing_junk_allowed) if body else {}

    def body(self) -> bytes:
        """The body, empty when there is none; raises `InvalidRequest` for one that cannot be
        decoded."""
        text: str = self._event.get("body") or ""
        try:
            return base64.b64decode(text, validate=True) if self._is_encoded else text.encode()
        except (binascii.Error, ValueError):
            raise InvalidRequest("the body is neither UTF-8 nor base64") from None

    def check_size(self) -> None:
        """Raises `RequestTooLarge` for a body of more bytes than the route takes, whatever its
        content type; nothing is decoded."""
        text: str = self._event.get("body") or ""
        if self._is_encoded:
            size = len(text) // 4 * 3 - text[-2:].count("=")
        else:
            size = len(text.encode(errors="surrogatepass"))
        if size > self._body_limit:
            raise RequestTooLarge(
                f"The body has {size} bytes; at most {self._body_limit} are read."
            )

    @property
    def _is_encoded(self) -> bool:
        return bool(self._event.get("isBase64Encoded", False))

    @property
    def base_url(self) -> str:
        """The address of the API as the caller wrote it, with its context path."""
        scheme = self.header("x-forwarded-proto") or "https"
        return f"{scheme}://{self.header('host') or ''}{self._settings.base_path}"

    @property
    def memory_in_mb(self) -> int:
        """The function's memory, in megabytes."""
        return int(self._context.memory_limit_in_mb)

    def seconds_left(self) -> float:
        """Time until Lambda ends the invocation."""
        return self._context.get_remaining_time_in_millis() / 1000

    @cached_property
    def _headers(self) -> dict[str, str]:
        return {name.lower(): value for name, value in (self._event.get("headers") or {}).items()}


def _is_one_of(types: Sequence[str], content_type: str) -> bool:
    media_type, *parameters = (part.strip().lower() for part in content_type.split(";"))
    charsets = [each for each in parameters if each.startswith("charset=")]
    return media_type in types and all(
        each.removeprefix("charset=").strip('"') in ("utf-8", "us-ascii") for each in charsets
    )
