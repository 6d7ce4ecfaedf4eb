"""Pages: by offset as Camunda 7 has them, or by a cursor that survives changes."""

import base64
import binascii
import hashlib
import json
import math
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.sorting import Order, SortKey, SortValue
from taskdock.domain.tasks.task import Task

_TOKEN_LIMIT = 6_000
"""Characters; API Gateway passes about 10,000 in all headers together."""

_LONGEST_CONTENT = 2**20


@dataclass(frozen=True, slots=True)
class Cursor:
    """The place of a task in an order: what it is sorted by, and its id.

    It holds nothing that grants access: what may be seen is decided by the request that carries
    it, so a forged one only moves the place where that request's own answer starts.
    """

    values: tuple[SortValue, ...]
    task_id: str

    @classmethod
    def at(cls, task: Task, order: Order) -> Self:
        """The cursor behind `task`."""
        return cls(order.values(task), task["id"])

    def token(self, sorting: tuple[SortKey, ...]) -> str:
        """The cursor as text, good for requests with the same sorting.

        Of values that are longer than a token may be it holds a digest (`Bookmark`).
        """
        token = _encoded([_fingerprint(sorting), *self.values, self.task_id])
        if len(token) <= _TOKEN_LIMIT:
            return token
        return _encoded([_fingerprint(sorting), {"digest": _digest(self.values)}, self.task_id])

    @classmethod
    def of_token(cls, token: str, sorting: tuple[SortKey, ...]) -> "Cursor":
        """The cursor that a token represents, in an order whose values are always short.

        Raises `InvalidRequest` for a token that this service did not make for this sorting.
        """
        place = place_of_token(token, sorting)
        if isinstance(place, Bookmark):
            raise _unusable()
        return place


@dataclass(frozen=True, slots=True)
class Bookmark:
    """A cursor whose values are too long for a token: they are read from its task again."""

    task_id: str
    digest: str
    """A digest of the values, to check that the task still has them."""

    def cursor(self, task: Task | None, order: Order) -> Cursor:
        """The cursor, given its task as the caller sees it now.

        Raises `InvalidRequest` when the task has other values by now, or is gone: nothing tells
        any more where it stood.
        """
        cursor = None if task is None else Cursor.at(task, order)
        if cursor is None or _digest(cursor.values) != self.digest:
            raise InvalidRequest(
                "pageToken: the task that the page ended with has changed since; start again"
            )
        return cursor


def place_of_token(token: str, sorting: tuple[SortKey, ...]) -> Cursor | Bookmark:
    """The cursor or the bookmark that a token represents.

    Raises `InvalidRequest` for a token that this service did not make for this sorting.
    """
    place: Cursor | Bookmark
    content: Any = _decoded(token)
    match content:
        case [fingerprint, {"digest": str(digest)}, str(task_id)] if sorting:
            place = Bookmark(task_id, digest)
        case [fingerprint, *values, str(task_id)] if len(values) == len(sorting) and all(
            map(_fits, values, sorting)
        ):
            place = Cursor(tuple(values), task_id)
        case _:
            raise _unusable()
    if fingerprint != _fingerprint(sorting):
        raise _unusable()
    return place


def _fits(value: object, key: SortKey) -> bool:
    """Whether a task could have the value under a sort key: some are sent on to the store."""
    kind = None if key.variable is None else key.variable.type
    match value:
        case None:
            return True
        case str():
            return key.is_text
        case bool():
            return kind == "Boolean"
        case int():
            return not key.is_text and kind != "Boolean" and -(2**63) <= value < 2**63
        case float():
            return kind == "Double" and math.isfinite(value)
    return False


def _fingerprint(sorting: tuple[SortKey, ...]) -> int:
    return zlib.crc32(repr(sorting).encode())


def _digest(values: tuple[SortValue, ...]) -> str:
    return hashlib.sha256(json.dumps(values).encode()).hexdigest()


def _encoded(content: Sequence[object]) -> str:
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return base64.urlsafe_b64encode(zlib.compress(text.encode())).decode().rstrip("=")


def _decoded(token: str) -> object:
    if len(token) > _TOKEN_LIMIT:
        raise _unusable()
    try:
        packed = base64.b64decode(token + "=" * (-len(token) % 4), altchars="-_", validate=True)
        unpacking = zlib.decompressobj()
        content = unpacking.decompress(packed, _LONGEST_CONTENT)
        if not unpacking.eof:
            raise _unusable()
        return json.loads(content)
    except (binascii.Error, zlib.error, ValueError, RecursionError) as error:
        raise _unusable() from error


def _unusable() -> InvalidRequest:
    return InvalidRequest(
        "pageToken: not a token of an answer to this query; take it from X-Next-Page-Token "
        "and keep the sorting as it was"
    )


@dataclass(frozen=True, slots=True)
class Window:
    """Which part of the ordered answer is wanted."""

    first: int = 0
    maximum: int = 2**31 - 1
    """What clients send, or leave out, to mean all."""
    after: Cursor | Bookmark | None = None

    @property
    def end(self) -> int:
        """The offset behind the page."""
        return self.first + self.maximum

    @property
    def needed(self) -> int:
        """How many tasks to find: the page, and one more to tell whether it is the last."""
        return 0 if self.maximum == 0 else self.end + 1
