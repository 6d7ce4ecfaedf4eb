"""Requests that are done once: repeated under the same key, they get the first answer again.

The receipt of a request is written together with what the request writes. So nothing can come
between the two, and of requests that race only one is done.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from taskdock.domain.errors import ConcurrentChange, IdempotencyMismatch, TaskdockError
from taskdock.domain.instants import Instant
from taskdock.use_cases.ports import Receipt, ReceiptTaken, TaskStore

REMEMBERED: Final = 24 * 60 * 60 * 1000
"""For how many milliseconds an idempotency key brings back the first answer."""

type ReceiptOf = Callable[[Mapping[str, Any]], Receipt | None]
"""The receipt for an answer, to be committed with what the answer tells of; None without a key."""


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that may come again."""

    owner: str
    """Who asks: keys of different callers never meet."""
    key: str | None
    """What the caller marked the request with; None, and each repetition is a request anew."""
    now: Instant
    content: tuple[object, ...]
    """What is asked for, as JSON values: the same key with other content is a mismatch."""

    def receipt(self, answer: Mapping[str, Any]) -> Receipt | None:
        """See `ReceiptOf`."""
        if self.key is None:
            return None
        return Receipt(
            owner=self.owner,
            key=self.key,
            fingerprint=self._fingerprint,
            answer=answer,
            issued=self.now,
            expires=Instant(self.now + REMEMBERED),
        )

    def is_told_by(self, receipt: Receipt) -> bool:
        """Whether the receipt is that of the same request."""
        return receipt.fingerprint == self._fingerprint

    @property
    def _fingerprint(self) -> str:
        text = json.dumps(self.content, sort_keys=True)
        return hashlib.sha256(text.encode()).hexdigest()


def answered_once[Answer: Mapping[str, Any]](
    store: TaskStore, request: Repeatable, attempt: Callable[[ReceiptOf], Answer]
) -> Answer | Mapping[str, Any]:
    """The answer of `attempt`, which commits the receipt for it; or the first request's answer.

    Raises `IdempotencyMismatch` for a key that was used with other content, `ConcurrentChange`
    while the first request is under way, and what `attempt` raises.
    """
    try:
        return attempt(request.receipt)
    except (ReceiptTaken, TaskdockError) as refusal:
        # What succeeded once may fail when repeated, its id being taken by the first attempt or
        # its task ended by now. So the receipt is asked before the refusal is passed on.
        key = request.key
        earlier = None if key is None else store.receipt(request.owner, key, request.now)
        if earlier is None:
            if isinstance(refusal, TaskdockError):
                raise
            raise ConcurrentChange("The same request is under way. Try again.") from None
        if not request.is_told_by(earlier):
            raise IdempotencyMismatch(
                "Idempotency-Key: it was used before with another request"
            ) from None
        return earlier.answer
