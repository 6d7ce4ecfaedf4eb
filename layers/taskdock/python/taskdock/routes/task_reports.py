"""Reports on the open tasks: how many are offered to which group."""

from dataclasses import replace
from typing import Final

from taskdock.api.answers.group_counts import CSV_TYPES, counts_csv, counts_json
from taskdock.runtime.answers import Answer, cost
from taskdock.runtime.query_requests import query_request
from taskdock.runtime.read_limits import read_limits
from taskdock.runtime.requests import JSON, Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.query.report_tasks import UNASSIGNED, count_by_candidate_group

_PRODUCED: Final = (JSON, *CSV_TYPES)

ROUTES: Final = Routes()


@ROUTES.get("/task/report/candidate-group-count", produces=_PRODUCED)
def count_groups(request: Request, wiring: Wiring) -> Answer:
    """The unassigned tasks by candidate group, as JSON or as a file of comma separated values."""
    media_type = request.accepted(_PRODUCED)
    limits = read_limits(request, wiring, "A report reads every open task.")
    asked = replace(query_request(UNASSIGNED, request, wiring), limits=limits)
    found = count_by_candidate_group(asked, wiring.store)
    headers = cost(found.spent.read_units)
    facts = {"items": found.spent.items, "readUnits": found.spent.read_units}
    if media_type == JSON:
        return Answer(200, counts_json(found.counts), headers, facts)
    headers["Content-Disposition"] = 'attachment; filename="task-count-by-candidate-group.csv"'
    content = counts_csv(found.counts).encode(errors="replace")
    return Answer(200, content, headers, facts, media_type=f"{media_type};charset=utf-8")
