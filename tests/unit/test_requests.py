"""Requests as routes see them."""

import base64
from typing import Any

import pytest
from taskdock.domain.errors import InvalidRequest, RequestTooLarge, UnsupportedMediaType
from taskdock.runtime.requests import BODY_LIMIT, JSON, MERGE_PATCH, Request
from taskdock.runtime.settings import Settings

from tests.support.http_events import Context, http_event


def a_request(**parts: Any) -> Request:
    return Request(http_event("POST /task", **parts), {}, Settings(), Context())


def with_body(body: str | bytes, content_type: str | None = "application/json") -> Request:
    headers = {} if content_type is None else {"Content-Type": content_type}
    return a_request(body=body, headers=headers)


def test_parameters_are_decoded() -> None:
    request = a_request(query="name=a+b%26c&assignee=&umlaut=%C3%A4&at=12:00%2B02:00")

    assert request.parameters == {
        "name": "a b&c",
        "assignee": "",
        "umlaut": "ä",
        "at": "12:00+02:00",
    }


def test_of_a_repeated_parameter_the_first_counts() -> None:
    assert a_request(query="name=a&name=b,c").parameters == {"name": "a"}


def test_parameters_that_are_no_utf_8_are_refused() -> None:
    with pytest.raises(InvalidRequest, match="not valid UTF-8"):
        _ = a_request(query="name=%ff").parameters


def test_without_a_raw_query_string_the_decoded_parameters_are_taken() -> None:
    event = http_event("GET /task")
    del event["rawQueryString"]
    event["queryStringParameters"] = {"name": "a b"}

    assert Request(event, {}, Settings(), Context()).parameters == {"name": "a b"}


@pytest.mark.parametrize(
    ("query", "raised"),
    [("", False), ("f=true", True), ("f=1", True), ("f=false", False), ("f=0", False)],
)
def test_a_flag_is_read_as_a_json_value(query: str, raised: bool) -> None:
    assert a_request(query=query).flag("f") is raised


@pytest.mark.parametrize("text", ["TRUE", "yes", ""])
def test_a_flag_that_is_no_truth_value_is_refused(text: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^f: expected true or false"):
        a_request(query={"f": text}).flag("f")


def test_a_headers_name_may_be_written_in_any_case() -> None:
    assert a_request(headers={"If-MATCH": '"3"'}).header("if-match") == '"3"'


@pytest.mark.parametrize(
    "content_type",
    [
        "application/json",
        "Application/JSON; charset=UTF-8",
        'application/json;charset="utf-8"',
        "application/json; x=y",
    ],
)
def test_a_json_body_is_read(content_type: str) -> None:
    assert with_body('{"name": "ä"}', content_type).json() == {"name": "ä"}


@pytest.mark.parametrize(
    "content_type", [None, "", "text/json", "application/json; charset=latin1"]
)
def test_a_body_that_is_not_declared_as_json_is_refused(content_type: str | None) -> None:
    with pytest.raises(UnsupportedMediaType, match="application/json"):
        with_body("{}", content_type).json()


def test_a_form_is_refused_even_when_it_is_empty() -> None:
    with pytest.raises(UnsupportedMediaType):
        with_body("", "application/x-www-form-urlencoded").json()


@pytest.mark.parametrize("headers", [{}, {"content-type": "application/json"}])
def test_no_body_is_as_good_as_an_empty_object(headers: dict[str, str]) -> None:
    assert a_request(headers=headers).json() == {}


def test_a_body_in_base64_is_decoded() -> None:
    assert a_request(body='{"name": "ä"}'.encode()).body() == '{"name": "ä"}'.encode()


@pytest.mark.parametrize("body", ["%%%", "e30", "ä"])
def test_a_body_that_is_no_base64_is_refused(body: str) -> None:
    event = http_event("POST /task", body=body) | {"isBase64Encoded": True}

    with pytest.raises(InvalidRequest, match="base64"):
        Request(event, {}, Settings(), Context()).json()


def test_half_a_surrogate_pair_is_no_body() -> None:
    with pytest.raises(InvalidRequest, match="UTF-8"):
        with_body('"\ud800"').json()


def test_a_body_may_be_as_large_as_the_limit() -> None:
    assert with_body('"' + "ä" * (BODY_LIMIT // 2 - 1) + '"').json() == "ä" * (BODY_LIMIT // 2 - 1)


@pytest.mark.parametrize("body", ["ä" * (BODY_LIMIT // 2) + "x", b"x" * (BODY_LIMIT + 1)])
def test_the_limit_counts_bytes_and_is_named(body: str | bytes) -> None:
    with pytest.raises(RequestTooLarge, match=f"{BODY_LIMIT + 1} bytes; at most {BODY_LIMIT}"):
        with_body(body).check_size()


def test_a_body_of_the_limit_is_taken_in_any_form() -> None:
    for size in range(BODY_LIMIT - 2, BODY_LIMIT + 1):
        with_body(b"x" * size).check_size()
        with_body("x" * size).check_size()


def test_a_route_may_take_larger_bodies() -> None:
    event = http_event("POST /task", body="x" * (BODY_LIMIT + 1))

    Request(event, {}, Settings(), Context(), body_limit=BODY_LIMIT + 1).check_size()


def test_what_follows_the_body_is_ignored_where_the_reference_does() -> None:
    assert with_body("{} x").json(trailing_junk_allowed=True) == {}
    with pytest.raises(InvalidRequest, match="line 1, column 4"):
        with_body("{} x").json()


def test_an_idempotency_key_is_taken_as_it_is() -> None:
    assert a_request(headers={"idempotency-key": "order 4711"}).idempotency_key == "order 4711"
    assert a_request().idempotency_key is None


@pytest.mark.parametrize("key", ["", "x" * 256, "ä", "a\tb"])
def test_an_unusable_idempotency_key_is_refused(key: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^Idempotency-Key: expected"):
        _ = a_request(headers={"idempotency-key": key}).idempotency_key


@pytest.mark.parametrize(
    ("tag", "version"),
    [('"3"', 3), (' "12" ', 12), ("*", None), ('"x"', 0), ('W/"3"', 0), ('"03"', 0), ('""', 0)],
)
def test_if_match_asks_for_a_version_of_ours_or_for_none_there_is(
    tag: str, version: int | None
) -> None:
    assert a_request(headers={"If-Match": tag}).expected_version == version
    assert a_request().expected_version is None


@pytest.mark.parametrize("tag", ["3", "", '"3', '"3", "4"', "'3'"])
def test_an_if_match_that_is_no_entity_tag_is_refused(tag: str) -> None:
    with pytest.raises(InvalidRequest, match=r"^If-Match: expected one entity tag"):
        _ = a_request(headers={"if-match": tag}).expected_version


def test_a_route_may_take_other_types_of_json() -> None:
    body = with_body("{}", f"{MERGE_PATCH}; charset=utf-8")

    assert body.json(types=(JSON, MERGE_PATCH)) == {}
    with pytest.raises(UnsupportedMediaType, match=r"^Content-Type: expected application/json$"):
        body.json()
    with pytest.raises(UnsupportedMediaType, match="application/json or application/merge-patch"):
        with_body("{}", "text/json").json(types=(JSON, MERGE_PATCH))


def test_the_time_that_is_left_is_in_seconds() -> None:
    assert a_request().seconds_left() == 29


def test_bytes_come_in_base64() -> None:
    event = http_event("POST /task", body=b"\xff")

    assert base64.b64decode(event["body"]) == Request(event, {}, Settings(), Context()).body()
