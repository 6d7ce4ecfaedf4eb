"""Answers to HTTP requests, and their form for Lambda: compact, gzipped, never cut."""

import base64
import json
import zlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from aws_lambda_powertools.event_handler.api_gateway import Response

from taskdock.api.answers.errors import Row, error_headers, error_json, row_of
from taskdock.api.negotiation import accepts_gzip
from taskdock.domain.errors import ResponseTooLarge, TaskdockError, TemporarilyUnavailable

LARGEST_PAYLOAD: Final = 6 * 1024 * 1024
"""Bytes of JSON that a Lambda function may return (the exact limit is 100 bytes more)."""

READ_UNITS: Final = "X-Read-Units"
"""The header that says what a query read."""

_ROOM_FOR_HEADERS: Final = 16 * 1024
_WORTH_COMPRESSING: Final = 1024
_SEPARATORS: Final = (",", ":")


class JsonText(str):
    """JSON that is written already."""

    __slots__ = ()


@dataclass(frozen=True, slots=True)
class Answer:
    """A route's answer; `content` None means no body.

    Bytes and `JsonText` are sent as they are, everything else as JSON.
    """

    status: int
    content: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    """Keys of the request's log line: ids and figures, no text of people."""
    too_large: str = "The answer is too large to be returned at once."
    """The message of the 422 when the answer is too large."""
    media_type: str = "application/json"


NO_CONTENT: Final = Answer(204)


def etag(version: int) -> dict[str, str]:
    """The header that names the version of the task an answer is about."""
    return {"ETag": f'"{version}"'}


def cost(read_units: float) -> dict[str, str]:
    """The header with a query's read units."""
    return {READ_UNITS: f"{read_units:g}"}


def error_answer(error: TaskdockError, row: Row | None = None) -> Answer:
    """The answer for an error, by its own row or by another one."""
    row = row or row_of(error)
    facts: dict[str, Any] = {"error": row.type}
    if isinstance(error, TemporarilyUnavailable):
        facts["cause"] = repr(error.__cause__)
    headers = dict(error_headers(error))
    if error.read_units is not None:
        headers |= cost(error.read_units)
        facts["readUnits"] = error.read_units
    content = None if row.status == NO_CONTENT.status else error_json(error, row)
    return Answer(row.status, content, headers, facts)


def json_text(content: object) -> JsonText:
    """The content as answers write it."""
    return JsonText(json.dumps(content, ensure_ascii=False, separators=_SEPARATORS))


def rendered(answer: Answer, accept_encoding: str | None) -> Response[Any]:
    """The answer as the resolver returns it; gzipped when that is worth it and accepted.

    Raises `ResponseTooLarge` with the answer's `too_large` message when it would pass Lambda's
    limit.
    """
    headers = dict(answer.headers)
    if answer.content is None:
        return Response(answer.status, content_type=None, body="", headers=headers)
    if isinstance(answer.content, bytes):
        return _sent(answer, base64.b64encode(answer.content).decode(), headers, encoded=True)
    written = isinstance(answer.content, JsonText)
    text = _in_utf8(str(answer.content) if written else json_text(answer.content))
    if len(text) <= _WORTH_COMPRESSING:
        return _sent(answer, text, headers)
    headers["Vary"] = "Accept-Encoding"
    zipped = accepts_gzip(accept_encoding)
    body = base64.b64encode(_gzip(text)).decode() if zipped else text
    if zipped:
        headers["Content-Encoding"] = "gzip"
    return _sent(answer, body, headers, encoded=zipped)


def _sent(
    answer: Answer, body: str, headers: dict[str, Any], *, encoded: bool = False
) -> Response[Any]:
    if _payload_size(body) > LARGEST_PAYLOAD - _ROOM_FOR_HEADERS:
        raise ResponseTooLarge(answer.too_large, read_units=answer.facts.get("readUnits"))
    response = Response(answer.status, content_type=answer.media_type, body=body, headers=headers)
    # Told here: the resolver would write bytes of this content type as JSON once more.
    response.base64_encoded = encoded
    return response


def _in_utf8(text: str) -> str:
    """The JSON text with an escape for half a surrogate pair, which UTF-8 cannot carry."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode(errors="backslashreplace").decode()
    return text


def _gzip(text: str) -> bytes:
    # The fastest level: a list of tasks shrinks to a tenth at any level, and callers wait.
    writer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    return writer.compress(text.encode()) + writer.flush()


def _payload_size(body: str) -> int:
    """How many bytes the body takes in the JSON that Lambda measures."""
    return len(body.encode()) + body.count('"') + body.count("\\")
