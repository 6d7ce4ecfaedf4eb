"""Creating a service's task: what its document holds, and what is refused."""

from typing import Any

import pytest
from taskdock.api.requests.service_tasks import ADMINISTRATIVE, Origin, new_service_task
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import TaskId

from tests.support.builders import CREATED, to_group, to_user

ORIGIN = Origin(task_id=TaskId("t1"), creator="demo", now=CREATED)
ITEM = "/v1/services/operator-fileupload/repo/6d1c0a0e"


def created(**properties: Any) -> dict[str, Any]:
    return dict(new_service_task({"name": "My Task", **properties}, "operator-p4", ORIGIN))


def test_a_name_is_enough() -> None:
    assert created() == {
        "id": "t1",
        "name": "My Task",
        "priority": 50,
        "owner": "demo",
        "created": CREATED,
        "taskState": "Created",
        "service": "operator-p4",
        "state": "created",
    }


@pytest.mark.parametrize(
    "name",
    [
        "type",
        "owner",
        "assignee",
        "candidateUsers",
        "candidateGroups",
        "priority",
        "due",
        "followUp",
        "parentTaskId",
        "tenantId",
        "formKey",
        "processInstance",
        "caseInstance",
        "metadata",
        "lists",
    ],
)
def test_null_is_as_good_as_absent(name: str) -> None:
    assert created(**{name: None}) == created()


def test_what_is_given_is_kept() -> None:
    task = created(
        type="print",
        owner="john",
        assignee="mary",
        priority=0,
        due="2026-04-01T10:00:00.5+02:00",
        followUp=1_775_000_000_000,
        parentTaskId="p1",
        tenantId="t1",
        formKey="embedded:app:form.html",
    )

    assert task == {
        **created(),
        "taskDefinitionKey": "print",
        "owner": "john",
        "assignee": "mary",
        "priority": 0,
        "due": 1_775_030_400_500,
        "followUp": 1_775_000_000_000,
        "parentTaskId": "p1",
        "tenantId": "t1",
        "formKey": "embedded:app:form.html",
    }


def test_candidates_are_links_each_once() -> None:
    task = created(candidateUsers=["mary", "john", "mary"], candidateGroups=["sales"])

    assert task["links"] == [to_user("mary"), to_user("john"), to_group("sales")]


def test_metadata_are_variables_typed_by_their_values_in_order() -> None:
    task = created(
        metadata={
            "text": "x",
            "whole": 5,
            "long": 2**40,
            "huge": 2**70,
            "part": 5.5,
            "truth": True,
            "nothing": None,
            "nested": {"a": [1]},
        }
    )

    assert list(task["variables"].items()) == [
        ("text", {"type": "String", "value": "x"}),
        ("whole", {"type": "Integer", "value": 5}),
        ("long", {"type": "Long", "value": 2**40}),
        ("huge", {"type": "Json", "value": str(2**70)}),
        ("part", {"type": "Double", "value": 5.5}),
        ("truth", {"type": "Boolean", "value": True}),
        ("nothing", {"type": "Null", "value": None}),
        ("nested", {"type": "Json", "value": '{"a":[1]}'}),
    ]


def test_a_description_among_the_metadata_is_the_tasks() -> None:
    assert created(metadata={"description": "Print task"})["description"] == "Print task"
    assert "description" not in created(metadata={"description": 5})


def test_items_and_list_metadata_are_kept_in_order() -> None:
    task = created(
        lists={
            "input": {
                "metadata": {"copies": 2},
                "embedded": {
                    "listItems": [{"href": f"{ITEM}1"}, {"href": ITEM, "metadata": {"p": [1]}}]
                },
            },
            "output": {"metadata": {}, "embedded": {"listItems": []}},
        }
    )

    assert task["input"] == [{"href": f"{ITEM}1"}, {"href": ITEM, "metadata": {"p": [1]}}]
    assert task["inputMetadata"] == {"copies": 2}
    assert "output" not in task
    assert "outputMetadata" not in task


@pytest.mark.parametrize(
    "lists", [{}, {"input": None}, {"input": {}}, {"output": {"embedded": {}}}]
)
def test_lists_may_be_empty_at_any_depth(lists: dict[str, Any]) -> None:
    assert created(lists=lists) == created()


def test_the_surrounding_process_is_kept_with_its_variables() -> None:
    task = created(
        processInstance={
            "id": "p1",
            "businessKey": "order-1",
            "definitionId": "order:1",
            "definitionKey": "order",
            "definitionName": "Order",
            "executionId": "e1",
            "activityInstanceId": "a1",
            "suspended": True,
            "variables": {
                "typed": {"value": "5", "type": "long"},
                "untyped": {"value": True},
                "plain": "x",
                "list": [1, 2],
            },
        }
    )

    assert task == {
        **created(),
        "processInstanceId": "p1",
        "processInstanceBusinessKey": "order-1",
        "processDefinitionId": "order:1",
        "processDefinitionKey": "order",
        "processDefinitionName": "Order",
        "executionId": "e1",
        "activityInstanceId": "a1",
        "suspended": True,
        "processVariables": {
            "typed": {"type": "Long", "value": 5},
            "untyped": {"type": "Boolean", "value": True},
            "plain": {"type": "String", "value": "x"},
            "list": {"type": "Json", "value": "[1,2]"},
        },
    }


