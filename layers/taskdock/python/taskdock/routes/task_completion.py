"""Ends a task: it is completed, its form is submitted, or a BPMN error is reported."""

from typing import Final

from taskdock.api.answers.tasks import variables_json
from taskdock.api.requests.tasks import Submission, code_in, error_message_in, submission_in
from taskdock.domain.history.operation import Type
from taskdock.runtime.answers import NO_CONTENT, Answer
from taskdock.runtime.changes.authorship import authored
from taskdock.runtime.requests import Request
from taskdock.runtime.routes import Routes
from taskdock.runtime.task_answers import body_of, completion, task_id
from taskdock.runtime.wiring import Wiring
from taskdock.use_cases.ports import TaskStore
from taskdock.use_cases.tasks.complete_task import (
    Completed,
    complete_task,
    report_error,
    report_escalation,
    submit_form,
)

ROUTES: Final = Routes()


@ROUTES.post("/task/{id}/complete")
def complete(request: Request, wiring: Wiring) -> Answer:
    """Completes the task; answers its variables if the body asks for them."""
    submission = submission_in(body_of(request), f"Cannot complete task {task_id(request)}")
    done = complete_task(_store(request, wiring), completion(request, wiring, submission.variables))
    return _answer(done, submission)


@ROUTES.post("/task/{id}/submit-form")
def submit(request: Request, wiring: Wiring) -> Answer:
    """Submits the form: completes the task or, if it is delegated, resolves it.

    Answers its variables if the body asks for them.
    """
    submission = submission_in(body_of(request), f"Cannot submit task form {task_id(request)}")
    done = submit_form(_store(request, wiring), completion(request, wiring, submission.variables))
    return _answer(done, submission)


@ROUTES.post("/task/{id}/bpmnError", produces=())
def throw_error(request: Request, wiring: Wiring) -> Answer:
    """Reports a BPMN error, which ends the task."""
    body = body_of(request)
    code, message = code_in(body, "errorCode"), error_message_in(body)
    submission = submission_in(body, f"Cannot throw an error in task {task_id(request)}")
    report_error(
        _store(request, wiring), completion(request, wiring, submission.variables), code, message
    )
    return NO_CONTENT


@ROUTES.post("/task/{id}/bpmnEscalation", produces=())
def throw_escalation(request: Request, wiring: Wiring) -> Answer:
    """Always refuses: nothing handles escalations."""
    body = body_of(request)
    code = code_in(body, "escalationCode")
    submission = submission_in(body, f"Cannot escalate task {task_id(request)}")
    report_escalation(
        _store(request, wiring), completion(request, wiring, submission.variables), code
    )
    return NO_CONTENT


def _store(request: Request, wiring: Wiring) -> TaskStore:
    return authored(request, wiring, Type.COMPLETE, task_id(request))


def _answer(done: Completed, submission: Submission) -> Answer:
    if not submission.wants_variables:
        return NO_CONTENT
    return Answer(200, variables_json(done.variables))
