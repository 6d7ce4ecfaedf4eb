"""What clients send of variables."""

import base64
from typing import Any

import pytest
from taskdock.api.requests.uploads import Upload
from taskdock.api.requests.variables import (
    modification_in,
    uploaded_object,
    uploaded_variable,
    variable_to_put,
)
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.variables.scopes import Modification
from taskdock.domain.variables.values import from_json

CONTENT = b"\x00\xffbytes"
ENCODED = base64.b64encode(CONTENT).decode()


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"value": "abc", "type": "Integer"},
            "Cannot put task variable v: Cannot convert value 'abc' of type 'Integer' to java type"
            " java.lang.Integer",
        ),
        ({"value": 1, "type": "X"}, "Cannot put task variable v: Unsupported value type 'X'"),
        ([], "Cannot put task variable v: expected an object with value and type"),
        ({"value": "a\0b"}, "Cannot put task variable v: text must not contain the NUL"),
    ],
)
def test_a_variable_that_cannot_be_put_says_why(body: Any, message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        variable_to_put(body, "v")
    assert refused.value.message.startswith(message)


def test_a_variable_may_leave_its_type_to_its_value() -> None:
    given = {"value": 5, "id": "t1", "varId": "v"}
    assert variable_to_put(given, "v") == Modification({"v": from_json(5)})
    assert variable_to_put({}, "v") == Modification({"v": from_json(None)})


def test_a_transient_variable_is_checked_and_not_kept() -> None:
    transient = {"value": 5, "type": "Integer", "valueInfo": {"transient": True}}
    kept = {"value": 5, "type": "Integer", "valueInfo": {"transient": False}}

    assert variable_to_put(transient, "v") == Modification({})
    modification = modification_in({"modifications": {"a": transient, "b": kept}})
    assert modification.settings.keys() == {"b"}
    with pytest.raises(InvalidRequest):
        variable_to_put({**transient, "value": "x"}, "v")


def test_the_media_type_of_a_file_may_be_spelled_in_lower_case() -> None:
    info = {"filename": "a.txt", "mimetype": "text/plain"}
    entry = {"value": "", "type": "File", "valueInfo": info}

    [file] = variable_to_put(entry, "v").settings.values()

    assert file["valueInfo"] == {"filename": "a.txt", "mimeType": "text/plain"}


def test_a_modification_sets_and_removes() -> None:
    body = {"modifications": {"x": {"value": 1}}, "deletions": ["x", 5]}

    assert modification_in(body) == Modification({"x": from_json(1)}, ("x", "5"))


@pytest.mark.parametrize("body", [{}, {"modifications": None, "deletions": None}])
def test_a_modification_may_change_nothing(body: dict[str, Any]) -> None:
    assert modification_in(body) == Modification({})


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"modifications": {"x": {"value": "a", "type": "Long"}}},
            "Cannot modify variables for task: modifications.x: Cannot convert value 'a'",
        ),
        ({"modifications": []}, "modifications: expected an object, got a list"),
        ({"deletions": "x"}, 'deletions: expected a list of names, got "x"'),
        ({"deletions": ["x", None]}, "deletions[1]: expected a name, got null"),
        ({"deletions": [{}]}, "deletions[0]: expected a string, got an object"),
    ],
)
def test_a_bad_modification_says_where(body: dict[str, Any], message: str) -> None:
    with pytest.raises(InvalidRequest) as refused:
        modification_in(body)
    assert refused.value.message.startswith(message)


@pytest.mark.parametrize("type_name", [None, "", "Bytes", "bytes"])
def test_an_upload_is_bytes_unless_it_says_otherwise(type_name: str | None) -> None:
    upload = Upload("data", CONTENT, "photo.png", "image/png")

    assert dict(uploaded_variable(upload, type_name)) == {"type": "Bytes", "value": ENCODED}


@pytest.mark.parametrize("parameter", ["encoding", "charset"])
def test_a_file_keeps_its_name_its_type_and_its_encoding(parameter: str) -> None:
    upload = Upload("data", CONTENT, "a.txt", "text/plain", {parameter: "UTF-8"})

    assert dict(uploaded_variable(upload, "File")) == {
        "type": "File",
        "value": ENCODED,
        "valueInfo": {"filename": "a.txt", "mimeType": "text/plain", "encoding": "UTF-8"},
    }


def test_a_file_of_no_type_is_just_bytes_to_others() -> None:
    variable = uploaded_variable(Upload("data", b"", "a"), "file")

    assert variable.get("valueInfo") == {"filename": "a", "mimeType": "application/octet-stream"}


def test_a_file_without_a_name_is_refused() -> None:
    with pytest.raises(InvalidRequest, match="filename: a file needs a name"):
        uploaded_variable(Upload("data", CONTENT), "File")


def test_no_other_type_is_uploaded() -> None:
    with pytest.raises(InvalidRequest, match="valueType: expected Bytes or File, got 'String'"):
        uploaded_variable(Upload("data", CONTENT), "String")


def test_an_object_is_its_json_under_the_name_of_its_class() -> None:
    upload = Upload("data", b'{"a": 1}', media_type="application/json")

    assert dict(uploaded_object(upload, "com.example.Order")) == {
        "type": "Object",
        "value": '{"a": 1}',
        "valueInfo": {
            "objectTypeName": "com.example.Order",
            "serializationDataFormat": "application/json",
        },
    }


@pytest.mark.parametrize(
    ("upload", "message"),
    [
        (Upload("data", b"{}"), "Unrecognized content type for serialized java type: None"),
        (Upload("data", b"{", media_type="application/json"), "malformed JSON"),
        (Upload("data", b'"\xff"', media_type="application/json"), "data: the text is not valid"),
    ],
)
def test_an_object_that_is_no_json_is_refused(upload: Upload, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        uploaded_object(upload, "com.example.Order")
