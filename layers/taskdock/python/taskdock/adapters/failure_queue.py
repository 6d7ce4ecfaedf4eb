"""The failure queue of the table's stream, as SQS has it."""

import json
from typing import TYPE_CHECKING, Final

from taskdock.adapters.outages import reaching
from taskdock.use_cases.ports import Place

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

CONDITION: Final = "ChangeCannotBeAnnounced"
"""By which our messages are told from those that Lambda itself leaves in the queue."""


class SqsFailureQueue:
    """A `FailureQueue` on SQS. Its messages have the form of Lambda's own, with the reason."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def report_failure(self, place: Place, reason: str) -> None:
        """See `FailureQueue.tell`."""
        message = {
            "version": "1.0",
            "requestContext": {"condition": CONDITION, "reason": reason, "item": place.subject},
            "DDBStreamBatchInfo": {
                "startSequenceNumber": place.sequence,
                "endSequenceNumber": place.sequence,
                "batchSize": 1,
                "streamArn": place.stream,
            },
        }
        with reaching("failure queue"):
            self._client.send_message(QueueUrl=self._url, MessageBody=json.dumps(message))
