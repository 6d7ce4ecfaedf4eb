"""Camunda 7's addresses through the gateway: below a context path, with and without engine."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from local.service import LocalService
from local.settings import User
from tests.support.http import Answered, bearer, call
from tests.support.local_service import in_memory
from tests.support.multipart import FORM_TYPE, form, part

USERS = {
    "demo": User(groups=("accounting", "sales"), tenants=("t1",), admin=True),
    "mary": User(groups=("sales",)),
}
READ_ONLY = "grant_type=client_credentials&scope=taskdock/tasks.read"


@pytest.fixture(scope="module")
def service() -> Iterator[LocalService]:
    """A service under /engine-rest, as programs written for Camunda 7 know it."""
    with in_memory(users=USERS, shell={"BASE_PATH": "/engine-rest"}) as service:
        yield service


@pytest.fixture(scope="module", params=["", "/engine/default"], ids=["plain", "engine"])
def base(request: pytest.FixtureRequest, service: LocalService) -> str:
    """Each of the two addresses that clients are configured with."""
    prefix: str = request.param
    return f"{service.url}/engine-rest{prefix}"


def ask(
    service: LocalService, method: str, url: str, body: object = None, **headers: str
) -> Answered:
    sent = {**bearer(service.token("demo")), "Content-Type": "application/json", **headers}
    content = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
    return call(method, url, content, sent)


def created(service: LocalService, base: str, **task: Any) -> str:
    """A new task's id."""
    task_id = f"t-{base.count('/')}-{task['name']}"
    answer = ask(service, "POST", f"{base}/task/create", {"id": task_id, **task})
    assert answer.status == 204, answer.body
    return task_id


def read_only_token(service: LocalService) -> str:
    """A program's token that allows nothing but reading."""
    client, secret = service.machine_client
    body = f"{READ_ONLY}&client_id={client}&client_secret={secret}".encode()
    token: str = call("POST", f"{service.url}/local/oauth2/token", body).json()["access_token"]
    return token


def test_a_tasks_life_is_the_same_under_both_addresses(service: LocalService, base: str) -> None:
    task_id = created(service, base, name="life")

    said = ask(service, "POST", f"{base}/task/{task_id}/comment/create", {"message": "x"})
    assert said.status == 200
    [link] = said.json()["links"]
    assert ask(service, "GET", link["href"]).json()["message"] == "x"
    query = {"taskId": task_id, "withCommentAttachmentInfo": True}
    [found] = ask(service, "POST", f"{base}/task", query).json()
    assert (found["id"], found["comment"], found["attachment"]) == (task_id, True, False)
    assert ask(service, "POST", f"{base}/task/count", query).json() == {"count": 1}
    assert ask(service, "GET", f"{base}/task?taskId={task_id}").json()[0]["id"] == task_id
    assert ask(service, "GET", f"{base}/task/{task_id}").json()["id"] == task_id
    assert ask(service, "DELETE", f"{base}/task/{task_id}/comment").status == 204
    assert ask(service, "GET", f"{base}/task/{task_id}/comment").json() == []


def test_a_document_goes_there_and_back(service: LocalService, base: str) -> None:
    task_id = created(service, base, name="document")
    data = bytes(range(256)) * 100
    uploaded = form(part("attachment-name", b"All bytes"), part("content", data, file_name="x"))

    url = f"{base}/task/{task_id}/attachment"
    added = ask(service, "POST", f"{url}/create", uploaded, **{"Content-Type": FORM_TYPE}).json()
    fetched = ask(service, "GET", f"{url}/{added['id']}/data")

    assert (fetched.status, fetched.body) == (200, data)
    assert fetched.headers["content-type"] == "application/octet-stream"
    assert [each["name"] for each in ask(service, "GET", url).json()] == ["All bytes"]


