"""People, groups and contents in memory."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import batched

from taskdock.domain.people import Group, Person


class InMemoryPeople:
    """`People`: these users with their groups, which exist by that, in pages of two."""

    def __init__(self, people: Mapping[Person, Sequence[str]], *, page_size: int = 2) -> None:
        self._people = people
        self._page_size = page_size
        self.clients: set[str] = set()
        """The ids of the app clients."""
        self.pages = 0
        """How many were read."""

    def person(self, user: str) -> Person | None:
        """See `People.person`."""
        return next((person for person in self._people if person.id == user), None)

    def people(self) -> Iterator[Sequence[Person]]:
        """See `People.people`; the last one comes first."""
        return self._pages(reversed([*self._people]))

    def members(self, group: str) -> Iterator[Sequence[Person]]:
        """See `People.members`."""
        return self._pages(each for each, groups in self._people.items() if group in groups)

    def groups(self) -> Iterator[Sequence[Group]]:
        """See `People.groups`; called by their names in capitals."""
        return self._named({name for groups in self._people.values() for name in groups})

    def client_exists(self, client_id: str) -> bool:
        """See `People.client_exists`."""
        return client_id in self.clients

    def groups_of(self, user: str) -> Iterator[Sequence[Group]]:
        """See `People.groups_of`."""
        person = self.person(user)
        return self._named(() if person is None else self._people[person])

    def _named(self, names: Iterable[str]) -> Iterator[Sequence[Group]]:
        in_some_order = sorted(names, key=lambda name: name[::-1])
        return self._pages(Group(name, name.upper()) for name in in_some_order)

    def _pages[Member](self, members: Iterable[Member]) -> Iterator[Sequence[Member]]:
        for page in batched(members, self._page_size):
            self.pages += 1
            yield page


class InMemoryContents:
    """`Contents`."""

    def __init__(self) -> None:
        self.kept: dict[str, bytes] = {}

    def put(self, name: str, content: bytes) -> None:
        """See `Contents.put`."""
        self.kept[name] = content

    def get(self, name: str) -> bytes | None:
        """See `Contents.get`."""
        return self.kept.get(name)

    def remove(self, name: str) -> None:
        """See `Contents.remove`."""
        self.kept.pop(name, None)
