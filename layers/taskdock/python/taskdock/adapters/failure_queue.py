"""The failure queue of the table's stream, on SQS."""

import json
from typing import TYPE_CHECKING, Final

from taskdock.adapters.outages import reaching
from taskdock.use_cases.publishing_ports import Place

if TYPE_CHECKING:
    from types_boto3_sqs import SQSClient

CONDITION: Final = "ChangeCannotBeAnnounced"
"""Marks our messages in the queue; Lambda's own lack it."""


class SqsFailureQueue:
    """`FailureQueue` on SQS. Its messages have the form of Lambda's own, with the reason."""

    def __init__(self, client: "SQSClient", url: str) -> None:
        self._client = client
        self._url = url

    def report_failure(self, place: Place, reason: str) -> None:
        """See `FailureQueue.report_failure`."""
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
