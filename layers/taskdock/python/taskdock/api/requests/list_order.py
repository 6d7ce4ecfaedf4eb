"""The order of a list that is asked for by query string, as Camunda 7's lists have it."""

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from taskdock.domain.errors import InvalidRequest

_ORDERS = ("asc", "desc")


@dataclass(frozen=True, slots=True)
class ListOrder:
    """By which value a list is sorted, and in which direction."""

    by: str | None = None
    descending: bool = False

    def sorted[Element](
        self,
        elements: Iterable[Element],
        value: Callable[[Element, str], str | None],
        identity: Callable[[Element], str],
    ) -> list[Element]:
        """The elements in this order; ties, and a list without order, by what identifies them.

        What has no value comes last, in descending order first (docs/api.md, D15, D16).
        """
        listed = sorted(elements, key=identity)
        by = self.by
        if by is not None:
            listed.sort(key=lambda each: _place(value(each, by)), reverse=self.descending)
        return listed


def read_order(parameters: Mapping[str, Any], allowed: Collection[str]) -> ListOrder:
    """The order that `sortBy` and `sortOrder` say; raises `InvalidRequest`."""
    by, order = parameters.get("sortBy"), parameters.get("sortOrder")
    if (by is None) != (order is None):
        raise InvalidRequest(
            "Only a single sorting parameter specified. sortBy and sortOrder required"
        )
    for name, said, known in (("sortBy", by, allowed), ("sortOrder", order, _ORDERS)):
        if said is not None and said not in known:
            raise InvalidRequest(
                f"Cannot set query parameter '{name}' to value '{said}': "
                f"expected one of {', '.join(known)}"
            )
    return ListOrder(by, order == "desc")


def _place(value: str | None) -> tuple[bool, str]:
    return value is None, value or ""
