"""What every store of contents promises, and what S3's troubles are to callers."""

import pytest
from botocore.exceptions import ClientError, IncompleteReadError
from taskdock.adapters.s3_contents import S3Contents
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.use_cases.ports import Contents

from tests.support.in_memory_people import InMemoryContents
from tests.support.object_stores import a_bucket, s3_client

NOWHERE = "http://127.0.0.1:9"


@pytest.fixture(params=["in_memory", "moto"])
def contents(request: pytest.FixtureRequest) -> Contents:
    """Every store of contents there is, empty."""
    if request.param == "in_memory":
        return InMemoryContents()
    client = s3_client(request.getfixturevalue("moto_endpoint"))
    return S3Contents(lambda: client, a_bucket(client))


@pytest.mark.parametrize("content", [b"", b"\0\xff\r\n", bytes(range(256)) * 5000])
def test_content_comes_back_as_it_was(contents: Contents, content: bytes) -> None:
    contents.put("a1", content)
    contents.put("a2", b"other")

    assert contents.get("a1") == content


def test_what_was_never_put_is_not_there(contents: Contents) -> None:
    assert contents.get("a1") is None


def test_what_is_removed_is_gone(contents: Contents) -> None:
    contents.put("a1", b"x")
    contents.put("a2", b"y")

    contents.remove("a1")

    assert (contents.get("a1"), contents.get("a2")) == (None, b"y")


def test_removing_twice_does_no_harm(contents: Contents) -> None:
    contents.put("a1", b"x")

    contents.remove("a1")
    contents.remove("a1")

    assert contents.get("a1") is None


def test_a_store_out_of_reach_is_a_passing_trouble() -> None:
    contents = S3Contents(lambda: s3_client(NOWHERE), "nothing")

    with pytest.raises(TemporarilyUnavailable, match="store of attachments"):
        contents.put("a1", b"x")
    with pytest.raises(TemporarilyUnavailable):
        contents.get("a1")
    with pytest.raises(TemporarilyUnavailable):
        contents.remove("a1")


def test_a_content_that_ends_early_is_a_temporary_error(moto_endpoint: str) -> None:
    client = s3_client(moto_endpoint)
    contents = S3Contents(lambda: client, a_bucket(client))
    contents.put("a1", b"x")

    def break_off(parsed: dict[str, Broken], **_: object) -> None:
        parsed["Body"] = Broken()

    client.meta.events.register("after-call.s3.GetObject", break_off)

    with pytest.raises(TemporarilyUnavailable):
        contents.get("a1")


def test_a_bucket_that_is_not_there_is_a_fault_of_ours(moto_endpoint: str) -> None:
    contents = S3Contents(lambda: s3_client(moto_endpoint), "no-such-bucket")

    with pytest.raises(ClientError, match="NoSuchBucket"):
        contents.get("a1")


class Broken:
    """The body of an answer that ends before its end."""

    def read(self) -> bytes:
        raise IncompleteReadError(actual_bytes=1, expected_bytes=2)
