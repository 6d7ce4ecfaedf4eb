"""Ids of tasks and services: what they may look like (contract, Ids)."""

import re
from typing import Final

from taskdock.domain.errors import InvalidRequest

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")


def is_identifier(text: str) -> bool:
    """Whether anything can be called that; where not, nothing is."""
    return _IDENTIFIER.fullmatch(text) is not None


def identifier(text: str, where: str) -> str:
    """`text`, given that it can name something new; raises `InvalidRequest` that says where."""
    if not is_identifier(text):
        raise InvalidRequest(
            f"{where}: expected 1 to 64 letters, digits or any of _ . : - as an id"
        )
    return text
