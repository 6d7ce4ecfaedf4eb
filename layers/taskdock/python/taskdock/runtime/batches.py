"""Batches of a stream or a queue, processed record by record."""

from collections.abc import Callable
from typing import Any

from aws_lambda_powertools.utilities.batch import (
    BatchProcessor,
    EventType,
    ExceptionInfo,
    FailureResponse,
    process_partial_response,
)
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from taskdock.runtime.logging import logger


def process_batch(
    event: dict[str, Any],
    context: LambdaContext,
    work: Callable[[Any], None],
    *,
    of: EventType,
    failed: str,
) -> PartialItemFailureResponse:
    """The records of the event that are to be delivered again: those for which `work` raises.

    A record fails alone, whatever its error is; the log says `failed`, which record and why.
    """
    return process_partial_response(event, work, _LoggingProcessor(of, failed), context)


class _LoggingProcessor(BatchProcessor):
    def __init__(self, kind: EventType, message: str) -> None:
        super().__init__(kind, raise_on_entire_batch_failure=False)
        self._message = message

    def failure_handler(self, record: Any, exception: ExceptionInfo) -> FailureResponse:
        """See `BatchProcessor.failure_handler`."""
        error = exception[1]
        logger.error(
            self._message,
            requestId=getattr(self.lambda_context, "aws_request_id", None),
            record=_identifier(record),
            reason=repr(error),
            cause=repr(error.__cause__) if error and error.__cause__ else None,
        )
        return super().failure_handler(record, exception)


def _identifier(record: SQSRecord | DynamoDBRecord) -> str | None:
    if isinstance(record, SQSRecord):
        return record.message_id
    return record.dynamodb.sequence_number if record.dynamodb else None
