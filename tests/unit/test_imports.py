"""Reading an import: what an entry becomes, and how a bad one is named."""

from typing import Any

import pytest
from taskdock.api.requests.imports import read_import
from taskdock.domain import instants
from taskdock.domain.errors import InvalidRequest
from taskdock.use_cases.tasks.import_tasks import ImportEntry

CREATED = "2026-01-16T20:00:00.000+0000"
CREATED_MS = 1768593600000


def an_entry(task: dict[str, Any] | None = None, **beside: Any) -> dict[str, Any]:
    """A small entry; `task` are fields of the task, `beside` those of the entry."""
    return {"task": {"id": "t1", "created": CREATED, **(task or {})}, **beside}


def the_only(entry: dict[str, Any]) -> ImportEntry:
    (read,) = read_import({"tasks": [entry]})
    return read


def the_task(task: dict[str, Any] | None = None, **beside: Any) -> dict[str, Any]:
    return dict(the_only(an_entry(task, **beside)).task)


def refusal(task: dict[str, Any] | None = None, **beside: Any) -> str:
    with pytest.raises(InvalidRequest) as refused:
        read_import({"tasks": [an_entry({"id": "t0"}), an_entry(task, **beside)]})
    return refused.value.message


PROCESS = {
    "id": "p1",
    "businessKey": "bk-1",
    "definitionId": "order:1:d",
    "definitionKey": "order",
    "definitionName": "Order 100% fulfilment",
    "activityInstanceId": "check:1",
    "variables": {
        "big": {"type": "Long", "value": 9007199254740993},
        "when": {"type": "Date", "value": 1769904000000},
    },
}
CASE = {
    "id": "c1",
    "businessKey": None,
    "definitionId": "loan:1:d",
    "definitionKey": "loan",
    "definitionName": "Loan",
    "variables": {"nothing": {"type": "Null", "value": None}},
}


def test_a_task_comes_as_it_is_with_its_own_id_dates_and_states() -> None:
    assert the_task(
        {
            "name": "Check stock",
            "description": "",
            "assignee": "mary",
            "owner": "john",
            "created": "2026-01-16T22:00:00.000+02:00",
            "due": "2026-02-15T10:00:00.500+0000",
            "followUp": None,
            "lastUpdated": CREATED_MS + 5,
            "delegationState": "pending",
            "parentTaskId": "p",
            "priority": -5,
            "suspended": True,
            "taskDefinitionKey": "check_stock",
            "tenantId": "t9",
            "formKey": "embedded:app:a.html",
            "camundaFormRef": {"key": "f", "binding": "version", "version": 2},
            "taskState": "Updated",
        }
    ) == {
        "id": "t1",
        "name": "Check stock",
        "description": "",
        "assignee": "mary",
        "owner": "john",
        "created": CREATED_MS,
        "due": instants.parse("2026-02-15T10:00:00.5Z"),
        "lastUpdated": CREATED_MS + 5,
        "delegationState": "PENDING",
        "parentTaskId": "p",
        "priority": -5,
        "suspended": True,
        "taskDefinitionKey": "check_stock",
        "tenantId": "t9",
        "formKey": "embedded:app:a.html",
        "camundaFormRef": {"key": "f", "binding": "version", "version": 2},
        "taskState": "Updated",
        "state": "created",
    }


def test_a_task_needs_an_id_and_a_creation_date_only() -> None:
    assert the_task() == {"id": "t1", "created": CREATED_MS, "priority": 0, "state": "created"}


def test_the_surrounding_process_is_copied_into_the_task() -> None:
    task = the_task(
        {"processInstanceId": "p1", "processDefinitionId": "order:1:d", "executionId": "e1"},
        processInstance=PROCESS,
    )
    assert {key: value for key, value in task.items() if key[:4] in ("proc", "exec", "acti")} == {
        "processInstanceId": "p1",
        "processInstanceBusinessKey": "bk-1",
        "processDefinitionId": "order:1:d",
        "processDefinitionKey": "order",
        "processDefinitionName": "Order 100% fulfilment",
        "executionId": "e1",
        "activityInstanceId": "check:1",
        "processVariables": PROCESS["variables"],
    }


def test_the_surrounding_case_is_copied_into_the_task() -> None:
    task = the_task({"caseInstanceId": "c1", "caseExecutionId": "ce"}, caseInstance=CASE)
    assert {key: value for key, value in task.items() if key.startswith("case")} == {
        "caseInstanceId": "c1",
        "caseExecutionId": "ce",
        "caseDefinitionId": "loan:1:d",
        "caseDefinitionKey": "loan",
        "caseDefinitionName": "Loan",
        "caseInstanceVariables": CASE["variables"],
    }


def test_a_context_alone_names_the_instance() -> None:
    assert the_task(processInstance={"id": "p1"})["processInstanceId"] == "p1"
    assert the_task({"processInstanceId": "p1"})["processInstanceId"] == "p1"


