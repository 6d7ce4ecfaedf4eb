"""An object in a request, read property by property; errors name the place."""

from collections.abc import Iterator
from typing import Final, Self

from taskdock.api.requests.property_values import refuse
from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.identifiers import identifier, short_name
from taskdock.domain.instants import Instant

_INTEGERS: Final = (-(2**31), 2**31 - 1)


class Fields:
    """A JSON object and its place, such as `tasks[3].task`; the body's own place is empty.

    A property that is null counts as absent. Values are taken as they are: text for text, numbers
    for numbers. Every method raises `InvalidRequest` for a value of another type (docs/api.md, D2).
    """

    def __init__(self, value: object, where: str) -> None:
        if not isinstance(value, dict):
            raise refuse(where or "the body", "an object", value)
        self._properties = value
        self.where = where

    def place(self, name: str) -> str:
        """The property's place."""
        return f"{self.where}.{name}" if self.where else name

    def wrong(self, name: str, why: str) -> InvalidRequest:
        """The error for a property that is wrong for any other reason."""
        return InvalidRequest(f"{self.place(name)}: {why}")

    def value(self, name: str) -> object:
        """The value as it is, or None."""
        return self._properties.get(name)

    def text(self, name: str) -> str | None:
        """A string."""
        value = self.value(name)
        if value is None or isinstance(value, str):
            return value
        raise refuse(self.place(name), "a string", value)

    def needed_text(self, name: str) -> str:
        """A required string."""
        text = self.text(name)
        if text is None:
            raise self.wrong(name, "is missing")
        return text

    def identifier(self, name: str) -> str | None:
        """An id (docs/api.md, Limits)."""
        text = self.text(name)
        return None if text is None else identifier(text, self.place(name))

    def name(self, name: str) -> str | None:
        """The name of a user, a group, a tenant or a kind of task."""
        text = self.text(name)
        return None if text is None else short_name(text, self.place(name))

    def integer(self, name: str) -> int | None:
        """A whole number of 32 bits."""
        value = self.value(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int):
            raise refuse(self.place(name), "an integer", value)
        low, high = _INTEGERS
        if not low <= value <= high:
            raise refuse(self.place(name), f"an integer from {low} to {high}", value)
        return value

    def flag(self, name: str) -> bool:
        """True or false; absent is false."""
        value = self.value(name)
        if value is None or isinstance(value, bool):
            return bool(value)
        raise refuse(self.place(name), "true or false", value)

    def instant(self, name: str) -> Instant | None:
        """A date in any form of docs/api.md, D7, epoch milliseconds included."""
        value = self.value(name)
        if value is None:
            return None
        instant: int | None = None
        if isinstance(value, str):
            instant = instants.parse(value)
        elif isinstance(value, int) and not isinstance(value, bool):
            instant = value
        if instant is None or not instants.can_be_written(instant):
            expected = "a date such as 2013-01-23T14:42:45.546+0200 or epoch milliseconds"
            raise refuse(self.place(name), expected, value)
        return Instant(instant)

    def nested(self, name: str) -> Self | None:
        """An object, to be read in the same way."""
        value = self.value(name)
        return None if value is None else type(self)(value, self.place(name))

    def entries(self, name: str) -> Iterator[tuple[str, object, str]]:
        """The properties of an object: name, value and place of each; none when it is absent."""
        inner = self.nested(name)
        if inner is not None:
            for key, value in inner._properties.items():
                yield key, value, inner.place(key)

    def listed(self, name: str) -> Iterator[Self]:
        """The objects of a list, in order; none when it is absent."""
        value = self.value(name)
        if value is None:
            return
        if not isinstance(value, list):
            raise refuse(self.place(name), "a list", value)
        for index, element in enumerate(value):
            yield type(self)(element, f"{self.place(name)}[{index}]")
