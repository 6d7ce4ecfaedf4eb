"""What surrounds tasks over HTTP: instances, definitions, variables, rights."""

from typing import Any, Final

import pytest
from taskdock.domain.tasks.task import Task
from taskdock.domain.variables.instances import Place, place_of
from taskdock.domain.variables.scopes import Holder

from tests.support.builders import a_task
from tests.support.http_events import USER_CLAIMS
from tests.support.in_memory_apps import InMemoryApps
from tests.support.in_memory_wiring import InMemoryWiring

P1: Final[dict[str, Any]] = {
    "processInstanceId": "p1",
    "processInstanceBusinessKey": "b1",
    "processDefinitionId": "order:2:d7",
    "processDefinitionKey": "order",
    "processDefinitionName": "Order",
    "executionId": "p1",
    "processVariables": {"amount": {"type": "Integer", "value": 7}},
}
P2: Final[dict[str, Any]] = {**P1, "processInstanceId": "p2", "executionId": "e2"}
C1: Final[dict[str, Any]] = {
    "caseInstanceId": "c1",
    "caseInstanceBusinessKey": "b1",
    "caseDefinitionId": "claim:1:x",
    "caseDefinitionKey": "claim",
    "caseExecutionId": "ce1",
    "caseInstanceVariables": {"level": {"type": "String", "value": "high"}},
}
BY_ID_DOWN: Final = {"sorting": [{"sortBy": "instanceId", "sortOrder": "desc"}]}
NOT_MINE: Final = {**USER_CLAIMS, "cognito:groups": "[tenant:t2]"}


def apps(*more: Task) -> InMemoryApps:
    return InMemoryApps(
        a_task("1", variables={"own": {"type": "Bytes", "value": "AQID"}}, **P1),
        a_task("2", **P1),
        a_task("3", **{**P2, "processDefinitionId": "order:10:d9"}),
        a_task("4", **C1),
        a_task("5", tenantId="t1", **{**P1, "processInstanceId": "secret"}),
        a_task("6", ended=1, **{**P1, "processInstanceId": "over"}),
        *more,
        wiring=InMemoryWiring(groups={"mary": ["sales", "tenant:t1", "tenant:t9"]}),
    )


def ids(answer: Any) -> list[str]:
    return [each["id"] for each in answer.json]


def test_an_instance_is_what_its_open_tasks_tell() -> None:
    served = apps()

    assert served.ask("GET /process-instance/{id}", "p1").json == {
        "links": [],
        "id": "p1",
        "definitionId": "order:2:d7",
        "businessKey": "b1",
        "caseInstanceId": None,
        "ended": False,
        "suspended": False,
        "tenantId": None,
        "definitionKey": "order",
    }
    assert served.ask("GET /case-instance/{id}", "c1").json["caseDefinitionId"] == "claim:1:x"
    assert served.ask("GET /process-instance/{id}", "over").status == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["p1", "p2", "secret"]),
        ("processInstanceIds=p1,nope", ["p1"]),
        ("businessKey=b1&sortBy=instanceId&sortOrder=desc", ["secret", "p2", "p1"]),
        ("processDefinitionId=order:10:d9", ["p2"]),
        ("businessKey=b1&firstResult=1&maxResults=1", ["p2"]),
        ("withoutTenantId=true", ["p1", "p2"]),
        ("suspended=true", []),
        ("firstResult=2147483647", []),
    ],
)
def test_instances_are_listed_once_each(query: str, found: list[str]) -> None:
    assert ids(apps().ask("GET /process-instance", query=query)) == found


def test_another_tenants_instance_is_not_there() -> None:
    served = apps()

    for path in ("process-instance/secret", "process-instance/secret/variables"):
        assert served.ask(f"GET /{path}", claims=NOT_MINE).status == 404
        assert served.ask(f"GET /{path}").status == 200
    counted = served.ask("GET /process-instance/count", claims=NOT_MINE)
    assert counted.json == {"count": 2}


