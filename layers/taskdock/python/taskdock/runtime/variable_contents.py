"""The content of a variable that is a file or bytes, as it is downloaded
(docs/camunda-behaviour.md, Variables)."""

import base64
import re
from typing import Final
from urllib.parse import quote

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import TaskId, Variable
from taskdock.runtime.answers import Answer

_ANY_CONTENT: Final = "application/octet-stream"
_TOKEN: Final = r"[A-Za-z0-9!#$&^_.+-]{1,127}"  # noqa: S105 - of HTTP's grammar
_MEDIA_TYPE: Final = re.compile(f"{_TOKEN}/{_TOKEN}")
_CHARSET: Final = re.compile(_TOKEN)
_NOT_IN_QUOTES: Final = re.compile(r"[^ !#-\[\]-~]")


def content_answer(variable: Variable, task_id: TaskId) -> Answer:
    """The bytes, with what is known of a file; raises `InvalidRequest` for any other variable."""
    if variable["type"] not in ("Bytes", "File"):
        raise InvalidRequest(f"Value of variable with id {task_id} is not a binary value.")
    content = base64.b64decode(variable["value"] or "")
    # A browser must never show uploaded content as a page of this service.
    headers = {"X-Content-Type-Options": "nosniff"}
    info = variable.get("valueInfo", {})
    if variable["type"] == "File":
        headers["Content-Disposition"] = _attachment(str(info.get("filename", "")))
    return Answer(
        200, content, headers, media_type=_media_type(info.get("mimeType"), info.get("encoding"))
    )


def _media_type(mime_type: str | None, encoding: str | None) -> str:
    """The given type, without characters that a header cannot have."""
    if mime_type is None or not _MEDIA_TYPE.fullmatch(mime_type):
        return _ANY_CONTENT
    if encoding is None or not _CHARSET.fullmatch(encoding):
        return mime_type
    return f"{mime_type}; charset={encoding}"


def _attachment(file_name: str) -> str:
    """A download under that name: plainly for old clients, and in full (RFC 6266)."""
    plain = _NOT_IN_QUOTES.sub("_", file_name)
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(file_name, safe='')}"
