"""An object in a request that may have known properties only."""

from collections.abc import Collection, Iterable

from taskdock.api.requests.fields import Fields
from taskdock.api.requests.property_values import refuse
from taskdock.api.requests.unknown_properties import refuse_unknown
from taskdock.domain.identifiers import short_name
from taskdock.domain.json_text import refuse_nul


class StrictFields(Fields):
    """A JSON object whose properties must all be read. Names may not be blank, and no text may hold
    the NUL character, which many programs cannot handle.
    """

    def __init__(self, value: object, where: str) -> None:
        super().__init__(value, where)
        self._asked_for: set[str] = set()

    @property
    def given(self) -> Collection[str]:
        """The object's properties, including those that are null."""
        return self._properties.keys()

    def value(self, name: str) -> object:
        """See `Fields.value`; raises `InvalidRequest` when the value holds a NUL character."""
        self._asked_for.add(name)
        value = super().value(name)
        refuse_nul(value, self.place(name))
        return value

    def filled(self, name: str) -> str | None:
        """A string that is not blank."""
        text = self.text(name)
        if text is not None and not text.strip():
            raise self.wrong(name, "must not be blank")
        return text

    def needed(self, name: str) -> str:
        """A string that is there and not blank."""
        text = self.filled(name)
        if text is None:
            raise self.wrong(name, "is missing")
        return text

    def name(self, name: str) -> str | None:
        """See `Fields.name`; it is not blank."""
        self.filled(name)
        return super().name(name)

    def names(self, name: str) -> tuple[str, ...]:
        """The names in a list, as `texts`."""
        return tuple(short_name(text, self.place(name)) for text in self.texts(name))

    def texts(self, name: str) -> tuple[str, ...]:
        """The strings of a list, none of them blank, each once; none when it is absent."""
        value = self.value(name)
        if value is None:
            return ()
        if not isinstance(value, list):
            raise refuse(self.place(name), "a list of strings", value)
        for index, text in enumerate(value):
            if not isinstance(text, str):
                raise refuse(f"{self.place(name)}[{index}]", "a string", text)
            if not text.strip():
                raise self.wrong(f"{name}[{index}]", "must not be blank")
        return tuple(dict.fromkeys(value))

    def refuse_administrative(self, names: Iterable[str]) -> None:
        """Raise `InvalidRequest` for a property that a caller may not set, not even to null."""
        for name in names:
            if name in self._properties:
                raise self.wrong(name, "is administrative and cannot be set")

    def refuse_others(self) -> None:
        """Raise `InvalidRequest` naming every property that was not read."""
        refuse_unknown(self._properties, self._asked_for, self.where)
