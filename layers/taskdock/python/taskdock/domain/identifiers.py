"""Ids of tasks and services, and names of users, groups, tenants and types: their allowed forms."""

import re
from typing import Final

from taskdock.domain.errors import InvalidRequest

_IDENTIFIER: Final = re.compile(r"[A-Za-z0-9_.:-]{1,64}")

LONGEST_NAME: Final = 255
"""Characters of the name of a user, a group, a tenant or a kind of task.

Events carry these names, and an event of more than 256 KB could never be published.
"""


def is_identifier(text: str) -> bool:
    """Whether `text` is an allowed id; if not, nothing with that id exists."""
    return _IDENTIFIER.fullmatch(text) is not None


def identifier(text: str, where: str) -> str:
    """`text`, if it is allowed as a new id (docs/api.md, Limits). Raises `InvalidRequest` with the
    place."""
    if not is_identifier(text):
        raise InvalidRequest(
            f"{where}: expected 1 to 64 letters, digits or any of _ . : - as an id"
        )
    return text


def short_name(text: str, where: str) -> str:
    """`text`, if it is not longer than a name may be. Raises `InvalidRequest`."""
    if len(text) > LONGEST_NAME:
        raise InvalidRequest(
            f"{where}: expected at most {LONGEST_NAME} characters, got {len(text)}"
        )
    return text
