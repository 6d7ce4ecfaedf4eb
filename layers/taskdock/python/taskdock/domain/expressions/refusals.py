"""How an expression is refused: as the caller's mistake, with the place in the text."""

from typing import Final

from taskdock.domain.errors import InvalidRequest

MAX_LENGTH: Final = 2_000
"""Characters in an expression; with the limits on depth and on strings it bounds all work."""

_SHOWN_OF_TOO_LONG: Final = 100


class Unsuitable(Exception):
    """An operation cannot take its values. The message says why; the handler adds the place."""


def refusal(text: str, position: int, reason: str) -> InvalidRequest:
    """The error that shows the expression and the place in it (docs/api.md, D13).

    `position` counts characters from 0, as Camunda 7's own messages do.
    """
    shown = text if len(text) <= MAX_LENGTH else f"{text[:_SHOWN_OF_TOO_LONG]}…"
    return InvalidRequest(f"Expression '{shown}' at position {position}: {reason}")
