"""The generated client creates, changes and completes tasks."""

from datetime import UTC, datetime

import pytest
from generic_camunda_client import (
    CompleteTaskDto,
    TaskBpmnErrorDto,
    TaskDto,
    TaskEscalationDto,
    UserIdDto,
    VariableValueDto,
)

from local.service import LocalService
from tests.clients.conftest import DeskOf
from tests.clients.generic_client import Desk, refused
from tests.support.http import bearer, call

HANDED_IN = {"approved": VariableValueDto(value=True, type="Boolean")}


def test_a_task_is_created_replaced_and_deleted(desk: Desk, task_id: str) -> None:
    due = datetime(2030, 1, 23, 14, 42, 45, 546000, tzinfo=UTC)

    desk.create(task_id, name="Call back", priority=70, due=due, tenant_id="t1")
    created = desk.tasks.get_task(task_id)
    desk.tasks.update_task(
        task_id, task_dto=TaskDto(name="Write", description="a letter", tenant_id="t1")
    )
    replaced = desk.tasks.get_task(task_id)
    desk.tasks.delete_task(task_id)

    assert (created.name, created.priority, created.due) == ("Call back", 70, due)
    assert (created.tenant_id, created.last_updated, created.suspended) == ("t1", None, False)
    assert (replaced.name, replaced.description) == ("Write", "a letter")
    assert (replaced.priority, replaced.due) == (0, None)
    assert replaced.last_updated >= replaced.created == created.created
    with refused() as refusal:
        desk.tasks.get_task(task_id)
    assert refusal.status == 404
    assert f"No matching task with id {task_id}" in refusal.body


def test_a_task_is_claimed_by_one_and_given_back(desk_of: DeskOf, task_id: str) -> None:
    demo, mary = desk_of("demo"), desk_of("mary")
    demo.create(task_id, name="Wanted by two")

    demo.tasks.claim(task_id, user_id_dto=UserIdDto(user_id="demo"))
    with refused() as refusal:
        mary.tasks.claim(task_id, user_id_dto=UserIdDto(user_id="mary"))
    kept = mary.tasks.get_task(task_id)
    demo.tasks.unclaim(task_id)
    mary.tasks.claim(task_id, user_id_dto=UserIdDto(user_id="mary"))

    assert refusal.status == 409
    assert "TaskAlreadyClaimedException" in refusal.body
    assert kept.assignee == "demo"
    assert demo.tasks.get_task(task_id).assignee == "mary"


def test_a_task_is_delegated_and_resolved(desk: Desk, task_id: str) -> None:
    desk.create(task_id, name="Too much for one")

    desk.tasks.set_assignee(task_id, user_id_dto=UserIdDto(user_id="demo"))
    desk.tasks.delegate_task(task_id, user_id_dto=UserIdDto(user_id="mary"))
    delegated = desk.tasks.get_task(task_id)
    desk.tasks.resolve(task_id, complete_task_dto=CompleteTaskDto(variables=HANDED_IN))
    resolved = desk.tasks.get_task(task_id)

    assert (delegated.assignee, delegated.owner) == ("mary", "demo")
    assert (delegated.delegation_state, resolved.delegation_state) == ("PENDING", "RESOLVED")
    assert (resolved.assignee, resolved.owner) == ("demo", "demo")


def test_a_task_is_completed_once(desk: Desk, task_id: str) -> None:
    desk.create(task_id, name="Nearly done")
    completion_of = CompleteTaskDto(variables=HANDED_IN, with_variables_in_return=True)

    returned = desk.tasks.complete(task_id, complete_task_dto=completion_of)

    assert returned == {}
    with refused() as refusal:
        desk.tasks.complete(task_id, complete_task_dto=completion_of)
    assert refusal.status == 404


def test_a_submitted_form_resolves_and_then_completes(desk: Desk, task_id: str) -> None:
    desk.create(
        task_id, name="Delegated", owner="demo", assignee="mary", delegation_state="PENDING"
    )
    form = CompleteTaskDto(variables=HANDED_IN, with_variables_in_return=True)

    desk.tasks.submit(task_id, complete_task_dto=form)
    resolved = desk.tasks.get_task(task_id)
    shown = desk.tasks.get_form_variables(task_id, variable_names="approved")
    desk.tasks.submit(task_id, complete_task_dto=form)

    assert (resolved.delegation_state, resolved.assignee) == ("RESOLVED", "demo")
    assert (shown["approved"].value, shown["approved"].type) == (True, "Boolean")
    with refused() as refusal:
        desk.tasks.get_task(task_id)
    assert refusal.status == 404


def test_a_task_without_a_form_says_so(desk: Desk, task_id: str) -> None:
    desk.create(task_id, name="No form")

    form = desk.tasks.get_form(task_id)

    assert (form.key, form.context_path) == (None, None)
    for show in (desk.tasks.get_rendered_form, desk.tasks.get_deployed_form):
        with refused() as refusal:
            show(task_id)
        assert refusal.status == 404


def test_a_bpmn_error_ends_the_task_of_a_process(
    desk: Desk, service: LocalService, url: str
) -> None:
    headers = {**bearer(service.token("demo")), "Content-Type": "application/json"}
    body = b'{"name": "Print", "processInstance": {"id": "p-bpmn"}}'
    created = call("POST", f"{url}/v1/services/operator-p4/tasks", body, headers)
    task_id = created.json()["tid"]

    error = TaskBpmnErrorDto(error_code="out-of-paper", error_message="no paper is left")
    desk.tasks.handle_bpmn_error(task_id, task_bpmn_error_dto=error)

    with refused() as refusal:
        desk.tasks.get_task(task_id)
    assert refusal.status == 404


@pytest.mark.parametrize("code", ["too-late", None])
def test_an_escalation_is_refused_and_changes_nothing(
    desk: Desk, task_id: str, code: str | None
) -> None:
    desk.create(task_id, name="Late")

    with refused() as refusal:
        desk.tasks.handle_escalation(
            task_id, task_escalation_dto=TaskEscalationDto(escalation_code=code)
        )

    assert refusal.status == 400
    assert desk.tasks.get_task(task_id).name == "Late"
