"""Ends a task: it is done, its form is submitted, or something is wrong with it."""

from collections.abc import Callable
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.api.answers.tasks import variables_json
from taskdock.api.requests.tasks import Submission, code_in, error_message_in, submission_in
from taskdock.runtime.answers import NO_CONTENT, Answer
from taskdock.runtime.http_app import HttpApp
from taskdock.runtime.requests import Request
from taskdock.runtime.task_answers import body_of, completion, task_id
from taskdock.runtime.wiring import Wiring, deployed
from taskdock.use_cases.complete_task import (
    Completed,
    complete_task,
    report_error,
    report_escalation,
    submit_form,
)


def create_app(wiring: Callable[[], Wiring] = deployed) -> HttpApp:
    """The routes of this function."""
    app = HttpApp(wiring)
    app.add("POST", "/task/{id}/complete", complete)
    app.add("POST", "/task/{id}/submit-form", submit)
    app.add("POST", "/task/{id}/bpmnError", throw_error, produces=())
    app.add("POST", "/task/{id}/bpmnEscalation", throw_escalation, produces=())
    return app


def complete(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the task is done; or the variables at its end."""
    submission = submission_in(body_of(request), f"Cannot complete task {task_id(request)}")
    done = complete_task(wiring.store, completion(request, wiring, submission.variables))
    return _answer(done, submission)


def submit(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the task is done or, if it was delegated, resolved; or the variables then."""
    submission = submission_in(body_of(request), f"Cannot submit task form {task_id(request)}")
    done = submit_form(wiring.store, completion(request, wiring, submission.variables))
    return _answer(done, submission)


def throw_error(request: Request, wiring: Wiring) -> Answer:
    """Nothing, once the error has ended the task."""
    body = body_of(request)
    code, message = code_in(body, "errorCode"), error_message_in(body)
    submission = submission_in(body, f"Cannot throw an error in task {task_id(request)}")
    report_error(wiring.store, completion(request, wiring, submission.variables), code, message)
    return NO_CONTENT


def throw_escalation(request: Request, wiring: Wiring) -> Answer:
    """Never anything: nobody handles escalations, and so they are refused."""
    body = body_of(request)
    code = code_in(body, "escalationCode")
    submission = submission_in(body, f"Cannot escalate task {task_id(request)}")
    report_escalation(wiring.store, completion(request, wiring, submission.variables), code)
    return NO_CONTENT


def _answer(done: Completed, submission: Submission) -> Answer:
    if not submission.wants_variables:
        return NO_CONTENT
    return Answer(200, variables_json(done.variables))


_APP: Final = create_app()


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """One request through API Gateway."""
    return _APP(event, context)
