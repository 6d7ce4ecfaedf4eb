"""How an answer was found and what it cost, for people (`?explain=true`) and for metrics."""

import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from typing import Any, Final

from aws_lambda_powertools import Metrics
from aws_lambda_powertools.metrics import MetricUnit

from taskdock.domain import instants
from taskdock.domain.query.model import Filter, Level, TaskQuery
from taskdock.domain.query.planning import Plan
from taskdock.domain.query.read_specs import (
    ByIds,
    EndedTasks,
    Inbox,
    Index,
    Partition,
    ReadSpec,
)
from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Prices
from taskdock.use_cases.query.plan_search import QueryStatistics

_SHOWN_KEYS: Final = 20

_COLUMNS: Final = "columns"
"""The path of a query that columns answer."""

# Without a dimension for the path: CloudWatch charges for each combination, and callers would make
# new ones.
_METRICS: Final = Metrics(namespace="taskdock", service="taskdock")


class Stopwatch:
    """Milliseconds since it was made."""

    def __init__(self) -> None:
        self._started = time.perf_counter()

    @property
    def milliseconds(self) -> float:
        """Time since then."""
        return round((time.perf_counter() - self._started) * 1000, 1)


def explanation(
    query: TaskQuery, found: QueryStatistics, returned: int, milliseconds: float, price: float
) -> dict[str, Any]:
    """The explanation that an answer carries beside its tasks."""
    return {
        "plan": _plan(query, found),
        **_columns(found),
        "read": {
            "items": found.spent.items,
            "pages": found.spent.pages,
            "readUnits": found.spent.read_units,
        },
        "matched": found.matched,
        "returned": returned,
        "price": {"usd": price, "per": "query"},
        "milliseconds": milliseconds,
    }


def _plan(query: TaskQuery, found: QueryStatistics) -> dict[str, Any]:
    plan = found.plan
    if found.columns is not None:
        return {
            "path": _COLUMNS,
            "index": [Index.CHANGES, Index.OPEN],
            "filter": _filters(query, ()),
            "order": _order(query, delivered=False),
        }
    return {
        "path": path_name(plan),
        "index": sorted({_index_name(each) for each in plan.accesses}),
        "keys": _keys(plan),
        "filter": _filters(query, plan.meets),
        "order": _order(query, delivered=plan.delivers_order),
        "earlyStop": found.stopped_early,
    }


def _columns(found: QueryStatistics) -> dict[str, Any]:
    """What was read of columns, or why they were of no use."""
    if found.fallback is not None:
        return {"columns": {"unusable": found.fallback}}
    read = found.columns
    if read is None:
        return {}
    shown = {"segments": read.segments, "rows": read.rows, "bytes": read.bytes}
    return {"columns": {**shown, "tail": read.tail, "cut": instants.write(read.cut)}}


def price_of(
    prices: Prices, found: QueryStatistics, milliseconds: float, memory_in_mb: int
) -> float:
    """US dollars for one such query: its request, its reads, its share of a function's time."""
    dollars = (
        prices.requests
        + found.spent.read_units * prices.read_units
        + milliseconds / 1000 * memory_in_mb / 1024 * prices.gigabyte_seconds
    ) / 1_000_000
    return float(f"{dollars:.4g}")


def measured(
    found: QueryStatistics, returned: int, milliseconds: float, namespace: str
) -> Mapping[str, Any]:
    """What the log line of a query says; its figures go to CloudWatch as metrics of that namespace,
    too.
    """
    spent = found.spent
    _METRICS.provider.namespace = namespace
    for name, unit, value in (
        ("itemsRead", MetricUnit.Count, spent.items),
        ("matched", MetricUnit.Count, found.matched),
        ("readUnits", MetricUnit.Count, spent.read_units),
        ("queryMilliseconds", MetricUnit.Milliseconds, milliseconds),
    ):
        _METRICS.add_metric(name, unit, value)
    _METRICS.flush_metrics()
    return {
        "pathTaken": path_name(found.plan) if found.columns is None else _COLUMNS,
        "itemsRead": spent.items,
        "pagesRead": spent.pages,
        "readUnits": spent.read_units,
        "matched": found.matched,
        "returned": returned,
        "queryMilliseconds": milliseconds,
    }


def columns_unusable(reason: str, namespace: str) -> None:
    """Say in the log that columns could not answer a query, and count it."""
    _METRICS.provider.namespace = namespace
    _METRICS.add_metric("columnsUnusable", MetricUnit.Count, 1)
    _METRICS.flush_metrics()
    logger.warning("columns unusable", reason=reason)


def path_name(plan: Plan) -> str:
    """The path in a word or two: the criteria that the keys serve."""
    if not plan.accesses:
        return "nothing can match"
    return " + ".join(_names(plan.serves)) or "all open tasks"


def _index_name(access: ReadSpec) -> str:
    return "the table" if isinstance(access, ByIds) else access.index


def _keys(plan: Plan) -> list[dict[str, Any]]:
    """The partitions read and the range within them; of a candidate user, the groups are not
    named: they may be another user's."""
    of_user = any(each.criterion.name == "candidateUser" for each in plan.serves)
    shown: list[dict[str, Any]] = []
    for access in plan.accesses:
        if isinstance(access, ByIds):
            shown.append({"ids": list(access.ids[:_SHOWN_KEYS]), "of": len(access.ids)})
            continue
        named = [each for each in access.partitions if not (of_user and _is_of_group(each))]
        entry: dict[str, Any] = {
            "partitions": [_partition(each) for each in named[:_SHOWN_KEYS]],
            "of": len(access.partitions),
            "tenants": list(access.tenants[:_SHOWN_KEYS]),
        }
        bounds = {"from": access.low, "to": access.high}
        entry |= {name: bound for name, bound in bounds.items() if bound is not None}
        shown.append(entry)
    return shown


def _is_of_group(partition: Partition) -> bool:
    return isinstance(partition, Inbox) and partition.kind == "group"


def _partition(partition: Partition) -> Any:
    return asdict(partition) if isinstance(partition, Inbox | EndedTasks) else partition


def _filters(query: TaskQuery, met: Sequence[Filter | Level]) -> list[str]:
    """The criteria that are left to the filter, those of orQueries in parentheses."""
    left = _names(each for each in query.top.filters if each not in met)
    for level in query.or_queries:
        if level.filters and level not in met:
            left.append(f"({' or '.join(_names(level.filters))})")
    return left


def _names(filters: Iterable[Filter]) -> list[str]:
    return list(dict.fromkeys(each.criterion.name for each in filters))


def _order(query: TaskQuery, *, delivered: bool) -> str:
    if not query.sorting:
        return "id, sorted here"
    keys = ", ".join(f"{each.by} {'desc' if each.descending else 'asc'}" for each in query.sorting)
    return f"{keys}, {'as the index has it' if delivered else 'sorted here'}"
