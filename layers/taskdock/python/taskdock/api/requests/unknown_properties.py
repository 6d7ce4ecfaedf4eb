"""Refuses unknown properties of a query under `strict` (docs/api.md, D20)."""

from collections.abc import Collection, Iterable
from typing import Final

from taskdock.domain.errors import InvalidRequest

_NAMED: Final = 10
"""How many unknown names a message lists; to find a similar name takes a millisecond each."""


def refuse_unknown(given: Iterable[str], known: Collection[str], where: str) -> None:
    """Raise `InvalidRequest` naming each unknown name with the nearest known one."""
    unknown = [name for name in given if name not in known]
    if unknown:
        place = f"{where}: " if where else ""
        named = ", ".join(_with_suggestion(name, known) for name in unknown[:_NAMED])
        more = f" and {len(unknown) - _NAMED} more" if len(unknown) > _NAMED else ""
        raise InvalidRequest(f"{place}unknown properties: {named}{more}")


def _with_suggestion(name: str, known: Collection[str]) -> str:
    # Imported here: only a mistake under `strict` needs it.
    from difflib import get_close_matches

    close = get_close_matches(name[:100], sorted(known), n=1, cutoff=0)
    shown = name if len(name) <= 100 else f"{name[:100]}…"
    return f"{shown} (did you mean {close[0]}?)" if close else shown
