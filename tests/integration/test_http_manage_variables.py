"""Variables over HTTP: shown, set, removed, uploaded and downloaded."""

import base64
from typing import Any

import pytest
from taskdock.domain.tasks.task import Task
from taskdock.domain.variables.values import from_json

from tests.support.builders import a_task
from tests.support.http_events import sample
from tests.support.in_memory_apps import InMemoryApps
from tests.support.multipart import FORM_TYPE, form, part

ID = "approve-order-17"
COLLECTIONS = ("variables", "localVariables")
CSV = b"order;amount\n17;99.5\n"


def shown(value: Any, type_name: str) -> dict[str, Any]:
    return {"type": type_name, "value": value, "valueInfo": {}}


def of_order(task_id: str, **fields: Any) -> Task:
    return a_task(task_id, **{"processInstanceId": "order-17"} | fields)


def holding(**values: Any) -> dict[str, Any]:
    return {name: from_json(value) for name, value in values.items()}


SURROUNDED = of_order(
    ID, variables=holding(limit=100, draft="x"), processVariables=holding(amount=5, limit=1)
)


@pytest.mark.parametrize(
    ("case", "names"),
    [
        ("list_variables", ["amount", "limit", "draft"]),
        ("list_local_variables", ["limit", "draft"]),
    ],
)
def test_samples_list_what_the_task_sees_and_what_is_its_own(case: str, names: list[str]) -> None:
    answer = InMemoryApps(SURROUNDED).send(sample("manage_task", case))

    assert (answer.status, answer.headers["cache-control"]) == (200, "no-cache")
    assert list(answer.json) == names
    assert answer.json["limit"] == shown(100, "Integer")


def test_samples_show_a_variable_or_that_there_is_none() -> None:
    apps = InMemoryApps(SURROUNDED)

    seen = apps.send(sample("manage_task", "show_variable"))
    own = apps.send(sample("manage_task", "show_local_variable"))

    assert (seen.status, seen.json) == (200, shown(5, "Integer"))
    assert (own.status, own.json["type"]) == (404, "InvalidRequestException")
    assert own.json["message"] == "task variable with name amount does not exist"


@pytest.mark.parametrize(
    ("case", "own", "of_process"),
    [
        ("put_variable", holding(limit=100, draft="x"), holding(amount=99.5, limit=1)),
        (
            "put_local_variable",
            holding(limit=100, draft="x", amount=99.5),
            holding(amount=5, limit=1),
        ),
        ("delete_variable", holding(draft="x"), holding(amount=5, limit=1)),
        ("delete_local_variable", holding(draft="x"), holding(amount=5, limit=1)),
        ("modify_variables", holding(limit=100), holding(amount=5, limit=1, approved=True)),
        ("modify_local_variables", holding(limit=100, approved=True), holding(amount=5, limit=1)),
    ],
)
def test_samples_change_variables_where_they_belong(
    case: str, own: dict[str, Any], of_process: dict[str, Any]
) -> None:
    apps = InMemoryApps(SURROUNDED, of_order("other", processVariables=holding(amount=5, limit=1)))

    answer = apps.send(sample("manage_task", case))

    assert (answer.status, answer.text, answer.headers["etag"]) == (204, "", '"2"')
    assert apps.task(ID)["variables"] == own
    assert apps.task(ID)["processVariables"] == of_process
    assert apps.task("other")["processVariables"] == of_process


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_what_is_set_is_shown_and_what_is_removed_is_gone(collection: str) -> None:
    apps = InMemoryApps(a_task("t1"))
    route = f"/task/{{id}}/{collection}/{{name}}"
    names = ("plain", "with blank", "ä:ö", "%41", 'a"b', "data")
    for name in names:
        assert apps.ask(f"PUT {route}", name=name, body={"value": name}).status == 204
        assert apps.ask(f"GET {route}", name=name).json == shown(name, "String")

    assert list(apps.ask(f"GET /task/{{id}}/{collection}").json) == list(names)
    for name in names:
        assert apps.ask(f"DELETE {route}", name=name).status == 204
        assert apps.ask(f"GET {route}", name=name).status == 404


