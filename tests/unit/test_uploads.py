"""Reading uploaded forms, as clients write them."""

import pytest
from taskdock.api.requests.uploads import Upload
from taskdock.domain.errors import InvalidRequest, UnsupportedMediaType
from taskdock.runtime.requests import Request
from taskdock.runtime.settings import Settings
from taskdock.runtime.uploads import HeaderValue, uploaded_form

from tests.support.http_events import Context, http_event
from tests.support.multipart import BOUNDARY, form, part

TYPE = f"multipart/form-data; boundary={BOUNDARY}"


def request(body: bytes, content_type: str = TYPE) -> Request:
    event = http_event("POST /x", body=body, headers={"content-type": content_type})
    return Request(event, {}, Settings(), Context())


def read(body: bytes, content_type: str = TYPE) -> dict[str, Upload]:
    return dict(uploaded_form(request(body, content_type)))


def test_every_field_is_read() -> None:
    body = form(
        part("data", b"\x00\r\n--\xff\r\n", file_name="a.bin", content_type="image/png"),
        part("valueType", b"File"),
    )

    assert read(body) == {
        "data": Upload("data", b"\x00\r\n--\xff\r\n", "a.bin", "image/png", {}),
        "valueType": Upload("valueType", b"File"),
    }


def test_the_type_of_a_content_has_parameters() -> None:
    body = form(part("data", b"x", content_type='Text/Plain; charset="UTF-8";encoding=x'))

    assert read(body)["data"].media_type == "text/plain"
    assert read(body)["data"].parameters == {"charset": "UTF-8", "encoding": "x"}


def test_content_may_be_empty_and_a_name_may_be_anything() -> None:
    body = form(part('a \\"b\\"; c=d', b""))

    assert read(body) == {'a "b"; c=d': Upload('a "b"; c=d', b"")}


def test_text_around_the_form_is_ignored() -> None:
    body = b"preamble\r\n" + form(part("data", b"x")) + b"epilogue"

    assert read(body) == {"data": Upload("data", b"x")}


def test_of_a_field_that_comes_again_the_first_counts() -> None:
    assert read(form(part("data", b"1"), part("data", b"2")))["data"].content == b"1"


@pytest.mark.parametrize(
    "disposition",
    [
        "filename=\"x\"; filename*=UTF-8''na%C3%AFve%20%E2%82%AC.txt",
        "filename*=utf-8''na%C3%AFve%20%E2%82%AC.txt; filename=x",
        "filename*=unheard-of''na%C3%AFve%20%E2%82%AC.txt",
        'filename="naïve €.txt"',
    ],
)
def test_a_file_name_in_any_script_is_read(disposition: str) -> None:
    head = f'Content-Disposition: form-data; name="data"; {disposition}\r\n\r\n'
    body = form(head.encode() + b"x")

    assert read(body)["data"].file_name == "naïve €.txt"


@pytest.mark.parametrize("content_type", ["", "application/json", "multipart/mixed; boundary=x"])
def test_another_kind_of_body_is_refused(content_type: str) -> None:
    with pytest.raises(UnsupportedMediaType, match="multipart/form-data"):
        read(form(part("data", b"x")), content_type)


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"", "Unexpected end"),
        (b"no form at all", "Unexpected end"),
        (form(part("data", b"x"))[:-6], "Unexpected end"),
        (form(b"Content-Type: text/plain\r\n\r\nx"), "Missing Content-Disposition"),
        (form(b"Content-Disposition: form-data\r\n\r\nx"), "a part has no name"),
        (form(b'Content-Disposition: form-data; name="x"'), "Malformed segment header"),
        (form(b'Content-Disposition: attachment; name="x"\r\n\r\ny'), "Wrong type"),
    ],
)
def test_a_broken_form_is_refused(body: bytes, message: str) -> None:
    with pytest.raises(InvalidRequest, match=message):
        read(body)


@pytest.mark.parametrize("content_type", ["multipart/form-data", "multipart/form-data; boundary="])
def test_a_form_without_boundary_is_refused(content_type: str) -> None:
    with pytest.raises(InvalidRequest, match="boundary is missing"):
        read(form(part("data", b"x")), content_type)


def test_a_quoted_boundary_is_the_same_boundary() -> None:
    quoted = f'multipart/form-data; charset=utf-8; boundary="{BOUNDARY}"'

    assert read(form(part("data", b"x")), quoted) == {"data": Upload("data", b"x")}


def test_an_upload_may_be_text() -> None:
    assert Upload("x", "ä".encode()).text() == "ä"
    for content in (b"\xff", b"\0"):
        with pytest.raises(InvalidRequest, match="x: "):
            Upload("x", content).text()


def test_a_header_is_a_word_and_its_parameters() -> None:
    assert HeaderValue.read("") == HeaderValue("")
    assert HeaderValue.read("A; =; ;b;C=d") == HeaderValue("a", {"c": "d"})
