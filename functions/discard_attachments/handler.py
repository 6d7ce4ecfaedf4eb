"""Removes the content of attachments that the table names no more (docs/decisions/0011).

Records whose content could not be removed are answered as batch item failures: Lambda delivers
the stream again from the first of them. Removing twice does no harm.
"""

from typing import Any

from aws_lambda_powertools.utilities.batch import EventType
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import DynamoDBRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.runtime.batches import process_batch
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

    return process_batch(
        event, context, remove, of=EventType.DynamoDBStreams, failed="content not removed"
    )
