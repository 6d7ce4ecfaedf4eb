"""The part of the public API that a worker uses."""

from collections.abc import Mapping
from typing import Any, Protocol


class NotThere(Exception):
    """The task does not exist, or the worker may not see it."""


class TaskMovedOn(Exception):
    """The task's state does not allow this any more: it has ended."""


class AskedDifferently(Exception):
    """The same idempotency key came with another request before."""


class TaskApi(Protocol):
    """The public API, as a worker uses it.

    Every call raises `NotThere` for an unknown task, and `TemporarilyUnavailable` when the API
    cannot be reached or keeps failing; the call may have taken effect then.
    """

    def task(self, href: str) -> Mapping[str, Any]:
        """The task at this address, in the service API's form."""
        ...

    def add_output(self, href: str, item: Mapping[str, Any], *, key: str) -> None:
        """Append the item to the task's output, once per key.

        Raises `TaskMovedOn`, and `AskedDifferently` when the key came with another item before.
        """
        ...

    def act(self, href: str, action: Mapping[str, str]) -> None:
        """Send the action for the task. Raises `TaskMovedOn`."""
        ...
