"""Searching columns: the segments of the tenants that have some, and what was written since."""

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

from taskdock.domain.columns.asking import addresses_of_query, links_of_rows, rows_that_meet
from taskdock.domain.columns.column import Address
from taskdock.domain.columns.manifest import Head
from taskdock.domain.columns.masks import Mask, count, of_rows
from taskdock.domain.columns.picking import Picked, addresses_of_order, first_rows
from taskdock.domain.columns.segment import ID, LINKS, VERSION, documents_of
from taskdock.domain.instants import Instant
from taskdock.domain.query.matching import Matcher
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.planning import ROWS_BY_ID
from taskdock.domain.query.read_specs import ByIds, Tenant
from taskdock.domain.query.sorting import Key, Order
from taskdock.domain.tasks.task import NO_LINKS, IdentityLink, Task, TaskId
from taskdock.use_cases.changes.change_log import ChangeLog
from taskdock.use_cases.columns.opened import Opened, Opener
from taskdock.use_cases.columns.tail import Tail, read_tail
from taskdock.use_cases.documents import Document, VersionedDocument, decoded, document_of
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.page_reading import documents_of as documents_in
from taskdock.use_cases.query.read_budget import ReadBudget
from taskdock.use_cases.query.top_tasks import Placed

_LINKS: Final = frozenset(("links",))


@dataclass(frozen=True, slots=True)
class ColumnsRead:
    """What of columns an answer took."""

    segments: int
    rows: int
    bytes: int
    """Bytes that were fetched; columns that were here already are not among them."""
    tail: int
    """Entries that were read beside the columns."""
    cut: Instant
    """What was written since then was read beside them."""


@dataclass(frozen=True, slots=True)
class Sources:
    """Where a search reads."""

    store: TaskStore
    log: ChangeLog
    opener: Opener
    budget: ReadBudget
    versions: bool = False
    """Whether documents say the versions of their tasks."""


class _Row(NamedTuple):
    """A task among the first: in the tail, or a row of a segment whose document is not read yet."""

    key: Key
    document: Document | None
    row: Picked | None


