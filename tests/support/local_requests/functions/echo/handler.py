"""Answers with what it was called with."""

import json
import os
from collections.abc import Mapping
from typing import Any

from local.instances import LambdaContext


def handler(event: Mapping[str, Any], context: LambdaContext) -> dict[str, Any]:
    """The event, what the context says, the process, and the variables that the template sets."""
    answer = {
        "event": event,
        "context": {
            "function": context.function_name,
            "memory": context.memory_limit_in_mb,
            "remaining": context.get_remaining_time_in_millis(),
            "arn": context.invoked_function_arn,
        },
        "pid": os.getpid(),
        "environment": dict(os.environ),
        "variables": {name: os.environ[name] for name in ("TABLE_NAME", "GREETING", "ISSUER")},
    }
    return {
        "statusCode": 200,
        "headers": {"Content-Type": "application/json"},
        "body": json.dumps(answer),
    }
