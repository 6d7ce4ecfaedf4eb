"""The public API, as a worker uses it from outside."""

from collections.abc import Mapping
from typing import Any, Protocol


class NotThere(Exception):
    """The task is gone, or was never ours to see."""


class TaskMovedOn(Exception):
    """The task's state does not allow this any more: somebody has ended it."""


class AskedDifferently(Exception):
    """The same thing was asked for before, in other words; it is done."""


class TaskApi(Protocol):
    """The public API, as a worker uses it.

    Every call raises `NotThere` for a task that is not to be seen, and `TemporarilyUnavailable`
    when the API cannot be reached or goes on refusing; then the call may have been heard.
    """

    def task(self, href: str) -> Mapping[str, Any]:
        """The task at this address, in the service API's form."""
        ...

    def add_output(self, href: str, item: Mapping[str, Any], *, key: str) -> None:
        """Put the item at the end of the task's output, once for the key.

        Raises `TaskMovedOn`, and `AskedDifferently` when the key came with another item before.
        """
        ...

    def act(self, href: str, action: Mapping[str, str]) -> None:
        """Do the action to the task. Raises `TaskMovedOn`."""
        ...
