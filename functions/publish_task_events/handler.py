"""Announces on the event bus what the table's stream tells of tasks (docs/events.md).

Records that could not be announced are answered as batch item failures: Lambda delivers the
stream again from the first of them. An event is therefore sent at least once.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.runtime.logging import logger
from taskdock.runtime.stream_records import deliveries
from taskdock.runtime.wiring import deployed
from taskdock.use_cases.publish_task_events import publish_task_events


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """The places in the stream that Lambda is to come back to."""
    wiring = deployed()
    batch = deliveries(event)
    outcome = publish_task_events(wiring.bus, batch, wiring.settings.base_path)
    for each in batch:
        reason = outcome.failures.get(each.sequence)
        if reason is not None:
            logger.error(
                "change not announced", item=each.subject, sequence=each.sequence, reason=reason
            )
    logger.info(
        "stream read",
        requestId=context.aws_request_id,
        records=len(event["Records"]),
        announced=outcome.announced,
        failed=len(outcome.failures),
    )
    return {"batchItemFailures": [{"itemIdentifier": each} for each in outcome.failures]}
