"""Prints the input of started tasks: an example of a service's worker.

It works as any program outside would: it receives starts from the event bus through a queue of
its own, and uses the public API with a token of its own (docs/triggering-services.md).
"""

from typing import Any

from aws_lambda_powertools.utilities.batch import EventType
from aws_lambda_powertools.utilities.batch.types import PartialItemFailureResponse
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.runtime.batches import process_batch
from taskdock.runtime.logging import logger
from taskdock.runtime.queue_messages import started_task
from taskdock.runtime.wiring import deployed
from taskdock.use_cases.services.print_documents import print_documents
from taskdock.use_cases.services.task_api import TaskApi


def handler(event: dict[str, Any], context: LambdaContext) -> PartialItemFailureResponse:
    """The messages to be delivered again; after a few times they go to the failure queue."""
    return print_batch(event, context, deployed().task_api)


def print_batch(
    event: dict[str, Any], context: LambdaContext, api: TaskApi
) -> PartialItemFailureResponse:
    """The messages of the event that failed. A message fails alone, whatever its error is."""

    def print_one(record: SQSRecord) -> None:
        started = started_task(record.body)
        logger.info(
            "task worked on",
            requestId=context.aws_request_id,
            taskId=started.tid,
            outcome=print_documents(api, started),
        )

    return process_batch(event, context, print_one, of=EventType.SQS, failed="task not printed")