def test_variables_of_an_instance_are_shown() -> None:
    served = apps()

    assert served.ask("GET /process-instance/p1/variables").json == {
        "amount": {"type": "Integer", "value": 7, "valueInfo": {}}
    }
    assert served.ask("GET /case-instance/c1/variables/level").json["value"] == "high"
    unknown = served.ask("GET /process-instance/p1/variables/nope")
    assert (unknown.status, unknown.json["message"]) == (
        404,
        "process instance variable with name nope does not exist",
    )


def test_executions_are_found_by_the_tasks_in_them() -> None:
    served = apps()

    assert served.ask("GET /execution/{id}", "p1").json["processInstanceId"] == "p1"
    assert served.ask("GET /execution/{id}", "e2").json["processInstanceId"] == "p2"
    assert served.ask("GET /case-execution/{id}", "ce1").json["caseInstanceId"] == "c1"
    assert served.ask("GET /execution/{id}", "nope").status == 404


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (
            "processDefinitionIdIn=order:2:d7,order:10:d9,nope:1:x,nope",
            ["order:10:d9", "order:2:d7"],
        ),
        ("key=order&sortBy=version&sortOrder=asc", ["order:2:d7", "order:10:d9"]),
        ("key=order&latestVersion=true&withoutTenantId=true", ["order:10:d9"]),
        ("key=order&nameLike=ord", []),
        ("key=order&name=Order&maxResults=1", ["order:10:d9"]),
        ("latestVersion=true&active=true&startableInTasklist=true", []),
        ("key=order&startableInTasklist=true", []),
        ("", []),
    ],
)
def test_definitions_are_listed_by_ids_and_keys(query: str, found: list[str]) -> None:
    assert ids(apps().ask("GET /process-definition", query=query)) == found


def test_definitions_are_shown_by_id_and_by_key() -> None:
    served = apps()

    shown = served.ask("GET /process-definition/{id}", "order:2:d7").json
    assert (shown["key"], shown["name"], shown["version"]) == ("order", "Order", 2)
    assert served.ask("GET /process-definition/key/order").json["id"] == "order:10:d9"
    of_tenant = served.ask("GET /process-definition/key/order/tenant-id/t1")
    assert of_tenant.json["tenantId"] == "t1"
    assert served.ask("GET /process-definition/key/order/tenant-id/t2").status == 404
    assert served.ask("GET /case-definition/key/claim").json["id"] == "claim:1:x"


def test_nothing_is_deployed_and_nothing_can_be_started() -> None:
    served = apps()

    assert served.ask("GET /process-definition/{id}/xml", "order:2:d7").status == 404
    assert served.ask("GET /process-definition/{id}/diagram", "order:2:d7").status == 204
    form = served.ask("GET /process-definition/{id}/startForm", "order:2:d7")
    assert form.json == {"key": None, "camundaFormRef": None, "contextPath": None}
    refused = served.ask("GET /process-definition/{id}/startForm", "nope")
    assert (refused.status, refused.json["type"]) == (400, "InvalidRequestException")


def test_variables_have_ids_by_which_they_are_found() -> None:
    served = apps()
    listed = served.ask("GET /variable-instance", query="processInstanceIdIn=p1").json

    assert sorted(each["name"] for each in listed) == ["amount", "own"]
    for each in listed:
        assert served.ask("GET /variable-instance/{id}", each["id"]).json == each
    [own] = [each for each in listed if each["name"] == "own"]
    assert (own["taskId"], own["value"]) == ("1", None)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ({"variableScopeIn": ["1"]}, ["own"]),
        ({"variableScopeIn": ["p1", "c1"]}, ["amount", "level"]),
        ({"caseInstanceIdIn": ["c1"]}, ["level"]),
        ({"taskIdIn": ["1"], "variableName": "amount"}, []),
        ({"variableValues": [{"name": "amount", "operator": "gt", "value": 6}],
          "processInstanceIdIn": ["p1"]}, ["amount"]),
        ({"variableValues": [{"name": "amount", "operator": "gt", "value": 7}],
          "processInstanceIdIn": ["p1"]}, []),
        ({"variableNameLike": "am%", "processInstanceIdIn": ["p1"]}, ["amount"]),
        ({"sorting": [{"sortBy": "variableName", "sortOrder": "desc"}],
          "variableScopeIn": ["p1", "c1"]}, ["level", "amount"]),
    ],
)  # fmt: skip
def test_variables_are_looked_for_by_body(query: dict[str, Any], found: list[str]) -> None:
    served = apps()
    listed = served.ask("POST /variable-instance", body=query).json
    counted = served.ask("POST /variable-instance/count", body=query).json

    assert sorted(each["name"] for each in listed) == sorted(found)
    assert counted == {"count": len(found)}
    if "sorting" in query:
        assert [each["name"] for each in listed] == found


