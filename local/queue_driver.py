"""Delivers a queue's messages to its function, as Lambda does. A message that the function reports
as failed comes again soon; after the queue's number of tries SQS moves it to the failure queue.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from local.console import report
from local.deployment import QueueMapping
from local.invocation import FunctionFailed, Invoker
from local.template import REGION

AGAIN_AFTER: Final = 1
"""Seconds; a deployed queue waits for minutes, too long for local tries."""


class QueueDriver:
    """Reads a queue and invokes a mapping's function."""

    def __init__(
        self,
        mapping: QueueMapping,
        url: str,
        sqs: Any,
        invoker: Invoker,
        *,
        again_after: int = AGAIN_AFTER,
    ) -> None:
        self._mapping = mapping
        self._url = url
        self._sqs = sqs
        self._invoker = invoker
        self._again_after = again_after

    def deliver(self) -> int:
        """Deliver the messages in the queue; returns their number."""
        delivered = 0
        while messages := self._receive():
            failed = self._failed(messages)
            for message in messages:
                self._settle(message, again=message["MessageId"] in failed)
            delivered += len(messages)
        return delivered

    def is_empty(self) -> bool:
        """Whether no message waits, not even for its next try."""
        names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
        asked = self._sqs.get_queue_attributes(QueueUrl=self._url, AttributeNames=names)
        return all(asked["Attributes"][name] == "0" for name in names)

    def _receive(self) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=self._mapping.batch_size,
            WaitTimeSeconds=0,
            AttributeNames=["All"],
        )
        return list(answer.get("Messages", ()))

    def _failed(self, messages: Sequence[Mapping[str, Any]]) -> set[str]:
        """The ids of the failed messages; all of them when the function crashed."""
        function = self._mapping.function
        event = {"Records": [_as_lambda_sends(each, self._mapping.queue) for each in messages]}
        try:
            answer = self._invoker.invoke(function, event, function.timeout + 1)
        except FunctionFailed as failure:
            report(failure)
            return {each["MessageId"] for each in messages}
        failures = answer.get("batchItemFailures", ()) if isinstance(answer, dict) else ()
        return {each["itemIdentifier"] for each in failures}

    def _settle(self, message: Mapping[str, Any], *, again: bool) -> None:
        handle = {"QueueUrl": self._url, "ReceiptHandle": message["ReceiptHandle"]}
        if again:
            self._sqs.change_message_visibility(**handle, VisibilityTimeout=self._again_after)
        else:
            self._sqs.delete_message(**handle)


def _as_lambda_sends(message: Mapping[str, Any], queue: str) -> dict[str, Any]:
    """A received message as a record of a function's event."""
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message["Attributes"]),
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": queue,
        "awsRegion": REGION,
    }
