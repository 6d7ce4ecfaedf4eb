"""Removes the content of attachments that the table names no more (docs/decisions/0011).

Records whose content could not be removed are answered as batch item failures: Lambda delivers
the stream again from the first of them. Removing twice does no harm.
"""

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
from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.runtime.logging import logger
from taskdock.runtime.stream_records import discarded_content
from taskdock.runtime.wiring import deployed


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """The places in the stream that Lambda is to come back to."""
    contents = deployed().contents

    def remove(record: DynamoDBRecord) -> None:
        content_id = discarded_content(record)
        if content_id is not None:
            contents.remove(content_id)
            logger.info("content removed", requestId=context.aws_request_id, content=content_id)

    return process_partial_response(event, remove, _LoggingProcessor(), context)


class _LoggingProcessor(BatchProcessor):
    """Processes the records of a stream, and logs each that fails."""

    def __init__(self) -> None:
        super().__init__(EventType.DynamoDBStreams, raise_on_entire_batch_failure=False)

    def failure_handler(self, record: DynamoDBRecord, exception: ExceptionInfo) -> FailureResponse:
        """See `BatchProcessor.failure_handler`."""
        error = exception[1]
        cause = None if error is None else error.__cause__ or error
        sequence = record.dynamodb.sequence_number if record.dynamodb else None
        logger.error("content not removed", sequence=sequence, cause=repr(cause))
        return super().failure_handler(record, exception)