class BroadSearch:
    """One query over the tasks of some tenants. Those without a head are read whole.

    Every method raises `Unusable` where the columns turn out to be, and `QueryTooExpensive` and
    `OutOfTime` at the budget's limits.
    """

    def __init__(
        self,
        sources: Sources,
        heads: Sequence[tuple[Tenant, Head | None]],
        query: TaskQuery,
        matches: Matcher,
    ) -> None:
        self._sources = sources
        self._heads = heads
        self._query = query
        self._matches = matches
        self.tail = Tail()

    @property
    def read(self) -> ColumnsRead:
        """What was read so far."""
        cuts = [head.cut for _, head in self._heads if head is not None]
        parts = [each.part for each in self._segments]
        return ColumnsRead(
            len(parts),
            sum(part.live for part in parts),
            self._sources.opener.bytes_read,
            sum(self.tail.entries.values()),
            min(cuts),
        )

    @property
    def tasks(self) -> int:
        """How many tasks the segments have."""
        return sum(each.part.live for each in self._segments)

    def count(self) -> int:
        """How many tasks meet the query."""
        self._read_tail(Order(()), self._matches)
        return len(self.tail.placed) + sum(count(mask) for _, mask in self._meant(listed=False))

    def tally_links[Value](
        self, values_of: Callable[[Sequence[IdentityLink]], Iterable[Value]]
    ) -> Counter[Value]:
        """How often each value comes that `values_of` finds in the links of what meets the query,
        in each link alone or in none."""
        self._read_tail(Order(()), self._matches)
        total = Counter[Value]()
        documents = [document for _, document in self.tail.placed.values()]
        for _, task in decoded(documents, _LINKS):
            total.update(values_of(task.get("links", NO_LINKS)))
        meant = self._meant(listed=False)
        self._fetch_of([each for each, _ in meant], lambda each: {LINKS} & each.segment.addresses)
        for opened, mask in meant:
            for links, number in links_of_rows(opened.segment, mask):
                for value in values_of(links):
                    total[value] += number
        return total

    def page(
        self, order: Order, window: range, after: Key | None
    ) -> tuple[list[Document], bool, int]:
        """The documents at these places of the order, whether there are any behind them, and how
        many tasks meet the query in all; the tasks up to `after` left aside."""
        matches = self._matches if after is None else _behind(self._matches, order, after)
        self._read_tail(order, matches)
        meant = self._meant(listed=True)
        matched = len(self.tail.placed) + sum(count(mask) for _, mask in meant)
        segments = [(each.segment, mask) for each, mask in meant]
        dropped: set[TaskId] = set()
        known: dict[TaskId, Placed] = {}
        while True:
            needed = window.stop + 1
            rows = [
                _Row(each.key, None, each)
                for each in first_rows(segments, order, needed + len(dropped) + len(known), after)
                if each.key[-1] not in dropped and each.key[-1] not in known
            ]
            placed = (*self.tail.placed.values(), *known.values())
            rows += [_Row(key, document, None) for key, document in placed]
            rows.sort(key=lambda each: each.key)
            shown = rows[window.start : window.stop]
            wanted = [each.row for each in shown if each.row is not None]
            if not wanted:
                documents = [each.document for each in shown if each.document is not None]
                return documents, len(rows) > window.stop, matched
            found = self._documents(wanted, meant, matches, order)
            known |= found
            dropped |= {each.key[-1] for each in wanted} - found.keys()

    def _documents(
        self,
        rows: Sequence[Picked],
        meant: Sequence[tuple[Opened, Mask]],
        matches: Matcher,
        order: Order,
    ) -> dict[TaskId, Placed]:
        """The tasks of these rows, those that meet the query still."""
        if len(rows) <= ROWS_BY_ID:
            return self._from_the_table([each.key[-1] for each in rows], matches, order)
        found: dict[TaskId, Placed] = {}
        for at, (opened, _) in enumerate(meant):
            of_segment = [each for each in rows if each.segment == at]
            if of_segment:
                self._sources.opener.fetch([(opened.part, opened.part.places)])
                tasks = documents_of(opened.segment, [each.row for each in of_segment])
                for each, task in zip(of_segment, tasks, strict=True):
                    found[each.key[-1]] = each.key, self._document(task, opened, each.row)
                self._sources.budget.count_unpacked(0)
        return found

    def _document(self, task: Task, opened: Opened, row: int) -> Document:
        document = document_of(task)
        if not self._sources.versions:
            return document
        return VersionedDocument.of(document, opened.segment.column(VERSION).value(row))

    def _from_the_table(
        self, task_ids: Sequence[TaskId], matches: Matcher, order: Order
    ) -> dict[TaskId, Placed]:
        tenants = frozenset(tenant for tenant, _ in self._heads if tenant is not None)
        spec = ByIds(tuple(task_ids), tenants, self._sources.versions)
        budget = self._sources.budget
        found: dict[TaskId, Placed] = {}
        for documents in documents_in(self._sources.store, spec, budget):
            for document, task in decoded(documents, matches.fields | order.fields):
                if matches.test(task):
                    found[task["id"]] = order.key(task), document
        return found

    def _read_tail(self, order: Order, matches: Matcher) -> None:
        cuts = [(tenant, None if head is None else head.cut) for tenant, head in self._heads]
        sources = self._sources
        self.tail = read_tail(sources.log, cuts, matches, order, sources.budget)
        if sources.versions:
            self.tail.say_versions()

    def _meant(self, *, listed: bool) -> list[tuple[Opened, Mask]]:
        """The rows of each segment that meet the query, those in the tail left out."""
        self._fetch(lambda each: addresses_of_query(each.segment, self._query))
        meant = []
        for opened in self._segments:
            mask = rows_that_meet(opened.segment, self._query) & opened.part.live_rows
            meant.append((opened, mask))
            self._sources.budget.count_unpacked(0)
        needed = [each for each, mask in meant if mask]
        if listed:
            self._fetch_of(
                needed, lambda each: addresses_of_order(each.segment, self._query.sorting)
            )
        elif self.tail.ids:
            self._fetch_of(needed, lambda _: (ID,))
        return [(opened, self._without_tail(opened, mask)) for opened, mask in meant]

    def _without_tail(self, opened: Opened, mask: Mask) -> Mask:
        if not mask or not self.tail.ids:
            return mask
        return mask & ~of_rows(opened.segment.find(self.tail.ids), opened.part.rows)

    @cached_property
    def _segments(self) -> Sequence[Opened]:
        opener = self._sources.opener
        manifests = [opener.manifest(head) for _, head in self._heads if head is not None]
        return [opener.opened(part) for manifest in manifests for part in manifest.parts]

    def _fetch(self, addresses: Callable[[Opened], Iterable[Address]]) -> None:
        self._fetch_of(self._segments, addresses)

    def _fetch_of(
        self, segments: Iterable[Opened], addresses: Callable[[Opened], Iterable[Address]]
    ) -> None:
        self._sources.opener.fetch((each.part, addresses(each)) for each in segments)


def _behind(matches: Matcher, order: Order, after: Key) -> Matcher:
    """The matcher of the tasks behind a place of the order."""
    return Matcher(
        lambda task: matches.test(task) and order.key(task) > after,
        matches.fields | order.fields,
    )
