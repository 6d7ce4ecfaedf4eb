"""What people do to a task: a test per row of docs/camunda-behaviour.md, Assignment, and per line
of Delegation, Updates and Task state."""

from collections.abc import Callable
from typing import Any

import pytest
from taskdock.domain.errors import BadUserRequest, TaskAlreadyClaimed, TaskSuspended
from taskdock.domain.instants import Instant
from taskdock.domain.services.actions import complete
from taskdock.domain.tasks.changes import (
    Replacement,
    assign,
    claim,
    delegate,
    must_be_deletable,
    replace,
    resolve,
    submit,
    unclaim,
    with_attachments,
    with_comments,
)
from taskdock.domain.tasks.identity_links import requested_link, with_link, without_link
from taskdock.domain.tasks.task import DelegationState, State, Task, TaskId, is_open
from taskdock.domain.variables.scopes import Holder, Modification, modified
from taskdock.domain.variables.values import from_json

THEN = Instant(1_700_000_000_000)
NOW = Instant(1_800_000_000_000)


def a_task(**fields: Any) -> Task:
    task: Task = {
        "id": TaskId("t1"),
        "priority": 50,
        "created": THEN,
        "taskState": "Created",
        "state": State.CREATED.value,
    }
    return {**task, **fields}  # type: ignore[typeddict-item]


def people(task: Task) -> tuple[str | None, str | None, str | None]:
    return task.get("assignee"), task.get("owner"), task.get("delegationState")


# Claim and unclaim


def test_claiming_an_unassigned_task_assigns_it() -> None:
    assert people(claim(a_task(), "mary", NOW)) == ("mary", None, None)


def test_claiming_ones_own_task_again_is_accepted() -> None:
    assert people(claim(a_task(assignee="mary"), "mary", NOW)) == ("mary", None, None)


def test_claiming_another_users_task_is_refused() -> None:
    with pytest.raises(TaskAlreadyClaimed, match="'t1' is already claimed by someone else"):
        claim(a_task(assignee="john"), "mary", NOW)


def test_user_names_are_case_sensitive_when_claiming() -> None:
    with pytest.raises(TaskAlreadyClaimed):
        claim(a_task(assignee="Mary"), "mary", NOW)


@pytest.mark.parametrize("assignee", ["mary", None])
def test_claiming_without_a_user_unclaims(assignee: str | None) -> None:
    task = a_task(assignee=assignee) if assignee else a_task()
    assert "assignee" not in claim(task, None, NOW)


def test_unclaiming_removes_any_assignee() -> None:
    assert "assignee" not in unclaim(a_task(assignee="mary"), NOW)


def test_setting_the_assignee_checks_no_claim() -> None:
    assert people(assign(a_task(assignee="john"), "mary", NOW)) == ("mary", None, None)


def test_the_assignee_can_be_removed() -> None:
    assert "assignee" not in assign(a_task(assignee="john"), None, NOW)


@pytest.mark.parametrize(
    "change",
    [
        lambda task: claim(task, "mary", NOW),
        lambda task: claim(task, None, NOW),
        lambda task: unclaim(task, NOW),
        lambda task: assign(task, "peter", NOW),
    ],
)
def test_claiming_and_assigning_never_touch_owner_or_delegation(
    change: Callable[[Task], Task],
) -> None:
    task = change(a_task(assignee="mary", owner="john", delegationState="PENDING"))
    assert people(task)[1:] == ("john", "PENDING")


# Delegation


def test_delegating_makes_the_assignee_the_owner() -> None:
    assert people(delegate(a_task(assignee="a"), "b", NOW)) == ("b", "a", "PENDING")


def test_delegating_keeps_an_owner_that_is_there() -> None:
    task = a_task(assignee="a", owner="o")
    assert people(delegate(task, "b", NOW)) == ("b", "o", "PENDING")


def test_delegating_without_a_user_leaves_the_task_pending_and_unassigned() -> None:
    assert people(delegate(a_task(assignee="a"), None, NOW)) == (None, "a", "PENDING")


def test_delegating_an_unassigned_task_gives_it_no_owner() -> None:
    assert people(delegate(a_task(), "b", NOW)) == ("b", None, "PENDING")


def test_delegating_a_resolved_task_makes_it_pending_again() -> None:
    task = a_task(assignee="a", owner="a", delegationState="RESOLVED")
    assert people(delegate(task, "b", NOW)) == ("b", "a", "PENDING")


def test_resolving_assigns_the_task_to_its_owner() -> None:
    task = a_task(assignee="b", owner="a", delegationState="PENDING")
    assert people(resolve(task, NOW)) == ("a", "a", "RESOLVED")


def test_resolving_needs_no_delegation_and_without_owner_unassigns_the_task() -> None:
    assert people(resolve(a_task(assignee="b"), NOW)) == (None, None, "RESOLVED")


def test_submitting_a_pending_task_resolves_it() -> None:
    task = submit(a_task(assignee="b", owner="a", delegationState="PENDING"), NOW)
    assert people(task) == ("a", "a", "RESOLVED")
    assert is_open(task)


