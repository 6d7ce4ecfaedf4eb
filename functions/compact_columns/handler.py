"""Makes the columns of a tenant's open tasks, or brings them up to date (docs/decisions/0034).

A query asks for it that met much beside the columns, or found them missing. Nobody waits for it;
what it does not finish is gone on with when the next query asks.
"""

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from taskdock.runtime.logging import logger
from taskdock.runtime.wiring import deployed
from taskdock.use_cases.columns.compacting import Outcome


def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, str]:
    """What came of it."""
    tenant, columns = event["tenant"], deployed().columns
    outcome = Outcome.OFF
    if columns is not None:
        outcome = columns.compactor.compact(
            tenant,
            lambda: context.get_remaining_time_in_millis() / 1000,
            anew=event.get("anew", False),
        )
    logger.info(
        "columns compacted",
        requestId=context.aws_request_id,
        tenant=tenant,
        outcome=outcome,
    )
    return {"outcome": outcome}
