"""Files and bytes as they are downloaded."""

import base64
from typing import Any

import pytest
from taskdock.domain.errors import InvalidRequest
from taskdock.domain.tasks.task import TaskId, Variable
from taskdock.domain.variables.values import from_json
from taskdock.routes.task_variables import content_answer

T1 = TaskId("t1")


def a_file(**info: Any) -> Variable:
    return {"type": "File", "value": base64.b64encode(b"\xff\x00").decode(), "valueInfo": info}


def test_bytes_are_bytes_of_any_kind() -> None:
    answer = content_answer({"type": "Bytes", "value": "/wA="}, T1)

    assert (answer.content, answer.media_type) == (b"\xff\x00", "application/octet-stream")
    assert "Content-Disposition" not in answer.headers


def test_a_variable_without_a_value_has_no_bytes() -> None:
    assert content_answer({"type": "Bytes", "value": None}, T1).content == b""


def test_a_file_comes_with_its_name_and_its_type() -> None:
    answer = content_answer(a_file(filename="a.txt", mimeType="text/plain", encoding="UTF-8"), T1)

    assert answer.content == b"\xff\x00"
    assert answer.media_type == "text/plain; charset=UTF-8"
    assert answer.headers == {
        "Content-Disposition": "attachment; filename=\"a.txt\"; filename*=UTF-8''a.txt",
        "X-Content-Type-Options": "nosniff",
    }


@pytest.mark.parametrize(
    ("name", "disposition"),
    [
        ("naïve.txt", "filename=\"na_ve.txt\"; filename*=UTF-8''na%C3%AFve.txt"),
        ('a"b\\c', "filename=\"a_b_c\"; filename*=UTF-8''a%22b%5Cc"),
        ("a\r\nX: y", "filename=\"a__X: y\"; filename*=UTF-8''a%0D%0AX%3A%20y"),
    ],
)
def test_a_name_of_any_characters_stays_within_its_header(name: str, disposition: str) -> None:
    answer = content_answer(a_file(filename=name), T1)

    assert answer.headers["Content-Disposition"] == f"attachment; {disposition}"


@pytest.mark.parametrize(
    ("info", "media_type"),
    [
        ({}, "application/octet-stream"),
        ({"mimeType": "text/plain\r\nX: y"}, "application/octet-stream"),
        ({"mimeType": "nonsense"}, "application/octet-stream"),
        ({"mimeType": "nonsense", "encoding": "UTF-8"}, "application/octet-stream"),
        ({"mimeType": "text/csv", "encoding": "a b"}, "text/csv"),
    ],
)
def test_a_type_that_is_none_is_any(info: dict[str, str], media_type: str) -> None:
    assert content_answer(a_file(filename="a", **info), T1).media_type == media_type


@pytest.mark.parametrize("value", ["text", 5, None, {"a": 1}])
def test_other_variables_have_no_content(value: Any) -> None:
    with pytest.raises(InvalidRequest, match="Value of variable with id t1 is not a binary value"):
        content_answer(from_json(value), T1)
