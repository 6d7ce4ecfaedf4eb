"""Hands a queue's messages to the function that reads it, as Lambda would.

What the function reports as failed comes again soon, and after as many times as the queue allows
it goes to the failure queue, which is SQS' own doing.
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from local.console import report
from local.deployment import QueueMapping
from local.invocation import FunctionFailed, Invoker
from local.template import REGION

AGAIN_AFTER: Final = 1
"""Seconds; a deployed queue waits for minutes, too long for somebody who tries things out."""


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
        """Deliver what is in the queue now; answers how many messages that were."""
        delivered = 0
        while messages := self._receive():
            failed = self._failed(messages)
            for message in messages:
                self._settle(message, again=message["MessageId"] in failed)
            delivered += len(messages)
        return delivered

    def _receive(self) -> list[dict[str, Any]]:
        answer = self._sqs.receive_message(
            QueueUrl=self._url,
            MaxNumberOfMessages=self._mapping.batch_size,
            WaitTimeSeconds=0,
            AttributeNames=["All"],
        )
        return list(answer.get("Messages", ()))

    def _failed(self, messages: Sequence[Mapping[str, Any]]) -> set[str]:
        """The ids of the messages that the function could not deal with; all when it crashed."""
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
    """A received message as it stands in a function's event."""
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
