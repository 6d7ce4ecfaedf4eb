"""Reading forms as browsers and clients upload them: `multipart/form-data` (RFC 7578)."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final, Self
from urllib.parse import unquote

from taskdock.api.requests.uploads import Upload
from taskdock.domain.errors import InvalidRequest, UnsupportedMediaType
from taskdock.runtime.requests import Request

if TYPE_CHECKING:
    from multipart import MultipartSegment

FORM: Final = "multipart/form-data"

_PARAMETER: Final = re.compile(r';\s*([^\s=;]+)\s*=\s*("(?:[^"\\]|\\.)*+"|[^;\s]*)')
_ESCAPED: Final = re.compile(r"\\(.)")


@dataclass(frozen=True, slots=True)
class HeaderValue:
    """A header's value: a word and its parameters, such as `text/plain; charset=utf-8`.

    The form parser ignores extended parameters (`filename*`, RFC 8187), so they are read here.
    """

    word: str
    """In lower case."""
    parameters: Mapping[str, str] = field(default_factory=dict)
    """Their names in lower case; of one that is written in two ways, the extended one."""

    @classmethod
    def read(cls, text: str) -> Self:
        """The value that `text` is; parameters without a name or a value are ignored."""
        word, _, _ = text.partition(";")
        parameters: dict[str, str] = {}
        extended: dict[str, str] = {}
        for name, value in _PARAMETER.findall(text):
            if name.endswith("*"):
                extended[name[:-1].lower()] = _extended(value)
            else:
                parameters[name.lower()] = _unquoted(value)
        return cls(word.strip().lower(), parameters | extended)


def uploaded_form(request: Request) -> Mapping[str, Upload]:
    """The fields of the uploaded form by name; of one that comes again, the first.

    Raises `UnsupportedMediaType` for another kind of body, `InvalidRequest` for a form that is
    broken or cut off.
    """
    declared = HeaderValue.read(request.header("content-type") or "")
    if declared.word != FORM:
        raise UnsupportedMediaType(f"Content-Type: expected {FORM}")
    boundary = declared.parameters.get("boundary")
    if not boundary:
        raise InvalidRequest("Content-Type: the boundary is missing")
    fields: dict[str, Upload] = {}
    for each in _fields(request.body(), boundary):
        fields.setdefault(each.name, each)
    return fields


def _fields(body: bytes, boundary: str) -> Iterator[Upload]:
    # Imported here: hardly any request brings a form.
    from multipart import MultipartError, MultipartSegment, PushMultipartParser

    head: MultipartSegment | None = None
    content: list[bytes] = []
    try:
        with PushMultipartParser(boundary) as parser:
            for event in parser.parse(body):
                if isinstance(event, MultipartSegment):
                    head, content = event, []
                elif event is not None:
                    content.append(bytes(event))
                elif head is not None:
                    yield _upload(head, b"".join(content))
    except MultipartError as error:
        raise InvalidRequest(f"the form is broken: {error}") from None


def _upload(head: "MultipartSegment", content: bytes) -> Upload:
    disposition = HeaderValue.read(head.header("Content-Disposition", ""))
    name = disposition.parameters.get("name")
    if name is None:
        raise InvalidRequest("the form is broken: a part has no name")
    content_type = HeaderValue.read(head.header("Content-Type", ""))
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