@pytest.mark.parametrize("delegation", [None, "RESOLVED"])
def test_submitting_any_other_task_completes_it(delegation: str | None) -> None:
    task = submit(a_task(**({"delegationState": delegation} if delegation else {})), NOW)
    assert not is_open(task)
    assert task["state"] == State.COMPLETED


def test_a_pending_task_can_be_completed() -> None:
    task = complete(a_task(assignee="b", owner="a", delegationState="PENDING"), NOW)
    assert task["ended"] == NOW
    assert task["state"] == State.COMPLETED
    assert task["endReason"] == "completed"


# Suspension


LINK = requested_link("candidate", "mary", None)

REFUSED_WHILE_SUSPENDED: dict[str, Callable[[Task], Task]] = {
    "claim": lambda task: claim(task, "mary", NOW),
    "unclaim": lambda task: unclaim(task, NOW),
    "claim for nobody": lambda task: claim(task, None, NOW),
    "assignee": lambda task: assign(task, "mary", NOW),
    "delegate": lambda task: delegate(task, "mary", NOW),
    "resolve": lambda task: resolve(task, NOW),
    "complete": lambda task: complete(task, NOW),
    "submit": lambda task: submit(task, NOW),
    "submit, pending": lambda task: submit({**task, "delegationState": "PENDING"}, NOW),
    "replace": lambda task: replace(task, {}, NOW),
    "add a link": lambda task: with_link(task, LINK, NOW),
    "remove a link": lambda task: without_link(task, LINK, NOW),
}


@pytest.mark.parametrize("name", REFUSED_WHILE_SUSPENDED)
def test_a_suspended_task_refuses_it(name: str) -> None:
    with pytest.raises(TaskSuspended, match="ENGINE-03043 task with id 't1' is suspended"):
        REFUSED_WHILE_SUSPENDED[name](a_task(suspended=True))


def test_a_suspended_task_can_be_claimed_by_who_has_it() -> None:
    assert claim(a_task(suspended=True, assignee="mary"), "mary", NOW)["lastUpdated"] == NOW


def test_a_suspended_task_with_an_assignee_is_claimed_already() -> None:
    with pytest.raises(TaskAlreadyClaimed):
        claim(a_task(suspended=True, assignee="john"), "mary", NOW)


# Replacement


FULL = Replacement(
    name="C",
    description="new",
    priority=70,
    assignee="john",
    owner="peter",
    delegationState=DelegationState.RESOLVED,
    due=Instant(5),
    followUp=Instant(6),
    parentTaskId="p",
    caseInstanceId="c",
)


def test_replacing_sets_everything_that_is_given() -> None:
    task = replace(a_task(), FULL, NOW)
    assert {key: task.get(key) for key in FULL} == FULL


def test_replacing_empties_what_is_left_out_and_sets_the_priority_to_zero() -> None:
    full = replace(a_task(created=THEN, taskDefinitionKey="k", formKey="f"), FULL, NOW)
    assert replace(full, {"name": "B"}, NOW) == a_task(
        name="B",
        priority=0,
        taskDefinitionKey="k",
        formKey="f",
        lastUpdated=NOW,
        taskState="Updated",
    )


@pytest.mark.parametrize(("current", "wanted"), [("t1", None), ("t1", "t2"), (None, "t1")])
def test_replacing_never_changes_the_tenant(current: str | None, wanted: str | None) -> None:
    task = a_task(tenantId=current) if current else a_task()
    with pytest.raises(BadUserRequest, match="ENGINE-03072 Cannot change tenantId of Task 't1'"):
        replace(task, {"tenantId": wanted}, NOW)


def test_replacing_accepts_the_tenant_that_the_task_has() -> None:
    task = replace(a_task(tenantId="t1"), {"tenantId": "t1", "name": "B"}, NOW)
    assert (task["tenantId"], task["name"]) == ("t1", "B")


CASE = {
    "caseInstanceId": "c1",
    "caseInstanceBusinessKey": "bk",
    "caseInstanceVariables": {"x": from_json(1)},
    "caseDefinitionId": "d",
}


def test_a_task_that_stays_in_its_case_keeps_what_it_knows_of_it() -> None:
    task = replace(a_task(**CASE), {"caseInstanceId": "c1"}, NOW)
    assert {key: task.get(key) for key in CASE} == CASE


@pytest.mark.parametrize("case", [None, "c2"])
def test_a_task_that_leaves_its_case_leaves_business_key_and_variables(case: str | None) -> None:
    task = replace(a_task(**CASE), {"caseInstanceId": case}, NOW)
    assert task.get("caseInstanceId") == case
    assert "caseInstanceBusinessKey" not in task
    assert "caseInstanceVariables" not in task
    assert task["caseDefinitionId"] == "d"


def test_the_metadata_of_a_service_task_follow_its_description() -> None:
    metadata = {"description": from_json("old"), "Printer": from_json("LocalPrinter")}
    task = a_task(service="s", variables=metadata, description="old")
    described = replace(task, {"description": "new"}, NOW)
    assert described["description"] == "new"
    assert list(described["variables"]) == ["description", "Printer"]
    assert described["variables"]["description"] == from_json("new")
    bare = replace(described, {}, NOW)
    assert "description" not in bare
    assert bare["variables"] == {"Printer": from_json("LocalPrinter")}