def test_a_deletion_wins_over_a_modification_of_the_same_name() -> None:
    apps = InMemoryApps(a_task("t1"))
    body = {"modifications": {"x": {"value": 1}}, "deletions": ["x"]}

    assert apps.ask("POST /task/{id}/localVariables", body=body).status == 204
    assert apps.ask("GET /task/{id}/localVariables").json == {}


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ({"value": "12", "type": "Integer"}, shown(12, "Integer")),
        ({"value": 5_000_000_000}, shown(5_000_000_000, "Long")),
        ({"value": None, "type": "String"}, shown(None, "String")),
        ({"value": None}, shown(None, "Null")),
        (
            {"value": "2026-01-02T03:04:05Z", "type": "Date"},
            shown("2026-01-02T03:04:05.000+0000", "Date"),
        ),
        ({"value": '{"a": 1}', "type": "Json"}, shown('{"a": 1}', "Json")),
        ({"value": "AP8=", "type": "Bytes"}, shown("AP8=", "Bytes")),
    ],
)
def test_values_are_kept_by_their_types(sent: dict[str, Any], kept: dict[str, Any]) -> None:
    apps = InMemoryApps(a_task("t1"))
    apps.ask("PUT /task/{id}/variables/{name}", name="v", body=sent)

    assert apps.ask("GET /task/{id}/variables/{name}", name="v").json == kept


# Contents


@pytest.mark.parametrize("case", ["upload_variable", "upload_local_variable"])
def test_the_sample_of_a_file_is_kept_and_downloaded_again(case: str) -> None:
    apps = InMemoryApps(a_task(ID, tenantId="t1"))
    assert apps.send(sample("manage_task", case)).status == 204

    info = {"filename": "order-17.csv", "mimeType": "text/csv", "encoding": "utf-8"}
    about = apps.ask("GET /task/{id}/variables/{name}", ID, name="items").json
    assert about == {"type": "File", "value": None, "valueInfo": info}
    downloaded = apps.send(sample("manage_task", case.replace("up", "down")))
    assert (downloaded.status, downloaded.text.encode()) == (200, CSV)
    assert downloaded.headers["content-type"] == "text/csv; charset=utf-8"
    assert downloaded.headers["content-disposition"].startswith("attachment; filename=")


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_an_upload_is_bytes_unless_it_says_otherwise(collection: str) -> None:
    apps = InMemoryApps(a_task("t1"))
    body = form(part("data", b"abc", file_name="a.txt", content_type="text/plain"))
    route = f"/task/{{id}}/{collection}/{{name}}/data"

    sent = apps.ask(f"POST {route}", name="v", body=body, headers={"content-type": FORM_TYPE})
    downloaded = apps.ask(f"GET {route}", name="v", headers={"accept": "text/plain"})

    assert sent.status == 204
    assert (downloaded.status, downloaded.text) == (200, "abc")
    assert downloaded.headers["content-type"] == "application/octet-stream"
    shown_value = apps.ask(f"GET /task/{{id}}/{collection}/{{name}}", name="v").json["value"]
    assert base64.b64decode(shown_value) == b"abc"


def test_an_object_is_uploaded_as_json_under_its_class() -> None:
    apps = InMemoryApps(a_task("t1"))
    body = form(
        part("data", b'{"a":1}', content_type="application/json"), part("type", b"com.example.A")
    )
    apps.ask(
        "POST /task/{id}/variables/{name}/data",
        name="v",
        body=body,
        headers={"content-type": FORM_TYPE},
    )

    text = "deserializeValue=false"
    assert apps.ask("GET /task/{id}/variables/{name}", name="v").json["value"] == {"a": 1}
    assert apps.ask("GET /task/{id}/variables/{name}", name="v", query=text).json == {
        "type": "Object",
        "value": '{"a":1}',
        "valueInfo": {
            "objectTypeName": "com.example.A",
            "serializationDataFormat": "application/json",
        },
    }


def test_only_contents_can_be_downloaded() -> None:
    apps = InMemoryApps(a_task("t1", variables=holding(x=1)))

    answer = apps.ask("GET /task/{id}/variables/{name}/data", name="x")

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert answer.json["message"] == "Value of variable with id t1 is not a binary value."
    assert apps.ask("GET /task/{id}/variables/{name}/data", name="y").status == 404


