"""The API as a worker sees it, with one task; each call can be made to fail."""

from collections.abc import Callable, Mapping
from typing import Any

from taskdock.domain.errors import TemporarilyUnavailable
from taskdock.use_cases.services.task_api import AskedDifferently, NotThere, TaskMovedOn

HREF = "/v1/services/operator-p4/tasks/t1"


class WorkedTask:
    """`TaskApi` on one started task.

    The call with the number `break_at` fails, `before` or after it took effect; later calls
    succeed.
    """

    def __init__(
        self,
        *,
        metadata: Mapping[str, Any] | None = None,
        items: list[dict[str, Any]] | None = None,
    ) -> None:
        self.state = "started"
        self.reason: str | None = None
        self.metadata = {"Printer": "LocalPrinter"} if metadata is None else metadata
        self.input = [{"href": "/a"}, {"href": "/b"}] if items is None else items
        self.output: list[Mapping[str, Any]] = []
        self.calls: list[str] = []
        self.break_at: int | None = None
        self.breaks_before = True
        self.meanwhile: Callable[[], object] = lambda: None
        """A change by another caller, right after the task was read."""
        self._keys: dict[str, Mapping[str, Any]] = {}

    def task(self, href: str) -> Mapping[str, Any]:
        """See `TaskApi.task`."""
        shown = self._heard("read", lambda: self._shown(href))
        self.meanwhile()
        return shown

    def add_output(self, href: str, item: Mapping[str, Any], *, key: str) -> None:
        """See `TaskApi.add_output`."""

        def add() -> None:
            if key in self._keys:
                if self._keys[key] != item:
                    raise AskedDifferently(key)
                return
            self._must_be_started(href)
            self._keys[key] = item
            self.output.append(item)

        self._heard("add", add)

    def act(self, href: str, action: Mapping[str, str]) -> None:
        """See `TaskApi.act`."""

        def do() -> None:
            self._must_be_started(href)
            self.state = {"complete": "completed", "fail": "failed"}[action["action"]]
            self.reason = action.get("reason")

        self._heard(action["action"], do)

    def _heard[Answer](self, call: str, answer: Callable[[], Answer]) -> Answer:
        self.calls.append(call)
        breaks = len(self.calls) == self.break_at
        if breaks and self.breaks_before:
            raise TemporarilyUnavailable("broken off")
        given = answer()
        if breaks:
            raise TemporarilyUnavailable("broken off")
        return given

    def _must_be_started(self, href: str) -> None:
        if self.state == "gone" or href != HREF:
            raise NotThere(href)
        if self.state != "started":
            raise TaskMovedOn(self.state)

    def _shown(self, href: str) -> dict[str, Any]:
        if self.state == "gone" or href != HREF:
            raise NotThere(href)
        return {
            "state": self.state,
            "metadata": dict(self.metadata),
            "lists": {
                "input": _list(self.input),
                "output": _list(self.output),
            },
        }


def _list(items: list[Any]) -> dict[str, Any]:
    listed = [
        {"index": index, "href": item["href"], "metadata": dict(item.get("metadata", {}))}
        for index, item in enumerate(items)
    ]
    return {"metadata": {}, "embedded": {"listItems": listed}}
