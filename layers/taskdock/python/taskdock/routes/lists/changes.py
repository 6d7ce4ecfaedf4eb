"""What changed since a moment, for programs that keep a copy of the tasks."""

import hashlib
import re
from dataclasses import replace
from typing import Final

from taskdock.api.answers.changes import changes_json
from taskdock.api.requests.property_values import shown
from taskdock.api.requests.unknown_properties import refuse_unknown
from taskdock.domain.changes.cursor import Cursor
from taskdock.domain.errors import ChangesNotKept, InvalidRequest, NotAuthorized
from taskdock.runtime.answers import Answer, JsonText, cost, json_text
from taskdock.runtime.read_limits import read_limits
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.changes.read_changes import ReadChanges

ROUTES: Final = Routes()

DEFAULT_LIMIT: Final = 100
LARGEST_LIMIT: Final = 1000

_ADVICE: Final = "Ask for a smaller limit."
_PARAMETERS: Final = frozenset({"since", "limit", "withTasks"})
_WHOLE: Final = re.compile("[0-9]{1,9}")


@ROUTES.get("/v1/changes")
def list_changes(request: Request, wiring: Wiring) -> Answer:
    """What changed since the cursor, or the cursor of who begins now; 304 where that is what the
    caller has already (docs/api.md, What changed)."""
    refuse_unknown(request.parameters, _PARAMETERS, "the query string")
    limit, token = _limit(request), request.parameters.get("since")
    with_tasks = request.flag("withTasks")
    since = None if token is None else Cursor.of_token(token)
    if not wiring.settings.keep_changes:
        raise ChangesNotKept("This deployment keeps no changes (its parameter KeepChanges).")
    if request.caller.participates:
        raise NotAuthorized("Changes of all tasks are for supervisors and programs here.")
    read = ReadChanges(
        wiring.change_log,
        request.caller.access.reach,
        read_limits(request, wiring, _ADVICE),
        wiring.change_time,
        wiring.settings.ended_task_days,
        with_tasks=with_tasks,
    )
    page = read(since, limit)
    answer = Answer(
        200,
        changes_json(page, with_tasks=with_tasks),
        headers=cost(page.read_units),
        facts={"returned": len(page.changes), "readUnits": page.read_units},
        too_large="The changes are more than one answer holds: ask with a smaller limit.",
    )
    return _unless_known(answer, request.header("if-none-match"))


def _limit(request: Request) -> int:
    text = request.parameters.get("limit", str(DEFAULT_LIMIT))
    if not _WHOLE.fullmatch(text) or not 1 <= int(text) <= LARGEST_LIMIT:
        raise InvalidRequest(
            f"limit: expected an integer from 1 to {LARGEST_LIMIT}, got {shown(text)}"
        )
    return int(text)


def _unless_known(answer: Answer, known: str | None) -> Answer:
    """The answer with a tag of its content, or a 304 for a caller who names that tag."""
    text = json_text(answer.content)
    tag = f'W/"{hashlib.sha256(text.encode(errors="surrogatepass")).hexdigest()[:32]}"'
    headers = {**answer.headers, "ETag": tag}
    if known is not None and tag.removeprefix("W/") in known:
        return replace(answer, status=304, content=None, headers=headers)
    return replace(answer, content=JsonText(text), headers=headers)