@pytest.mark.parametrize(
    ("parts", "message"),
    [
        ([part("valueType", b"File")], "data: is missing"),
        ([part("data", b"x"), part("valueType", b"File")], "a file needs a name"),
        ([part("data", b"x"), part("valueType", b"Nonsense")], "expected Bytes or File"),
        ([part("data", b"x"), part("type", b"A")], "Unrecognized content type"),
    ],
)
def test_a_form_that_is_no_variable_is_refused(parts: list[bytes], message: str) -> None:
    apps = InMemoryApps(a_task("t1"))

    answer = apps.ask(
        "POST /task/{id}/variables/{name}/data",
        name="v",
        body=form(*parts),
        headers={"content-type": FORM_TYPE},
    )

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert message in answer.json["message"]
    assert apps.task() == a_task("t1")


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"value": "abc", "type": "Integer"},
            "Cannot put task variable v: Cannot convert value 'abc' of type 'Integer' to java type"
            " java.lang.Integer",
        ),
        (
            {"value": 1, "type": "Nonsense"},
            "Cannot put task variable v: Unsupported value type 'Nonsense'",
        ),
    ],
)
def test_a_value_that_is_none_of_its_type_is_refused_as_the_reference_does(
    body: dict[str, Any], message: str
) -> None:
    answer = InMemoryApps(a_task("t1")).ask(
        "PUT /task/{id}/localVariables/{name}", name="v", body=body
    )

    assert (answer.status, answer.json) == (
        400,
        {"type": "InvalidRequestException", "message": message, "code": None},
    )


@pytest.mark.parametrize("collection", COLLECTIONS)
def test_more_than_a_task_holds_is_refused_and_changes_nothing(collection: str) -> None:
    before = of_order("t1", variables=holding(x="x" * 100_000))
    apps = InMemoryApps(before, of_order("t2"))
    body = {"modifications": {"y": {"value": "y" * 230_000}}}

    answer = apps.ask(f"POST /task/{{id}}/{collection}", body=body)

    assert (answer.status, answer.json["type"]) == (400, "InvalidRequestException")
    assert "300 KiB" in answer.json["message"]
    assert apps.task() == before
    assert "processVariables" not in apps.task("t2")


def test_a_change_may_name_the_version_it_means() -> None:
    apps = InMemoryApps(a_task("t1"))
    put = {"name": "v", "body": {"value": 1}}

    stale = apps.ask("PUT /task/{id}/variables/{name}", **put, headers={"if-match": '"2"'})  # type: ignore[arg-type]
    assert stale.status == 412
    fresh = apps.ask("PUT /task/{id}/variables/{name}", **put, headers={"if-match": '"1"'})  # type: ignore[arg-type]
    assert (fresh.status, fresh.headers["etag"]) == (204, '"2"')


def test_a_variable_finds_its_task() -> None:
    apps = InMemoryApps(a_task("t1"), a_task("t2"))
    apps.ask("PUT /task/{id}/variables/{name}", name="amount", body={"value": 99.5})
    asked = {"taskVariables": [{"name": "amount", "operator": "gt", "value": 50}]}

    assert [task["id"] for task in apps.ask("POST /task", body=asked).json] == ["t1"]


OBJECT = {
    "type": "Object",
    "value": '{"a": 1}',
    "valueInfo": {"objectTypeName": "com.example.A", "serializationDataFormat": "application/json"},
}


@pytest.mark.parametrize("path", ["variables", "localVariables", "form-variables"])
def test_maps_show_objects_by_their_json_or_by_its_text(path: str) -> None:
    apps = InMemoryApps(a_task("t1"))
    apps.ask("PUT /task/{id}/localVariables/{name}", name="o", body=OBJECT)

    def shown(query: str = "") -> object:
        return apps.ask(f"GET /task/{{id}}/{path}", query=query).json["o"]

    assert shown() == {**OBJECT, "value": {"a": 1}}
    assert shown("deserializeValues=false") == shown("deserializeValue=false") == OBJECT
    assert apps.ask(f"GET /task/{{id}}/{path}", query="deserializeValues=x").status == 400


def test_tasks_with_their_variables_show_objects_by_their_json() -> None:
    apps = InMemoryApps(a_task("t1"))
    apps.ask("PUT /task/{id}/localVariables/{name}", name="o", body=OBJECT)

    [task] = apps.ask("GET /task", query="withTaskVariablesInReturn=true").json

    assert task["variables"]["o"]["value"] == {"a": 1}
