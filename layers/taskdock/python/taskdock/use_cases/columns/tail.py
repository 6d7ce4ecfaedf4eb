"""The tail: what was created or changed since the columns were made, read as queries always read.

New tasks are taken from the index of open tasks, in which an entry never moves; an entry that moves
is for an instant in neither place. Of an id the newest version counts.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NamedTuple

from taskdock.domain.instants import Instant
from taskdock.domain.query.matching import Matcher
from taskdock.domain.query.read_specs import ALL_SHARDS, ByIndex, Index, ReadSpec, Tenant
from taskdock.domain.query.sorting import Order
from taskdock.domain.tasks.task import TaskId
from taskdock.use_cases.changes.change_log import ChangeLog
from taskdock.use_cases.columns.opened import Unusable
from taskdock.use_cases.documents import VersionedDocument, decoded
from taskdock.use_cases.ports import Page
from taskdock.use_cases.query.page_reading import PageReader, each_spec
from taskdock.use_cases.query.read_budget import ReadBudget
from taskdock.use_cases.query.top_tasks import Placed

MOST_ENTRIES: Final = 20_000
"""Entries in the tail of one tenant; beyond, the columns are of no use."""


class _Found(NamedTuple):
    task_id: TaskId
    version: int
    placed: Placed | None
    """None where the task does not meet the query."""


@dataclass(slots=True)
class Tail:
    """What of the tail meets a query, and of which tasks the columns know nothing any more."""

    placed: dict[TaskId, Placed] = field(default_factory=dict)
    ids: set[TaskId] = field(default_factory=set)
    """The tasks in the tail, whether they meet the query or not."""
    entries: dict[Tenant, int] = field(default_factory=dict)
    """How many entries were read, by tenant."""
    versions: dict[TaskId, int] = field(default_factory=dict)
    """The version of each task that meets the query."""

    def say_versions(self) -> None:
        """Have each document say its version."""
        for task_id, (key, document) in self.placed.items():
            versioned = VersionedDocument.of(document, self.versions[task_id])
            self.placed[task_id] = key, versioned


class _Stamped:
    """Hands out pages of the log, and remembers the versions of the last one."""

    def __init__(self, log: ChangeLog) -> None:
        self._log = log
        self.versions: Sequence[int] = ()

    def page(self, spec: ReadSpec, start: object | None = None, limit: int | None = None) -> Page:
        """See `TaskStore.page`."""
        assert isinstance(spec, ByIndex)
        page = self._log.entries(spec, start, limit)
        self.versions = [entry.version for entry in page.entries]
        return Page([entry.document for entry in page.entries], page.read_units, page.next)


def specs_since(tenant: Tenant, since: Instant | None) -> tuple[ByIndex, ...]:
    """What has to be read of what a tenant's tasks were since; None for all that are open."""
    open_tasks = ByIndex(Index.OPEN, ALL_SHARDS, (tenant,), low=since)
    if since is None:
        return open_tasks.singles
    changed = ByIndex(Index.CHANGES, ALL_SHARDS, (tenant,), low=since)
    return (*open_tasks.singles, *changed.singles)


def read_tail(
    log: ChangeLog,
    cuts: Sequence[tuple[Tenant, Instant | None]],
    matches: Matcher,
    order: Order,
    budget: ReadBudget,
) -> Tail:
    """The tail of each tenant since its cut; all open tasks where there is none.

    Raises `QueryTooExpensive` and `OutOfTime` at the budget's limits, `Unusable` for more than
    `MOST_ENTRIES` of a tenant with a cut.
    """
    fields = matches.fields | order.fields

    def read(spec: ByIndex) -> list[_Found]:
        pages = _Stamped(log)
        reader = PageReader(pages, spec, budget)
        found: list[_Found] = []
        while not reader.is_done:
            documents = decoded(reader.read(), fields)
            for (document, task), version in zip(documents, pages.versions, strict=True):
                placed = (order.key(task), document) if matches.test(task) else None
                found.append(_Found(task["id"], version, placed))
            if spec.low is not None and len(found) > MOST_ENTRIES:
                raise Unusable("tail too long")
        return found

    specs = [spec for tenant, since in cuts for spec in specs_since(tenant, since)]
    budget.check_least(specs)
    tail, newest = Tail(), dict[TaskId, _Found]()
    for spec, found in zip(specs, each_spec(read, specs, budget), strict=True):
        [tenant] = spec.tenants
        tail.entries[tenant] = tail.entries.get(tenant, 0) + len(found)
        for each in found:
            known = newest.get(each.task_id)
            if known is None or known.version <= each.version:
                newest[each.task_id] = each
    for tenant, since in cuts:
        if since is not None and tail.entries[tenant] > MOST_ENTRIES:
            raise Unusable("tail too long")
    tail.ids = set(newest)
    tail.versions = {each.task_id: each.version for each in newest.values() if each.placed}
    tail.placed = {each.task_id: each.placed for each in newest.values() if each.placed}
    return tail
