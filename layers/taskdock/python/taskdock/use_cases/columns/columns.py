"""Whether columns can answer a query, and asking for them to be made or made anew."""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from taskdock.domain.columns.manifest import Head
from taskdock.domain.errors import (
    ColumnsMissing,
    OutOfTime,
    QueryTooExpensive,
    TemporarilyUnavailable,
)
from taskdock.domain.instants import Instant
from taskdock.domain.query.matching import Matcher
from taskdock.domain.query.model import TaskQuery
from taskdock.domain.query.planning import still_prefers_columns
from taskdock.domain.query.read_specs import LEAST_READ_UNITS, Tenant
from taskdock.use_cases.changes.change_log import ChangeLog
from taskdock.use_cases.columns.broad_search import BroadSearch, ColumnsRead, Sources
from taskdock.use_cases.columns.column_store import ColumnStore, Compactions
from taskdock.use_cases.columns.opened import Broken, ColumnCache, Opener, Unusable
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.read_budget import ReadBudget, ReadCost

MANY_TASKS: Final = 5_000
"""A query that meets more open tasks than these asks for columns of the tenants that it reads."""

SOME_TASKS: Final = 500
"""A tenant with fewer gets none: reading its tasks takes no longer than what is read beside
columns."""

LONG_TAIL: Final = 1_000
"""With more entries beside them, columns are brought up to date."""

_DAY: Final = 24 * 60 * 60 * 1000
_LONGEST: Final = 30 * _DAY
"""Milliseconds after which columns are made anew: what nobody needs expires in the store."""

_ASKED_EVERY: Final = 60.0
"""Seconds before a process asks for the same compaction once more."""

_NONE_FOR: Final = 30.0
"""Seconds for which a process does not look again whether a tenant has columns that had none."""


