"""The report on groups, as a caller asks for it."""

from taskdock.domain.caller import Caller
from taskdock.domain.instants import Instant
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.query.query_tasks import QueryRequest
from taskdock.use_cases.query.read_budget import Limits
from taskdock.use_cases.query.report_tasks import (
    UNASSIGNED,
    GroupCounts,
    count_by_candidate_group,
)

NO_TENANTS: frozenset[str] = frozenset()
UNLIMITED = Limits()


def report(
    store: TaskStore, tenants: frozenset[str] = NO_TENANTS, limits: Limits = UNLIMITED
) -> GroupCounts:
    """The counts by group for a member of these tenants."""
    caller = Caller("demo", (), tenants)
    asked = QueryRequest(UNASSIGNED, caller, Instant(0), lambda _: (), limits)
    return count_by_candidate_group(asked, store)