def test_content_goes_when_its_attachment_does(service: LocalService, base: str) -> None:
    task_id = created(service, base, name="gone")
    url = f"{base}/task/{task_id}/attachment"
    uploaded = form(part("content", b"x", file_name="x"))
    added = ask(service, "POST", f"{url}/create", uploaded, **{"Content-Type": FORM_TYPE}).json()
    assert added["id"] in contents(service)

    assert ask(service, "DELETE", f"{url}/{added['id']}").status == 204
    service.events()  # everything written by now has gone through the stream

    assert added["id"] not in contents(service)


def test_content_stays_as_long_as_the_record_of_its_task(service: LocalService, base: str) -> None:
    task_id = created(service, base, name="deleted")
    url = f"{base}/task/{task_id}"
    uploaded = form(part("content", b"x", file_name="x"))
    sent = ask(service, "POST", f"{url}/attachment/create", uploaded, **{"Content-Type": FORM_TYPE})
    assert sent.json()["id"] in contents(service)

    assert ask(service, "DELETE", url).status == 204
    service.events()

    assert sent.json()["id"] in contents(service)


def contents(service: LocalService) -> set[str]:
    """The names of all contents."""
    from local.clients import Clients

    [bucket] = {each.environment["ATTACHMENT_BUCKET"] for each in service.functions.values()}
    s3 = Clients().client("s3", service.cloud.endpoint)
    return {each["Key"] for each in s3.list_objects_v2(Bucket=bucket).get("Contents", ())}


def test_the_report_can_be_had(service: LocalService, base: str) -> None:
    created(service, base, name="counted")
    url = f"{base}/task/report/candidate-group-count"

    [row] = ask(service, "GET", url).json()
    text = ask(service, "GET", url, Accept="text/csv").body.decode()

    assert text == f"CANDIDATE_GROUP_NAME,TASK_COUNT\nnull,{row['taskCount']}"
    assert row["groupName"] is None


def test_people_and_groups_can_be_asked_for(service: LocalService, base: str) -> None:
    def ids(path: str) -> list[str]:
        return [each["id"] for each in ask(service, "GET", base + path).json()]

    assert ids("/user") == ["demo", "mary"]
    assert ids("/user?memberOfGroup=accounting") == ["demo"]
    assert ids("/group") == ["accounting", "sales"]
    assert ids("/group?member=mary") == ["sales"]
    assert ask(service, "GET", f"{base}/user/mary/profile").json()["id"] == "mary"
    assert ask(service, "GET", f"{base}/user/count").json() == {"count": 2}
    circle = ask(service, "GET", f"{base}/identity/groups?userId=mary").json()
    assert circle == {
        "groups": [{"id": "sales", "name": "sales"}],
        "groupUsers": [{"id": "demo", "firstName": None, "lastName": None, "displayName": "demo"}],
    }


def test_the_engine_and_the_version_are_shown(service: LocalService, base: str) -> None:
    assert ask(service, "GET", f"{service.url}/engine-rest/engine").json() == [{"name": "default"}]
    assert ask(service, "GET", f"{base}/version").json() == {"version": "7.24.0"}


def test_a_caller_who_may_only_read_can_change_nothing(service: LocalService, base: str) -> None:
    task_id = created(service, base, name="read")
    reader = {"Authorization": f"Bearer {read_only_token(service)}"}
    task = f"{base}/task/{task_id}"

    for method, url, body in (
        ("GET", task, None),
        ("GET", f"{task}/comment", None),
        ("GET", f"{task}/attachment", None),
        ("GET", f"{base}/task/report/candidate-group-count", None),
        ("GET", f"{base}/user", None),
        ("POST", f"{base}/task", {}),
        ("POST", f"{base}/task/count", {}),
    ):
        assert ask(service, method, url, body, **reader).status == 200, (method, url)
    for method, url in (
        ("POST", f"{base}/task/create"),
        ("POST", f"{task}/comment/create"),
        ("PUT", f"{task}/comment"),
        ("DELETE", f"{task}/comment"),
        ("DELETE", f"{task}/comment/c1"),
        ("POST", f"{task}/attachment/create"),
        ("DELETE", f"{task}/attachment/a1"),
    ):
        assert ask(service, method, url, {"message": "x"}, **reader).status == 403, (method, url)


