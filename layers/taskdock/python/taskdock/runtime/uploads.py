"""Reading forms as browsers and clients upload them: `multipart/form-data` (RFC 7578)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Final, Self
from urllib.parse import unquote

from taskdock.api.requests.uploads import Upload
from taskdock.domain.errors import InvalidRequest, UnsupportedMediaType
from taskdock.runtime.requests import BODY_LIMIT, Request

FORM: Final = "multipart/form-data"

_PARAMETER: Final = re.compile(r';\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*+"|[^;\s]*)')
_ESCAPED: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class HeaderValue:
    """A header's value: a word and its parameters, such as `text/plain; charset=utf-8`."""

    word: str
    """In lower case."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Their names in lower case; of one that is written in two ways, the extended one."""

    @classmethod
    def read(cls, text: str) -> Self:
        """The value that `text` is; parameters that are no name and value are passed over."""
        word, _, _ = text.partition(";")
        parameters: dict[str, str] = {}
        extended: dict[str, str] = {}
        for name, value in _PARAMETER.findall(text):
            if name.endswith("*"):
                extended[name[:-1].lower()] = _extended(value)
            else:
                parameters[name.lower()] = _unquoted(value)
        return cls(word.strip().lower(), parameters | extended)


def uploaded_form(request: Request, limit: int = BODY_LIMIT) -> Mapping[str, Upload]:
    """The fields of the uploaded form by name; of one that comes again, the first.

    Raises `UnsupportedMediaType` for another kind of body, `InvalidRequest` for a form that is
    broken or cut off, `RequestTooLarge` for more than `limit` bytes.
    """
    declared = HeaderValue.read(request.header("content-type") or "")
    if declared.word != FORM:
        raise UnsupportedMediaType(f"Content-Type: expected {FORM}")
    boundary = declared.parameters.get("boundary")
    if not boundary:
        raise InvalidRequest("Content-Type: the boundary is missing")
    parts: dict[str, Upload] = {}
    for part in _parts(request.body(limit), boundary):
        parts.setdefault(part.name, part)
    return parts


def _parts(body: bytes, boundary: str) -> Iterator[Upload]:
    delimiter = b"\r\n--" + boundary.encode()
    _, *pieces = (b"\r\n" + body).split(delimiter)
    for piece in pieces:
        if piece.startswith(b"--"):
            return
        yield _part(piece.lstrip(b" \t"))
    raise InvalidRequest("the form is cut off: its last boundary is missing")


def _part(piece: bytes) -> Upload:
    head, blank_line, content = piece.partition(b"\r\n\r\n")
    headers = {
        name.strip().lower(): value.strip()
        for name, _, value in (
            line.partition(":") for line in head.decode(errors="replace").split("\r\n")
        )
    }
    disposition = HeaderValue.read(headers.get("content-disposition", ""))
    name = disposition.parameters.get("name")
    if not blank_line or disposition.word != "form-data" or name is None:
        raise InvalidRequest("the form is broken: a part has no name")
    content_type = HeaderValue.read(headers.get("content-type", ""))
    return Upload(
        name,
        content,
        disposition.parameters.get("filename"),
        content_type.word or None,
        content_type.parameters,
    )


def _unquoted(value: str) -> str:
    return _ESCAPED.sub(r"\1", value[1:-1]) if value.startswith('"') else value


def _extended(value: str) -> str:
    """A value such as `UTF-8''na%C3%AFve` (RFC 8187)."""
    charset, _, text = value.partition("'")
    _, _, text = text.partition("'")
    try:
        return unquote(text, encoding=charset or "utf-8", errors="replace")
    except LookupError:
        return unquote(text, errors="replace")