@pytest.mark.parametrize(
    ("method", "query", "body"),
    [
        ("GET", "sortBy=variableName", None),
        ("GET", "sortBy=x&sortOrder=asc", None),
        ("GET", "variableValues=a_foo_b", None),
        ("GET", "maxResults=-1", None),
        ("GET", "deserializeValues=x", None),
        ("POST", "", []),
        ("POST", "", {"taskIdIn": 5}),
        ("POST", "", {"taskIdIn": [None]}),
        ("POST", "", {"variableValues": [{"name": "a", "operator": "eq", "value": [1]}]}),
        ("POST", "", {"sorting": [1]}),
    ],
)
def test_bad_searches_for_variables_are_a_400(method: str, query: str, body: Any) -> None:
    answer = apps().ask(f"{method} /variable-instance", query=query, body=body)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")


@pytest.mark.parametrize("variable_id", ["nope", "", "W10", "WyJ4IiwiYSIsImIiXQ", "*", "é"])
def test_what_is_no_id_of_a_variable_is_none(variable_id: str) -> None:
    assert place_of(variable_id) is None


@pytest.mark.parametrize("name", ["v", "a b/ä", "\ud800", '"'])
def test_an_id_names_one_place(name: str) -> None:
    place = Place(Holder.PROCESS_INSTANCE, "p:1", name)

    assert place_of(place.id) == place


@pytest.mark.parametrize(
    ("kind", "body", "found"),
    [
        ("process", {}, ["p1", "p2", "secret"]),
        ("process", {"businessKey": "b1", "processInstanceIds": ["p2", "x"]}, ["p2"]),
        ("process", {"processDefinitionKeyIn": ["order"], "active": True}, ["p1", "p2", "secret"]),
        ("process", {"processDefinitionKeyIn": ["claim"]}, []),
        (
            "process",
            {"variables": [{"name": "amount", "operator": "eq", "value": 7}]},
            ["p1", "p2", "secret"],
        ),
        ("process", {"variables": [{"name": "amount", "operator": "gt", "value": 7}]}, []),
        ("process", {"variables": [{"name": "AMOUNT", "operator": "eq", "value": 7}]}, []),
        (
            "process",
            {
                "variables": [{"name": "AMOUNT", "operator": "eq", "value": 7}],
                "variableNamesIgnoreCase": True,
            },
            ["p1", "p2", "secret"],
        ),
        ("process", BY_ID_DOWN, ["secret", "p2", "p1"]),
        ("case", {"caseDefinitionKey": "claim"}, ["c1"]),
        ("case", {"variables": [{"name": "level", "operator": "like", "value": "h%"}]}, ["c1"]),
        ("case", {"variables": [{"name": "level", "operator": "eq", "value": "low"}]}, []),
    ],
)
def test_instances_are_asked_for_by_body(kind: str, body: object, found: list[str]) -> None:
    served = apps()

    listed = served.ask(f"POST /{kind}-instance", body=body)

    assert ids(listed) == found
    assert served.ask(f"POST /{kind}-instance/count", body=body).json == {"count": len(found)}
    page = served.ask(f"POST /{kind}-instance", body=body, query="firstResult=1&maxResults=1")
    assert ids(page) == found[1:2]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("variables=level_eq_high", ["c1"]),
        ("variables=level_eq_low", []),
        ("variables=level_like_h%25,level_neq_low", ["c1"]),
        ("variables=LEVEL_eq_high", []),
        ("variables=LEVEL_eq_HIGH&variableNamesIgnoreCase=true", []),
        (
            "variables=LEVEL_eq_HIGH&variableNamesIgnoreCase=true&variableValuesIgnoreCase=true",
            ["c1"],
        ),
        ("variables=", ["c1"]),
    ],
)
def test_instances_are_found_by_their_variables(query: str, found: list[str]) -> None:
    assert ids(apps().ask("GET /case-instance", query=query)) == found


