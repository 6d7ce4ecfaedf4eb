"""Changes many tasks at once, each as its own route changes it."""

from collections.abc import Mapping
from typing import Final

from taskdock.api.answers.bulk import bulk_json
from taskdock.api.requests.bulk import Action, BulkChange, bulk_request_in
from taskdock.domain.errors import TaskdockError
from taskdock.domain.history.operation import Type
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.changes import adjusted, assign, claim, delegate, unclaim
from taskdock.domain.tasks.task import Task
from taskdock.runtime.answers import Answer
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.read_limits import time_left
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.task_answers import form_rules
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.change_each import Wanted, change_each
from taskdock.use_cases.tasks.change_task import change_task
from taskdock.use_cases.tasks.complete_task import Completion, complete_task, resolve_task

ROUTES: Final = Routes()

_KINDS: Final[Mapping[Action, Type]] = {
    Action.CLAIM: Type.CLAIM,
    Action.UNCLAIM: Type.ASSIGN,
    Action.ASSIGN: Type.ASSIGN,
    Action.DELEGATE: Type.DELEGATE,
    Action.RESOLVE: Type.RESOLVE,
    Action.COMPLETE: Type.COMPLETE,
    Action.PRIORITY: Type.UPDATE,
    Action.DUE: Type.UPDATE,
    Action.FOLLOW_UP: Type.UPDATE,
}
"""What the log calls the changes: what it calls them on their own."""
_COMPLETIONS: Final = {Action.RESOLVE: resolve_task, Action.COMPLETE: complete_task}


@ROUTES.post("/v1/tasks/bulk")
def change_many(request: Request, wiring: Wiring) -> Answer:
    """A result for each task, in the order of the body."""
    asked, now = bulk_request_in(request.json()), wiring.now()

    def change(wanted: Wanted) -> int:
        return _changed(request, wiring, asked.change, wanted, now=now)

    outcomes = change_each(asked.tasks, change, time_left(request))
    refused = sum(isinstance(outcome.result, TaskdockError) for outcome in outcomes)
    facts = {
        "action": asked.change.action,
        "changed": len(outcomes) - refused,
        "refused": refused,
        "notReached": len(asked.tasks) - len(outcomes),
    }
    return Answer(200, bulk_json(asked.tasks, outcomes), facts=facts)


def _changed(
    request: Request, wiring: Wiring, change: BulkChange, wanted: Wanted, *, now: Instant
) -> int:
    """The task's new version."""
    access = request.caller.access
    store = authored(request, wiring, _KINDS[change.action], wanted.task_id)
    if change.action in _COMPLETIONS:
        completion = Completion(
            task_id=wanted.task_id,
            access=access,
            variables=change.variables,
            now=now,
            expected_version=wanted.version,
            rules_for=form_rules(wiring),
        )
        return _COMPLETIONS[change.action](store, completion).version
    return change_task(
        store,
        wanted.task_id,
        access,
        lambda task: _after(task, change, request.caller.user, now),
        expected_version=wanted.version,
    ).version


def _after(task: Task, change: BulkChange, caller: str, now: Instant) -> Task:
    match change.action:
        case Action.CLAIM:
            return claim(task, change.user or caller, now)
        case Action.UNCLAIM:
            return unclaim(task, now)
        case Action.ASSIGN:
            return assign(task, change.user, now)
        case Action.DELEGATE:
            return delegate(task, change.user, now)
        case _:
            return adjusted(task, change.fields, now)