def test_without_the_context_path_nothing_is_there(service: LocalService) -> None:
    for path in ("/task", "/engine/default/task", "/engine"):
        answer = ask(service, "GET", service.url + path)
        assert (answer.status, answer.json()) == (404, {"message": "Not Found"}), path


@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "PATCH", "DELETE"])
@pytest.mark.parametrize("path", ["/engine/other/task", "/nothing/at/all", "/task//t1"])
def test_an_unknown_path_is_a_404_in_the_apis_shape(
    service: LocalService, method: str, path: str
) -> None:
    answer = ask(service, method, f"{service.url}/engine-rest{path}", {})

    assert answer.status == 404
    assert answer.json().keys() == {"type", "message", "code"}


@pytest.mark.parametrize("path", ["/task", "/task/count", "/user", "/group", "/version"])
def test_a_last_slash_changes_no_answer(service: LocalService, base: str, path: str) -> None:
    with_slash = ask(service, "GET", f"{base}{path}/")

    assert (with_slash.status, with_slash.body) == (200, ask(service, "GET", base + path).body)


def test_a_task_is_worked_on_by_addresses_with_a_last_slash(
    service: LocalService, base: str
) -> None:
    task_id = f"slash-{base.count('/')}"
    assert ask(service, "POST", f"{base}/task/create/", {"id": task_id}).status == 204
    assert ask(service, "POST", f"{base}/task/", {"taskId": task_id}).json()[0]["id"] == task_id
    assert ask(service, "POST", f"{base}/task/count/", {"taskId": task_id}).json() == {"count": 1}
    changes = {"modifications": {"a": {"value": 1}}}
    assert ask(service, "POST", f"{base}/task/{task_id}/variables/", changes).status == 204
    assert ask(service, "PUT", f"{base}/task/{task_id}/", {"name": "n"}).status == 204
    assert ask(service, "GET", f"{base}/task/{task_id}/").json()["name"] == "n"
    assert ask(service, "POST", f"{base}/task/{task_id}/complete/", {}).status == 204


def test_the_engines_are_listed_at_an_address_with_a_last_slash(service: LocalService) -> None:
    engines = ask(service, "GET", f"{service.url}/engine-rest/engine/")

    assert engines.json() == [{"name": "default"}]


@pytest.mark.parametrize(
    "path",
    ["/task", "/task/count", "/task/report/candidate-group-count", "/user", "/version", "/task/"],
)
def test_head_is_get_without_a_body(service: LocalService, base: str, path: str) -> None:
    shown, asked = (ask(service, method, base + path) for method in ("GET", "HEAD"))

    assert (asked.status, asked.body) == (200, b"")
    for name in ("Content-Type", "Cache-Control"):
        assert asked.headers[name] == shown.headers[name]


def test_head_of_a_task_says_whether_it_is_there(service: LocalService, base: str) -> None:
    task_id = created(service, base, name="head")

    assert ask(service, "HEAD", f"{base}/task/{task_id}").status == 200
    assert ask(service, "HEAD", f"{base}/task/{task_id}-2").status == 404


@pytest.mark.parametrize("path", ["/task", "/task/count", "/user"])
def test_a_body_on_get_means_nothing(service: LocalService, base: str, path: str) -> None:
    answer = ask(service, "GET", base + path, b"not JSON")

    assert answer.status == 200


def test_passwords_are_not_checked_here(service: LocalService, base: str) -> None:
    body = {"username": "mary", "password": "secret"}

    verified = ask(service, "POST", f"{base}/identity/verify", body)
    assert (verified.status, verified.json()["authenticated"]) == (200, False)