@pytest.mark.parametrize(
    "body",
    [
        [],
        {"processInstanceIds": {}},
        {"active": "perhaps"},
        {"variables": [{"name": "amount"}]},
        {"sorting": [{"sortBy": "name", "sortOrder": "asc"}]},
        {"sorting": [{"sortBy": "instanceId", "sortOrder": "asc"}] * 2},
    ],
)
def test_a_body_that_asks_for_instances_wrongly_is_refused(body: object) -> None:
    assert apps().ask("POST /process-instance", body=body).status == 400


@pytest.mark.parametrize("name", ["executionId", "activityInstanceId", "processInstanceId"])
def test_variables_are_found_by_what_they_are_shown_with(name: str) -> None:
    """A variable of an instance belongs to the instance's execution, not to the tasks'."""
    served = apps(a_task("7", variables={"own": {"type": "Null", "value": None}}, **C1, **P2))
    shown = served.ask("POST /variable-instance", body={}).json
    values = {each[name] for each in shown} - {None}
    assert len(values) > 1

    for value in values:
        found = served.ask("POST /variable-instance", body={f"{name}In": [value]})
        assert ids(found) == [each["id"] for each in shown if each[name] == value]


def test_groups_are_asked_for_by_body() -> None:
    served = apps()

    assert ids(served.ask("POST /group", body={"id": "sales"})) == ["sales"]
    assert served.ask("POST /group/count", body={"id": "x"}).json == {"count": 0}
    assert served.ask("POST /group", body=[]).status == 400


def test_tenants_are_the_callers_own() -> None:
    served = apps()

    assert ids(served.ask("GET /tenant")) == ["t1"]
    assert ids(served.ask("GET /tenant", query="userMember=mary")) == ["t1"]
    assert ids(served.ask("GET /tenant", query="nameLike=x")) == []
    assert ids(served.ask("GET /tenant", query="groupMember=sales")) == []
    assert served.ask("GET /tenant/count", query="id=t1").json == {"count": 1}
    assert served.ask("GET /tenant/{id}", "t9").status == 404


def test_a_group_is_shown_and_a_tenants_group_is_none() -> None:
    served = apps()

    assert served.ask("GET /group/{id}", "sales").json["id"] == "sales"
    assert served.ask("GET /group/{id}", "tenant:t1").status == 404


@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("permissionName=ALL&resourceName=filter&resourceType=5", 200),
        ("permissionName=FOO&resourceName=x&resourceType=99", 200),
        ("permissionName=ACCESS&resourceName=filter&resourceType=5", 400),
        ("permissionName=READ&resourceName=filter&resourceType=x", 400),
        ("permissionName=READ&resourceName=filter&resourceType=99999999999", 400),
    ],
)
def test_permissions_that_there_are_are_granted(query: str, status: int) -> None:
    assert apps().ask("GET /authorization/check", query=query).status == status


def test_no_password_is_taken_here() -> None:
    served = apps()
    body = {"username": "mary", "password": "secret"}

    assert served.ask("POST /identity/verify", body=body).json == {
        "authenticatedUser": "mary",
        "groups": None,
        "tenants": None,
        "authenticated": False,
    }
    assert served.ask("GET /identity/password-policy").status == 404
