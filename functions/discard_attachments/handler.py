"""Removes the content of attachments that the table names no more (docs/decisions/0011).

Records whose content could not be removed are answered as batch item failures: Lambda delivers
the stream again from the first of them. Removing twice does no harm.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.runtime.discarded_contents import discarded_contents
from taskdock.runtime.logging import logger
from taskdock.runtime.wiring import deployed


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, list[dict[str, str]]]:
    """The places in the stream that Lambda is to come back to."""
    contents = deployed().contents
    removed, failed = 0, []
    for each in discarded_contents(event):
        try:
            contents.remove(each.content_id)
        except TemporarilyUnavailable as error:
            cause = repr(error.__cause__)
            logger.error("content not removed", content=each.content_id, cause=cause)
            failed.append(each.sequence)
        else:
            removed += 1
    logger.info(
        "contents discarded",
        requestId=context.aws_request_id,
        records=len(event["Records"]),
        removed=removed,
        failed=len(failed),
    )
    return {"batchItemFailures": [{"itemIdentifier": sequence} for sequence in failed]}
