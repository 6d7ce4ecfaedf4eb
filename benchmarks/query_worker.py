"""Asks queries in a process of its own, with the code of one checkout, and times each.

`workers` starts it. Events come in by standard input, a JSON text a line; for each it prints the
milliseconds on the clock and of processor time, the status, and a digest of the body.
"""

import base64
import gc
import gzip
import hashlib
import json
import sys
from time import perf_counter, process_time
from typing import Any

from taskdock.runtime.logging import logger
from taskdock.runtime.settings import Settings
from taskdock.runtime.wiring import Wiring

from functions.query_tasks.handler import create_app


class Context:
    """The context that Lambda passes to a handler."""

    aws_request_id = "benchmark"
    function_name = "query_tasks"
    memory_limit_in_mb = 1769
    memory_limit_in_MB = 1769  # noqa: N815 - as Lambda has it
    invoked_function_arn = "arn:aws:lambda:eu-central-1:123456789012:function:query_tasks"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        """Time enough for the largest scan."""
        return 600_000


def body_of(answer: dict[str, Any]) -> bytes:
    """The body, unpacked."""
    body: str = answer["body"]
    if not answer.get("isBase64Encoded"):
        return body.encode()
    content = base64.b64decode(body)
    return gzip.decompress(content) if content[:2] == b"\x1f\x8b" else content


def digest_of(answer: dict[str, Any]) -> str:
    """A digest of the body, unpacked."""
    return hashlib.sha256(body_of(answer)).hexdigest()


def work(settings: Settings) -> None:
    """Answer each event of standard input."""
    logger.setLevel("ERROR")  # what the function logs would stand between the figures
    wiring = Wiring(settings)
    app: Any = create_app(lambda: wiring)
    figures, sys.stdout = sys.stdout, sys.stderr  # metrics are printed too
    for line in sys.stdin:
        event = json.loads(line)
        gc.collect()
        wall, cpu = perf_counter(), process_time()
        answer = app(event, Context())
        took = (perf_counter() - wall) * 1000, (process_time() - cpu) * 1000
        print(
            json.dumps([*took, answer["statusCode"], digest_of(answer)]), file=figures, flush=True
        )


if __name__ == "worker":
    work(Settings(**json.loads(sys.argv[1])))