def test_a_description_among_metadata_that_is_no_text_stays_when_there_is_none() -> None:
    task = a_task(service="s", variables={"description": from_json({"de": "neu"})})
    assert replace(task, {}, NOW)["variables"] == task["variables"]


def test_the_variables_of_other_tasks_do_not_follow_the_description() -> None:
    task = a_task(variables={"description": from_json("mine")})
    assert replace(task, {"description": "new"}, NOW)["variables"] == task["variables"]


# Deletion


def test_a_standalone_task_can_be_deleted() -> None:
    must_be_deletable(a_task(caseInstanceId="only a reference", suspended=True))


@pytest.mark.parametrize(
    ("context", "word"),
    [({"processInstanceId": "p"}, "process"), ({"caseExecutionId": "c"}, "case instance")],
)
def test_a_task_that_something_waits_for_cannot_be_deleted(
    context: dict[str, str], word: str
) -> None:
    with pytest.raises(BadUserRequest, match=f"part of a running {word}"):
        must_be_deletable(a_task(**context))


# Counters


def test_comments_and_attachments_are_counted() -> None:
    task = with_comments(with_comments(a_task(), 1, NOW), 1, NOW)
    assert task["comments"] == 2
    assert with_comments(task, -1, NOW)["comments"] == 1
    assert "comments" not in with_comments(task, -2, NOW)
    assert with_attachments(a_task(), 1, NOW)["attachments"] == 1
    assert "attachments" not in with_attachments(a_task(attachments=1), -1, NOW)


def test_a_counter_never_falls_below_nothing() -> None:
    assert "comments" not in with_comments(a_task(comments=1), -3, NOW)


# What counts as an update


VARIABLE = Modification({"x": from_json(1)})
REMOVAL = Modification({}, ("x",))
SURROUNDED = {"processInstanceId": "p", "caseInstanceId": "c", "variables": {"x": from_json(0)}}

UPDATES: dict[str, Callable[[Task], Task]] = {
    "claim": lambda task: claim(task, "mary", NOW),
    "claim again": lambda task: claim({**task, "assignee": "mary"}, "mary", NOW),
    "unclaim": lambda task: unclaim(task, NOW),
    "assignee": lambda task: assign(task, "mary", NOW),
    "delegate": lambda task: delegate(task, "mary", NOW),
    "resolve": lambda task: resolve(task, NOW),
    "submit, pending": lambda task: submit({**task, "delegationState": "PENDING"}, NOW),
    "replace": lambda task: replace(task, {}, NOW),
    "add a link": lambda task: with_link(task, LINK, NOW),
    "add an assignee": lambda task: with_link(task, requested_link("assignee", "m", None), NOW),
    "remove a link": lambda task: without_link(task, LINK, NOW),
    "add a comment": lambda task: with_comments(task, 1, NOW),
    "edit a comment": lambda task: with_comments(task, 0, NOW),
    "remove a comment": lambda task: with_comments(task, -1, NOW),
    "add an attachment": lambda task: with_attachments(task, 1, NOW),
    "remove an attachment": lambda task: with_attachments(task, -1, NOW),
    "set an own variable": lambda task: modified(task, Holder.TASK, VARIABLE, NOW),
}

NO_UPDATES: dict[str, Callable[[Task], Task]] = {
    "remove an own variable": lambda task: modified(task, Holder.TASK, REMOVAL, NOW),
    "set a process variable": lambda task: modified(task, Holder.PROCESS_INSTANCE, VARIABLE, NOW),
    "set a case variable": lambda task: modified(task, Holder.CASE_INSTANCE, VARIABLE, NOW),
}


@pytest.mark.parametrize("name", UPDATES)
@pytest.mark.parametrize("state", ["Created", "Updated"])
def test_it_marks_the_task_as_updated(name: str, state: str) -> None:
    task = UPDATES[name](a_task(**SURROUNDED, taskState=state, lastUpdated=THEN))
    assert (task["lastUpdated"], task["taskState"]) == (NOW, "Updated")


@pytest.mark.parametrize("name", NO_UPDATES)
def test_it_is_no_update(name: str) -> None:
    before = a_task(**SURROUNDED)
    task = NO_UPDATES[name](before)
    assert task != before
    assert "lastUpdated" not in task
    assert task["taskState"] == "Created"


@pytest.mark.parametrize("name", [*UPDATES, *NO_UPDATES])
def test_the_document_before_the_change_stays_as_it_was(name: str) -> None:
    task = a_task(**SURROUNDED, links=[LINK], comments=1)
    (UPDATES | NO_UPDATES)[name](task)
    assert task == a_task(
        processInstanceId="p",
        caseInstanceId="c",
        variables={"x": {"type": "Integer", "value": 0}},
        links=[{"type": "candidate", "userId": "mary", "groupId": None}],
        comments=1,
    )
