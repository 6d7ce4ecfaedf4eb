"""Where a reader of changes goes on.

Who reads on from a place must not miss a write that was stamped before it and became visible only
later. So the place of a reader who has read everything is a minute ago, and what was written in
that minute comes again.
"""

import base64
import binascii
import json
from dataclasses import dataclass
from typing import Final, Self

from taskdock.domain.changes.keeping import MOST_DELAY
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.instants import Instant, can_be_written

_STEP: Final = 30_000
"""Milliseconds between two places of readers who have read everything: asked for again within a
step, the same place has the same answer unless something happened."""

_LONGEST: Final = 200


@dataclass(frozen=True, slots=True)
class Cursor:
    """A place in the order of stamps."""

    place: Instant
    """Everything stamped earlier was told, except for what `again` is about."""
    again: Instant | None = None
    """Of a reader who has not read everything yet: where it has to read again after that, since the
    pages so far may have lacked writes that became visible later."""

    @classmethod
    def at_the_end(cls, now: Instant) -> Self:
        """The cursor of a reader who has read everything."""
        return cls(Instant((now - MOST_DELAY) // _STEP * _STEP))

    def after(self, last: Instant, now: Instant) -> "Cursor":
        """The cursor behind a page that ended with the stamp `last`, read at `now`."""
        settled = Cursor.at_the_end(now).place
        again = settled if self.again is None and last >= settled else self.again
        return Cursor(Instant(last + 1), again)

    def after_all(self, now: Instant) -> "Cursor":
        """The cursor behind the last page, read at `now`."""
        if self.again is not None:
            return Cursor(self.again)
        return Cursor(max(self.place, Cursor.at_the_end(now).place))

    @property
    def oldest(self) -> Instant:
        """From where on this reader relies on the index."""
        return self.place if self.again is None else min(self.place, self.again)

    @property
    def token(self) -> str:
        """The cursor as text."""
        text = json.dumps([self.place, self.again], separators=(",", ":"))
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")

    @classmethod
    def of_token(cls, token: str) -> Self:
        """The cursor that a token represents; raises `InvalidRequest` for anything else."""
        try:
            if len(token) <= _LONGEST:
                padded = token + "=" * (-len(token) % 4)
                content = json.loads(base64.b64decode(padded, altchars="-_", validate=True))
                match content:
                    case [place, None] if _is_instant(place):
                        return cls(Instant(place))
                    case [place, again] if _is_instant(place) and _is_instant(again):
                        return cls(Instant(place), Instant(again))
        except (binascii.Error, ValueError, RecursionError):
            pass
        raise InvalidRequest("since: it is none of this service's; begin without it")


def _is_instant(value: object) -> bool:
    return type(value) is int and can_be_written(value)
