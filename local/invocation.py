"""Invoking a function, wherever it runs."""

import json
import os
from collections.abc import Mapping
from contextlib import AbstractContextManager
from typing import Any, Final, Protocol

from local.deployment import Function
from local.template import REGION

LARGEST_PAYLOAD: Final = 6_291_556
"""Bytes of JSON that Lambda takes in and gives out in one invocation."""


def payload_of(event: Mapping[str, Any]) -> bytes:
    """The event as Lambda takes it in: JSON in UTF-8."""
    return json.dumps(event, ensure_ascii=False, separators=(",", ":")).encode(errors="replace")


STANDARD_VARIABLES: Final[Mapping[str, str]] = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""Variables that Lambda's runtime sets for every function; the keys are dummies."""


_KEPT_VARIABLES: Final = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR")
"""What a function keeps of the environment that the service was started in."""


def environment_of(function: Function) -> dict[str, str]:
    """All variables of a function's process; the credentials of its user are not among them."""
    return {
        **{name: os.environ[name] for name in _KEPT_VARIABLES if name in os.environ},
        "TZ": "UTC",
        "AWS_LAMBDA_FUNCTION_NAME": function.name,
        "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
        "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
        "AWS_LAMBDA_FUNCTION_TIMEOUT": str(int(function.timeout)),
        **STANDARD_VARIABLES,
        **function.environment,
    }


class FunctionFailed(Exception):
    """The function crashed, timed out or returned what JSON cannot say."""


class StillRunning(Exception):
    """The function had not answered when its caller's patience ended."""


class Invoker(Protocol):
    """Runs functions."""

    def invoke(self, function: Function, event: Mapping[str, Any], patience: float) -> Any:
        """What the function returns for an event, as its JSON reads.

        `patience` is how many seconds the caller waits. Raises `StillRunning` after that and
        `FunctionFailed` when there is no usable answer.
        """
        ...


class Runner(Invoker, AbstractContextManager["Runner"], Protocol):
    """Runs functions from entering to leaving it."""

    def load(self) -> None:
        """Get ready for the first calls."""
        ...
