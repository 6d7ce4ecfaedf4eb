"""Errors and escalations that a person reports of a task (docs/camunda-behaviour.md, BPMN errors).

Processes run elsewhere. taskdock does not know what a process catches, so it answers as Camunda 7
does when the process catches neither.
"""

from taskdock.domain.errors import BadUserRequest
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.task import State, Task, must_be_active, updated


def throw_error(task: Task, code: str, message: str | None, now: Instant) -> Task:
    """The task ended by an uncaught BPMN error; code and message become the reason.

    Raises `BadUserRequest` for a task of no process, `TaskSuspended`.
    """
    _must_have_process(task, "error")
    must_be_active(task)
    reason = f"BPMN error {code}" if message is None else f"BPMN error {code}: {message}"
    return updated(task, now, state=State.FAILED.value, ended=now, endReason=reason)


def throw_escalation(task: Task, code: str) -> Task:
    """Always refused, because no escalation is handled here: raises `BadUserRequest`, or
    `TaskSuspended`.
    """
    _must_have_process(task, "escalation")
    must_be_active(task)
    raise BadUserRequest(
        f"ENGINE-02043 Execution with id '{task.get('executionId')}' throws an escalation event"
        f" with escalationCode '{code}', but no escalation handler was defined."
    )


def _must_have_process(task: Task, signal: str) -> None:
    if "processInstanceId" not in task:
        raise BadUserRequest(
            f"Task '{task['id']}' is not part of a process: a BPMN {signal} would reach nothing."
        )
