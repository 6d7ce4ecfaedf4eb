"""Errors and escalations that a person reports of a task."""

import pytest
from taskdock.domain.errors import BadUserRequest, TaskSuspended
from taskdock.domain.instants import Instant
from taskdock.domain.tasks.bpmn_signals import throw_error, throw_escalation

from tests.support.builders import a_task

NOW = Instant(1_800_000_000_000)
TASK = a_task("t1", processInstanceId="p1", executionId="e1")


@pytest.mark.parametrize(
    ("message", "reason"), [(None, "BPMN error E7"), ("why", "BPMN error E7: why")]
)
def test_an_error_ends_the_task_as_failed(message: str | None, reason: str) -> None:
    task = throw_error(TASK, "E7", message, NOW)

    assert (task["state"], task["ended"], task["endReason"]) == ("failed", NOW, reason)


def test_an_escalation_is_never_handled() -> None:
    with pytest.raises(BadUserRequest, match=r"ENGINE-02043 Execution with id 'e1'.*'late'"):
        throw_escalation(TASK, "late")


def test_without_a_process_there_is_nothing_to_reach() -> None:
    alone = a_task("t1", caseInstanceId="c1", caseExecutionId="e1", suspended=True)

    with pytest.raises(BadUserRequest, match="not part of a process: a BPMN error"):
        throw_error(alone, "E7", None, NOW)
    with pytest.raises(BadUserRequest, match="not part of a process: a BPMN escalation"):
        throw_escalation(alone, "late")


def test_a_suspended_task_takes_neither() -> None:
    suspended = {**TASK, "suspended": True}

    with pytest.raises(TaskSuspended):
        throw_error(suspended, "E7", None, NOW)  # type: ignore[arg-type]
    with pytest.raises(TaskSuspended):
        throw_escalation(suspended, "late")  # type: ignore[arg-type]
