"""Requests with an idempotency key: a repeated request gets the first answer again.

The receipt of a request is written together with what the request writes. So of concurrent requests
under one key only one is carried out.
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
"""Milliseconds for which an idempotency key brings back the first answer."""

type ReceiptOf = Callable[[Mapping[str, Any]], Receipt | None]
"""Makes the receipt of an answer, to be committed with the change; None without a key."""


@dataclass(frozen=True, slots=True)
class Repeatable:
    """A request that a caller may repeat."""

    owner: str
    """The caller: each caller has keys of their own."""
    key: str | None
    """The idempotency key; with None each repetition is a new request."""
    now: Instant
    content: tuple[object, ...]
    """The request's content as JSON values: the same key with other content is a mismatch."""

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
        # A repeated request may fail because the first one succeeded: the id is taken, or the #
        # task has ended. So the receipt is read before the error is raised.
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
