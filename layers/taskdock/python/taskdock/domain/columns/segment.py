"""Segments: some thousand tasks as columns, in order of their ids.

Fields that no version of the code knows are columns like all others, and one more column says
which fields a row has in which order: so each document can be built again, whole.
"""

from bisect import bisect_left
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from taskdock.domain.columns.column import (
    ABSENT,
    Address,
    Column,
    ListColumn,
    written_column,
    written_lists,
)
from taskdock.domain.tasks.task import Task

SCOPES: Final = ("variables", "processVariables", "caseInstanceVariables")
"""Fields of which each name in them is a column of its own."""

ROWS: Final = 50_000
"""The most tasks of a segment."""

ID: Final[Address] = ("id",)
SHAPE: Final[Address] = ()
"""The column that says which columns a row has, in the order of its document."""
VERSION: Final[Address] = ("", "version")
"""The column of the versions that the tasks had; no document has it."""
LINKS: Final[Address] = ("links", "", "each")
"""The column of lists with the links of each row."""

_MOST_NAMES: Final = 300
"""So many variables of a scope have a column of their own. A column costs something for every
row: rarer variables share one column of lists."""


def shared(scope: str) -> Address:
    """The column of lists with the rare variables of a scope, each as its name and the variable."""
    return (scope, "", "rare")


def is_of_lists(address: Address) -> bool:
    """Whether the column at this address is one of lists."""
    return len(address) == 3


def columns_of(tasks: Sequence[Task], versions: Sequence[int] = ()) -> dict[Address, bytes]:
    """The columns of tasks that are in ascending order of their ids, each id once, and of their
    versions."""
    given: dict[Address, dict[int, Any]] = defaultdict(dict)
    names: Counter[Address] = Counter()
    for row, task in enumerate(tasks):
        shape = []
        for address, value in _parts(task):
            shape.append(address)
            given[address][row] = value
            names[address] += len(address) == 2
        given[SHAPE][row] = shape
    _share(given, names)
    if versions:
        given[VERSION] = dict(enumerate(versions))
    return {
        address: (written_lists if is_of_lists(address) else written_column)(len(tasks), values)
        for address, values in given.items()
    }


def _parts(task: Task) -> Iterator[tuple[Address, Any]]:
    """The document in pieces, a column each."""
    for field, value in task.items():
        if field in SCOPES and isinstance(value, dict) and value:
            for name, variable in value.items():
                yield (field, name), variable
        elif field == "links" and isinstance(value, list):
            yield LINKS, value
        else:
            yield (field,), value


def _share(given: dict[Address, dict[int, Any]], names: Counter[Address]) -> None:
    """Move rare variables into the columns that they share."""
    for scope in SCOPES:
        of_scope = Counter({each: n for each, n in names.items() if each[0] == scope and n})
        rare = of_scope.most_common()[_MOST_NAMES:]
        lists: dict[int, list[Any]] = defaultdict(list)
        for address, _ in rare:
            for row, variable in given.pop(address).items():
                lists[row].append([address[1], variable])
        if rare:
            given[shared(scope)] = lists


type Fetch = Callable[[Address], Column | ListColumn]
"""Gives the column at an address that the segment has; raises what reading it raises."""


@dataclass(frozen=True, slots=True)
class Segment:
    """The rows of a segment, whose columns are fetched when they are needed."""

    rows: int
    addresses: frozenset[Address]
    """The columns that it has."""
    fetch: Fetch

    def column(self, address: Address) -> Column:
        """The column of a field or of a variable; without a value in any row where it has none."""
        if address in self.addresses:
            found = self.fetch(address)
            if isinstance(found, Column):
                return found
        if len(address) == 2 and shared(address[0]) in self.addresses:
            return self._rare(address)
        return Column(bytes(self.rows), (), ascending=True)

    def lists(self, address: Address) -> ListColumn:
        """The column of lists at an address; of empty lists where it has none."""
        found = self.fetch(address) if address in self.addresses else None
        if isinstance(found, ListColumn):
            return found
        return ListColumn([0] * (self.rows + 1), (), b"", ())

    def names(self, scope: str) -> list[str]:
        """The names that variables of a scope have in some row."""
        own = [each[1] for each in self.addresses if len(each) == 2 and each[0] == scope]
        return [*own, *dict.fromkeys(name for name, _ in self.lists(shared(scope)).values)]

    def needed(self, address: Address) -> Iterable[Address]:
        """The columns that have to be fetched for what is at an address."""
        if address in self.addresses:
            return (address,)
        rare = shared(address[0]) if len(address) == 2 else SHAPE
        return (rare,) if rare in self.addresses and len(address) == 2 else ()

    def find(self, task_ids: Iterable[str]) -> list[int]:
        """The rows of those of the tasks that are here."""
        ids = self.column(ID)
        # In order of ids, each of them once: a row and the place of its value are the same.
        places = ((bisect_left(ids.values, each), each) for each in task_ids)
        return [at for at, each in places if at < len(ids.values) and ids.values[at] == each]

    def _rare(self, address: Address) -> Column:
        lists = self.lists(shared(address[0]))
        values = [each[1] for each in lists.values]
        wanted = [False, *(each[0] == address[1] for each in lists.values)]
        codes = [
            next((code for code in lists.codes[start:end] if wanted[code]), ABSENT)
            for start, end in zip(lists.starts, lists.starts[1:], strict=False)
        ]
        return Column(codes, values)


def documents_of(segment: Segment, rows: Iterable[int]) -> Iterator[Task]:
    """The documents of these rows, as they were; all columns are fetched."""
    shapes = segment.column(SHAPE)
    parts = cache(lambda address: _part(segment, address))
    plans: dict[int, list[tuple[Address, Callable[[int], Any]]]] = {}
    for row in rows:
        shape = shapes.codes[row]
        if shape not in plans:
            addresses = [tuple(each) for each in shapes.values[shape - 1]]
            plans[shape] = [(address, parts(address)) for address in addresses]
        yield _document(plans[shape], row)


def _part(segment: Segment, address: Address) -> Callable[[int], Any]:
    return segment.lists(address).of_row if is_of_lists(address) else segment.column(address).value


def _document(plan: Iterable[tuple[Address, Callable[[int], Any]]], row: int) -> Task:
    document: dict[str, Any] = {}
    for address, value in plan:
        if len(address) == 2:
            document.setdefault(address[0], {})[address[1]] = value(row)
        else:
            document[address[0]] = value(row)
    return document  # type: ignore[return-value]  # as it came in


def few_fields(segment: Segment, row: int, addresses: Iterable[Address]) -> Mapping[str, Any]:
    """A task of the row with what is at these addresses alone."""
    task: dict[str, Any] = {}
    for address in addresses:
        if is_of_lists(address):
            task[address[0]] = segment.lists(address).of_row(row)
            continue
        value = segment.column(address).value(row)
        if value is None:
            continue
        if len(address) == 2:
            task.setdefault(address[0], {})[address[1]] = value
        else:
            task[address[0]] = value
    return task
