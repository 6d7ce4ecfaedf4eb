"""Invoking a function, wherever it runs."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from local.deployment import Function
from local.template import REGION

LARGEST_PAYLOAD: Final = 6_291_556
"""Bytes of JSON that Lambda takes in and gives out in one invocation."""


STANDARD_VARIABLES: Final[Mapping[str, str]] = {
    "AWS_REGION": REGION,
    "AWS_DEFAULT_REGION": REGION,
    "AWS_ACCESS_KEY_ID": "local",
    "AWS_SECRET_ACCESS_KEY": "local",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""What Lambda's runtime sets for every function; the keys open nothing."""


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
