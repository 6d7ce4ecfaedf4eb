"""Pages: by offset as the reference has them, or by a cursor that survives changes."""

import base64
import binascii
import json
import math
import zlib
from dataclasses import dataclass
from typing import Self

from taskdock.domain.errors import InvalidRequest
from taskdock.domain.query.sorting import Order, SortKey, SortValue
from taskdock.domain.task import Task

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

    def token(self, sorting: tuple[SortKey, ...]) -> str | None:
        """The cursor as text, good for requests with the same sorting.

        None when the values it would hold are longer than a header may be.
        """
        content = json.dumps(
            [_fingerprint(sorting), *self.values, self.task_id],
            ensure_ascii=False,
            separators=(",", ":"),
        )
        token = base64.urlsafe_b64encode(zlib.compress(content.encode())).decode().rstrip("=")
        return token if len(token) <= _TOKEN_LIMIT else None

    @classmethod
    def of_token(cls, token: str, sorting: tuple[SortKey, ...]) -> Self:
        """The cursor a token stands for.

        Raises `InvalidRequest` for a token that this service did not make for this sorting.
        """
        content = _decoded(token)
        if (
            not isinstance(content, list)
            or len(content) != len(sorting) + 2
            or content[0] != _fingerprint(sorting)
            or not isinstance(content[-1], str)
            or not all(_fits(*each) for each in zip(content[1:-1], sorting, strict=True))
        ):
            raise _unusable()
        return cls(tuple(content[1:-1]), content[-1])


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
    after: Cursor | None = None

    @property
    def end(self) -> int:
        """The offset behind the page."""
        return self.first + self.maximum

    @property
    def needed(self) -> int:
        """How many tasks to find: the page, and one more to tell whether it is the last."""
        return 0 if self.maximum == 0 else self.end + 1
