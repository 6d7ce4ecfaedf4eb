"""Addresses that people follow in a browser: none that runs a program when it is opened."""

import re
from typing import Final

from taskdock.domain.errors import InvalidRequest

_IGNORED: Final = re.compile(r"[\x00-\x20]+")
"""What a browser leaves out of an address: control characters and blanks before the scheme, tabs
and line breaks anywhere (WHATWG URL Standard, section 4.4)."""

_SCHEME: Final = re.compile(r"([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_RUNNING: Final = frozenset({"javascript", "vbscript", "data"})


def must_be_harmless(address: str | None, place: str) -> None:
    """Raises `InvalidRequest`, which names the place, for an address that runs a program."""
    if address is not None and not is_harmless(address):
        raise InvalidRequest(f"{place}: an address that runs what is written in it is refused")


def is_harmless(address: str) -> bool:
    """Whether opening the address runs nothing that is written in it."""
    found = _SCHEME.match(_IGNORED.sub("", address))
    return found is None or found[1].lower() not in _RUNNING