def test_links_keep_their_order_their_duplicates_and_a_missing_type() -> None:
    links = [
        {"type": "candidate", "userId": None, "groupId": "sales"},
        {"type": "candidate", "userId": None, "groupId": "sales"},
        {"type": None, "userId": "mary", "groupId": None},
    ]
    assert the_task(identityLinks=links)["links"] == links


def test_variables_keep_their_types_and_a_typed_null_stays_typed() -> None:
    variables = {
        "text": {"type": "String", "value": None},
        "nothing": {"type": "Null", "value": None},
        "blob": {"type": "Bytes", "value": "AQID"},
        "small": {"type": "Short", "value": 7},
        "when": {"type": "Date", "value": 1769904000000},
    }
    assert the_task(variables=variables)["variables"] == variables


def test_what_is_empty_is_left_out() -> None:
    task = the_task(
        identityLinks=[], variables={}, comments=[], hasComment=False, hasAttachment=False
    )
    assert task == the_task()


def test_comments_and_attachments_that_are_only_known_of_count_as_one() -> None:
    task = the_task(hasComment=True, hasAttachment=True, comments=[])
    assert (task["comments"], task["attachments"]) == (1, 1)


def test_comments_and_attachments_keep_the_processes_that_they_name() -> None:
    outer = {"rootProcessInstanceId": "root"}
    comment = {"message": "m", "processInstanceId": "p", **outer}
    entry = the_only(
        an_entry(comments=[comment], attachments=[{"url": "https://x.example", **outer}])
    )
    assert (entry.comments[0]["processInstanceId"], entry.comments[0]["rootProcessInstanceId"]) == (
        "p",
        "root",
    )
    assert entry.attachments[0]["rootProcessInstanceId"] == "root"


def test_comments_and_attachments_come_in_order_and_are_counted() -> None:
    entry = the_only(
        an_entry(
            comments=[
                {"id": "k2", "userId": "mary", "time": CREATED_MS + 2, "message": "second"},
                {"id": "k1", "userId": None, "message": ""},
            ],
            attachments=[
                {"id": "a1", "name": "n", "url": "https://example.org", "type": None},
                {"id": "a2", "content": "YQ==", "createTime": CREATED_MS + 3},
            ],
            hasComment=False,
        )
    )
    assert entry.comments == (
        {"id": "k2", "userId": "mary", "time": CREATED_MS + 2, "message": "second"},
        {"id": "k1", "time": CREATED_MS, "message": ""},
    )
    assert entry.attachments == (
        {"id": "a1", "name": "n", "url": "https://example.org", "createTime": CREATED_MS},
        {"id": "a2", "content": "YQ==", "createTime": CREATED_MS + 3},
    )
    assert (entry.task["comments"], entry.task["attachments"]) == (2, 2)


def test_a_comment_without_id_gets_the_same_one_each_time_and_no_other_gets_it() -> None:
    said = {"message": "x"}
    first = the_only(an_entry(comments=[said, said], attachments=[{}]))
    again = the_only(an_entry(comments=[said, said], attachments=[{}]))
    assert first == again
    ids = {kept["id"] for kept in (*first.comments, *first.attachments)}
    assert len(ids) == 3


def test_properties_that_mean_nothing_are_passed_over() -> None:
    assert the_task({"links": 5, "ended": 3, "service": "s"}, extra=True) == the_task()


def test_entries_keep_their_order() -> None:
    ids = ["b", "a", "c"]
    entries = read_import({"tasks": [an_entry({"id": each}) for each in ids]})
    assert [entry.task["id"] for entry in entries] == ids


def test_an_import_may_be_empty() -> None:
    assert read_import({"tasks": []}) == ()


@pytest.mark.parametrize(
    ("task", "message"),
    [
        ({"id": None}, "tasks[1].task.id: is missing"),
        ({"id": 5}, "tasks[1].task.id: expected a string, got 5"),
        ({"id": "a b"}, "tasks[1].task.id: expected 1 to 64 letters"),
        ({"id": "x" * 65}, "tasks[1].task.id: expected 1 to 64 letters"),
        ({"id": "t0"}, "tasks[1].task.id: t0 is that of tasks[0]"),
        ({"created": None}, "tasks[1].task.created: is missing"),
        ({"created": "tomorrow"}, "tasks[1].task.created: expected a date such as"),
        ({"due": "2026-13-01T00:00:00.000+0000"}, "tasks[1].task.due: expected a date"),
        ({"followUp": 1.5}, "tasks[1].task.followUp: expected a date"),
        ({"lastUpdated": 10**15}, "tasks[1].task.lastUpdated: expected a date"),
        ({"lastUpdated": True}, "tasks[1].task.lastUpdated: expected a date"),
        ({"priority": "abc"}, 'tasks[1].task.priority: expected an integer, got "abc"'),
        ({"priority": True}, "tasks[1].task.priority: expected an integer, got true"),
        ({"priority": 2**31}, "tasks[1].task.priority: expected an integer from"),
        ({"name": 5}, "tasks[1].task.name: expected a string, got 5"),
        ({"assignee": "x" * 256}, "tasks[1].task.assignee: expected at most 255 characters"),
        ({"tenantId": "x" * 256}, "tasks[1].task.tenantId: expected at most 255 characters"),
        ({"suspended": "yes"}, 'tasks[1].task.suspended: expected true or false, got "yes"'),
        ({"delegationState": "foo"}, "tasks[1].task.delegationState"),
        ({"taskState": "Nonsense"}, "tasks[1].task.taskState: expected one of Created, Updated"),
        ({"parentTaskId": ""}, "tasks[1].task.parentTaskId: expected 1 to 64 letters"),
        ({"parentTaskId": "t1"}, "tasks[1].task.parentTaskId: is the task itself"),
        ({"camundaFormRef": "f"}, "tasks[1].task.camundaFormRef: expected an object"),
        ({"camundaFormRef": {}}, "tasks[1].task.camundaFormRef.key: is missing"),
        (
            {"camundaFormRef": {"key": "f", "binding": "x"}},
            "tasks[1].task.camundaFormRef.binding: expected one of latest, deployment, version",
        ),
    ],
)
def test_a_wrong_field_of_a_task_is_named(task: dict[str, Any], message: str) -> None:
    assert message in refusal(task)