def test_the_surrounding_case_is_kept_with_its_variables() -> None:
    task = created(
        caseInstance={
            "id": "c1",
            "businessKey": "case-1",
            "definitionId": "claim:1",
            "definitionKey": "claim",
            "definitionName": "Claim",
            "executionId": "e1",
            "suspended": False,
            "variables": {"amount": 5},
        }
    )

    assert task == {
        **created(),
        "caseInstanceId": "c1",
        "caseInstanceBusinessKey": "case-1",
        "caseDefinitionId": "claim:1",
        "caseDefinitionKey": "claim",
        "caseDefinitionName": "Claim",
        "caseExecutionId": "e1",
        "caseInstanceVariables": {"amount": {"type": "Integer", "value": 5}},
    }


@pytest.mark.parametrize("name", ADMINISTRATIVE)
def test_administrative_properties_are_refused(name: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^{name}: is administrative"):
        created(**{name: "x"})


@pytest.mark.parametrize("body", [None, [], "x", 5, True])
def test_a_body_that_is_no_object_is_refused(body: object) -> None:
    with pytest.raises(InvalidRequest, match=r"^the body: expected an object"):
        new_service_task(body, "operator-p4", ORIGIN)


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ({"name": None}, "name: is missing"),
        ({"name": "  "}, "name: must not be blank"),
        ({"name": 5}, "name: expected a string, got 5"),
        ({"type": ["a"]}, "type: expected a string, got a list"),
        ({"owner": ""}, "owner: must not be blank"),
        ({"assignee": " "}, "assignee: must not be blank"),
        ({"owner": "x" * 256}, "owner: expected at most 255 characters, got 256"),
        ({"type": "x" * 256}, "type: expected at most 255 characters, got 256"),
        ({"candidateUsers": ["x" * 256]}, "candidateUsers: expected at most 255 characters"),
        ({"priority": "abc"}, 'priority: expected an integer, got "abc"'),
        ({"priority": 5.5}, "priority: expected an integer, got 5.5"),
        ({"priority": True}, "priority: expected an integer, got true"),
        ({"priority": 2**31}, "priority: expected an integer from -2147483648 to 2147483647"),
        ({"priority": 10**1000}, "priority: expected an integer from"),
        ({"due": "tomorrow"}, 'due: expected a date such as .* got "tomorrow"'),
        ({"due": ""}, "due: expected a date"),
        ({"followUp": 10**18}, "followUp: expected a date"),
        ({"parentTaskId": "a b"}, "parentTaskId: expected 1 to 64 letters"),
        ({"candidateUsers": "mary"}, "candidateUsers: expected a list of strings"),
        ({"candidateGroups": [""]}, r"candidateGroups\[0\]: must not be blank"),
        ({"metadata": []}, "metadata: expected an object, got a list"),
        ({"metadata": {"deep": [float("inf")]}}, r"metadata\.deep: a number is too large"),
        ({"lists": {"input": []}}, r"lists\.input: expected an object"),
        ({"lists": {"throughput": {}}}, "lists: unknown properties: throughput"),
        ({"lists": {"input": {"listItems": []}}}, r"lists\.input: unknown properties: listItems"),
        (
            {"lists": {"input": {"embedded": {"listItems": {}}}}},
            r"lists\.input\.embedded\.listItems: expected a list",
        ),
        (
            {"lists": {"output": {"embedded": {"listItems": [{"href": "x"}, {}]}}}},
            r"lists\.output\.embedded\.listItems\[1\]\.href: is missing",
        ),
        (
            {"lists": {"input": {"embedded": {"listItems": [{"href": "x", "index": 0}]}}}},
            r"lists\.input\.embedded\.listItems\[0\]: unknown properties: index",
        ),
        ({"processInstance": "p1"}, 'processInstance: expected an object, got "p1"'),
        ({"processInstance": {"id": ""}}, r"processInstance\.id: must not be blank"),
        ({"processInstance": {"suspended": 1}}, r"processInstance\.suspended: expected true"),
        ({"processInstance": {"key": "x"}}, "processInstance: unknown properties: key"),
        (
            {"caseInstance": {"variables": {"n": {"value": "x", "type": "Integer"}}}},
            r"caseInstance\.variables\.n: Cannot convert",
        ),
        ({"name": "a\0b"}, "name: text must not contain the NUL character"),
        ({"metadata": {"a": {"b": "\0"}}}, "metadata: text must not contain the NUL character"),
        ({"nmae": "x"}, r"unknown properties: nmae \(did you mean name\?\)"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(properties: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidRequest, match=f"^{message}"):
        created(**properties)
