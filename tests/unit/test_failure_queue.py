"""The failure queue on SQS: its messages, and its error when it is out of reach."""

import json
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, cast

import pytest
from botocore.exceptions import ClientError, ConnectTimeoutError
from taskdock.adapters.failure_queue import CONDITION, SqsFailureQueue
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.use_cases.publishing_ports import Place

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

PLACE = Place("arn:stream", "111", "TASK#t1")


@dataclass
class Client:
    """SQS' `SendMessage`, which fails on demand."""

    failure: Exception | None = None
    sent: list[tuple[str, str]] = field(default_factory=list)

    def send_message(self, *, QueueUrl: str, MessageBody: str) -> None:  # noqa: N803
        if self.failure is not None:
            raise self.failure
        self.sent.append((QueueUrl, MessageBody))


def a_queue(client: Client) -> SqsFailureQueue:
    return SqsFailureQueue(cast("SQSClient", client), "https://queue")


def test_a_message_has_the_form_of_lambdas_own_and_says_why() -> None:
    client = Client()

    a_queue(client).report_failure(PLACE, "TooLarge")

    [(url, body)] = client.sent
    assert url == "https://queue"
    assert json.loads(body) == {
        "version": "1.0",
        "requestContext": {"condition": CONDITION, "reason": "TooLarge", "item": "TASK#t1"},
        "DDBStreamBatchInfo": {
            "startSequenceNumber": "111",
            "endSequenceNumber": "111",
            "batchSize": 1,
            "streamArn": "arn:stream",
        },
    }


def error(code: str, status: int) -> ClientError:
    return ClientError(
        {"Error": {"Code": code}, "ResponseMetadata": {"HTTPStatusCode": status}},  # type: ignore[typeddict-item]  # the rest is of no account
        "SendMessage",
    )


@pytest.mark.parametrize(
    "failure",
    [
        error("ThrottlingException", 400),
        error("InternalFailure", 500),
        ConnectTimeoutError(endpoint_url="https://queue"),
    ],
)
def test_a_queue_out_of_reach_is_a_temporary_error(failure: Exception) -> None:
    with pytest.raises(TemporarilyUnavailable, match="failure queue"):
        a_queue(Client(failure)).report_failure(PLACE, "TooLarge")


def test_a_queue_that_is_not_there_is_our_mistake() -> None:
    with pytest.raises(ClientError, match="NonExistentQueue"):
        a_queue(Client(error("NonExistentQueue", 400))).report_failure(PLACE, "TooLarge")
