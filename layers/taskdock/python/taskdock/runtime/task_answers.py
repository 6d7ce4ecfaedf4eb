"""Shared parts of the routes for one task of Camunda 7's API."""

from collections.abc import Callable, Sequence

from taskdock.domain.forms.rules import Rule
from taskdock.domain.history.operation import Detail, Type
from taskdock.domain.tasks.forms import wanted_form
from taskdock.domain.tasks.task import Task, TaskId, Variables
from taskdock.runtime.answers import Answer, etag
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.requests import Request
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.tasks.change_task import change_task
from taskdock.use_cases.tasks.complete_task import Completion


def task_id(request: Request) -> TaskId:
    """The id in the path; the task need not exist."""
    return TaskId(request.path["id"])


def body_of(request: Request) -> object:
    """The body's value; what follows it is ignored, as in Camunda 7
    (docs/camunda-behaviour.md, JSON bodies)."""
    return request.json(trailing_junk_allowed=True)


def changed_answer(
    request: Request,
    wiring: Wiring,
    kind: Type,
    change: Callable[[Task], Task],
    detail: Detail | None = None,
) -> Answer:
    """Changes the task by an operation and answers its new version, without a body.

    Raises what `change_task` does; `If-Match` names the version that is expected.
    """
    stored = change_task(
        authored(request, wiring, kind, task_id(request), detail),
        task_id(request),
        request.caller.access,
        change,
        expected_version=request.expected_version,
    )
    return Answer(204, headers=etag(stored.version))


def completion(request: Request, wiring: Wiring, variables: Variables) -> Completion:
    """The request to complete the task in the path; `If-Match` names the expected version."""
    return Completion(
        task_id=task_id(request),
        access=request.caller.access,
        variables=variables,
        now=wiring.now(),
        expected_version=request.expected_version,
        rules_for=form_rules(wiring),
    )


def form_rules(wiring: Wiring) -> Callable[[Task], Sequence[Rule]]:
    """What the form of a task asks of the variables that complete it; a task without a form needs
    no registry."""
    return lambda task: (
        wiring.known_forms.rules_for(task, wiring.now()) if wanted_form(task) else ()
    )
