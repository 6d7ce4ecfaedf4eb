"""How the results of a change of many tasks are shown."""

from collections.abc import Sequence
from typing import Any

from taskdock.api.answers.errors import error_json, row_of
from taskdock.domain.errors import TaskdockError
from taskdock.use_cases.tasks.change_each import Outcome, Wanted


def bulk_json(tasks: Sequence[Wanted], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """A result for each task that was tried, in the order of the request, and the ids of those for
    which there was no time (docs/api.md, Many tasks at once)."""
    left = tasks[len(outcomes) :]
    return {
        "results": [_result(outcome) for outcome in outcomes],
        "notReached": [wanted.task_id for wanted in left],
    }


def _result(outcome: Outcome) -> dict[str, Any]:
    result = outcome.result
    if isinstance(result, TaskdockError):
        status = row_of(result).status
        return {"id": outcome.task_id, "status": status, "error": error_json(result)}
    return {"id": outcome.task_id, "status": 200, "version": result}
