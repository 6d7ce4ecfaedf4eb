"""Documents: tasks as JSON texts, and how to decode as many fields of them as a reader needs.

Most of the time of a long list goes into decoding. msgspec passes over the fields that nobody asked
for, which takes a tenth of the time that `json` takes for all (docs/performance.md). It refuses
some texts that `json` reads: half a surrogate pair, `NaN`, numbers beyond a double. These are left
to `json`, so that every document is read as it always was.
"""

import json
import sys
from collections.abc import Callable, Iterable, Iterator
from functools import lru_cache
from itertools import count
from typing import Any, Final, Self, TypedDict

from taskdock.domain.query.comparisons import Fields
from taskdock.domain.tasks.task import Task

_MANY: Final = 200
"""After this many documents it pays to import msgspec: as much time is saved by then."""

_so_far = count(1)
"""Counts the documents that `json` has decoded, until there are many."""

type Document = bytes
"""A task as JSON text in UTF-8, without blanks."""


class VersionedDocument(bytes):
    """A document that says the version of its task, where a read spec asks for `versions`."""

    version: int

    @classmethod
    def of(cls, document: Document, version: int) -> Self:
        """The document with its version."""
        versioned = cls(document)
        versioned.version = version
        return versioned


def version_of(document: Document) -> int | None:
    """The version that a document says; None for one that says none."""
    return document.version if isinstance(document, VersionedDocument) else None


_read_json: Final = json.JSONDecoder().raw_decode
"""Decodes JSON without blanks: `json.loads` would look for blanks and encodings first."""


def decoded(
    documents: Iterable[Document], fields: Fields | None
) -> Iterator[tuple[Document, Task]]:
    """Each document with its task, lazily. Of a task at least `fields` are there that it has; None
    for all.

    Decoding a document once more is cheap: a caller that reads much and needs little keeps
    documents, not tasks. Raises `ValueError` for a text that is no JSON.
    """
    decode = whole_task if fields is None else _decoder(fields)
    return ((document, decode(document)) for document in documents)


def whole_task(document: Document) -> Task:
    """The task with all of its fields; raises `ValueError` for a text that is no JSON."""
    task, _ = _read_json(document.decode())
    return task  # type: ignore[no-any-return]


def document_of(task: Task) -> Document:
    """The task as a document."""
    text = json.dumps(task, ensure_ascii=False, separators=(",", ":"))
    try:
        return text.encode()
    except UnicodeEncodeError:  # half a surrogate pair: escaped, it comes back as it was
        return json.dumps(task, separators=(",", ":")).encode()


def _decoder(fields: Fields) -> Callable[[Document], Task]:
    return _partial(fields) if "msgspec" in sys.modules else _whole_of_few(fields)


def _whole_of_few(fields: Fields) -> Callable[[Document], Task]:
    """Decodes all fields until there are so many documents that msgspec pays."""

    def decode(document: Document) -> Task:
        return whole_task(document) if next(_so_far) < _MANY else _partial(fields)(document)

    return decode


@lru_cache(maxsize=128)
def _partial(fields: Fields) -> Callable[[Document], Task]:
    from msgspec import DecodeError
    from msgspec.json import Decoder

    shape: Any = TypedDict("Fields", dict.fromkeys(sorted(fields), Any), total=False)  # type: ignore[misc]
    decode: Any = Decoder(shape).decode

    def partial(document: Document) -> Task:
        try:
            return decode(document)  # type: ignore[no-any-return]
        except (DecodeError, ValueError):
            return whole_task(document)

    return partial