@pytest.mark.parametrize(
    ("beside", "message"),
    [
        ({"identityLinks": {}}, "tasks[1].identityLinks: expected a list"),
        ({"identityLinks": [5]}, "tasks[1].identityLinks[0]: expected an object, got 5"),
        (
            {"identityLinks": [{"type": "candidate"}]},
            "tasks[1].identityLinks[0]: expected either userId or groupId",
        ),
        (
            {"identityLinks": [{"type": "candidate", "userId": "a", "groupId": "b"}]},
            "tasks[1].identityLinks[0]: expected either userId or groupId",
        ),
        (
            {"identityLinks": [{"type": "assignee", "userId": "a"}]},
            "tasks[1].identityLinks[0].type: the assignee is a field of the task",
        ),
        (
            {"identityLinks": [{"type": "candidate", "groupId": "x" * 256}]},
            "tasks[1].identityLinks[0].groupId: expected at most 255 characters, got 256",
        ),
        ({"variables": []}, "tasks[1].variables: expected an object"),
        (
            {"variables": {"x": {"type": "Integer", "value": "abc"}}},
            "tasks[1].variables.x: Cannot convert value 'abc'",
        ),
        (
            {"processInstance": {"variables": {"x": {"type": "Foo", "value": 1}}}},
            "tasks[1].processInstance.variables.x: Unsupported value type 'Foo'",
        ),
        ({"processInstance": 5}, "tasks[1].processInstance: expected an object"),
        ({"caseInstance": {"id": 5}}, "tasks[1].caseInstance.id: expected a string"),
        ({"hasComment": 1}, "tasks[1].hasComment: expected true or false"),
        ({"comments": "x"}, "tasks[1].comments: expected a list"),
        ({"comments": [{}]}, "tasks[1].comments[0].message: is missing"),
        (
            {"comments": [{"id": "k", "message": ""}, {"id": "k", "message": ""}]},
            "tasks[1].comments[1].id: k is there twice",
        ),
        (
            {"comments": [{"message": "", "time": "now"}]},
            "tasks[1].comments[0].time: expected a date",
        ),
        (
            {"attachments": [{"content": "no base64!"}]},
            "tasks[1].attachments[0].content: Cannot convert",
        ),
        ({"attachments": [{"url": 5}]}, "tasks[1].attachments[0].url: expected a string"),
    ],
)
def test_a_wrong_thing_beside_a_task_is_named(beside: dict[str, Any], message: str) -> None:
    assert message in refusal(**beside)


@pytest.mark.parametrize(
    ("task", "beside", "message"),
    [
        (
            {"processInstanceId": "p2"},
            {"processInstance": PROCESS},
            "tasks[1].processInstance.id: is not the task's processInstanceId",
        ),
        (
            {"caseDefinitionId": "other"},
            {"caseInstance": CASE},
            "tasks[1].caseInstance.definitionId: is not the task's caseDefinitionId",
        ),
    ],
)
def test_a_context_that_is_not_the_tasks_is_refused(
    task: dict[str, Any], beside: dict[str, Any], message: str
) -> None:
    assert message in refusal(task, **beside)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ([], "the body: expected an object, got a list"),
        ({}, "tasks: is missing"),
        ({"tasks": None}, "tasks: is missing"),
        ({"tasks": {}}, "tasks: expected a list"),
        ({"tasks": [5]}, "tasks[0]: expected an object, got 5"),
        ({"tasks": [{}]}, "tasks[0].task: is missing"),
        ({"tasks": [{"task": []}]}, "tasks[0].task: expected an object, got a list"),
    ],
)
def test_a_body_that_is_no_import_is_refused(body: object, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        read_import(body)
    assert message in refused.value.message
