"""Tasks in HAL, as clients of Camunda 7 read them."""

from typing import Any

from taskdock.api.answers.hal import hal_list, hal_task
from taskdock.api.answers.tasks import task_json
from taskdock.domain.people import Group, Person

from tests.support.builders import a_task, to_group, to_user

WORK = {
    "processInstanceId": "p1",
    "executionId": "e1",
    "processDefinitionId": "invoice:1:abc",
    "processDefinitionKey": "invoice",
    "processDefinitionName": "Invoice",
}
CASE = {
    "caseInstanceId": "c1",
    "caseExecutionId": "ce1",
    "caseDefinitionId": "loan:2",
    "caseDefinitionKey": "loan",
    "caseDefinitionName": "Loan",
}

PEOPLE = {
    "mary": Person("mary", "Mary", None, "mary@example.org"),
    "john": Person("john"),
    "peter": Person("peter"),
}
GROUPS = {"sales": Group("sales", "sales"), "hr": Group("hr", "hr")}


def hrefs(resource: dict[str, Any]) -> dict[str, str]:
    return {name: link["href"] for name, link in resource["_links"].items()}


def ids(resources: list[dict[str, Any]]) -> list[str]:
    return [each["id"] for each in resources]


def test_a_task_links_to_what_it_has_and_to_nothing_else() -> None:
    shown = hal_task(a_task("t1"), {}, {})

    assert hrefs(shown) == {"self": "/task/t1", "identityLink": "/task/t1/identity-links"}
    assert shown["_embedded"] is None


def test_a_task_links_to_everything_around_it() -> None:
    task = a_task("t1", assignee="mary", owner="john doe", parentTaskId="t0", **WORK, **CASE)

    assert hrefs(hal_task(task, {}, {})) == {
        "self": "/task/t1",
        "assignee": "/user/mary",
        "owner": "/user/john%20doe",
        "execution": "/execution/e1",
        "parentTask": "/task/t0",
        "processDefinition": "/process-definition/invoice:1:abc",
        "processInstance": "/process-instance/p1",
        "caseInstance": "/case-instance/c1",
        "caseExecution": "/case-execution/ce1",
        "caseDefinition": "/case-definition/loan:2",
        "identityLink": "/task/t1/identity-links",
    }


def test_a_task_has_the_fields_of_its_json_but_for_two() -> None:
    task = a_task("t1", assignee="mary", **WORK)
    plain = task_json(task)
    del plain["lastUpdated"], plain["taskState"]

    shown = hal_task(task, {}, {})

    assert list(shown) == ["_links", "_embedded", *plain]
    assert {name: shown[name] for name in plain} == plain


def test_a_single_task_embeds_its_definitions_its_links_and_who_is_in_them() -> None:
    links = [
        *(to_user("peter"), to_user("ghost"), to_group("sales"), to_group("gone")),
        *(to_user("peter", "watcher"), to_group("hr")),
    ]
    embedded = hal_task(a_task("t1", assignee="mary", links=links, **WORK, **CASE), PEOPLE, GROUPS)[
        "_embedded"
    ]

    assert list(embedded) == [
        "processDefinition",
        "caseDefinition",
        "identityLink",
        "user",
        "group",
    ]
    assert ids(embedded["user"]) == ["mary", "peter"]
    assert embedded["user"][0] == {
        "_links": {"self": {"href": "/user/mary"}},
        "_embedded": None,
        "id": "mary",
        "firstName": "Mary",
        "lastName": None,
        "email": "mary@example.org",
    }
    assert ids(embedded["group"]) == ["hr", "sales"]
    assert embedded["identityLink"][2] == {
        "_links": {"task": {"href": "/task/t1"}, "group": {"href": "/group/sales"}},
        "_embedded": None,
        "type": "candidate",
        "userId": None,
        "groupId": "sales",
        "taskId": "t1",
    }


def test_a_definition_has_the_values_of_its_task() -> None:
    [definition] = hal_task(a_task("t1", **WORK), {}, {})["_embedded"]["processDefinition"]
    [case] = hal_task(a_task("t1", **CASE), {}, {})["_embedded"]["caseDefinition"]

    told = {name: definition[name] for name in definition if definition[name] is not None}
    assert told == {
        "_links": {"self": {"href": "/process-definition/invoice:1:abc"}},
        "id": "invoice:1:abc",
        "key": "invoice",
        "name": "Invoice",
    }
    assert (case["id"], case["key"], case["name"]) == ("loan:2", "loan", "Loan")


def test_a_list_embeds_each_shared_thing_once() -> None:
    tasks = [
        a_task("t1", assignee="mary", owner="john", **WORK),
        a_task("t2", assignee="mary", owner="mary", **WORK),
        a_task("t3", assignee="ghost", **CASE),
    ]

    shown = hal_list(tasks, 17, PEOPLE)

    assert shown["_links"] == {"self": {"href": "/task"}}
    assert shown["count"] == 17
    assert {name: ids(each) for name, each in shown["_embedded"].items()} == {
        "task": ["t1", "t2", "t3"],
        "assignee": ["mary"],
        "owner": ["john", "mary"],
        "processDefinition": ["invoice:1:abc"],
        "caseDefinition": ["loan:2"],
    }
    assert shown["_embedded"]["task"][2]["_embedded"] is None
    assert "user" not in shown["_embedded"]


def test_an_empty_list_still_has_its_tasks() -> None:
    assert hal_list([], 0, {})["_embedded"] == {"task": []}
