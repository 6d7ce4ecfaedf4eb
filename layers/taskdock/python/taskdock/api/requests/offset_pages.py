"""Pages by offset, as Camunda 7's lists have them (docs/camunda-behaviour.md, Paging)."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from taskdock.api.requests.property_values import shown
from taskdock.domain.errors import InvalidRequest

LARGEST: Final = 2**31 - 1
"""The largest offset or size; clients send it to mean all."""

_WHOLE: Final = re.compile("[0-9]{1,40}")


@dataclass(frozen=True, slots=True)
class OffsetPage:
    """Which part of a list is wanted."""

    first: int
    maximum: int

    @property
    def part(self) -> slice:
        """That part."""
        return slice(self.first, self.first + self.maximum)


def read_offset_page(parameters: Mapping[str, str]) -> OffsetPage:
    """`firstResult` and `maxResults` of a query string, the whole list without them.

    Raises `InvalidRequest` for what is no whole number in range (docs/api.md, D14).
    """
    return OffsetPage(
        _offset(parameters, "firstResult", default=0),
        _offset(parameters, "maxResults", default=LARGEST),
    )


def _offset(parameters: Mapping[str, str], name: str, *, default: int) -> int:
    text = parameters.get(name, "").strip()
    if not text:
        return default
    if not _WHOLE.fullmatch(text) or int(text) > LARGEST:
        raise InvalidRequest(f"{name}: expected an integer from 0 to {LARGEST}, got {shown(text)}")
    return int(text)
