"""Invoking a function, wherever it runs."""

from collections.abc import Mapping
from typing import Any, Final, Protocol

from local.deployment import Function

LARGEST_PAYLOAD: Final = 6_291_556
"""Bytes of JSON that Lambda takes in and gives out in one invocation."""


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

    def load(self) -> None:
        """Get ready for calls, as far as that is possible before the first."""
        ...
