"""Ids of tasks and services, and names of whoever works on them: what they may look like."""

import re
from typing import Final

from taskdock.domain.errors import InvalidRequest

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")

LONGEST_NAME: Final = 255
"""Characters of the name of a user, a group, a tenant or a kind of task.

Events carry these names, and one that is over 256 KB could never be announced.
"""


def is_identifier(text: str) -> bool:
    """Whether anything can be called that; where not, nothing is."""
    return _IDENTIFIER.fullmatch(text) is not None


def identifier(text: str, where: str) -> str:
    """`text`, given that it can be a new id (docs/api.md, Limits); raises `InvalidRequest` with
    place."""
    if not is_identifier(text):
        raise InvalidRequest(
            f"{where}: expected 1 to 64 letters, digits or any of _ . : - as an id"
        )
    return text


def short_name(text: str, where: str) -> str:
    """`text`, given that it is a name of bearable length; raises `InvalidRequest`."""
    if len(text) > LONGEST_NAME:
        raise InvalidRequest(
            f"{where}: expected at most {LONGEST_NAME} characters, got {len(text)}"
        )
    return text
