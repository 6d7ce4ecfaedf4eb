"""Prints what started tasks have as their input: a service's worker, as an example.

It works as any program outside would: it hears of starts from the event bus, through a queue of
its own, and uses the public API with a token of its own (docs/triggering-services.md).
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.runtime.logging import logger
from taskdock.runtime.queue_messages import Unusable, messages
from taskdock.runtime.wiring import deployed
from taskdock.use_cases.print_documents import print_documents


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """The messages that are to come again; after a few times they go to the failure queue."""
    api = deployed().task_api
    failed = []
    for message in messages(event):
        try:
            started = message.started()
            outcome = print_documents(api, started)
        except (TemporarilyUnavailable, Unusable) as problem:
            failed.append(message.id)
            logger.error(
                "task not printed",
                requestId=context.aws_request_id,
                messageId=message.id,
                reason=str(problem),
            )
        else:
            logger.info(
                "task worked on",
                requestId=context.aws_request_id,
                taskId=started.tid,
                outcome=outcome,
            )
    return {"batchItemFailures": [{"itemIdentifier": each} for each in failed]}