def longest_age(ended_task_days: int) -> int:
    """Milliseconds for which columns are good: half of the time that ended tasks are kept, which
    readers of changes have to find."""
    return min(_LONGEST, ended_task_days * _DAY // 2)


@dataclass(slots=True)
class Columns:
    """The columns of all tenants, as far as this process knows them. Threads may share one."""

    store: ColumnStore
    log: ChangeLog
    compactions: Compactions
    ended_task_days: int
    now: Callable[[], Instant]
    """The real time."""
    steady: Callable[[], float] = time.monotonic
    cache: ColumnCache = field(default_factory=ColumnCache)
    tell: Callable[[str], None] = lambda _: None
    """Takes note of why columns could not answer, once for each query."""
    _asked: dict[Tenant, float] = field(default_factory=dict)
    _none: dict[Tenant, float] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def heads(self, tenants: tuple[Tenant, ...], budget: ReadBudget) -> Mapping[Tenant, Head]:
        """The heads of those of the tenants that have one."""
        now = self.steady()
        wanted = [each for each in tenants if now - self._none.get(each, -_NONE_FOR) >= _NONE_FOR]
        if not wanted:
            return {}
        heads = self.store.heads(wanted)
        budget.count(ReadCost(0, 1, LEAST_READ_UNITS * len(wanted)), 0.0)
        with self._lock:
            self._none |= dict.fromkeys(set(wanted) - heads.keys(), now)
        return heads

    def check(self, heads: Iterable[Head], budget: ReadBudget) -> None:
        """Raises `Unusable` when one of the heads is too old, or from before changes were kept."""
        cut = min(head.cut for head in heads)
        kept_from = self.log.kept_from()
        budget.count(ReadCost(0, 1, 2 * LEAST_READ_UNITS), 0.0)
        if kept_from is None or cut < kept_from:
            raise Unusable("changes not kept")
        if cut < self.now() - longest_age(self.ended_task_days):
            raise Unusable("too old")

    def attempt(
        self,
        store: TaskStore,
        tenants: tuple[Tenant, ...],
        budget: ReadBudget,
        *,
        least: float,
        otherwise: float,
        versions: bool = False,
    ) -> "Attempt":
        """An attempt to answer a query of these tenants, which is expected to cost `least` read
        units from columns and `otherwise` by its plan. With `versions`, documents say theirs."""
        return Attempt(self, store, tenants, budget, least, otherwise, versions)

    def sources(self, store: TaskStore, budget: ReadBudget, *, versions: bool) -> Sources:
        """Where one query reads."""
        return Sources(store, self.log, Opener(self.store, self.cache), budget, versions)

    def ask(self, tenant: Tenant, *, anew: bool = False) -> None:
        """Ask for a compaction, unless this process just did. The query goes on without: the next
        one asks again."""
        now = self.steady()
        with self._lock:
            if now - self._asked.get(tenant, -_ASKED_EVERY) < _ASKED_EVERY:
                return
            self._asked[tenant] = now
        with suppress(TemporarilyUnavailable):
            self.compactions.ask(tenant, anew=anew)


@dataclass(slots=True)
class Attempt:
    """One query that columns may answer."""

    columns: Columns
    store: TaskStore
    tenants: tuple[Tenant, ...]
    budget: ReadBudget
    least: float
    """What an answer of columns is expected to cost."""
    otherwise: float
    """What the plan is expected to cost."""
    versions: bool
    """Whether documents say the versions of their tasks."""
    failure: str | None = None
    """Why columns did not answer though there are some."""
    _is_broken: bool = False
    _heads: Mapping[Tenant, Head] = field(default_factory=dict)

    def answer[Result](
        self, query: TaskQuery, matches: Matcher, ask: Callable[[BroadSearch], Result]
    ) -> tuple[ColumnsRead, Result] | None:
        """What the search answers, and what it read; None where there are no columns, none that can
        be used, or too few to be worth it.

        Raises `QueryTooExpensive` and `OutOfTime` at the budget's limits.
        """
        try:
            self._heads = self.columns.heads(self.tenants, self.budget)
            if not self._heads:
                return None
            self.columns.check(self._heads.values(), self.budget)
            sources = self.columns.sources(self.store, self.budget, versions=self.versions)
            heads = [(tenant, self._heads.get(tenant)) for tenant in self.tenants]
            search = BroadSearch(sources, heads, query, matches)
            without = len(self.tenants) - len(self._heads)
            sizes = search.tasks, len(self.tenants), without
            if not still_prefers_columns(self.least, self.otherwise, *sizes):
                return None
            result = ask(search)
        except Unusable as reason:
            self._failed(str(reason), is_broken=isinstance(reason, Broken))
        except OutOfTime:
            raise
        except TemporarilyUnavailable:
            self._failed("out of reach", is_broken=False)
        else:
            for tenant, entries in search.tail.entries.items():
                if entries > (LONG_TAIL if tenant in self._heads else SOME_TASKS):
                    self.columns.ask(tenant)
            return search.read, result
        return None

    def _failed(self, reason: str, *, is_broken: bool) -> None:
        self.failure, self._is_broken = reason, is_broken
        self.columns.tell(reason)

    @contextmanager
    def without(self, budget: ReadBudget) -> Iterator[None]:
        """The same query answered by other paths. What it meets is noted; where it is more than
        the budget, `ColumnsMissing` says that columns are being made, if these will cost less.
        """
        if self.failure is not None:
            for tenant in self._heads:
                self.columns.ask(tenant, anew=self._is_broken)
        try:
            yield
        except QueryTooExpensive as error:
            if not budget.allows(self.least):
                raise
            for tenant in self._large(budget, at_least=1):
                self.columns.ask(tenant)
            raise ColumnsMissing(
                "Queries as broad as this one are answered from columns, which are being made; "
                "please try again in a while.",
                read_units=error.read_units,
            ) from error
        if sum(budget.met[tenant] for tenant in self.tenants) > MANY_TASKS:
            for tenant in self._large(budget, at_least=SOME_TASKS):
                self.columns.ask(tenant)

    def _large(self, budget: ReadBudget, at_least: int) -> list[Tenant]:
        return [tenant for tenant in self.tenants if budget.met[tenant] >= at_least]
