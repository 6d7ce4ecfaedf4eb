"""An object in a request to Camunda 7's API, read as leniently as Camunda 7 reads it."""

from taskdock.api.requests.fields import Fields
from taskdock.api.requests.property_values import (
    delegation_state,
    json_flag,
    json_instant,
    json_integer,
    json_text,
    refuse,
)
from taskdock.domain import instants
from taskdock.domain.instants import Instant
from taskdock.domain.json_text import refuse_nul
from taskdock.domain.tasks.task import DelegationState


class LenientFields(Fields):
    """A JSON object whose scalars are converted (docs/camunda-behaviour.md, JSON bodies). Numbers
    and booleans count as text, text as numbers and booleans; unknown properties are ignored. A NUL
    character in a text is refused.
    """

    def value(self, name: str) -> object:
        """See `Fields.value`; raises `InvalidRequest` when the value holds a NUL character."""
        value = super().value(name)
        refuse_nul(value, self.place(name))
        return value

    def text(self, name: str) -> str | None:
        """A string; of a number or a boolean, its JSON text."""
        return json_text(self.value(name), self.place(name))

    def integer(self, name: str) -> int | None:
        """A whole number of 32 bits; fractions are cut off, a numeric text is read."""
        return json_integer(self.value(name), self.place(name))

    def flag(self, name: str) -> bool:
        """True or false, also as text or as a number; absent is false."""
        return json_flag(self.value(name), self.place(name)) is True

    def instant(self, name: str) -> Instant | None:
        """A date in any form of docs/api.md, D7, epoch milliseconds included; blank text is
        absent."""
        value = self.value(name)
        instant = json_instant(value, self.place(name))
        if instant is None:
            return None
        if not instants.can_be_written(instant):
            raise refuse(self.place(name), "a date in the years 0001 to 9999", value)
        return Instant(instant)

    def delegation_state(self, name: str) -> DelegationState | None:
        """A delegation state in any letter case."""
        state = delegation_state(self.value(name), self.place(name))
        return None if state is None else DelegationState(state)
