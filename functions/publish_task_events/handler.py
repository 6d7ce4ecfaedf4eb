"""Publishes the changes of tasks in the table's stream as events on the bus (docs/events.md), and
writes down what they leave in history.

Records that could not be published now are answered as batch item failures: Lambda delivers the
stream again from the first of them. An event is therefore sent at least once. Records that can
never be published are reported to the failure queue.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.domain.events.detection import Change
from taskdock.runtime.logging import logger
from taskdock.runtime.stream_records import deliveries
from taskdock.runtime.wiring import deployed
from taskdock.use_cases.history.write_history import write_history
from taskdock.use_cases.publish_task_events import publish_task_events
from taskdock.use_cases.publishing_ports import Place


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """The places in the stream that Lambda is to come back to."""
    wiring = deployed()

    def report_failure(place: Place, reason: str) -> None:
        # The queue's client is made when the first failure is reported.
        wiring.failure_queue.report_failure(place, reason)

    def note(change: Change) -> None:
        if change.operation is not None:  # the table is reached only when there is something
            write_history(wiring.store, change, wiring.settings.ended_task_days)

    batch = deliveries(event)
    base_path = wiring.settings.base_path
    outcome = publish_task_events(wiring.bus, report_failure, batch, base_path, note)
    for failed, again in ((outcome.failures, True), (outcome.set_aside, False)):
        for place, reason in failed.items():
            # The template counts these lines, and an alarm follows.
            logger.error(
                "change not announced",
                item=place.subject,
                sequence=place.sequence,
                reason=reason,
                again=again,
            )
    logger.info(
        "stream read",
        requestId=context.aws_request_id,
        records=len(event["Records"]),
        announced=outcome.announced,
        failed=len(outcome.failures),
        setAside=len(outcome.set_aside),
    )
    return {"batchItemFailures": [{"itemIdentifier": each.sequence} for each in outcome.failures]}
