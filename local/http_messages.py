"""An HTTP request and its answer, independent of sockets."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Request:
    """An HTTP request, read to its end."""

    method: str
    path: str
    """As sent, percent-encoded, without the query."""
    query: str = ""
    """As sent, without the question mark."""
    headers: tuple[tuple[str, str], ...] = ()
    """Names in lower case, in the order they came; a name may come again."""
    body: bytes = b""
    source_ip: str = "127.0.0.1"
    protocol: str = "HTTP/1.1"
    scheme: str = "http"

    def header(self, name: str) -> str | None:
        """The values of a header, joined with commas; None when it was not sent."""
        values = list(self._values(name))
        return ",".join(values) if values else None

    def _values(self, name: str) -> Iterator[str]:
        return (value for key, value in self.headers if key == name)


@dataclass(frozen=True, slots=True)
class Answer:
    """An HTTP answer."""

    status: int
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    note: str = field(default="", compare=False)
    """For the console: the function and the caller."""

    @classmethod
    def of_json(cls, status: int, content: Mapping[str, Any], **headers: str) -> "Answer":
        """An answer with a JSON body; underscores in header names become hyphens."""
        named = ((name.replace("_", "-"), value) for name, value in headers.items())
        body = json.dumps(content, separators=(",", ":")).encode()
        return cls(status, (("content-type", "application/json"), *named), body)

    @classmethod
    def of_gateway(cls, status: int, message: str, **headers: str) -> "Answer":
        """An answer of API Gateway itself."""
        return cls.of_json(status, {"message": message}, **headers)

    def with_headers(self, headers: tuple[tuple[str, str], ...]) -> "Answer":
        """The same answer with these headers in place of any of the same names."""
        replaced = {name for name, _ in headers}
        kept = tuple(header for header in self.headers if header[0] not in replaced)
        return Answer(self.status, (*kept, *headers), self.body, self.note)

    def noting(self, note: str) -> "Answer":
        """The same answer with a note for the console."""
        return Answer(self.status, self.headers, self.body, note)
