"""From a batch of the table's stream to contents that are gone."""

import json
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pytest

from functions.discard_attachments.handler import handler
from local.optional_parts import load_with_every_part
from local.settings import REPOSITORY
from local.stream_driver import matcher
from tests.support.http_events import Context, sample
from tests.support.object_stores import REGION, a_bucket, names_in, s3_client

if TYPE_CHECKING:
    from types_boto3_s3.client import S3Client

REMOVED = "5b0a4c7e-8f4d-4a53-9e47-0c0e8f1f9d11"
GIVEN_UP = "0f6d7a52-2f0e-4b6e-8f3f-6d1c0a0e6f0e"
KEPT = "c2a8a1de-64a8-4a0f-9f55-1b7f6c1d2e3f"
NOWHERE = "http://127.0.0.1:9"


class Bucket:
    """A bucket with a content for each sample."""

    def __init__(self, client: "S3Client") -> None:
        self.name = a_bucket(client)
        self._client = client
        for name in (REMOVED, GIVEN_UP, KEPT):
            client.put_object(Bucket=self.name, Key=name, Body=b"x")

    def holds(self) -> set[str]:
        """The names of its objects."""
        return set(names_in(self._client, self.name))


@pytest.fixture
def bucket(moto_endpoint: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Bucket]:
    """A bucket of its own for each test, which the handler finds by its environment."""
    bucket = Bucket(s3_client(moto_endpoint))
    environment = {
        "AWS_ENDPOINT_URL": moto_endpoint,
        "ATTACHMENT_BUCKET": bucket.name,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    yield bucket


def failures(event: dict[str, Any]) -> list[str]:
    """The places in the stream that the handler wants to see again."""
    answer = handler(event, Context())
    assert answer.keys() == {"batchItemFailures"}
    return [str(failure["itemIdentifier"]) for failure in answer["batchItemFailures"]]


def records(case: str) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = sample("discard_attachments", case)["Records"]
    return found


def test_the_content_of_an_attachment_that_is_gone_goes(bucket: Bucket) -> None:
    assert failures(sample("discard_attachments", "attachment_removed")) == []
    assert bucket.holds() == {GIVEN_UP, KEPT}


def test_the_content_of_an_upload_that_led_to_nothing_goes(bucket: Bucket) -> None:
    assert failures(sample("discard_attachments", "upload_given_up")) == []
    assert bucket.holds() == {REMOVED, KEPT}


def test_what_is_still_named_stays(bucket: Bucket) -> None:
    """An attachment whose task ended, a note that became one, an address without content."""
    assert failures(sample("discard_attachments", "kept")) == []
    assert bucket.holds() == {REMOVED, GIVEN_UP, KEPT}


def test_content_that_was_replaced_goes(bucket: Bucket) -> None:
    [record, *_] = records("kept")
    brought = {"S": json.dumps({"id": KEPT, "content": "eA==", "createTime": 1})}
    record["dynamodb"]["NewImage"]["content"] = brought

    assert failures({"Records": [record]}) == []
    assert bucket.holds() == {REMOVED, GIVEN_UP}


def test_what_is_delivered_twice_does_no_harm(bucket: Bucket) -> None:
    event = sample("discard_attachments", "attachment_removed")

    assert failures(event) == failures(event) == []
    assert bucket.holds() == {GIVEN_UP, KEPT}


def test_what_cannot_be_removed_is_asked_for_again(
    bucket: Bucket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", NOWHERE)
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    batch = records("attachment_removed") + records("kept")

    assert failures({"Records": batch}) == [batch[0]["dynamodb"]["SequenceNumber"]]
    assert bucket.holds() == {REMOVED, GIVEN_UP, KEPT}


def test_a_record_that_is_none_of_ours_fails_alone(bucket: Bucket) -> None:
    [odd] = records("attachment_removed")
    odd["dynamodb"]["OldImage"]["content"] = {"S": "no json"}

    assert failures({"Records": [odd, *records("upload_given_up")]}) == [
        odd["dynamodb"]["SequenceNumber"]
    ]
    assert bucket.holds() == {REMOVED, KEPT}


@pytest.mark.parametrize(
    ("case", "delivered"),
    [("attachment_removed", [True]), ("upload_given_up", [True]), ("kept", [True, False, True])],
)
def test_the_template_lets_through_what_may_tell_of_a_content(
    case: str, delivered: list[bool]
) -> None:
    template = load_with_every_part(REPOSITORY / "template.yaml")
    function = template.resources("AWS::Serverless::Function")["DiscardAttachmentsFunction"]
    filters = function["Events"]["AttachmentGone"]["Properties"]["FilterCriteria"]["Filters"]
    matches = matcher([json.loads(each["Pattern"]) for each in filters])

    assert [matches(record) for record in records(case)] == delivered
    for other in sample("publish_task_events", "deleted")["Records"]:
        assert not matches(other)
